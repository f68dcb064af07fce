"""Sentences: the short way from a code to what a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partizipation_core.texts.catalogue import Catalogue
from partizipation_core.texts.wording import Wording
from partizipation_core.values import Objection

__all__ = ["label", "objection_text", "render"]


def render(  # noqa: PLR0913 - each argument is something in which readers or towns differ
    code: str,
    params: Mapping[str, object],
    *,
    lang: str = "de",
    unit: int = 100,
    currency: str = "EUR",
    zone: str = "Europe/Berlin",
    catalogues: Sequence[Catalogue] = (),
) -> str:
    """Write the sentence of a code.

    A code without a sentence in `lang` is told in English, and one without any as
    ``code(param=value, ...)``: a plugin that brings no texts can still be understood.

    Args:
        code: such as ``objection.over_the_pot``.
        params: fills the placeholders; money in minor units, instants in UTC microseconds.
        lang: the reader's language.
        unit: minor units in one unit of the currency.
        currency: three letters (ISO 4217).
        zone: name of the time zone for dates and times.
        catalogues: searched first, in their order; for sentences of plugins and towns, and for
            titles (``item.<ref>``, ``stage.<key>``) of the procedure at hand.
    """
    wording = Wording(lang=lang, unit=unit, currency=currency, zone=zone, catalogues=catalogues)
    return wording.sentence(code, params)


def objection_text(  # noqa: PLR0913 - as `render`
    objection: Objection,
    *,
    lang: str = "de",
    unit: int = 100,
    currency: str = "EUR",
    zone: str = "Europe/Berlin",
    catalogues: Sequence[Catalogue] = (),
) -> str:
    """Write why something is not allowed and, where that is known, from when it is.

    Args:
        objection: the reason.
        lang: the reader's language.
        unit: minor units in one unit of the currency.
        currency: three letters (ISO 4217).
        zone: name of the time zone for dates and times.
        catalogues: searched first, as in `render`.
    """
    wording = Wording(lang=lang, unit=unit, currency=currency, zone=zone, catalogues=catalogues)
    return wording.objection(objection)


def label(kind: str, code: str, lang: str = "de", *, catalogues: Sequence[Catalogue] = ()) -> str:
    """Write the label of a code, or the code itself where it has none.

    Args:
        kind: ``state``, ``trigger``, ``command``, ``role``, ``stage_kind``, ``channel`` ...
        code: such as ``on_ballot``.
        lang: the reader's language.
        catalogues: searched first.
    """
    return Wording(lang=lang, catalogues=catalogues).label(kind, code)
