"""The permission table: who may give which command, in which stage, about which items.

Everything in it is read off a format and off what deciders say of themselves; nothing is written
twice. What stands in no line is denied. The table is the answer to reliability promise G16: it is
generated, reviewed as a file, and compared cell by cell with what the kernel really answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from attrs import asdict, evolve, fields, frozen

from partizipation_core.formats.definition import Definition
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.lint import edges
from partizipation_core.formats.rules import Rule
from partizipation_core.formats.stages import Edge, Mover
from partizipation_core.values import STAFF, Role

__all__ = [
    "CommandFacts",
    "Ownership",
    "Permission",
    "Way",
    "columns",
    "permission_table",
    "record",
    "ways",
]

Described = ProcedureFormat | Definition

_NOBODY: frozenset[str] = frozenset()
_OVERRIDE = "Override"
_OWN = {"invited": "invited", "commenter": "own comment"}


class Ownership(StrEnum):
    """Whose items a command may be about."""

    NONE = "none"
    """Anybody's: whose the item is does not matter."""
    AUTHOR = "author"
    """Only one's own, whatever role one has."""
    AUTHORS = "authors"
    """Only what one wrote, alone or with others."""
    INVITED = "invited"
    """Only where one was invited to write, or does; commands say why not in their own words."""
    COMMENTER = "commenter"
    """Any item, but only one's own comment on it; commands say so in their own words."""
    AUTHOR_OR_OFFICE = "author_or_office"
    """One's own; who may give the command in another role than resident, for any item."""

    def confines(self, roles: Iterable[str]) -> bool:
        """Tell whether somebody who gives the command in these roles is kept to own items."""
        if self is Ownership.AUTHOR_OR_OFFICE:
            return set(roles) == {Role.RESIDENT}
        return self is not Ownership.NONE


