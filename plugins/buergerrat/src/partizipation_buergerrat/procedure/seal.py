"""Seals: what somebody said of themselves, committed to without being told."""

from __future__ import annotations

from collections.abc import Mapping

from partizipation_buergerrat.public.canonical import canonical, digest

__all__ = ["SALT_DIGITS", "seal"]

SALT_DIGITS = 64
"""Length of a salt: 32 random bytes in hexadecimal."""


def seal(salt: str, answers: Mapping[str, str]) -> str:
    """Hash answers with a salt; once the salt is destroyed, nobody can guess them back.

    Args:
        salt: random, and of this person alone.
        answers: criterion → answer.
    """
    return digest(canonical([salt, dict(answers)]))
