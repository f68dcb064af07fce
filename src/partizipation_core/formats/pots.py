"""Pots (Töpfe): the money of a procedure, and what each part of it may be used for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from attrs import Attribute, field, frozen

from partizipation_core.freezing import as_tuple
from partizipation_core.money.books import MAIN
from partizipation_core.values import Money

__all__ = ["PotSettings", "distinct_pots", "pots_of", "usable"]

_KEY = re.compile(r"[a-z][a-z0-9_]*")


def _own_key(_: object, __: Attribute[str], value: str) -> None:
    if not _KEY.fullmatch(value) or value == MAIN:
        msg = f"a pot has a key of a-z, 0-9 and _, other than {MAIN!r}, not {value!r}"
        raise ValueError(msg)


def _none_below_zero(_: object, __: Attribute[Money], value: Money) -> None:
    if value.cents < 0:
        msg = f"a pot holds nothing or more, not {value}"
        raise ValueError(msg)


@frozen(kw_only=True)
class PotSettings:
    """A pot beside the main one: of a sponsor, or kept for an area or a category.

    Args:
        key: its name in bookings, such as ``micro``.
        title: its name for people; the key where it is empty.
        amount: what is in it from the start; sponsors may give more later.
        sponsor: who gives it, for the public; empty for the town.
        areas: the areas its money is for (zweckgebunden); none for all.
        categories: the categories its money is for; none for all.
        carry_over: whether what is left may be carried over into the next year.
    """

    key: str = field(validator=_own_key)
    title: str = ""
    amount: Money = field(default=Money(0), validator=_none_below_zero)
    sponsor: str = ""
    areas: tuple[str, ...] = field(default=(), converter=as_tuple)
    categories: tuple[str, ...] = field(default=(), converter=as_tuple)
    carry_over: bool = False

    @property
    def ring_fenced(self) -> bool:
        """Whether it is kept for a part of the items."""
        return bool(self.areas or self.categories)


def distinct_pots(_: object, __: object, value: tuple[PotSettings, ...]) -> None:
    """Refuse two pots of one key; a validator."""
    keys = [pot.key for pot in value]
    if len(set(keys)) < len(keys):
        msg = f"pots with a key of their own each, not {', '.join(keys)}"
        raise ValueError(msg)


class Placed(Protocol):
    """What decides which pots an item may draw on."""

    @property
    def area(self) -> str: ...
    @property
    def category(self) -> str: ...


class WithPots(Protocol):
    """What is asked of settings."""

    @property
    def pot(self) -> Money | None: ...
    @property
    def pots(self) -> tuple[PotSettings, ...]: ...
    @property
    def carry_over(self) -> bool: ...


def pots_of(settings: WithPots) -> dict[str, PotSettings | None]:
    """Return all pots in the order in which items draw on them; None stands for the main one.

    Money that is kept for something is used before money that could be used for anything.
    """
    fenced = {pot.key: pot for pot in settings.pots if pot.ring_fenced}
    others = {pot.key: pot for pot in settings.pots if not pot.ring_fenced}
    main = {} if settings.pot is None else {MAIN: None}
    return {**fenced, **others, **main}


def usable(pot: PotSettings | None, items: Iterable[Placed]) -> bool:
    """Tell whether a pot's money may be used for all of some items."""
    if pot is None:
        return True
    return all(
        (not pot.areas or item.area in pot.areas)
        and (not pot.categories or item.category in pot.categories)
        for item in items
    )
