"""Checks: what the contracts look for, each as a row of sentences that name the place."""

from __future__ import annotations

import ast
import builtins
import inspect
import os
import random
import re
import secrets
import socket
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn
from unittest.mock import patch

import attrs

from partizipation_core.counting import Result
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.lint import edges
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.state import World
from partizipation_core.serialization import canonical
from partizipation_core.texts.wording import GAP, Wording
from partizipation_core.values import Objection

__all__ = [
    "effects",
    "mutable_parts",
    "overspent",
    "personal",
    "picture",
    "same",
    "smells",
    "unnamed",
    "unreached",
    "unspoken",
    "without_effects",
]

_FORBIDDEN = (
    (time, ("time", "time_ns", "monotonic")),
    (random, ("random", "randrange", "randint", "choice", "shuffle", "sample")),
    (secrets, ("token_bytes", "token_hex", "randbelow", "choice")),
    (os, ("urandom",)),
    (socket, ("create_connection",)),
    (builtins, ("open",)),
)


@contextmanager
def without_effects(what: str) -> Iterator[None]:
    """Let nothing inside ask a counter of time, chance, a file or the network.

    Args:
        what: who is being watched, for the message.

    Raises:
        AssertionError: it did.
    """
    with ExitStack() as stack:
        for module, names in _FORBIDDEN:
            for name in names:
                place = f"{module.__name__}.{name}"
                stack.enter_context(patch.object(module, name, _refusing(what, place)))
        yield


def _refusing(what: str, place: str) -> Any:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError(
            f"{what} calls {place}: a decision may depend on nothing but its arguments; "
            "take the instant from the view or context, and lots from the recorded seed"
        )

    return refuse


def smells(function: Callable[..., Any]) -> Iterator[str]:
    """Name what a function's own text should not say: asking the time, swallowing errors."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # no source, or half a line of one
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("now", "today", "utcnow"):
                told = ast.unparse(node)
                yield f"{function.__name__} calls {told}: take the instant from the view"
        elif isinstance(node, ast.ExceptHandler) and _takes_all(node):
            yield (
                f"{function.__name__} catches every error and goes on: what cannot be judged "
                "must not be answered; catch the one error that you mean"
            )


def _takes_all(handler: ast.ExceptHandler) -> bool:
    kinds = ("", "Exception", "BaseException")
    named = ast.unparse(handler.type) if handler.type else ""
    return named in kinds and not any(isinstance(one, ast.Raise) for one in ast.walk(handler))


def same(one: Any, other: Any) -> bool:
    """Tell whether two things are equal and look the same, also inside lists and generators."""
    return bool(one == other) and repr(one) == repr(other)


def overspent(answer: Any) -> Iterator[str]:
    """Name money that a count gives away and nobody has."""
    if not isinstance(answer, Result):
        return
    given = sum(answer.fates[project].amount for project in answer.funded)
    if given + answer.rest != answer.budget:
        yield f"funded {given} and a rest of {answer.rest} are not the budget of {answer.budget}"
    if given > answer.budget and "overrun" not in str(answer.parameters.get("misfit", "")):
        yield f"funded {given} of a budget of {answer.budget} without saying misfit = overrun"


def picture(thing: Any) -> Any:
    """Write down everything that can be seen of a thing, down to its leaves."""
    if attrs.has(type(thing)):
        seen = {one.name: picture(getattr(thing, one.name)) for one in attrs.fields(type(thing))}
        return (type(thing).__name__, seen)
    if isinstance(thing, Mapping):
        return {repr(key): picture(value) for key, value in thing.items()}
    if isinstance(thing, tuple | list):
        return [picture(one) for one in thing]
    return repr(thing)


_PERSONAL = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.\w+")),
    ("a bank account", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}")),
    ("a telephone number", re.compile(r"(?:\+49|\b0)[\d /()-]{8,}\d\b")),
)

_DIGEST = re.compile(r"[0-9a-f]{32,}")


def personal(record: Record) -> Iterator[str]:
    """Name what a record holds and only a register may: it goes into a public journal."""
    for one in attrs.fields(type(record)):
        text = _DIGEST.sub("", str(getattr(record, one.name)))
        for what, pattern in _PERSONAL:
            if pattern.search(text):
                yield (
                    f"{type(record).__name__}.{one.name} holds {what}: keep a pseudonym or a "
                    "digest, and the rest in a register that can forget"
                )


def mutable_parts(record: Record) -> Iterator[str]:
    """Name what a record holds that could be changed in place, or is no field at all."""
    fields = {one.name for one in attrs.fields(type(record))}
    for name, said in inspect.get_annotations(type(record)).items():
        if name not in fields and "ClassVar" not in str(said):
            yield (
                f"{type(record).__name__}.{name} is no field and is not stored: write "
                "@frozen(kw_only=True) above the class"
            )
    for one in attrs.fields(type(record)):
        if isinstance(getattr(record, one.name), list | dict | set):
            yield (
                f"{type(record).__name__}.{one.name} can be changed in place: give the field "
                "converter=as_tuple or converter=as_mapping"
            )


def effects(event: Event, before: World, at: Any) -> list[Any]:
    """Return what an event changes."""
    return list(event.apply(before, at))


def unreached(form: ProcedureFormat) -> Iterator[str]:
    """Name stages that no way leads to."""
    graph = edges(form.stages)
    seen, waiting = {form.stages[0].key}, [form.stages[0].key]
    while waiting:
        new = {edge.to for edge in graph[waiting.pop()].values()} - seen
        seen |= new
        waiting += new
    for stage in form.stages:
        if stage.key not in seen:
            yield f"stages.{stage.key}: no way leads here; let an edge of another stage do so"


def unnamed(form: ProcedureFormat, wording: Wording) -> Iterator[str]:
    """Name everything of a format that people would see as a bare code."""
    roles = {role for stage in form.stages for who in stage.allows.values() for role in who}
    codes = {
        "stage": [stage.key for stage in form.stages if not stage.title],
        "state": form.lifecycle.states,
        "trigger": form.lifecycle.triggers,
        "command": sorted(form.commands),
        "role": sorted(roles),
    }
    for kind, names in codes.items():
        for name in names:
            if wording.find(f"{kind}.{name}") is None:
                yield f"{kind}.{name}: has no German name; contribute it with register_texts"


def unspoken(objections: Any, wording: Wording) -> Iterator[str]:
    """Name reasons that cannot be told to people or kept in a store."""
    for one in objections if isinstance(objections, Iterable) else ():
        if not isinstance(one, Objection):
            continue
        code = f"objection.{one.code}"
        if wording.find(code) is None:
            yield f"{code}: has no German sentence; contribute it with register_texts"
        elif GAP in wording.sentence(code, one.params):
            yield f"{code}: its sentence asks for parameters that {dict(one.params)} does not hold"
        try:
            canonical(dict(one.params))
        except (TypeError, ValueError) as error:
            yield f"{code}: its parameters cannot be stored: {error}"
