"""Contracts of what is kept and exchanged: events, records, files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import pytest

from partizipation_core.errors import InputError
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.state import World
from partizipation_core.serialization import STORED, canonical
from partizipation_core.testing.checks import (
    effects,
    mutable_parts,
    personal,
    picture,
    same,
    without_effects,
)

__all__ = ["ExchangeContract", "ProjectionContract", "RecordContract"]


def _told(problems: Iterable[str]) -> str:
    return "\n  ".join(["", *problems])


class ProjectionContract:
    """What an event promises about the state it changes.

    Attributes:
        cases: the world before, the event, the instant, and what must be found afterwards.
    """

    cases: ClassVar[Sequence[tuple[World, Event, int, Callable[[World], bool]]]]

    def test_it_changes_what_it_says(self) -> None:
        """Applied to the world before, it gives the world that is meant."""
        assert self.cases, "name at least one case"
        for before, event, at, meant in self.cases:
            after = before.with_changes(event.apply(before, at))  # type: ignore[arg-type]
            assert meant(after), f"{type(event).__name__}: the world afterwards is not as meant"

    def test_it_can_be_replayed(self) -> None:
        """Applied twice to the same world it gives the same, without clock, chance or files."""
        for before, event, at, _ in self.cases:
            with without_effects(type(event).__name__):
                first = effects(event, before, at)
            assert same(first, effects(event, before, at)), (
                f"{type(event).__name__}: replayed, it changes something else"
            )

    def test_it_changes_no_world_in_place(self) -> None:
        """The world before is the same afterwards."""
        for before, event, at, _ in self.cases:
            shown = picture(before)
            effects(event, before, at)
            assert picture(before) == shown, f"{type(event).__name__} changes what it is shown"

    def test_it_can_be_stored(self) -> None:
        """Written to the journal and read again it is the same event."""
        for _, event, _, _ in self.cases:
            data = json.loads(json.dumps(STORED.dump(event)))
            assert STORED.load(data, type(event)) == event, (
                f"{type(event).__name__}: written and read again it is another event: {data}"
            )


class RecordContract:
    """What a record promises that a plugin keeps besides items.

    Attributes:
        samples: records as the plugin makes them, every kind at least once.
    """

    samples: ClassVar[Sequence[Record]]

    def test_it_can_be_stored(self) -> None:
        """Written to the store and read again it is the same record."""
        assert self.samples, "name at least one sample"
        for sample in self.samples:
            name = type(sample).__name__
            try:
                data = json.loads(canonical(STORED.dump(sample)))
            except (TypeError, ValueError) as error:
                raise AssertionError(f"{name}: cannot be stored: {error}") from error
            assert STORED.load(data, type(sample)) == sample, (
                f"{name}: written and read again it is another record: {data}; give every field a "
                "type that says what it holds, and lists a converter to tuple"
            )

    def test_it_changes_by_being_replaced(self) -> None:
        """Nothing in it can be changed in place, so that a journal can be replayed."""
        for sample in self.samples:
            loose = list(mutable_parts(sample))
            assert not loose, _told(loose)

    def test_it_names_nobody(self) -> None:
        """No address, no bank account: who is meant is a pseudonym."""
        found = [told for sample in self.samples for told in personal(sample)]
        assert not found, _told(found)


class ExchangeContract:
    """What a reader and a writer of a file format promise.

    Attributes:
        read: text → thing.
        write: thing → text.
        samples: things that are written and read.
        broken: texts that no reader may take → what the refusal must say.
    """

    read: ClassVar[Callable[[str], Any]]
    write: ClassVar[Callable[[Any], str]]
    samples: ClassVar[Sequence[Any]]
    broken: ClassVar[Mapping[str, str]]

    def test_what_is_written_is_read_again(self) -> None:
        """Nothing is lost on the way out and in."""
        assert self.samples, "name at least one sample"
        for sample in self.samples:
            again = type(self).read(type(self).write(sample))
            assert again == sample, (
                f"written and read again, {sample!r} is {again!r}: let the writer put down every "
                "field, and the reader take it in"
            )

    def test_writing_twice_gives_the_same_bytes(self) -> None:
        """Files can be compared."""
        for sample in self.samples:
            first = type(self).write(sample)
            again = type(self).write(type(self).read(first))
            assert again == first, (
                f"{sample!r} is written otherwise the second time: sort what has no order of its "
                "own, and put down no instant of writing"
            )

    def test_what_is_broken_is_refused_with_its_place(self) -> None:
        """A damaged file is an `InputError` that says where."""
        assert self.broken, "name at least one broken text"
        for text, told in self.broken.items():
            try:
                found = type(self).read(text)
            except InputError as refused:
                assert told in str(refused), (  # noqa: PT017 - the message matters
                    f"{text[:80]!r} was refused with {str(refused)!r}, which does not say "
                    f"{told!r}: give the InputError the line and column"
                )
            except Exception as error:
                raise AssertionError(
                    f"{text[:80]!r} fails with {error!r}: raise an InputError that says where"
                ) from error
            else:
                pytest.fail(f"{text[:80]!r} was read as {found!r}: refuse it with an InputError")
