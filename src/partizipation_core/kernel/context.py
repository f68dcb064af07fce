"""Everything a decision may see besides its command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import RuleUnavailable
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.rules import View
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.voices import Held, VoiceSummary
from partizipation_core.money.books import Ledger
from partizipation_core.values import Actor, ItemRef

__all__ = ["BoxSummary", "Context", "RuleBook"]

Answer = Callable[..., Any]


@frozen(kw_only=True)
class RuleBook:
    """The pinned rules of a procedure, ready to be called.

    Args:
        slots: slot → rules in their order.
        guards: trigger → guard rules.
        conditions: ``stage.edge`` → condition rules.
        missing: pinned rules that are not installed.
    """

    slots: Mapping[str, Sequence[Answer]] = field(factory=dict)
    guards: Mapping[str, Sequence[Answer]] = field(factory=dict)
    conditions: Mapping[str, Sequence[Answer]] = field(factory=dict)
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
    """

    ballots: int
    root: str


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
        municipality: key of the municipality, whose federal state decides on holidays.
        nonce: fresh randomness in hexadecimal, where the decider needs it.
    """

    now: Instant
    actor: Actor
    definition: Definition
    settings: ProcedureSettings
    rules: RuleBook
    world: World
    voted: bool = False
    box: BoxSummary | None = None
    ballots: Iterable[Mapping[str, int]] = ()
    held: tuple[Held, ...] = ()
    reports: int = 0
    voices: VoiceSummary | None = None
    municipality: str = ""
    nonce: str = ""

    @property
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

    def view(self, command: object, *, seed: str = "") -> View:
        """Tell a rule about the moment."""
        return View(
            now=self.now,
            command=type(command).__name__,
            stage=self.procedure.stage,
            settings=self.settings,
            seed=seed,
        )
