"""A budget with two votes, as in Wuppertal: a hundred go on, an event picks thirty, five votes."""

from collections.abc import Mapping

from attrs import field, frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import BallotLimits, Role, Stage, VoteSettings, hookimpl
from partizipation_core.commands import (
    CastBallot,
    ChallengeBallot,
    PassOverItem,
    ReplaceBallot,
    ReviewItem,
    RevokeBallot,
    ShortlistByVote,
    TakeUpReview,
)


@frozen(kw_only=True)
class TwoVotesSettings(VoteSettings):
    """What a town may set in TOML; the defaults are Wuppertal's."""

    misfit: str = "skip"
    shortlist_size: int | None = 100
    max_choices: int | None = 5
    votes: Mapping[str, BallotLimits] = field(factory=lambda: {"preselection": BallotLimits()})


CHECK = {TakeUpReview: [Role.REVIEWER], ReviewItem: [Role.REVIEWER]}
BALLOT = {
    command: [Role.RESIDENT]
    for command in (CastBallot, ReplaceBallot, RevokeBallot, ChallengeBallot)
}
EVENT = {ShortlistByVote: [Role.OFFICER], PassOverItem: [Role.ASSEMBLY]}

TWO_VOTES = BUERGERHAUSHALT.derive(
    key="two_votes",
    title="Bürgerbudget mit zwei Abstimmungen",
    settings=TwoVotesSettings,
    without=["review"],
    insert_after={
        "ideas": [
            Stage("coarse_check", kind="review", title="Grobcheck", allows=CHECK),
            Stage(
                "preselection",
                kind="vote",
                title="Vorauswahl",
                puts_on_ballot="feasible",
                allows=BALLOT,
            ),
            Stage("common_good", kind="review", title="Gemeinwohlcheck", allows=EVENT),
        ]
    },
    rules={
        "preselection.tie": "core/lot",
        "shortlist": "core/best",
    },
)

register_formats = hookimpl(lambda: [TWO_VOTES])
