"""Settings with the values that a town has published in the place of the general defaults."""

from __future__ import annotations

from typing import Any, TypeVar

import attrs
from attrs import Attribute

from partizipation_core.formats.settings import ProcedureSettings

__all__ = ["published"]

S = TypeVar("S", bound=ProcedureSettings)


def published(base: type[S], **values: object) -> type[S]:
    """Return settings like others, with other defaults; validators and converters stay.

    What a town has not published is not among the values, and keeps its default or stays
    mandatory.

    Args:
        base: the settings.
        values: field → what the town has published.

    Raises:
        TypeError: a value names no field.
    """
    if strange := values.keys() - {one.name for one in attrs.fields(base)}:
        msg = f"{base.__name__} has no {', '.join(sorted(strange))}"
        raise TypeError(msg)

    def fill(_: type, fields: list[Attribute[Any]]) -> list[Attribute[Any]]:
        return [
            one.evolve(default=values[one.name]) if one.name in values else one for one in fields
        ]

    made: type[S] = attrs.make_class(
        base.__name__, {}, bases=(base,), frozen=True, kw_only=True, field_transformer=fill
    )
    made.__doc__ = base.__doc__
    return made
