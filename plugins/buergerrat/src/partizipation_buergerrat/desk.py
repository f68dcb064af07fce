"""The desk: what an office knows of people while it must, apart from journal and database.

Names, addresses, answers and nonces are here and nowhere else. The journal holds codes, seals and
pseudonyms, which belong to nobody once the desk has forgotten. Keep its file where only the office
can read it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Self

from attrs import asdict, define, evolve, field, frozen

from partizipation_buergerrat.procedure.invitation import RegisterForDraw
from partizipation_buergerrat.procedure.mandate import Frame
from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.pseudonyms import Vault
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError, NotFound
from partizipation_core.files import write
from partizipation_core.values import RecordRef

if TYPE_CHECKING:
    from partizipation_buergerrat.public.publication import Publication
    from partizipation_buergerrat.sortition.lottery import Lottery
    from partizipation_buergerrat.sortition.plain import PlainLottery
    from partizipation_buergerrat.sortition.problem import Problem

__all__ = ["Desk", "Known"]

_BYTES = 32


@frozen(kw_only=True)
class Known:
    """What is known of one person.

    Args:
        contact: name and address, for letters.
        household: what people at one address share.
        answers: category → feature, from the register and from what the person declared.
        salt: keeps the seal of the answers from being guessed.
    """

    contact: Mapping[str, str] = field(factory=dict, repr=False)
    household: str = field(default="", repr=False)
    answers: Mapping[str, str] = field(factory=dict, repr=False)
    salt: str = field(default="", repr=False)


@define
class Desk:
    """What an office knows of people.

    Args:
        people: code of the letter → what is known.
        vault: the nonces of those in the pool.
        pool: the auditors' file of the last draw: pseudonym → row.
        source: returns that many random bytes in hexadecimal.
    """

    people: dict[RecordRef, Known] = field(factory=dict, repr=False)
    vault: Vault = field(factory=lambda: Vault({}), repr=False)
    pool: dict[str, dict[str, Any]] = field(factory=dict, repr=False)
    source: Callable[[int], str] = field(default=token_hex, repr=False)

    def take_in(self, people: Iterable[Known]) -> tuple[RecordRef, ...]:
        """Take people from a register in and give each a code for the letter."""
        fresh = {RecordRef(f"letter-{self.source(8)}"): person for person in people}
        self.people |= fresh
        return tuple(fresh)

    def registration(self, letter: RecordRef, answers: Mapping[str, str]) -> RegisterForDraw:
        """Word the command that registers somebody; `keep` it when it was accepted.

        Args:
            letter: code of the letter.
            answers: category → feature; what the register knows need not be said again.

        Raises:
            NotFound: nobody is known under that code.
        """
        known = self._one(letter).answers
        salt = self.source(_BYTES)
        return RegisterForDraw(letter=letter, answers={**known, **answers}, salt=salt)

    def keep(self, accepted: RegisterForDraw) -> None:
        """Keep what somebody declared, with the salt that opens its seal.

        Args:
            accepted: the command that registered them.
        """
        known = self._one(accepted.letter)
        answers = dict(accepted.answers)
        self.people[accepted.letter] = evolve(known, answers=answers, salt=accepted.salt)

    def problem(self, frame: Frame, seats: int, letters: Iterable[RecordRef]) -> Problem:
        """Put together what a draw is asked.

        Args:
            frame: whom the seats shall look like.
            seats: how many are drawn.
            letters: codes of those who registered.
        """
        from partizipation_buergerrat.sortition.people import Person, Pool
        from partizipation_buergerrat.sortition.problem import Problem
        from partizipation_buergerrat.sortition.quotas import Categories, Quota

        quotas = (
            Quota(category=q.category, feature=q.feature, least=q.least, most=q.most)
            for q in frame.quotas
        )
        categories = Categories.of(quotas)
        pool = Pool.of(
            Person(
                id=letter,
                features=tuple(self._one(letter).answers[one.name] for one in categories),
                household=self._one(letter).household,
            )
            for letter in letters
        )
        return Problem(
            seats=seats,
            categories=categories,
            pool=pool,
            one_per_household=frame.one_per_household,
        )

    def publish(self, lottery: Lottery | PlainLottery) -> Publication:
        """Write panels under pseudonyms, and keep the nonces and the auditors' file.

        Args:
            lottery: the panels.
        """
        from partizipation_buergerrat.public.publication import publish

        ids = [person.id for person in lottery.problem.pool]
        self.vault = Vault.new(ids, source=self.source)
        published = publish(lottery, self.vault)
        self.pool = published.pool
        return published

    def pseudonym(self, letter: RecordRef) -> RecordRef:
        """Return the pseudonym under which somebody is in the pool; it stands for their seat."""
        return RecordRef(self.vault.pseudonym(letter))

    def letter_of(self, seat: str) -> RecordRef:
        """Return the code of whoever is in the pool under a pseudonym.

        Raises:
            NotFound: nobody is, or they were forgotten.
        """
        for letter in self.vault.nonces:
            if self.vault.pseudonym(letter) == seat:
                return RecordRef(letter)
        raise NotFound(f"nobody is known under {seat}")

    def auditors(self) -> str:
        """Return the auditors' file as it is committed to."""
        return canonical(self.pool)

    def forget(self, letters: Iterable[RecordRef]) -> int:
        """Destroy all that is known of people; returns how many of them were in the pool.

        What stays is a hash in the auditors' file, which cannot be guessed without the nonce.
        """
        gone = set(letters)
        seats = {self.vault.pseudonym(one) for one in gone & set(self.vault.nonces)}
        self.vault = self.vault.without(gone)
        self.people = {code: known for code, known in self.people.items() if code not in gone}
        self.pool = {
            name: {"leaf": row["leaf"]} if name in seats else row
            for name, row in self.pool.items()
        }
        return len(seats)

    def purge(self, what: str, *, seats: Iterable[str] = ()) -> int:
        """Delete what has served; returns of how many people.

        Args:
            what: ``sample`` for those who never registered, ``replies`` for those without a seat,
                ``contacts`` for everybody.
            seats: pseudonyms of those who keep a seat or may still move up.
        """
        kept = set(seats)
        gone = [
            code
            for code, known in self.people.items()
            if what == "contacts"
            or (what == "sample" and not known.salt)
            or (what == "replies" and known.salt and not self._seated(code, kept))
        ]
        self.forget(gone)
        return len(gone)

    def _seated(self, code: RecordRef, seats: set[str]) -> bool:
        return code in self.vault.nonces and self.vault.pseudonym(code) in seats

    def save(self, file: Path) -> None:
        """Write everything to a file that its owner alone may read.

        Args:
            file: replaced as a whole.
        """
        data = {
            "people": {code: asdict(known) for code, known in self.people.items()},
            "vault": dict(self.vault.nonces),
            "pool": self.pool,
        }
        write(file, canonical(data), private=True, replacing=True)

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote.

        Args:
            file: the file.

        Raises:
            InputError: it is no such file, or damaged.
        """
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            people = {RecordRef(code): Known(**known) for code, known in data["people"].items()}
            return cls(people=people, vault=Vault(data["vault"]), pool=data["pool"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise wrong(InputError, "draw.desk_damaged", file=file.name) from error

    def _one(self, letter: RecordRef) -> Known:
        if letter not in self.people:
            raise NotFound(f"nobody is known under {letter}")
        return self.people[letter]