class CommandFacts(Protocol):
    """What the table asks of a decider."""

    @property
    def triggers(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def follows(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def before(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def never_in(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def ownership(self) -> Ownership: ...  # noqa: D102
    @property
    def personal(self) -> bool: ...  # noqa: D102
    @property
    def moment(self) -> str: ...  # noqa: D102
    @property
    def by_area(self) -> bool: ...  # noqa: D102


@frozen(kw_only=True)
class Permission:
    """One line of the table; the same command has several where its steps start differently.

    Args:
        stage: key of the stage; empty before the procedure is opened.
        command: name of the command; ``Override(...)`` around one that staff may give outside
            its stage, with a reason.
        role: who may give it.
        states: states an item may be in; ``*`` where no item's state matters.
        ownership: ``own`` items, those one was ``invited`` to, ``any`` with one's ``own comment``,
            or ``any``; empty where it is about none.
        area: ``confined`` where actors with areas are kept to items of these areas.
        eligibility: rules that are asked about the person.
        moves: triggers of the lifecycle that it pulls.
        guards: rules that are asked about the item.
    """

    stage: str
    command: str
    role: str
    states: str
    ownership: str = ""
    area: str = ""
    eligibility: str = ""
    moves: str = ""
    guards: str = ""


@frozen(kw_only=True)
class Way:
    """One way from a stage to another, and what may move a procedure along it.

    Args:
        stage: where it starts.
        edge: its name.
        to: where it leads.
        by: what takes it: ``command``, ``time``, ``condition``.
        conditions: rules that must hold before.
    """

    stage: str
    edge: str
    to: str
    by: str
    conditions: str = ""


def columns(kind: type[Permission | Way]) -> tuple[str, ...]:
    """Name the columns of a table in their order."""
    return tuple(one.name for one in fields(kind))


def record(line: Permission | Way) -> dict[str, str]:
    """Turn a line into a row: column → text."""
    return asdict(line)


def permission_table(form: Described, facts: Mapping[str, CommandFacts]) -> tuple[Permission, ...]:
    """Generate the whole table of a format or of what a procedure pinned.

    Args:
        form: the format, or the definition.
        facts: name of each command → what its decider says of itself. A command without a
            decider is left out: nobody can give it.
    """
    usual = (
        line
        for stage, command, roles in _entries(form, facts)
        for role in _ordered(roles)
        for line in _lines(form, stage, command, role, facts[command])
        if command != _OVERRIDE
    )
    return (*usual, *_overrides(form, facts))


def ways(form: Described) -> tuple[Way, ...]:
    """List every way between stages with what moves a procedure along it."""
    return tuple(
        Way(
            stage=key,
            edge=name,
            to=edge.to,
            by=" ".join(sorted(edge.by)),
            conditions=_names(form.conditions.get(f"{key}.{name}", ())),
        )
        for key, out in edges(form.stages).items()
        for name, edge in out.items()
    )


def _entries(
    form: Described, facts: Mapping[str, CommandFacts]
) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield stage, command and roles of everything that is allowed, leaving nothing out."""
    for command, roles in sorted(form.anytime.items()):
        if command in facts and facts[command].moment == "before":
            yield "", command, roles
    graph = edges(form.stages)
    for stage in form.stages:
        possible = _moments(graph[stage.key])
        for command in sorted({*stage.allows, *form.anytime}):
            if command in facts and facts[command].moment in possible:
                roles = stage.allows.get(command, _NOBODY) | form.anytime.get(command, _NOBODY)
                yield stage.key, command, roles


def _overrides(form: Described, facts: Mapping[str, CommandFacts]) -> Iterator[Permission]:
    """Yield what staff may do outside the stage that is meant for it: any item, with a reason."""
    staff = form.anytime.get(_OVERRIDE, _NOBODY)
    for stage in form.stages:
        for command in sorted({*form.overrides} & {*facts} - {*stage.allows, *form.anytime}):
            for role in _ordered(form.overrides[command] & staff):
                for line in _lines(form, stage.key, command, role, facts[command]):
                    yield evolve(
                        line,
                        command=f"{_OVERRIDE}({command})",
                        ownership="any" if line.ownership else "",
                        area="confined" if line.ownership else "",
                        eligibility="",
                    )


def _moments(out: Mapping[str, Edge]) -> set[str]:
    onward = any(Mover.COMMAND in edge.by for edge in out.values())
    return {"any", *(["on"] if onward else []), *(["end"] if "advance" not in out else [])}


def _ordered(roles: Iterable[str]) -> list[str]:
    """Put the roles everybody knows first, in their usual order."""
    known = list(Role)
    return sorted(roles, key=lambda role: (known.index(Role(role)) if role in known else 99, role))


def _lines(
    form: Described, stage: str, command: str, role: str, facts: CommandFacts
) -> Iterator[Permission]:
    for states, triggers in _steps(form, facts):
        about_items = bool(triggers or facts.by_area or facts.ownership is not Ownership.NONE)
        whose = _OWN.get(facts.ownership, "own") if facts.ownership.confines([role]) else "any"
        asked = facts.personal and role not in STAFF
        guards = (rule for trigger in triggers for rule in form.guards.get(trigger, ()))
        yield Permission(
            stage=stage,
            command=command,
            role=role,
            states=states,
            ownership=whose if about_items else "",
            area="confined" if facts.by_area else "",
            eligibility=_names(_eligibility(form, stage)) if asked else "",
            moves=" ".join(triggers),
            guards=_names(guards),
        )


def _steps(form: Described, facts: CommandFacts) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Group triggers by the states they start from."""
    if not facts.triggers:
        yield _possible(form, facts), ()
        return
    same: dict[str, list[str]] = {}
    for trigger in facts.triggers:
        start = (s for s in form.lifecycle.sources(trigger) if s not in facts.never_in)
        same.setdefault(" ".join(start), []).append(trigger)
    for states, triggers in same.items():
        yield states, tuple(triggers)


def _possible(form: Described, facts: CommandFacts) -> str:
    """Name the states in which a command makes sense that pulls no trigger."""
    states = form.lifecycle.states
    still = {s for trigger in facts.before for s in form.lifecycle.sources(trigger)} or states
    left = [state for state in states if state in still and state not in facts.never_in]
    return " ".join(left) if len(left) < len(states) else "*"


def _eligibility(form: Described, stage: str) -> Iterable[Rule | str]:
    """Return the rules of a stage, which take the place of those of the whole format."""
    return form.rules.get(f"{stage}.eligibility", form.rules.get("eligibility", ()))


def _names(rules: Iterable[Rule | str] | Sequence[str]) -> str:
    return " ".join(dict.fromkeys(r.ref if isinstance(r, Rule) else r for r in rules))
