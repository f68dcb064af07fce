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
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

__all__ = ["SOURCES", "Source", "announce", "index_of", "value_of"]

Announcement = Mapping[str, Any]
_FEWEST_DICE = 20
_FEWEST_PARTIES = 2
_MOST_DIGITS = 9
_NUMBERS = ("count", "numbers", "highest", "extra", "genesis", "period", "round")
_LARGE = 10**12
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
        "source.digits",
        count=said["count"],
    )
    return text


def _dice(said: Announcement, raw: Any) -> str:
    """Take dice thrown before witnesses, each from 1 to 6."""
    text = "".join(str(raw).split())
    _must(
        len(text) == said["count"] and set(text) <= set("123456"),
        "source.dice",
        count=said["count"],
    )
    return text


def _lottery(said: Announcement, raw: Any) -> str:
    """Take numbers of an official lottery, sorted, then further digits if announced."""
    main, _, extra = str(raw).partition("/")
    numbers = sorted(int(each) if each.isdigit() else 0 for each in main.split())
    count, highest = said["numbers"], said["highest"]
    _must(
        len(set(numbers)) == len(numbers) == count and numbers[0] >= 1 and numbers[-1] <= highest,
        "source.numbers",
        count=count,
        highest=highest,
    )
    digits = "".join(extra.split())
    wanted = said.get("extra", 0)
    _must(
        len(digits) == wanted and (not digits or digits.isdigit()),
        "source.further",
        count=wanted,
    )
    return " ".join(map(str, numbers)) + (f" / {digits}" if digits else "")


def _drand(said: Announcement, raw: Any) -> str:
    """Take the randomness of a round of a drand chain; a signature given with it proves it."""
    text, _, signature = str(raw).strip().lower().partition(" ")
    _must(_HEX.fullmatch(text) is not None, "source.hexadecimal")
    proven = not signature or sha256(bytes.fromhex(signature.strip())).hexdigest() == text
    _must(proven, "source.signature")
    return f"{said['round']} {text}"


def _reveal(said: Announcement, raw: Any) -> str:
    """Take secrets that parties committed to; where one refuses, the fallback is added."""
    _must(isinstance(raw, Mapping), "source.secrets")
    secrets: list[str | None] = []
    for party in said["parties"]:
        secret = raw.get(party["name"])
        fits = secret is None or sha256(secret.encode()).hexdigest() == party["sha256"]
        _must(fits, "source.secret", party=party["name"])
        secrets.append(secret)
    fallback = None
    if None in secrets:
        _must(raw.get("fallback") is not None, "source.fallback")
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
    try:
        return _announced(dict(said), panels=panels, now=now)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise wrong(InputError, "source.misfit") from error


def _announced(full: dict[str, Any], *, panels: int, now: str) -> dict[str, Any]:
    if full.get("kind") not in SOURCES:
        raise wrong(InputError, "source.unknown", known=", ".join(SOURCES))
    if full["kind"] == "drand" and {"genesis", "period", "round"} <= full.keys():
        seconds = full["genesis"] + (full["round"] - 1) * full["period"]
        full["at"] = from_seconds(seconds)
    missing = [name for name in SOURCES[full["kind"]][1] if name not in full]
    blank = [name for name in full if isinstance(full[name], str) and not full[name].strip()]
    missing += [name for name in blank if name not in missing]
    _must(not missing, "source.lacks", missing=", ".join(missing))
    _must(checked(full["at"]) > checked(now), "source.past", at=full["at"])
    _check_forms(full)
    if full["kind"] in _CHECKS:
        _CHECKS[full["kind"]](full, panels)
    if full["kind"] == "reveal":
        full["fallback"] = announce(full["fallback"], panels=panels, now=now)
    return full


def _check_forms(said: Announcement) -> None:
    """Make sure that a value can be read at all once the event has taken place."""
    numbers = [said[name] for name in _NUMBERS if name in said]
    texts = [said[name] for name in ("event", "name", "chain") if name in said]
    _must(
        all(type(each) is int and 0 <= each < _LARGE for each in numbers)
        and all(isinstance(each, str) for each in texts)
        and said.get("numbers", 0) <= said.get("highest", 0),
        "source.misfit",
    )


def _check_digits(said: Announcement, panels: int) -> None:
    _must(0 <= said["count"] <= _MOST_DIGITS, "source.misfit")
    _must(10 ** said["count"] == panels, "source.panels", count=said["count"], panels=panels)


def _check_dice(said: Announcement, _panels: int) -> None:
    _must(said["count"] >= _FEWEST_DICE, "source.few_dice", fewest=_FEWEST_DICE)


def _check_reveal(said: Announcement, _panels: int) -> None:
    """Ask for two parties, since one alone knows the value before anybody commits to a list."""
    parties = said["parties"]
    fits = all(
        isinstance(each["name"], str) and _HEX.fullmatch(each["sha256"]) for each in parties
    )
    _must(fits, "source.misfit")
    different = min(len({each[key] for each in parties}) for key in ("name", "sha256"))
    _must(
        different == len(parties) >= _FEWEST_PARTIES, "source.few_parties", fewest=_FEWEST_PARTIES
    )


_CHECKS: Mapping[str, Callable[[Announcement, int], None]] = MappingProxyType(
    {"digits": _check_digits, "dice": _check_dice, "reveal": _check_reveal}
)


def value_of(said: Announcement, raw: Any) -> str:
    """Return the value of a source in its one spelling.

    Args:
        said: the announcement.
        raw: as keyed in; for ``reveal`` a mapping of names to secrets.

    Raises:
        InputError: the raw value is not of the announced form.
    """
    try:
        return SOURCES[said["kind"]][0](said, raw)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise wrong(InputError, "source.value_misfit") from error


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


def _must(holds: bool, code: str, **params: object) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise wrong(InputError, code, **params)
