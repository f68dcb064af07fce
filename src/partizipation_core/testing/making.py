"""Making: commands of any class out of thin air, filled by the types of their fields.

What is made is mostly sensible and sometimes not, since a procedure has to answer both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin

import attrs

from partizipation_core.clock import Instant
from partizipation_core.formats.stages import Window
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.state import Procedure
from partizipation_core.values import (
    CommentRef,
    ItemRef,
    Money,
    ParticipantRef,
    ProcedureRef,
    RecordRef,
)

__all__ = ["Maker"]

DAY = 86_400_000_000
"""Microseconds."""

_TRIES = 8
_REFERENCES = (ItemRef, ParticipantRef, CommentRef, ProcedureRef, RecordRef)


class Maker:
    """Makes commands for one procedure.

    Args:
        handle: the procedure, which is asked for its items, stages and ballots.
        random: where chance comes from; one seed, one row of commands.
        people: pseudonyms that commands may name.
        now: tells the present instant.
    """

    def __init__(
        self,
        handle: ProcedureHandle,
        random: Random,
        people: Sequence[str],
        now: Callable[[], Instant],
    ) -> None:
        self._handle, self._random, self._now = handle, random, now
        self._people = list(people)
        self._definition, self._settings = handle.definition(), handle.settings()
        self._made = 0
        self.look()

    def look(self) -> Procedure:
        """Look at the procedure as it stands, and make commands for that from now on."""
        self._procedure = self._handle.state()
        self._items = [item.ref for item in self._handle.items()]
        self._said = [one.ref for ref in self._items[:3] for one in self._handle.comments(ref)]
        self._records = [one for refs in self._handle.record_refs().values() for one in refs]
        return self._procedure

    def command(self, kind: type[Command]) -> Command | None:
        """Make a command, or None where no values were found that its class takes."""
        for _ in range(_TRIES):
            try:
                return kind(**dict(self._fields(kind)))
            except (TypeError, ValueError):
                continue
        return None

    def _fields(self, kind: type) -> Iterator[tuple[str, Any]]:
        attrs.resolve_types(kind)
        for one in attrs.fields(kind):
            optional = one.default is not attrs.NOTHING
            if one.init and not (optional and self._random.random() < 1 / 3):
                yield one.alias or one.name, self._value(one.type, one.name)

    def _value(self, kind: Any, name: str) -> Any:
        if kind in _REFERENCES:
            return self._reference(kind)
        plain: Any = kind.__supertype__ if isinstance(kind, NewType) else kind
        if plain in self._plain:
            return self._plain[plain](self, name)
        if attrs.has(plain):
            return plain(**dict(self._fields(plain)))
        return self._composed(plain, name)

    def _composed(self, kind: Any, name: str) -> Any:
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Literal:
            return self._random.choice(inner)
        if origin in (Union, UnionType):
            chosen = [one for one in inner if one is not NoneType]
            return self._value(self._random.choice(chosen), name)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {key: self._value(inner[1], name) for key in self._keys(inner[0], name)}
        if origin in (tuple, frozenset):
            return origin({self._value(inner[0], name): None for _ in range(self._few())})
        raise TypeError(f"nobody knows how to make {kind!r}")

    def _few(self) -> int:
        return self._random.choice((0, 1, 1, 2, 3))

    def _keys(self, kind: Any, name: str) -> Iterator[Any]:
        """Choose items of the open ballot where items are wanted."""
        procedure = self._procedure
        paper = sorted(procedure.papers.get(procedure.vote, {}))
        if kind is ItemRef and paper and self._random.random() < 9 / 10:
            yield from self._random.sample(paper, min(len(paper), self._few()))
        else:
            yield from {self._value(kind, name): None for _ in range(self._few())}

    def _reference(self, kind: Any) -> str:
        lists: Mapping[Any, Sequence[str]] = {
            ItemRef: self._items,
            CommentRef: self._said,
            ParticipantRef: self._people,
            ProcedureRef: [self._handle.ref],
            RecordRef: self._records,
        }
        known = lists[kind]
        if kind in (ItemRef, CommentRef, RecordRef) and (
            not known or self._random.random() < 1 / 4
        ):
            self._made += 1
            return f"made-{self._made}"
        return self._random.choice(known)

    def _text(self, name: str) -> str:
        """Find a word that fits the name of a field."""
        procedure, definition, settings = self._procedure, self._definition, self._settings
        words: Mapping[str, Sequence[str]] = {
            "edge": tuple(definition.edges(procedure.stage)) or ("advance",),
            "stage": tuple(stage.key for stage in definition.stages),
            "vote": tuple(procedure.papers) or ("vote",),
            "trigger": definition.lifecycle.triggers,
            "area": settings.areas or ("", "Mitte"),
            "category": settings.categories or ("",),
            "seed": ("4 9 17 23 31 42",),
            "channel": ("online",),
            "sha256": ("0" * 64,),
            "digests": ("0" * 64, "1" * 64, "2" * 64),
            "media_type": ("application/pdf",),
        }
        return self._random.choice(words.get(name, ("Ein Satz.", "Noch einer.")))

    def _number(self, _name: str) -> int:
        return self._random.choice((1, 1, 1, 2, 5, 40, 100, 0, -1))

    def _money(self, _name: str) -> Money:
        return Money(self._random.choice((100, 25_000, 99_999, 500_000, 0)))

    def _instant(self, _name: str) -> Instant:
        return Instant(self._now() + self._random.randrange(1, 30) * DAY)

    def _window(self, name: str) -> Window:
        start = self._instant(name)
        return Window(start, Instant(start + self._random.randrange(1, 9) * DAY))

    def _truth(self, _name: str) -> bool:
        return self._random.random() < 1 / 2

    _plain: Mapping[Any, Callable[[Maker, str], Any]] = MappingProxyType(
        {
            str: _text,
            bool: _truth,
            int: _number,
            Money: _money,
            Instant: _instant,
            Window: _window,
        }
    )
