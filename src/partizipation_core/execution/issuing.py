"""Issuing codes: they are drawn here, handed over once, and never stored.

What is stored are keyed hashes. Codes that were lost before they were printed cannot be printed
again by anybody; withdraw the batch and issue another one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from attrs import define, evolve, field

from partizipation_core.errors import Conflict, Refused
from partizipation_core.execution.execution import Execution
from partizipation_core.files import write
from partizipation_core.kernel.channels.bycode import CastByCode, ReplaceByCode
from partizipation_core.kernel.channels.codes import (
    ALPHABET,
    LENGTH,
    IssueCodes,
    check_character,
    spelled,
    well_formed,
)
from partizipation_core.rows import csv_text
from partizipation_core.store import Scope
from partizipation_core.store.keys import code_digest
from partizipation_core.values import Actor, ItemRef, Objection, ParticipantRef, Role

__all__ = ["BEARER", "FreshCodes", "cast_with", "draw_codes", "issue"]

BEARER = Actor.of("code", Role.CODE_HOLDER)
"""Who acts where a code is shown: nobody that anybody could name."""

_STAND_IN = ("00" * 32,)
"""A hash to ask with whether a batch would be refused."""

_CUT = "- - - ✂ " + "- " * 24


def draw_codes(count: int) -> tuple[str, ...]:
    """Draw codes at random, each with its check character."""
    bodies = ("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(count))
    return tuple(f"{body}{check_character(body)}" for body in bodies)


def issue(
    execution: Execution, scope: Scope, command: IssueCodes, *, count: int, actor: Actor
) -> FreshCodes:
    """Draw codes, issue them under their hashes, and return them.

    Args:
        execution: the house.
        scope: the procedure.
        command: the batch, without hashes.
        count: how many; 0 for one for each person it names.
        actor: who issues them.

    Raises:
        Refused: with every reason; nothing was issued, and what was drawn is forgotten.
    """
    codes = draw_codes(count or len(command.voters))
    # No key is made for something that is refused anyway.
    if found := [
        one
        for one in execution.why(scope, evolve(command, digests=_STAND_IN), actor)
        if one.code != "codes_and_people_differ"
    ]:
        raise Refused(type(command).__name__, found)
    digests = [code_digest(execution.keys, scope, command.vote, code).hex() for code in codes]
    execution.execute(scope, evolve(command, digests=tuple(digests)), actor)
    return FreshCodes(command.batch, command.vote, command.test, command.voters, codes)


def cast_with(
    execution: Execution,
    scope: Scope,
    code: str,
    choices: Mapping[ItemRef, int],
    *,
    replace: bool,
) -> CastByCode:
    """Hash a code that was typed in, so that it goes no further than this.

    Raises:
        Refused: nobody can have been given such a code; a character is wrong or missing.
    """
    kind = ReplaceByCode if replace else CastByCode
    written = well_formed(code)
    if written is None:
        raise Refused(kind.__name__, [Objection("code_mistyped", {"length": LENGTH + 1})])
    vote = execution.vote(scope)
    # Where no code was ever issued there is no key, and none is made for somebody who tries.
    known = execution.keys.has(scope, vote)
    digest = code_digest(execution.keys, scope, vote, written) if known else bytes(32)
    return kind(choices=choices, code=digest.hex())


@define
class FreshCodes:
    """Codes that were just issued; `hand_over` gives them out once and forgets them.

    Args:
        batch: name of the batch.
        vote: which vote they are for.
        test: whether ballots cast with them never count.
        people: whose they are, in the same order; empty where they belong to whoever holds one.
    """

    batch: str
    vote: str
    test: bool
    people: Sequence[ParticipantRef] = field(repr=False)
    _codes: Sequence[str] = field(repr=False)

    def hand_over(self, form: Literal["csv", "slips"] = "csv", *, into: Path | None = None) -> str:
        """Return the codes as text, the first time only.

        Args:
            form: ``csv`` for a printing house, ``slips`` to print and cut out.
            into: also write them to this new file, which its owner alone may read; where that
                fails, they are not forgotten, and can be handed over to another disk.

        Raises:
            Conflict: they were handed over already.
            InputError: there is something already where they are to be written.
            StorageError: the disk is full, or nobody may write there.
        """
        if not self._codes:
            msg = (
                f"the codes of {self.batch!r} were handed over already; nobody knows them any more"
            )
            raise Conflict(msg)
        codes = [spelled(code) for code in self._codes]
        text = self._table(codes) if form == "csv" else self._slips(codes)
        if into is not None:
            write(into, text, private=True)
        self._codes = ()
        return text

    def _table(self, codes: Sequence[str]) -> str:
        rows: list[list[object]] = [["batch", "number", "code", *(["person"] * bool(self.people))]]
        for number, code in enumerate(codes, 1):
            whose = [self.people[number - 1]] if self.people else []
            rows.append([self.batch, number, code, *whose])
        return csv_text(rows)

    def _slips(self, codes: Sequence[str]) -> str:
        kind = " · TEST" if self.test else ""
        slips = [
            f"{self.vote} · {self.batch} · {number}{kind}\n\n    {code}\n"
            for number, code in enumerate(codes, 1)
        ]
        return f"\n{_CUT}\n\n".join(slips)
