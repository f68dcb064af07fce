"""Samples for the table of permissions: the commands of the discussion, and an override."""

from attrs import evolve

from partizipation_core.clock import Instant
from partizipation_core.commands import (
    AddComment,
    ConfirmSupport,
    DismissReports,
    EditComment,
    GiveFeedback,
    HideComment,
    Override,
    PublishItem,
    RateItem,
    RedactText,
    RefuseItem,
    ReportComment,
    ReportItem,
    RetractComment,
    RetractRating,
    RetractSupport,
    ReviewItem,
    SupportItem,
    UnhideComment,
)
from partizipation_core.kernel.privacy.wording import Written
from partizipation_core.kernel.state import Comment
from partizipation_core.kernel.voices import VoiceEntry

ITEM, SAID, HIDDEN = "i-1", "k-said", "k-hidden"

SAMPLES = (
    AddComment(item=ITEM, comment="k-new", text="x"),
    ConfirmSupport(item=ITEM),
    DismissReports(item=ITEM, reason="x"),
    EditComment(item=ITEM, comment=SAID, text="x"),
    GiveFeedback(item=ITEM, text="x"),
    HideComment(item=ITEM, comment=SAID, reason="x"),
    Override(command=PublishItem(item=ITEM), reason="x"),
    Override(command=RefuseItem(item=ITEM, reason="x"), reason="x"),
    Override(command=ReviewItem(item=ITEM, outcome="feasible"), reason="x"),
    RateItem(item=ITEM, value=1),
    ReportComment(item=ITEM, comment=SAID, reason="spam"),
    ReportItem(item=ITEM, reason="spam"),
    RetractComment(item=ITEM, comment=SAID),
    RetractRating(item=ITEM),
    RetractSupport(item=ITEM),
    SupportItem(item=ITEM),
    UnhideComment(item=ITEM, comment=HIDDEN, reason="x"),
    RedactText(item=ITEM, passage="Petra", reason="x"),
)


def lay_out(game, sample):
    """Let somebody have said what a sample needs, of a text that was revised since."""
    settings = evolve(game.pinned.settings, support_policy="ask")
    game.pinned = evolve(game.pinned, settings=settings)
    game.put(ITEM, revision=2)
    told = {"item": ITEM, "author": "somebody", "at": Instant(1), "text": "x"}
    comments = [Comment(ref=SAID, **told), Comment(ref=HIDDEN, state="hidden", **told)]
    game.world = game.world.with_changes(comments)
    said = [VoiceEntry(kind="report", person="another", item=ITEM, reason="spam")]
    if isinstance(sample, ConfirmSupport | RetractSupport):
        said.append(VoiceEntry(kind="support", person="somebody", item=ITEM))
    if isinstance(sample, RetractRating):
        said.append(VoiceEntry(kind="rating", person="somebody", item=ITEM))
    game.written = (
        Written(
            place="2/text",
            forgets="author",
            writer="somebody",
            author="somebody",
            items={ITEM},
            comment="",
            text="Petra hat recht.",
        ),
    )
    game.voices = {(one.person, one.kind, one.item, one.comment): one for one in said}
