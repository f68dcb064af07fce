"""Catalogues: TOML files with one sentence for each code, in one folder a language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from partizipation_core.errors import DefinitionError

__all__ = ["OWN", "Catalogue", "languages", "load"]

Catalogue = Mapping[str, str]
"""Code → sentence with placeholders, or ``kind.code`` → label without any."""

OWN = "partizipation_core.texts"
"""The package whose folders hold the library's own catalogues."""


@cache
def languages(package: str = OWN) -> tuple[str, ...]:
    """List the languages that a package has catalogues for.

    Args:
        package: an importable package with one folder a language.
    """
    return tuple(sorted(folder.name for folder in files(package).iterdir() if _sheets(folder)))


@cache
def load(package: str, lang: str) -> Catalogue:
    """Read all catalogues of a package in one language; empty where it has none.

    Args:
        package: an importable package with one folder a language, such as
            ``partizipation_kiezkasse.texts``.
        lang: name of the folder, such as ``de``.

    Raises:
        DefinitionError: a file is not TOML, a value is no text, or a code has two sentences.
    """
    if lang not in languages(package):  # also keeps paths out of what may come from a request
        return MappingProxyType({})
    found: dict[str, str] = {}
    for sheet in _sheets(files(package) / lang):
        place = f"{package}/{lang}/{sheet.name}"
        for code, sentence in _read(sheet, place):
            if code in found:
                raise DefinitionError(f"{place}: {code!r} has a sentence already")
            found[code] = sentence
    return MappingProxyType(found)


def _sheets(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    toml = (sheet for sheet in folder.iterdir() if sheet.name.endswith(".toml"))
    return sorted(toml, key=lambda sheet: sheet.name)


def _read(sheet: Traversable, place: str) -> Iterator[tuple[str, str]]:
    try:
        data = tomllib.loads(sheet.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{place}: {error}") from error
    for code, sentence in data.items():
        if not isinstance(sentence, str):
            hint = f'write codes in quotes: "{code}.code" = "sentence"'
            raise DefinitionError(f"{place}: {code!r} is no text; {hint}")
        yield code, sentence
