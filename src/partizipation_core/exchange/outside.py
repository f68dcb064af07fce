"""Signed files: a roll as JSON out, and a result as JSON back that bears an Ed25519 signature.

The plainest adapter to a voting system outside: whoever runs it copies the roll in, and writes the
result with what proves it. A real one, to Belenios or Helios, implements `OutsideVoting` the same
way. Signing needs the extra ``trust``.

The roll:

.. code-block:: json

    {"election": "12060052/budget-2027/vote", "form": "partizipation-roll/1",
     "options": {"fountain": "Trinkbrunnen"}, "root": "…", "voters": ["…"]}

The result: ``statement`` and ``signature``, the latter base64 over ``partizipation-result/1``, a
line feed, and the canonical bytes (RFC 8785) of the statement:

.. code-block:: json

    {"signature": "…", "statement": {"ballots": 3, "blank": 0,
     "election": "12060052/budget-2027/vote", "invalid": 0, "proof": "…", "valid": 3,
     "votes": {"fountain": {"contra": 0, "points": null, "votes": 2}}}}
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from partizipation_core.errors import DefinitionError, InputError
from partizipation_core.execution.outside import HandedOut, OutsideReport
from partizipation_core.serialization import STORED, canonical, parse
from partizipation_core.store import signing

__all__ = ["SignedFiles", "signed_result"]

_ROLL = "partizipation-roll/1"
_RESULT = b"partizipation-result/1\n"
_MOST_BYTES = 20 * 1024 * 1024


class SignedFiles:
    """The adapter to whatever reads and writes these files."""

    def roll(self, told: HandedOut, /) -> bytes:
        """Write the roll."""
        return canonical(
            {
                "form": _ROLL,
                "election": told.election,
                "voters": list(told.voters),
                "root": told.root,
                "options": {str(ref): title for ref, title in told.options.items()},
            }
        )

    def result(self, report: bytes, key: bytes, /) -> OutsideReport:
        """Read a result whose signature holds.

        Raises:
            InputError: it is not signed by this key, is larger than 20 MiB, or cannot be read.
        """
        if len(report) > _MOST_BYTES:
            raise InputError(f"the report has more than {_MOST_BYTES} bytes")
        data = _parsed(report)
        if not signing.bears(_signed_bytes(data["statement"]), key, data["signature"]):
            raise InputError("the report is not signed by the key that the settings name")
        try:
            return STORED.load(data["statement"], OutsideReport, place="statement")
        except DefinitionError as error:
            raise InputError(f"the report cannot be read: {error}") from error


def signed_result(statement: Mapping[str, Any], key: bytes) -> bytes:
    """Write a result as a system outside does: for tests, and for whoever runs one.

    Args:
        statement: as described above.
        key: private Ed25519 key, 32 bytes.

    Raises:
        InputError: the key is none, or the extra ``trust`` is not installed.
    """
    plain = dict(statement)
    signature = base64.b64encode(signing.signature(_signed_bytes(plain), key)).decode()
    return canonical({"statement": plain, "signature": signature})


def _signed_bytes(statement: object) -> bytes:
    return _RESULT + canonical(statement)


def _parsed(report: bytes) -> dict[str, Any]:
    try:
        data = parse(report)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the report is no JSON: {error}") from error
    if not isinstance(data, dict) or set(data) != {"statement", "signature"}:
        raise InputError("the report is not a statement with its signature")
    try:
        signature = base64.b64decode(data["signature"], validate=True)
        canonical(data["statement"])
    except (ValueError, TypeError) as error:
        raise InputError(f"the report cannot be read: {error}") from error
    return {"statement": data["statement"], "signature": signature}
