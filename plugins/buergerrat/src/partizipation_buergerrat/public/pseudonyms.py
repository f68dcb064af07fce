"""Pseudonyms that only their owner can prove and that nobody can guess.

Each person has a nonce of their own. The pseudonym is ``HMAC(nonce, id)``; auditors get features
with a salt ``HMAC(nonce, "features")``, which tells nothing about the nonce. Once a nonce is
destroyed, the pseudonym belongs to nobody, and no guess can be tested against it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Self

from partizipation_buergerrat.public.canonical import canonical, digest
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

__all__ = ["Vault", "leaf"]

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Vault:
    """The nonces (Geheimnisse), to be kept apart from everything else.

    Args:
        nonces: identifier → 32 random bytes in hexadecimal.
    """

    nonces: Mapping[str, str]

    @classmethod
    def new(cls, ids: Iterable[str], *, source: Callable[[int], str] = token_hex) -> Self:
        """Draw a nonce for each person.

        Args:
            ids: the identifiers.
            source: returns that many random bytes in hexadecimal.
        """
        return cls({id_: source(32) for id_ in sorted(ids)})

    def pseudonym(self, id_: str) -> str:
        """Return a person's pseudonym.

        Args:
            id_: the identifier.

        Raises:
            InputError: there is no nonce, or none any more.
        """
        return self._keyed(id_, id_)

    def salt(self, id_: str) -> str:
        """Return what keeps a person's features from being guessed.

        Args:
            id_: the identifier.
        """
        return self._keyed(id_, "features")

    def without(self, ids: Iterable[str]) -> Self:
        """Destroy nonces.

        Args:
            ids: whose.
        """
        gone = set(ids)
        return type(self)({id_: n for id_, n in self.nonces.items() if id_ not in gone})

    def _keyed(self, id_: str, text: str) -> str:
        if id_ not in self.nonces:
            raise wrong(InputError, "draw.no_nonce", person=id_)
        key = bytes.fromhex(self.nonces[id_])
        return hmac.new(key, text.encode(), sha256).hexdigest()[:_LENGTH]


def leaf(pseudonym: str, row: Mapping[str, object]) -> str:
    """Hash what auditors get to see of a person, so that it may be deleted later.

    Args:
        pseudonym: theirs.
        row: salt, features, household and factors in cuts.
    """
    return digest(canonical([pseudonym, dict(row)]))
