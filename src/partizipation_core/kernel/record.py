"""Records: what a format keeps besides items, such as letters, sessions or pledges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar, cast

from attrs import field, frozen

from partizipation_core.freezing import as_mappings
from partizipation_core.kernel.privacy.kinds import Kind
from partizipation_core.values import RecordRef

__all__ = ["NO_RECORDS", "Every", "Named", "Reading", "Record", "Records"]

_KIND = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")

R = TypeVar("R", bound="Record")


@frozen(kw_only=True)
class Record:
    """One thing of a kind that a plugin brought along.

    Subclasses are frozen attrs classes with keyword fields. A record follows from the journal and
    can be brought back from it, so it holds no personal data but pseudonyms, and texts that its
    events are committed to and that go with them.

    ``kind`` names the class in the store, written ``owner/kind``. ``version`` counts its
    shape; after an upgrade that changes it, `ProcedureHandle.rebuild` writes the records anew.
    ``privacy`` says which field holds what kind of personal data.

    Args:
        ref: its reference, new within its kind and procedure.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    privacy: ClassVar[Mapping[str, Kind]] = {}

    ref: RecordRef

    def __init_subclass__(cls) -> None:
        if not _KIND.fullmatch(getattr(cls, "kind", "")):
            msg = f"{cls.__name__}: say kind = 'owner/kind', in lower case"
            raise TypeError(msg)


@frozen
class Every:
    """A command sees every record of a kind."""

    kind: type[Record]

    def refs(self, _command: object) -> None:
        """Name none, since all are meant."""


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


@frozen
class Named:
    """A command sees the records that its fields name.

    Args:
        kind: of which kind.
        fields: name of the field, or names of the fields, that hold a reference, several, or
            none yet.
    """

    kind: type[Record]
    fields: tuple[str, ...] = field(converter=_names)

    def refs(self, command: object) -> frozenset[RecordRef]:
        """Return the references that a command names."""
        given = (getattr(command, name) for name in self.fields)
        listed = ((one,) if isinstance(one, str) else one for one in given)
        return frozenset(RecordRef(ref) for refs in listed for ref in refs if ref)


Reading = Every | Named
"""What a decider is shown of the records of one kind."""


@frozen
class Records:
    """Records by their kind, as far as they were loaded.

    Args:
        by_kind: kind → reference → record.
    """

    by_kind: Mapping[str, Mapping[RecordRef, Record]] = field(converter=as_mappings)

    def all(self, kind: type[R]) -> Mapping[RecordRef, R]:
        """Return the records of a kind."""
        found = self.by_kind.get(kind.kind, MappingProxyType({}))
        return cast("Mapping[RecordRef, R]", found)

    def get(self, kind: type[R], ref: str) -> R | None:
        """Return one record; None where there is none."""
        return self.all(kind).get(RecordRef(ref))

    def one(self, kind: type[R], ref: str) -> R:
        """Return a record that is known to exist.

        Raises:
            LookupError: it does not.
        """
        return self.all(kind)[RecordRef(ref)]

    def with_changes(self, changes: Iterable[Record]) -> Records:
        """Return the records after some changes; what did not change is shared."""
        changed: dict[str, dict[RecordRef, Any]] = {}
        for one in changes:
            if one.kind not in changed:
                changed[one.kind] = dict(self.by_kind.get(one.kind, {}))
            changed[one.kind][one.ref] = one
        return Records({**self.by_kind, **changed}) if changed else self

    def __iter__(self) -> Iterator[Record]:
        return (record for kept in self.by_kind.values() for record in kept.values())


NO_RECORDS = Records(MappingProxyType({}))
"""What a procedure without records has."""
