"""ProcedureFormat: a whole kind of procedure as one value, and how to derive another from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from attrs import evolve, field, frozen

from partizipation_core.errors import DefinitionError
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.formats.lint import findings
from partizipation_core.formats.rules import SLOTS, Rule
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Allowed, Stage, allowed
from partizipation_core.freezing import as_tuple

__all__ = ["ProcedureFormat", "RuleSet"]

Named = Rule | str
RuleSet = Mapping[str, tuple[Named, ...]]
"""Slot (or trigger) → rules, as objects or by name."""


def rule_set(given: Mapping[str, Named | Iterable[Named]]) -> RuleSet:
    """Freeze rules that an author wrote one by one or as lists."""
    return MappingProxyType(
        {
            key: (rules,) if isinstance(rules, Rule | str) else tuple(rules)
            for key, rules in given.items()
        }
    )


def _with_rules(current: RuleSet, changes: Iterable[object] | Mapping[str, object]) -> RuleSet:
    """Add rules: a mapping replaces whole slots, a list adds (or replaces the only answer)."""
    merged: dict[str, object] = dict(current)
    if isinstance(changes, Mapping):
        return rule_set({**merged, **changes})  # type: ignore[dict-item]
    for one in changes:
        if not isinstance(one, Rule):
            raise DefinitionError(
                f"derive: {one!r} is no rule; name rules by their slot: rules={{slot: name}}"
            )
        kept = merged.get(one.slot, ()) if SLOTS[one.slot].many else ()
        merged[one.slot] = (*kept, one)  # type: ignore[misc]
    return rule_set(merged)  # type: ignore[arg-type]


@frozen(kw_only=True)
class ProcedureFormat:
    """A kind of procedure (Beteiligungsformat), linted when it is made.

    Args:
        key: its name; two plugins may not offer one key unless one `replaces` it.
        title: its name for people.
        stages: in their usual order; each leads on to the next by the edge ``advance``.
        lifecycle: the path of its items.
        settings: the attrs class that TOML settings are structured into.
        rules: answers to the rule slots.
        guards: triggers of the lifecycle → guard rules that may object.
        conditions: ``stage.edge`` → condition rules that must hold before the edge is taken.
        anytime: commands allowed in every stage, with the roles that may give them.
        overrides: commands that staff may give outside their stage, through an override that
            says why; ``Override`` itself is put under `anytime`.
        replaces: key of the format that this one takes the place of.

    Raises:
        DefinitionError: with every contradiction found.
    """

    key: str
    title: str
    stages: tuple[Stage, ...] = field(converter=as_tuple)
    lifecycle: Lifecycle = ITEM_LIFECYCLE
    settings: type[ProcedureSettings] = ProcedureSettings
    rules: RuleSet = field(factory=dict, converter=rule_set)
    guards: RuleSet = field(factory=dict, converter=rule_set)
    conditions: RuleSet = field(factory=dict, converter=rule_set)
    anytime: Allowed = field(factory=dict, converter=allowed)
    overrides: Allowed = field(factory=dict, converter=allowed)
    replaces: str = ""

    def __attrs_post_init__(self) -> None:
        if problems := findings(self):
            raise DefinitionError(*problems)

    @property
    def commands(self) -> frozenset[str]:
        """Every command that it says who may give."""
        named = (*(stage.allows for stage in self.stages), self.anytime, self.overrides)
        return frozenset(command for allows in named for command in allows)

    def derive(  # noqa: PLR0913 - each argument is one way in which towns differ
        self,
        *,
        key: str,
        title: str = "",
        settings: type[ProcedureSettings] | None = None,
        rules: Sequence[Rule] | Mapping[str, Named | Iterable[Named]] = (),
        guards: Mapping[str, Named | Iterable[Named]] = MappingProxyType({}),
        conditions: Mapping[str, Named | Iterable[Named]] = MappingProxyType({}),
        insert_after: Mapping[str, Stage | Sequence[Stage]] = MappingProxyType({}),
        insert_before: Mapping[str, Stage | Sequence[Stage]] = MappingProxyType({}),
        replace: Iterable[Stage] = (),
        without: Iterable[str] = (),
        lifecycle: Lifecycle | None = None,
        anytime: Mapping[type | str, Iterable[str]] = MappingProxyType({}),
        overrides: Mapping[type | str, Iterable[str]] = MappingProxyType({}),
        replaces: str = "",
    ) -> ProcedureFormat:
        """Make another format that differs from this one only where it says so.

        Args:
            key: name of the new format.
            title: its name for people; this one's by default.
            settings: another settings class, usually a subclass of this one's.
            rules: a list adds rules to their slots (or replaces the only answer of a slot that
                takes one); a mapping replaces whole slots.
            guards: replaces the guards of the triggers it names.
            conditions: replaces the conditions of the edges it names.
            insert_after: key of a stage → stage, or stages, to put behind it.
            insert_before: key of a stage → stage, or stages, to put before it.
            replace: stages that take the place of those with the same key.
            without: keys of stages to leave out.
            lifecycle: another path of items, usually this one's with further moves.
            anytime: further commands allowed in every stage.
            overrides: further commands that staff may give outside their stage.
            replaces: key of the format the new one takes the place of.

        Raises:
            DefinitionError: a stage is named that this format has not, or the new format
                contradicts itself.
        """
        return evolve(
            self,
            key=key,
            title=title or self.title,
            settings=settings or self.settings,
            rules=_with_rules(self.rules, rules),
            guards={**self.guards, **guards},
            conditions={**self.conditions, **conditions},
            lifecycle=lifecycle or self.lifecycle,
            stages=self._stages(insert_after, insert_before, replace, tuple(without)),
            anytime={**self.anytime, **allowed(anytime)},
            overrides={**self.overrides, **allowed(overrides)},
            replaces=replaces,
        )

    def _stages(
        self,
        after: Mapping[str, Stage | Sequence[Stage]],
        before: Mapping[str, Stage | Sequence[Stage]],
        replace: Iterable[Stage],
        without: tuple[str, ...],
    ) -> tuple[Stage, ...]:
        instead = {stage.key: stage for stage in replace}
        known = {stage.key for stage in self.stages}
        if lost := {*after, *before, *instead, *without} - known:
            raise DefinitionError(
                *(f"derive from {self.key}: it has no stage {key!r}" for key in sorted(lost))
            )
        row: list[Stage] = []
        for stage in self.stages:
            row += _several(before.get(stage.key, ()))
            row += [] if stage.key in without else [instead.get(stage.key, stage)]
            row += _several(after.get(stage.key, ()))
        return tuple(row)


def _several(stages: Stage | Sequence[Stage]) -> Sequence[Stage]:
    return (stages,) if isinstance(stages, Stage) else stages
