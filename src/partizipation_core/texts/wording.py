"""Wording: how placeholders in a sentence are filled, in the reader's language.

Nothing here raises for a value it cannot show: a sentence with a gap still helps, while an error
in the place of a reason helps nobody.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen
from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from partizipation_core.clock import Instant, to_wall
from partizipation_core.texts.catalogue import OWN, Catalogue, load
from partizipation_core.values import Objection

__all__ = ["GAP", "Wording", "locale_of", "one_line"]

GAP = "…"
"""What stands where a parameter is missing."""

NOTHING: Mapping[str, object] = MappingProxyType({})

_LAST_RESORT = "en"

# Line breaks and the signs that turn the direction of reading: neither belongs into a sentence.
_UNRULY = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_FRACTION = re.compile(r"0\.0+")


def locale_of(lang: str) -> Locale:
    """Return how a language writes numbers and dates; English where Babel does not know it."""
    try:
        return Locale.parse(lang.partition("-")[0])
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale("en")


def one_line(text: str) -> str:
    """Take out what breaks a line of text: control signs and turns of the reading direction."""
    return _UNRULY.sub(" ", text)


@frozen(kw_only=True)
class Wording:
    """Writes codes and values for one reader.

    Args:
        lang: the reader's language.
        unit: minor units in one unit of the currency.
        currency: three letters (ISO 4217).
        zone: name of the time zone that the reader's clock shows.
        catalogues: searched before the library's own, in their order.
    """

    lang: str = "de"
    unit: int = 100
    currency: str = "EUR"
    zone: str = "Europe/Berlin"
    catalogues: Sequence[Catalogue] = ()
    locale: Locale = field(init=False, repr=False)
    _all: Sequence[Catalogue] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        tongues = dict.fromkeys((self.lang, self.lang.partition("-")[0], _LAST_RESORT))
        object.__setattr__(self, "locale", locale_of(self.lang))
        object.__setattr__(self, "_all", (*self.catalogues, *(load(OWN, t) for t in tongues)))

    def find(self, code: str) -> str | None:
        """Find a text: in what was given, in the reader's language, in English."""
        return next((texts[code] for texts in self._all if code in texts), None)

    def sentence(self, code: str, params: Mapping[str, object] = NOTHING) -> str:
        """Write the sentence of a code, or code and parameters where there is none.

        Args:
            code: such as ``objection.over_the_pot``.
            params: fills the placeholders.
        """
        known = self.find(code)
        try:
            return _bare(code, params) if known is None else self.fill(known, params)
        except ValueError:
            return _bare(code, params)

    def objection(self, objection: Objection) -> str:
        """Write why something is not allowed and, where that is known, from when it will be."""
        code = f"objection.{objection.code}"
        known = self.find(code) is not None
        why = self.sentence(code if known else objection.code, objection.params)
        line = objection.params.get("line")
        told = [why] if line is None else [self.sentence("objection_line", {"line": line}), why]
        if objection.allowed_from is not None:
            told.append(self.sentence("objection_allowed_from", {"at": objection.allowed_from}))
        if objection.allowed_when:
            missing = " ".join(map(self.objection, objection.allowed_when))
            told.append(self.sentence("objection_allowed_when", {"missing": missing}))
        return " ".join(told)

    def fill(self, sentence: str, params: Mapping[str, object]) -> str:
        """Fill a sentence's placeholders.

        Args:
            sentence: with placeholders such as ``{left:money}``.
            params: the values; what is missing leaves a gap.

        Raises:
            ValueError: the braces of the sentence do not match.
        """
        return _Filler(self).vformat(sentence, (), params)

    def write(self, value: object, spec: str = "") -> str:
        """Write one value.

        Args:
            value: what to write.
            spec: ``money``, ``number``, ``percent``, ``instant``, ``day``,
                ``count one|many``, a kind of label (``state``), or several (``states``).
        """
        try:
            return self._as(spec)(value)
        except (ArithmeticError, TypeError, ValueError):
            return _plain(value)

    def money(self, minor: int) -> str:
        """Write an amount of minor units as an amount of the currency."""
        return format_currency(
            Decimal(_whole(minor)) / self.unit,
            self.currency,
            format=self._money_pattern(),
            locale=self.locale,
            currency_digits=False,
        )

    def number(self, value: int) -> str:
        """Write a number with the language's separators."""
        return format_decimal(value, locale=self.locale)

    def percent(self, whole: int) -> str:
        """Write whole percent."""
        return format_percent(Decimal(_whole(whole)) / 100, locale=self.locale)

    def share(self, tenths: int) -> str:
        """Write tenths of a percent, always with their one decimal."""
        exact = Decimal(_whole(tenths)) / 1000
        pattern = self.find("format.share") or "#,##0.0%"
        return format_percent(exact, pattern, locale=self.locale)

    def instant(self, at: int) -> str:
        """Write an instant as the local date and time."""
        return self._time(at, "format.instant", "y-MM-dd HH:mm")

    def day(self, at: int) -> str:
        """Write an instant as the local date."""
        return self._time(at, "format.day", "y-MM-dd")

    def label(self, kind: str, code: object) -> str:
        """Write a code as its label, or as it is where it has none; a vote may be a stage's."""
        found = self.find(f"{kind}.{code}")
        if found is None and kind in {"vote", "stage"}:
            found = self._vote(str(code))
        return _plain(found or code)

    def _vote(self, code: str) -> str | None:
        """Write a vote as its stage; the second one of a stage, ``vote.2``, with its number."""
        stage, _, number = code.rpartition(".")
        again = stage and number.isdecimal()
        title = self.find(f"stage.{stage if again else code}")
        return f"{title} {number}" if title and again else title

    def labels(self, kind: str, codes: object) -> str:
        """Write several codes, given in a row or as one text with commas."""
        return ", ".join(self.label(kind, code) for code in _several(codes)) or "–"

    def _money_pattern(self) -> str:
        digits = len(str(self.unit)) - 1
        exact = f"0.{'0' * digits}" if digits else "0"
        pattern = _FRACTION.sub(exact, self.locale.currency_formats["standard"].pattern)
        letters = get_currency_symbol(self.currency, self.locale)[-1:].isalpha()
        return pattern.replace("¤#", "¤\u00a0#") if letters else pattern

    def _as(self, spec: str) -> Callable[[Any], str]:
        kind, _, nouns = spec.partition(" ")
        exact = {
            "": _plain,
            "money": self.money,
            "number": self.number,
            "percent": self.percent,
            "instant": self.instant,
            "day": self.day,
            "count": lambda value: self._count(value, nouns),
        }
        if kind in exact:
            return exact[kind]
        if kind.endswith("s"):
            return lambda value: self.labels(kind.removesuffix("s"), value)
        return lambda value: self.label(kind, value)

    def _count(self, value: int, nouns: str) -> str:
        one, _, many = nouns.partition("|")
        return f"{self.number(value)} {one if value == 1 else many}"

    def _time(self, at: int, pattern: str, plain: str) -> str:
        wall = to_wall(Instant(_whole(at)), ZoneInfo(self.zone))
        return format_datetime(wall, self.find(pattern) or plain, locale=self.locale)


class _Filler(string.Formatter):
    """Python's own template language, without its access to attributes and indices."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def get_field(
        self,
        field_name: str,
        args: Sequence[Any],  # noqa: ARG002 - sentences name their parameters
        kwargs: Mapping[str, Any],
    ) -> tuple[Any, str]:
        """Find a parameter by its plain name."""
        return kwargs.get(field_name), field_name

    def format_field(self, value: object, format_spec: str) -> str:
        """Write a parameter, or leave a gap."""
        return GAP if value is None else self._wording.write(value, format_spec)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"expected a whole number, not {value!r}"
        raise TypeError(msg)
    return value


def _several(codes: object) -> Iterable[object]:
    if isinstance(codes, str):
        return [code for code in codes.split(", ") if code]
    return codes if isinstance(codes, Iterable) else (codes,)


def _plain(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(_plain, value)) or "–"
    return one_line(str(value))


def _bare(code: str, params: Mapping[str, object]) -> str:
    return one_line(str(Objection(code, params)))
