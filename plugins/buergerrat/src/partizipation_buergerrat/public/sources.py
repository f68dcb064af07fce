"""Where chance comes from (Zufallsquellen): events that nobody can know or choose beforehand.

A source is announced before its event and read afterwards. All of them answer the same two
questions: is the announcement complete, and what does the raw value mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Protocol

from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.instants import checked, from_seconds
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_core.errors import InputError

__all__ = ["SOURCES", "Source", "announce", "index_of", "value_of"]

Announcement = Mapping[str, Any]
_FEWEST_DICE = 20
_HEX = re.compile(r"[0-9a-f]{64}")


class Source(Protocol):
    """A kind of source; fills the slot ``source`` of a commitment."""

    def __call__(self, said: Announcement, raw: Any, /) -> str:
        """Return the value in its one spelling, or raise `InputError` if it is none."""
        ...


def _digits(said: Announcement, raw: Any) -> str:
    """Take digits drawn one by one before witnesses; they are the number of the panel."""
    text = "".join(str(raw).split())
    _must(
        text.isascii() and text.isdigit() and len(text) == said["count"],
        f"{said['count']} digits are needed",
    )
    return text


def _dice(said: Announcement, raw: Any) -> str:
    """Take dice thrown before witnesses, each from 1 to 6."""
    text = "".join(str(raw).split())
    _must(
        len(text) == said["count"] and set(text) <= set("123456"),
        f"{said['count']} throws from 1 to 6 are needed",
    )
    return text


def _lottery(said: Announcement, raw: Any) -> str:
    """Take numbers of an official lottery, sorted, then further digits if announced."""
    main, _, extra = str(raw).partition("/")
    numbers = sorted(int(each) if each.isdigit() else 0 for each in main.split())
    count, highest = said["numbers"], said["highest"]
    _must(
        len(set(numbers)) == len(numbers) == count and numbers[0] >= 1 and numbers[-1] <= highest,
        f"{count} different numbers up to {highest} are needed",
    )
    digits = "".join(extra.split())
    wanted = said.get("extra", 0)
    _must(
        len(digits) == wanted and (not digits or digits.isdigit()),
        f"{wanted} further digits after a slash are needed",
    )
    return " ".join(map(str, numbers)) + (f" / {digits}" if digits else "")


def _drand(said: Announcement, raw: Any) -> str:
    """Take the randomness of a round of a drand chain; a signature given with it proves it."""
    text, _, signature = str(raw).strip().lower().partition(" ")
    _must(_HEX.fullmatch(text) is not None, "64 hexadecimal digits are needed")
    proven = not signature or sha256(bytes.fromhex(signature.strip())).hexdigest() == text
    _must(proven, "the randomness is not the hash of the signature")
    return f"{said['round']} {text}"


def _reveal(said: Announcement, raw: Any) -> str:
    """Take secrets that parties committed to; where one refuses, the fallback is added."""
    _must(isinstance(raw, Mapping), "the secrets by name of the party are needed")
    secrets: list[str | None] = []
    for party in said["parties"]:
        secret = raw.get(party["name"])
        fits = secret is None or sha256(secret.encode()).hexdigest() == party["sha256"]
        _must(fits, f"the secret of {party['name']} is not the one committed to")
        secrets.append(secret)
    fallback = None
    if None in secrets:
        _must(raw.get("fallback") is not None, "a party refuses, so the fallback is needed")
        fallback = value_of(said["fallback"], raw["fallback"])
    return canonical([secrets, fallback])


SOURCES: Mapping[str, tuple[Source, tuple[str, ...]]] = MappingProxyType(
    {
        "digits": (_digits, ("count", "event", "at")),
        "dice": (_dice, ("count", "event", "at")),
        "lottery": (_lottery, ("name", "numbers", "highest", "at")),
        "drand": (_drand, ("chain", "genesis", "period", "round", "at")),
        "reveal": (_reveal, ("parties", "fallback", "at")),
    }
)
"""Kind → how its value is read, and what an announcement must say."""


def announce(said: Announcement, *, panels: int, now: str) -> dict[str, Any]:
    """Check an announcement before anybody commits to it.

    Args:
        said: ``kind`` and what that kind needs; for drand, ``at`` follows from the round.
        panels: how many panels are numbered.
        now: the instant of the commitment, in ISO 8601 and UTC.

    Raises:
        InputError: something is missing, or the event is not in the future.
    """
    full = dict(said)
    if full.get("kind") not in SOURCES:
        raise InputError(f"unknown source; there are {', '.join(SOURCES)}")
    if full["kind"] == "drand" and {"genesis", "period", "round"} <= full.keys():
        seconds = full["genesis"] + (full["round"] - 1) * full["period"]
        full["at"] = from_seconds(seconds)
    missing = [name for name in SOURCES[full["kind"]][1] if name not in full]
    _must(not missing, f"the source lacks: {', '.join(missing)}")
    _must(checked(full["at"]) > checked(now), "the event must lie in the future")
    if full["kind"] in _CHECKS:
        _CHECKS[full["kind"]](full, panels)
    if full["kind"] == "reveal":
        full["fallback"] = announce(full["fallback"], panels=panels, now=now)
    return full


def _check_digits(said: Announcement, panels: int) -> None:
    _must(10 ** said["count"] == panels, f"{said['count']} digits need exactly as many panels")


def _check_dice(said: Announcement, _panels: int) -> None:
    _must(said["count"] >= _FEWEST_DICE, f"at least {_FEWEST_DICE} throws are needed")


_CHECKS: Mapping[str, Callable[[Announcement, int], None]] = MappingProxyType(
    {"digits": _check_digits, "dice": _check_dice}
)


def value_of(said: Announcement, raw: Any) -> str:
    """Return the value of a source in its one spelling.

    Args:
        said: the announcement.
        raw: as keyed in; for ``reveal`` a mapping of names to secrets.

    Raises:
        InputError: the raw value is not of the announced form.
    """
    return SOURCES[said["kind"]][0](said, raw)


def index_of(
    said: Announcement, value: str, *, panels: int, procedure: str, commitment: str
) -> int:
    """Return the number of the drawn panel, from 0.

    Args:
        said: the announcement.
        value: as `value_of` gave it.
        panels: how many there are.
        procedure: separates the draws of different procedures.
        commitment: hash of the commitment's line in the protocol.
    """
    if said["kind"] == "digits":
        return int(value)
    return Stream(f"panel/{procedure}", f"{commitment}/{value}").below(panels)


def _must(holds: bool, wanted: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise InputError(wanted)
