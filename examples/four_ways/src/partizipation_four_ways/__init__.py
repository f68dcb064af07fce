"""A panel sends each proposal one of four ways, as in Lichtenberg."""

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Role, Stage, hookimpl
from partizipation_core.commands import (
    ForwardItem,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
    WithdrawItem,
)

PANEL = "steering_panel"

ALL_YEAR = Stage(
    "ideas",
    kind="idea",
    title="Vorschläge das ganze Jahr",
    allows={
        SubmitItem: [Role.RESIDENT],
        WithdrawItem: [Role.RESIDENT],
        TakeUpReview: [PANEL],
        # To the district assembly, or to the jury of a Kiezfonds.
        ForwardItem: [PANEL],
        # Back to its author, with reasons; feasible is what can be voted on.
        ReviewItem: [PANEL],
        # To the votation.
        ShortlistItem: [PANEL],
    },
)

LAST, *_ = (stage for stage in BUERGERHAUSHALT.stages if stage.key == "implement")

FOUR_WAYS = BUERGERHAUSHALT.derive(
    key="four_ways",
    title="Bürgerhaushalt mit Begleitgremium",
    without=["review"],
    replace=[
        ALL_YEAR,
        Stage(
            LAST.key,
            kind=LAST.kind,
            title=LAST.title,
            allows=LAST.allows,
            edges={"next_round": "ideas"},
        ),
    ],
)

register_formats = hookimpl(lambda: [FOUR_WAYS])
