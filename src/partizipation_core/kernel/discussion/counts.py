"""Counts: what supports and ratings add up to, and when the public may see it.

Numbers are always derived from the voices themselves, so that none can be copied, cached or
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import frozen

from partizipation_core.formats.definition import Definition
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Window
from partizipation_core.kernel.state import Item, Procedure
from partizipation_core.kernel.voices import PUBLIC_KINDS, VoiceCount, VoiceKind
from partizipation_core.values import ItemRef, Objection

__all__ = ["Counts", "all_counts", "in_force", "item_counts", "not_yet_public", "open_kinds"]

_COMMANDS: Mapping[VoiceKind, tuple[str, ...]] = MappingProxyType(
    {
        "support": ("SupportItem", "ConfirmSupport", "RetractSupport"),
        "rating": ("RateItem", "RetractRating"),
    }
)


@frozen(kw_only=True)
class Counts:
    """What the public said of one item.

    Args:
        supports: supports that count.
        pro: ratings for it that count.
        contra: ratings against it that count.
        lapsed: supports and ratings of earlier texts that do not count any more.
    """

    supports: int = 0
    pro: int = 0
    contra: int = 0
    lapsed: int = 0


def in_force(revision: int, item: Item, settings: ProcedureSettings) -> bool:
    """Tell whether what was said of a text still counts for the item as it is now."""
    return settings.support_policy == "keep" or revision == item.revision


def item_counts(tallies: Iterable[VoiceCount], item: Item, settings: ProcedureSettings) -> Counts:
    """Add up what was said of one item."""
    found = dict.fromkeys(("supports", "pro", "contra", "lapsed"), 0)
    for tally in tallies:
        if tally.item == item.ref:
            found[_column(tally, item, settings)] += tally.people
    return Counts(**found)


def _column(tally: VoiceCount, item: Item, settings: ProcedureSettings) -> str:
    if not in_force(tally.revision, item, settings):
        return "lapsed"
    if tally.kind == "support":
        return "supports"
    return "pro" if tally.value > 0 else "contra"


def all_counts(
    tallies: Iterable[VoiceCount], items: Mapping[ItemRef, Item], settings: ProcedureSettings
) -> dict[ItemRef, Counts]:
    """Add up what was said of every item that anything was said of."""
    by_item: dict[ItemRef, list[VoiceCount]] = {}
    for tally in tallies:
        by_item.setdefault(tally.item, []).append(tally)
    return {
        ref: item_counts(own, items[ref], settings)
        for ref, own in sorted(by_item.items())
        if ref in items
    }


def open_kinds(procedure: Procedure, definition: Definition) -> tuple[VoiceKind, ...]:
    """List what residents can say, or take back, at present."""
    if procedure.status == "closed":
        return ()
    return tuple(kind for kind in PUBLIC_KINDS if any(_open(kind, procedure, definition)))


def _open(kind: VoiceKind, procedure: Procedure, definition: Definition) -> Iterator[bool]:
    for command in _COMMANDS[kind]:
        always = command in definition.anytime
        yield always or (
            not procedure.ended and definition.roles(procedure.stage, command) is not None
        )


def not_yet_public(
    kind: VoiceKind, procedure: Procedure, definition: Definition, settings: ProcedureSettings
) -> Iterator[Objection]:
    """Say why numbers of a kind cannot be seen yet; the one gate that every reader passes.

    Running numbers lead those who come later, so a town may keep them until the stage is over.
    """
    shown = settings.show_supports if kind == "support" else settings.show_ratings
    if shown == "after_stage" and kind in open_kinds(procedure, definition):
        following = procedure.schedule.get(definition.following(procedure.stage), Window())
        own = procedure.schedule.get(procedure.stage, Window())
        params = {"stage": procedure.stage, "kind": kind}
        yield Objection("counts_not_public_yet", params, own.end or following.start)
