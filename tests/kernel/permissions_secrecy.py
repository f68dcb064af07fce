"""Samples for the table of permissions: the commands about secrecy."""

from partizipation_core.commands import ChallengeBallot, CheckpointBox, SealBox
from partizipation_core.kernel.context import BoxSummary

SAMPLES = (
    ChallengeBallot(commitment="00"),
    CheckpointBox(vote="vote", box=BoxSummary(ballots=0, root="")),
    SealBox(vote="before"),
)
