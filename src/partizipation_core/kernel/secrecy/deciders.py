"""Deciders of all commands about secrecy."""

from partizipation_core.kernel.secrecy import challenge, checkpoints, destroying, sealing

__all__ = ["DECIDERS"]

DECIDERS = (
    *sealing.DECIDERS,
    *challenge.DECIDERS,
    *checkpoints.DECIDERS,
    *destroying.DECIDERS,
)
