"""The register: taking an extract in, and erasing it again.

Journal lines tell how many people an extract named and what was kept of them, and never whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from attrs import field, frozen

from partizipation_core.clock import Instant, end_of_day, to_wall
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.electorate.day import day_that_counts
from partizipation_core.kernel.electorate.fields import about_people, kept, wanted
from partizipation_core.kernel.franchise import RegisterEntry, RegisterErasure
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.values import Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "EraseRegister",
    "ImportRegister",
    "RegisterErased",
    "RegisterImported",
    "RegisterLine",
]


@frozen(kw_only=True)
class RegisterLine:
    """One person of an extract.

    Args:
        person: keyed pseudonym.
        facts: all that the extract says; what no rule needs is left out before it is stored.
    """

    person: ParticipantRef
    facts: Mapping[str, str] = field(factory=dict, repr=False, converter=as_mapping)


@frozen(kw_only=True)
class ImportRegister(Command):
    """Take in an extract from the population register (Melderegisterauszug).

    Args:
        lines: the people in it.
        fingerprint: keyed hash of the file.
        complete: whether it names everybody; whoever is missing is then taken to have left.
    """

    lines: Sequence[RegisterLine] = field(repr=False, converter=as_tuple)
    fingerprint: str = ""
    complete: bool = True


@frozen(kw_only=True)
class EraseRegister(Command):
    """Erase the register, its time being over, or earlier with a reason."""

    reason: str = ""


@frozen(kw_only=True)
class RegisterImported(Event):
    """An extract was taken in.

    Args:
        fingerprint: keyed hash of the file.
        lines: people in it.
        added: of them, new ones.
        changed: of them, those of whom something else is known now.
        left: people who were in the register and are not in the extract.
        facts: kinds of facts that are kept.
    """

    fingerprint: str
    lines: int
    added: int
    changed: int
    left: int
    facts: tuple[str, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Change nothing: the register stands beside the journal."""
        return ()


@frozen(kw_only=True)
class RegisterErased(Event):
    """People were erased from the register; no count, roll or result changes by it.

    Args:
        rows: how many.
        cause: that they asked, that the time was over, or another reason.
        reason: why it was done before its time.
    """

    rows: int
    cause: Literal["request", "retention", "early"]
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Change nothing: the register stands beside the journal."""
        return ()


def _import_objections(command: ImportRegister, context: Context) -> Iterator[Objection]:
    settings = context.settings
    if not settings.register_until:
        yield Objection("register_not_provided")
        return
    if (end := _kept_until(context)) <= context.now:
        yield Objection("retention_over", {"until": Instant(end - 1)})
    twice = [one for one, n in Counter(line.person for line in command.lines).items() if n > 1]
    if twice:
        yield Objection("register_names_twice", {"people": len(twice)})
    if not command.lines:
        yield Objection("register_empty")


def _import(command: ImportRegister, context: Context) -> tuple[Fact, ...]:
    before = {one.person: one for one in context.franchise.register}
    needed = wanted(about_people(context.rules), context.settings)
    days = _days(context, command)
    now = {line.person: kept(line.facts, needed, context.settings, days) for line in command.lines}
    added = [person for person in now if person not in before]
    changed = [
        person
        for person, facts in now.items()
        if person in before and (before[person].left or dict(before[person].facts) != facts)
    ]
    missing = [one for one in before if one not in now and not before[one].left]
    left = missing if command.complete else []
    if not (added or changed or left):
        return ()
    return (
        RegisterImported(
            fingerprint=command.fingerprint,
            lines=len(now),
            added=len(added),
            changed=len(changed),
            left=len(left),
            facts=tuple(sorted(needed)),
        ),
        *(RegisterEntry(person=person, facts=now[person]) for person in (*added, *changed)),
        *(RegisterEntry(person=person, left=True) for person in left),
    )


def _days(context: Context, command: Command) -> tuple[date, date]:
    """Return the first and the last day on which an age may count, as long as rows are kept."""
    named = day_that_counts(context.view(command))
    today = to_wall(context.now, context.settings.timezone).date()
    last = date.fromisoformat(context.settings.register_until)
    return min(named or today, today), max(named or last, last)


def _kept_until(context: Context) -> Instant:
    last = date.fromisoformat(context.settings.register_until)
    return end_of_day(last, context.settings.timezone)


def _erase_objections(command: EraseRegister, context: Context) -> Iterator[Objection]:
    if not context.franchise.register:
        yield Objection("register_empty_already")
    elif not command.reason.strip() and (end := _kept_until(context)) > context.now:
        yield Objection("retention_not_over", {"until": Instant(end - 1)}, end)


def _erase(command: EraseRegister, context: Context) -> tuple[Fact, ...]:
    early = _kept_until(context) > context.now
    erased = RegisterErased(
        rows=len(context.franchise.register),
        cause="early" if early else "retention",
        reason=command.reason,
    )
    return erased, RegisterErasure()


DECIDERS = (
    Decider(
        command=ImportRegister,
        decide=_import,
        objections=_import_objections,
        events=(RegisterImported,),
        needs={Need.RESIDENTS},
    ),
    Decider(
        command=EraseRegister,
        decide=_erase,
        objections=_erase_objections,
        events=(RegisterErased,),
        needs={Need.RESIDENTS},
        after_closing=True,
    ),
)
