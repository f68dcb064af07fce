"""Samples for the table of permissions: the commands about secrecy."""

from partizipation_core.commands import ChallengeBallot, SealBox

SAMPLES = (ChallengeBallot(commitment="00"), SealBox(vote="before"))
