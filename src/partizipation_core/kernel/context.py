"""Everything a decision may see besides its command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import RuleUnavailable
from partizipation_core.formats.ballots import BallotLimits, BallotPaper
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.rules import View
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Window
from partizipation_core.freezing import read_only
from partizipation_core.kernel.channels.entries import RegisterView
from partizipation_core.kernel.franchise import Franchise
from partizipation_core.kernel.privacy.wording import Written
from partizipation_core.kernel.state import Item, Procedure, World, stage_of
from partizipation_core.kernel.voices import Held, VoiceSummary
from partizipation_core.money.books import Ledger
from partizipation_core.values import Actor, ItemRef

__all__ = ["BoxCount", "BoxSummary", "Context", "RuleBook"]

Answer = Callable[..., Any]


_UNPLANNED = Window()
_NOBODY, _EMPTY = Franchise(), RegisterView()


@frozen(kw_only=True)
class RuleBook:
    """The pinned rules of a procedure, ready to be called.

    Args:
        slots: slot → rules in their order.
        guards: trigger → guard rules.
        conditions: ``stage.edge`` → condition rules.
        missing: pinned rules that are not installed.
    """

    slots: Mapping[str, Sequence[Answer]] = field(factory=dict, converter=read_only)
    guards: Mapping[str, Sequence[Answer]] = field(factory=dict, converter=read_only)
    conditions: Mapping[str, Sequence[Answer]] = field(factory=dict, converter=read_only)
    missing: tuple[str, ...] = ()

    def all(self, slot: str, stage: str = "") -> Sequence[Answer]:
        """Return the rules of a slot, none if it is not filled.

        Args:
            slot: the slot.
            stage: a stage that may have answers of its own.
        """
        everywhere = self.slots.get(slot, ())
        return self.slots.get(f"{stage}.{slot}", everywhere) if stage else everywhere

    def one(self, slot: str, stage: str = "") -> Answer:
        """Return the only rule of a slot; arguments as for `all`.

        Raises:
            RuleUnavailable: the slot is not filled.
        """
        if rules := self.all(slot, stage):
            return rules[0]
        msg = f"this procedure has no rule for {slot!r}; name one under [rules]"
        raise RuleUnavailable(msg)


@frozen(kw_only=True)
class BoxSummary:
    """What is known of a ballot box without opening it.

    Args:
        ballots: how many ballots are in it.
        root: Merkle root (RFC 9162, SHA-256, hexadecimal) over the sorted commitments.
        aside: how many votes there are besides that are not in it.
        aside_root: Merkle root over what became of each of them, sorted.
        voters: how many people are ticked off on the roll.
        roll_root: Merkle root over their sorted tags.
    """

    ballots: int
    root: str
    aside: int = 0
    aside_root: str = ""
    voters: int = 0
    roll_root: str = ""


@frozen(kw_only=True)
class BoxCount:
    """How many ballots a closed box holds, counted in three ways that must agree.

    Args:
        box: what is in it.
        roll: how many people are ticked off on its roll.
        channels: channel → ballots that came in by it.
    """

    box: BoxSummary
    roll: int
    channels: Mapping[str, int] = field(converter=read_only)


@frozen(kw_only=True)
class Context:
    """What a decision may see.

    Args:
        now: the instant of the decision.
        actor: who acts.
        definition: what the procedure pinned when it opened.
        settings: its settings, structured.
        rules: its pinned rules.
        world: procedure and items, as far as the command needs them.
        voted: whether the actor already has a ballot in the box of the present vote.
        box: summary of the box of the present vote.
        ballots: choices of all counted ballots of the vote that is to be counted.
        held: what the actor has supported, rated and reported so far.
        reports: how often the item or comment was reported so far.
        voices: summary of the supports and ratings that the present stage takes in.
        franchise: register and electoral roll, as far as the command needs them.
        register: what the register of the present vote says of those the command names.
        box_count: how many ballots the vote that the command names has, counted three ways.
        municipality: key of the municipality, whose federal state decides on holidays.
        nonce: fresh randomness in hexadecimal, where the decider needs it.
        written: all texts beside the journal.
        published: when the result of the vote that the command names was made known, or last
            corrected.
        attested: SHA-256 (hexadecimal) of the document that went through an adapter, which wrote
            it or checked who signed it; empty where somebody gave the command by hand.
    """

    now: Instant
    actor: Actor
    definition: Definition
    settings: ProcedureSettings
    rules: RuleBook
    world: World
    voted: bool = False
    box: BoxSummary | None = None
    ballots: Iterable[Mapping[str, int]] = field(default=(), repr=False)
    held: tuple[Held, ...] = ()
    reports: int = 0
    voices: VoiceSummary | None = None
    franchise: Franchise = _NOBODY
    register: RegisterView = _EMPTY
    box_count: BoxCount | None = None
    municipality: str = ""
    nonce: str = ""
    written: tuple[Written, ...] = field(default=(), repr=False)
    published: Instant | None = None
    attested: str = ""

    @cached_property
    def procedure(self) -> Procedure:
        """The open procedure."""
        return self.world.opened

    @property
    def ledger(self) -> Ledger:
        """What the bookings add up to; empty unless the decider needs them."""
        return self.world.ledger

    def item(self, ref: ItemRef) -> Item:
        """Return an item that is known to exist."""
        return self.world.items[ref]

    def paper(self, vote: str) -> BallotPaper | None:
        """Return the ballot paper of a vote; None where none was printed."""
        return self.procedure.paper(vote)

    def limits(self, vote: str) -> BallotLimits:
        """Return the limits that the ballots of a vote keep."""
        return self.settings.limits(stage_of(vote))

    def view(self, command: object, *, seed: str = "") -> View:
        """Tell a rule about the moment."""
        opens, closes = self._span()
        return View(
            now=self.now,
            command=type(command).__name__,
            stage=self.procedure.stage,
            settings=self.settings,
            seed=seed,
            opens=opens,
            closes=closes,
        )

    def _span(self) -> tuple[Instant, Instant | None]:
        """Tell when the present stage began, by its schedule if it has one, and when it ends."""
        procedure, schedule = self.procedure, self.procedure.schedule
        window = schedule.get(procedure.stage, _UNPLANNED)
        following = schedule.get(self.definition.following(procedure.stage), _UNPLANNED)
        planned = window.start if procedure.visits.get(procedure.stage, 1) == 1 else None
        return planned or procedure.entered_at, window.end or following.start
