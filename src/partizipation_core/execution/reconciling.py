"""Reconciling: what came in to a vote, by channel, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from partizipation_core.counting import Tally
from partizipation_core.errors import NotFound, Refused
from partizipation_core.execution.execution import Execution
from partizipation_core.execution.loading import bare_context
from partizipation_core.execution.request import TIME
from partizipation_core.kernel.channels.bychannel import votes_by_channel
from partizipation_core.kernel.channels.paper import differences
from partizipation_core.kernel.channels.reconciliation import Reconciliation, reconciled, shown
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.state import World
from partizipation_core.store import Scope, Unit
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = [
    "PaperDifferences",
    "numbers",
    "paper_differences",
    "reconciliation",
    "votes_of",
    "waiting_papers",
]


@frozen(kw_only=True)
class PaperDifferences:
    """What two people read on one paper, for these two only.

    Args:
        paper: its number.
        fields: what they read differently: items, ``validity``, ``voter``.
        first: item → points as the first one read them.
        second: item → points as the second one read them.
        validity: what each of them took the paper for.
    """

    paper: str
    fields: tuple[str, ...]
    first: Mapping[ItemRef, int] = field(repr=False)
    second: Mapping[ItemRef, int] = field(repr=False)
    validity: tuple[str, str]


def reconciliation(execution: Execution, scope: Scope, vote: str) -> Reconciliation:
    """Say what came in to a vote and what became of it; numbers of ballots, never of choices.

    Raises:
        NotFound: there is no such procedure.
    """
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
        return numbers(unit, vote, present.registers.get(vote, Register()))


def numbers(unit: Unit, vote: str, register: Register) -> Reconciliation:
    """Add up the numbers of a vote: the one place where box and register come together."""
    aside, pending = unit.registers.aside(vote), unit.registers.pending(vote)
    return reconciled(vote, unit.channels(vote), aside, pending, register)


def votes_of(
    execution: Execution, scope: Scope, vote: str
) -> Mapping[str, Mapping[ItemRef, Tally] | None]:
    """Count a vote by channel; None stands for channels too small to be told apart.

    Raises:
        NotFound: there is no such procedure.
        Refused: the vote has not been counted.
    """
    with execution.reading(scope) as unit:
        present, pinned = execution.present(unit, scope)
        if vote not in present.counted:
            raise Refused("CountByChannel", [Objection("not_counted_yet", {"vote": vote})])
        box: dict[str, list[Mapping[str, int]]] = {}
        for channel, choices in unit.registers.by_channel(vote):
            box.setdefault(channel, []).append(choices)
        items = {item.ref: item for item in unit.items()}
        world = World(procedure=present, items=items)
        context = bare_context(pinned, world, TIME, execution.now())
        lines = numbers(unit, vote, present.registers.get(vote, Register())).channels
    counted = {channel: line.counted for channel, line in lines.items()}
    return shown(votes_by_channel(vote, box, context), counted)


def paper_differences(
    execution: Execution, scope: Scope, paper: str, person: ParticipantRef
) -> PaperDifferences:
    """Show what two people read differently, to one of these two.

    Raises:
        NotFound: no paper of this number waits, or somebody else typed it in.
    """
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
        typed = unit.registers.paper(present.vote, "paper", paper)
    if (
        typed is None
        or typed.first is None
        or typed.second is None
        or person not in (typed.first_by, typed.second_by)
    ):
        msg = f"no paper {paper!r} that you typed in differs"
        raise NotFound(msg)
    return PaperDifferences(
        paper=paper,
        fields=differences(typed),
        first=typed.first.choices,
        second=typed.second.choices,
        validity=(typed.first.validity, typed.second.validity),
    )


def waiting_papers(execution: Execution, scope: Scope) -> Mapping[str, str]:
    """Name the papers of the present vote that wait for a second person, and why."""
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
        return unit.registers.waiting(present.vote)
