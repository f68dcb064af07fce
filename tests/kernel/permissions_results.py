"""Samples for the table of permissions: the life of a result, bodies and councils."""

from partizipation_core.commands import (
    AddAssemblyVotes,
    CertifyResult,
    CloseSitting,
    CorrectResult,
    DecideInBody,
    DeclareConflict,
    Hands,
    OpenSitting,
    PublishResult,
    ReplaceMember,
    Resolution,
    ResolveItems,
    SeatBody,
    VoteInBody,
)
from partizipation_core.kernel.standing import Standing

ITEM = "i-1"

SAMPLES = (
    AddAssemblyVotes(vote="before", present=3, hands={ITEM: Hands(yes=2, no=1)}),
    CertifyResult(vote="before"),
    CloseSitting(),
    CorrectResult(vote="before", seed="2", reason="x"),
    DecideInBody(item=ITEM),
    DeclareConflict(item=ITEM, member="m"),
    OpenSitting(present=["m"]),
    PublishResult(vote="before"),
    ReplaceMember(member="m", reason="x"),
    ResolveItems(each={ITEM: Resolution(outcome="noted", reason="x")}),
    SeatBody(members=["m"]),
    VoteInBody(item=ITEM, choice="yes"),
)

_STATUS = {CertifyResult: "draft", PublishResult: "certified", CorrectResult: "published"}


def lay_out(game, sample):
    """Let the result of the earlier vote have come as far as a sample needs."""
    status = _STATUS.get(type(sample))
    standings = {"before": Standing(status=status, counted_by="another")} if status else {}
    game.become(stage=game.stage, standings=standings)
