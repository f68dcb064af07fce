"""Samples for the table of permissions: the commands about secrecy."""

from partizipation_core.commands import SealBox

SAMPLES = (SealBox(vote="before"),)
