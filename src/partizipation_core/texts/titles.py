"""Titles that a format gives in German, in the reader's language as far as they are translated.

A town names its stages as it likes, so catalogues know them by the title itself: ``title.TITLE``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

__all__ = ["Titled", "title_of", "with_titles"]


class Titled(Protocol):
    """What has a key and a title: a stage."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102


def with_titles(
    stages: Iterable[Titled], texts: Sequence[Mapping[str, str]]
) -> list[Mapping[str, str]]:
    """Return catalogues with the titles of stages before them, as far as they are translated.

    Args:
        stages: the stages of a format, titled in German.
        texts: the plugins' catalogues in the reader's language; ``title.TITLE`` translates.
    """
    told = {f"stage.{one.key}": title_of(one.title, texts) for one in stages if one.title}
    return [told, *texts]


def title_of(title: str, texts: Iterable[Mapping[str, str]]) -> str:
    """Return a title of a format in the reader's language, or as it is where none is known."""
    code = f"title.{title}"
    return next((catalogue[code] for catalogue in texts if code in catalogue), title)
