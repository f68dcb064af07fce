"""Definition: what opening a procedure pins, so that no upgrade can change a running vote."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen

from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.formats.lint import edges
from partizipation_core.formats.stages import Allowed, Edge, Mover, Stage, allowed
from partizipation_core.freezing import as_mapping, as_mappings

__all__ = ["Definition"]


def _refs(given: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: tuple(refs) for key, refs in given.items()})


@frozen(kw_only=True)
class Definition:
    """A format with everything resolved: data only, written into the opening event.

    Args:
        format: key of the format.
        title: its name for people.
        distribution: the installed distribution it came from.
        version: that distribution's version.
        stages: with what each allows.
        lifecycle: the path of its items.
        anytime: commands allowed in every stage.
        rules: slot → pinned rules as ``name@version``.
        guards: trigger → pinned guard rules.
        conditions: ``stage.edge`` → pinned condition rules.
        overrides: commands that staff may give outside their stage, by an override.
        settings: the settings as plain data.
        origins: pinned rule → the distribution and version it came from, for whoever has to
            install it again.
    """

    format: str
    title: str
    distribution: str
    version: str
    stages: tuple[Stage, ...]
    lifecycle: Lifecycle
    anytime: Allowed = field(converter=allowed)
    rules: Mapping[str, tuple[str, ...]] = field(converter=_refs)
    guards: Mapping[str, tuple[str, ...]] = field(converter=_refs)
    conditions: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_refs)
    overrides: Allowed = field(factory=dict, converter=allowed)
    settings: Mapping[str, object] = field(converter=as_mapping)
    origins: Mapping[str, str] = field(factory=dict, converter=as_mapping)
    _by_key: Mapping[str, Stage] = field(init=False, eq=False, repr=False)
    _edges: Mapping[str, Mapping[str, Edge]] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        by_key = MappingProxyType({stage.key: stage for stage in self.stages})
        object.__setattr__(self, "_by_key", by_key)
        object.__setattr__(self, "_edges", as_mappings(edges(self.stages)))

    @property
    def first(self) -> Stage:
        """The stage a procedure opens in."""
        return self.stages[0]

    def stage(self, key: str) -> Stage:
        """Return a stage by its key."""
        return self._by_key[key]

    def edges(self, key: str) -> Mapping[str, Edge]:
        """Return the ways on from a stage by their names."""
        return self._edges[key]

    def moves_by_condition(self, key: str) -> bool:
        """Tell whether a stage can be left because a condition has come true."""
        return any(Mover.CONDITION in edge.by for edge in self._edges[key].values())

    def following(self, key: str) -> str:
        """Return the stage that ``advance`` leads to; empty at the last one."""
        edge = self._edges[key].get("advance")
        return edge.to if edge else ""

    def roles(self, stage: str, command: str) -> frozenset[str] | None:
        """Return the roles that may give a command in a stage; None where nobody may."""
        here = self._by_key[stage].allows.get(command)
        always = self.anytime.get(command)
        return here if always is None else always | (here or frozenset())

    def later_stage(self, stage: str, command: str) -> Stage | None:
        """Return the nearest following stage that allows a command, along ``advance``."""
        seen = {stage}
        while (stage := self.following(stage)) and stage not in seen:
            seen.add(stage)
            if command in self._by_key[stage].allows:
                return self._by_key[stage]
        return None
