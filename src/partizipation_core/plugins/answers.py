"""Answers: what plugins return is checked before anybody relies on it.

A wrong answer is found while its author can still be named; a generator runs to its end here for
the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import GeneratorType, MappingProxyType
from typing import Any

from partizipation_core.counting import Result, Selection
from partizipation_core.counting.lot import Lot
from partizipation_core.counting.ties import Drawn
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.rules import Rule
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.finding import OUTCOMES
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.values import Actor, Objection

__all__ = ["checked_answer", "checked_result"]

Check = Callable[[Any], Any]


_ROWS = frozenset({tuple, list, GeneratorType})
"""What nearly everybody answers with; to ask any other thing what it is takes longer."""


def _is_row(answer: Any) -> bool:
    return isinstance(answer, Iterable) and not isinstance(answer, str | bytes | Mapping)


def several(kind: type) -> Check:
    """Make a check that takes any number of things of one kind, or None for none."""

    def check(answer: Any) -> list[Any]:
        if answer is None:
            return []
        if type(answer) not in _ROWS and not _is_row(answer):
            raise TypeError(f"returned {answer!r}, not a list of {kind.__name__}")
        found = list(answer)
        for one in found:
            if not isinstance(one, kind):
                raise TypeError(f"returned {one!r} where {kind.__name__} is wanted")
        return found

    return check


def single(*kinds: type, optional: bool = False) -> Check:
    """Make a check that takes one thing of some kinds, where optional also None."""

    def check(answer: Any) -> Any:
        if not (isinstance(answer, kinds) or (optional and answer is None)):
            names = " or ".join(kind.__name__ for kind in kinds)
            raise TypeError(f"returned {answer!r}, not {names}")
        return answer

    return check


def one_of(words: Iterable[str]) -> Check:
    """Make a check that takes one of some words."""
    known = tuple(words)

    def check(answer: Any) -> Any:
        if answer not in known:
            raise TypeError(f"returned {answer!r}, not one of {', '.join(known)}")
        return answer

    return check


def _texts(answer: Any) -> Mapping[str, Mapping[str, str]]:
    sheets: Mapping[str, Any] = single(Mapping)(answer)
    for lang, sheet in sheets.items():
        for code, text in single(Mapping)(sheet).items():
            if not (isinstance(code, str) and isinstance(text, str)):
                raise TypeError(f"returned {text!r} for {code!r} in {lang!r}, not a text")
    return sheets


def _stories(answer: Any) -> Mapping[str, Any]:
    stories: Mapping[str, Any] = single(Mapping)(answer)
    for key, story in stories.items():
        if not callable(story):
            raise TypeError(f"returned {story!r} for {key!r}, not a function")
    return stories


def _anything(answer: Any) -> Any:
    return list(answer) if isinstance(answer, Iterator) else answer


_HOOKS: Mapping[str, Check] = MappingProxyType(
    {
        "register_formats": several(ProcedureFormat),
        "register_rules": several(Rule),
        "register_deciders": several(Decider),
        "register_texts": _texts,
        "register_stories": _stories,
        "objections": several(Objection),
        "follow_ups": several(FollowUp),
        "identify_participant": single(Actor, optional=True),
        "render_text": single(str, optional=True),
    }
)
_SLOTS: Mapping[str, Check] = MappingProxyType(
    {
        "combine_reviews": one_of(OUTCOMES),
        "count": single(Result),
        "draw": _anything,
        "shortlist": single(Selection),
        "tie": single(str, Lot, Drawn),
    }
)
_OBJECTIONS = several(Objection)


def checked_result(hook: str, result: Any) -> Any:
    """Return what a hook may return.

    Raises:
        TypeError: it returned something else.
    """
    return _HOOKS.get(hook, _anything)(result)


def checked_answer(slot: str, answer: Any) -> Any:
    """Return what a rule of a slot may answer.

    Raises:
        TypeError: it answered something else.
    """
    return _SLOTS.get(slot, _OBJECTIONS)(answer)
