"""Composing: the one result from what the box holds, what was counted and what hands showed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from partizipation_core.counting import Fate, Result
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.freezing import as_mapping
from partizipation_core.identity import Strength
from partizipation_core.kernel.access import least_strength
from partizipation_core.kernel.channels.reconciliation import Reconciliation
from partizipation_core.kernel.channels.register import EXTERNAL, Batch, ItemTotals
from partizipation_core.kernel.results.figures import Absence, Figure, shares
from partizipation_core.kernel.results.suppression import hidden_cells
from partizipation_core.kernel.results.turnout import ChannelTurnout, Turnout
from partizipation_core.kernel.results.vote_result import Line, VoteResult
from partizipation_core.kernel.state import Hands, Item, stage_of
from partizipation_core.kernel.visibility import public
from partizipation_core.values import ItemRef, Money

__all__ = ["ASSEMBLY", "Cast", "Held", "compose"]

ASSEMBLY = "assembly"
"""The channel of hands; they were shown in public, so nothing about them is hidden."""

_IN_PUBLIC = frozenset({ASSEMBLY, "hands"})

Cast = tuple[str, Mapping[str, int]]
"""One ballot: its channel and its choices."""


@frozen(kw_only=True)
class Held:
    """A vote as it was held.

    Args:
        vote: which.
        paper: item → price.
        ballots: channel and choices of each ballot.
        hands: item → hands shown, where an assembly was held.
        points: item → points given, where an assembly alone decided and counted points.
        present: people in it; None where none was held.
        items: the items as they were when it was counted.
        agreed: items that the assembly or body agreed to.
        result: what was counted; None for a show of hands alone.
        eligible: people on the electoral roll when it opened.
        numbers: what came in by each channel, and what became of it.
        totals: channel and votes of all of which only totals are known.
        batches: the codes that were issued for it.
        unticked: channels with votes of people whom no attendance list names.
        printed: the money on its ballot paper; None where there was none.
    """

    vote: str
    paper: Mapping[ItemRef, Money | None]
    ballots: Sequence[Cast]
    hands: Mapping[ItemRef, Hands]
    present: int | None
    items: Mapping[ItemRef, Item]
    agreed: frozenset[ItemRef] = frozenset()
    result: Result | None
    eligible: Figure = Absence.NOT_RECORDED
    numbers: Reconciliation
    totals: Sequence[tuple[str, Mapping[ItemRef, ItemTotals]]] = ()
    batches: Mapping[str, Batch] = field(factory=dict, converter=as_mapping)
    unticked: frozenset[str] = frozenset()
    printed: Money | None = None
    points: Mapping[ItemRef, int] = field(factory=dict)

    @property
    def in_the_room(self) -> bool:
        """Whether an assembly alone decided, and its hands are no channel among others."""
        return self.result is None and self.present is not None


def compose(held: Held, definition: Definition, settings: ProcedureSettings) -> VoteResult:
    """Put the result of a vote together; status and revision are left for the reader to set.

    Args:
        held: the vote as it was held.
        definition: what the procedure pinned.
        settings: its settings.
    """
    turnout = _turnout(held, settings)
    tallies = _by_channel(held, settings)
    hidden = _hidden(tallies, turnout, settings.smallest_cell)
    totals = {ref: sum(row[ref] for row in tallies.values()) for ref in held.paper}
    lines = [
        _line(ref, held, settings, totals[ref], _cells(ref, tallies, hidden))
        for ref in _order(held, totals)
    ]
    base = "present" if held.in_the_room else settings.percent_of
    whole = turnout.cast if held.in_the_room else turnout.whole(base)
    stage = held.vote.partition(".")[0]
    return VoteResult(
        vote=held.vote,
        status="published",
        turnout=turnout,
        lines=lines,
        shares=shares({line.item: line.votes for line in lines}, base, whole),
        rule=_pinned(definition, stage, "majority" if held.in_the_room else "count"),
        electorate=_rules(definition, stage, "eligibility"),
        ties=held.result.ties if held.result else (),
        budget=held.result.budget if held.result else Absence.NOT_APPLICABLE,
        rest=held.result.rest if held.result else Absence.NOT_APPLICABLE,
        printed=Absence.NOT_APPLICABLE if held.printed is None else held.printed.cents,
        count=held.result,
    )


def _rules(definition: Definition, stage: str, slot: str) -> tuple[str, ...]:
    own = definition.rules.get(f"{stage}.{slot}")
    return definition.rules.get(slot, ()) if own is None else own


def _pinned(definition: Definition, stage: str, slot: str) -> str:
    return next(iter(_rules(definition, stage, slot)), "")


def _turnout(held: Held, settings: ProcedureSettings) -> Turnout:
    found = {
        name: ChannelTurnout(
            cast=line.voters,
            blank=line.blank + _left_empty(name, held),
            invalid=line.invalid,
            identity=settings.identity.get(name) or _recognised(name, held, settings),
        )
        for name, line in sorted(held.numbers.channels.items())
        if line.voters and not (held.in_the_room and name == "hands")
    }
    if held.present is not None:
        none = Absence.NOT_APPLICABLE
        identity = settings.identity.get(ASSEMBLY, "in_person")
        found[ASSEMBLY] = ChannelTurnout(
            cast=held.present, blank=none, invalid=none, identity=identity
        )
    return Turnout(channels=found, eligible=held.eligible)


def _recognised(channel: str, held: Held, settings: ProcedureSettings) -> str:
    """Tell how strongly everybody was recognised, at least, who voted by a channel."""
    if channel == "online":
        asked = least_strength("CastBallot", stage_of(held.vote), settings)
        return "account" if asked is Strength.NONE else asked.value
    if channel == EXTERNAL:
        return ""  # how people prove who they are there, nobody here can tell
    by_roll = settings.electorate == "register"
    nameless = {
        "code": any(not (one.addressed or one.test) for one in held.batches.values()),
        "paper": not by_roll or "paper" in settings.unnamed,
        "booth": not by_roll or "booth" in settings.unnamed,
        **dict.fromkeys(held.unticked, True),
    }
    strength = Strength.NONE if nameless.get(channel) else settings.strength_of(channel)
    return strength.value


def _left_empty(channel: str, held: Held) -> int:
    """Count ballots in the box that name nothing, where that is a valid ballot."""
    return sum(name == channel and not choices for name, choices in held.ballots)


def _by_channel(held: Held, settings: ProcedureSettings) -> dict[str, dict[str, int]]:
    """Count votes for each item by channel; a vote against is none for it."""
    signed = settings.ballot_type == "pro_contra"
    found: dict[str, dict[str, int]] = {}
    for channel, choices in held.ballots:
        row = found.setdefault(channel, dict.fromkeys(map(str, held.paper), 0))
        for ref, points in choices.items():
            row[ref] += not (signed and points < 0)
    for channel, votes in held.totals:
        if held.in_the_room and channel == "hands":
            continue
        row = found.setdefault(channel, dict.fromkeys(map(str, held.paper), 0))
        for ref, got in votes.items():
            row[ref] += got.votes
    if held.present is not None and not held.points:
        shown = {str(ref): one.yes for ref, one in held.hands.items()}
        found[ASSEMBLY] = {str(ref): shown.get(ref, 0) for ref in held.paper}
    return found


def _hidden(
    tallies: Mapping[str, Mapping[str, int]], turnout: Turnout, smallest: int
) -> frozenset[tuple[str, str]]:
    """Say which cells would tell too much; one channel alone is the result and nothing more."""
    secret = {name: row for name, row in tallies.items() if name not in _IN_PUBLIC}
    if len(secret) < 2:  # noqa: PLR2004 - two make a comparison
        return frozenset()
    sizes = {name: turnout.channels[name].cast for name in secret}
    return hidden_cells(secret, sizes, smallest)


def _cells(
    ref: ItemRef,
    tallies: Mapping[str, Mapping[str, int]],
    hidden: frozenset[tuple[str, str]],
) -> dict[str, Figure]:
    return {
        name: Absence.SUPPRESSED if (name, ref) in hidden else row[ref]
        for name, row in sorted(tallies.items())
    }


def _order(held: Held, totals: Mapping[ItemRef, int]) -> Iterable[ItemRef]:
    """Return the items in the order of the count, or else those with most votes first."""
    if held.result is not None:
        return [ItemRef(ref) for ref in held.result.fates]
    return sorted(held.paper, key=lambda ref: (-held.points.get(ref, totals[ref]), ref))


def _line(
    ref: ItemRef,
    held: Held,
    settings: ProcedureSettings,
    total: int,
    channels: Mapping[str, Figure],
) -> Line:
    price, item = held.paper[ref], held.items[ref]
    voted = held.ballots or held.totals or ref in held.hands
    line = Line(
        item=ref,
        votes=total if voted else Absence.NOT_RECORDED,
        title=item.title if public(item) else "",
        cost=Absence.NOT_APPLICABLE if price is None else price.cents,
        channels=channels,
    )
    fate = held.result.fates.get(ref) if held.result else None
    shown = held.hands.get(ref)
    if fate is not None:
        line = _counted(line, fate, settings)
    elif shown is not None:
        line = evolve(
            line,
            contra=shown.no,
            score=shown.yes,
            outcome="agreed" if ref in held.agreed else "not_agreed",
        )
    elif (points := held.points.get(ref)) is not None:
        agreed = "agreed" if ref in held.agreed else "not_agreed"
        line = evolve(line, points=points, score=points, outcome=agreed)
    return evolve(line, abstain=shown.abstain) if shown is not None else line


def _counted(line: Line, fate: Fate, settings: ProcedureSettings) -> Line:
    pointed = settings.ballot_type != "approval" or settings.mixed_votes == "weights"
    signed = settings.ballot_type == "pro_contra" or settings.mixed_votes != "no"
    missing = fate.margin.missing
    return evolve(
        line,
        votes=fate.votes,
        points=fate.points if pointed else Absence.NOT_APPLICABLE,
        contra=fate.contra if signed else Absence.NOT_APPLICABLE,
        score=fate.score,
        rank=fate.rank,
        outcome=fate.outcome,
        missing=Absence.NOT_APPLICABLE if missing is None else missing,
    )
