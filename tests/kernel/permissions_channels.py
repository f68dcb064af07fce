"""Samples for the table of permissions: the commands of the channels of a vote."""

from attrs import evolve

from partizipation_core.commands import (
    AdmitVoters,
    CastByCode,
    ChooseMethod,
    ConfirmPaperBallot,
    EnterPaperBallot,
    EnterTotals,
    HandOutRoll,
    Hands,
    ImportBooth,
    IssueCodes,
    RecordHands,
    ReplaceByCode,
    SettlePaperBallot,
    StrikePaperBallot,
    TakeOutsideResult,
    VoidCodes,
)
from partizipation_core.formats.outside import OutsideSettings
from partizipation_core.kernel.channels.entries import HeldCode, Reading, RegisterView, Typed
from partizipation_core.kernel.channels.policy import Standing
from partizipation_core.kernel.channels.register import Batch, OutsideRoll, Register
from partizipation_core.kernel.voices import Sealed

DIGEST = "00" * 32
CHOICES = {"i-1": 1}
READING = Reading(choices=CHOICES)

SAMPLES = (
    AdmitVoters(people=["p-1"]),
    CastByCode(choices=CHOICES, code=DIGEST),
    ChooseMethod(method="hands"),
    ConfirmPaperBallot(paper="1", choices=CHOICES),
    EnterPaperBallot(paper="1", choices=CHOICES),
    EnterTotals(vote="before", place="x", ballots=1, valid=1),
    HandOutRoll(vote="vote", people=1, root="00", document=DIGEST),
    ImportBooth(booth="x", ballots=[]),
    IssueCodes(vote="?", batch="new", digests=[DIGEST]),
    RecordHands(vote="before", present=3, hands={"i-1": Hands(yes=2, no=1)}),
    ReplaceByCode(choices=CHOICES, code=DIGEST),
    SettlePaperBallot(paper="1", choices=CHOICES, reason="x"),
    StrikePaperBallot(paper="1", reason="x"),
    TakeOutsideResult(
        vote="before",
        election="11000000-tk/p-2027/before",
        ballots=1,
        valid=1,
        document=DIGEST,
        proof=DIGEST,
    ),
    VoidCodes(vote="before", batch="old", reason="x"),
)

DIFFERS = Typed(
    state="differs",
    first=READING,
    first_by="another",
    second=Reading(validity="blank"),
    second_by="somebody",
)
TYPED = {
    ConfirmPaperBallot: Typed(state="entered", first=READING, first_by="another"),
    SettlePaperBallot: DIFFERS,
    StrikePaperBallot: DIFFERS,
}


def lay_out(game, sample):
    """Open every channel, issue a batch, and let the register know what a sample needs."""
    settings = evolve(game.pinned.settings, channels=())
    game.pinned = evolve(game.pinned, settings=settings)
    batches = Register(batches={"old": Batch(count=1)})
    vote, before = game.procedure.vote, game.procedure.registers
    totals = isinstance(sample, EnterTotals | RecordHands | TakeOutsideResult)
    game.become(
        registers={**before, vote: batches, "before": batches},
        counted=() if totals else game.procedure.counted,
        stage=game.stage,
    )
    game.attested = getattr(sample, "document", "")
    if isinstance(sample, HandOutRoll | TakeOutsideResult):
        hold_outside(game, sample.vote)
    code = HeldCode(vote=vote, batch="old", number=1, test=False, tag=b"tag")
    replacing = isinstance(sample, ReplaceByCode)
    game.register = RegisterView(
        code=code,
        paper=TYPED.get(type(sample)),
        standing=Standing(channel="code") if replacing else None,
    )


def hold_outside(game, vote):
    """Let a vote be held in a system outside, whose roll holds one person and went out."""
    system = OutsideSettings(name="x", address="x", key=DIGEST)
    settings = evolve(
        game.pinned.settings,
        electorate="register",
        register_until="2099-12-31",
        secrecy="external",
        outside=system,
    )
    game.pinned = evolve(game.pinned, settings=settings)
    gone_out = Register(outside_roll=OutsideRoll(people=1, root="00", document=DIGEST))
    game.become(
        stage=game.stage,
        electorates={vote: Sealed(entries=1, root="00")},
        registers={**game.procedure.registers, vote: gone_out},
    )


def fitted(game, sample):
    """Name the vote for which codes can be issued: one that is still to come."""
    votes = [one.key for one in game.definition.stages if one.puts_on_ballot]
    if isinstance(sample, HandOutRoll):
        return evolve(sample, vote=votes[0])
    return evolve(sample, vote=f"{votes[0]}.2") if isinstance(sample, IssueCodes) else sample
