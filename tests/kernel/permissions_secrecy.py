"""Samples for the table of permissions: the commands about secrecy."""

from partizipation_core.commands import ChallengeBallot, CheckpointBox, DestroyKey, SealBox
from partizipation_core.kernel.context import BoxSummary

SAMPLES = (
    ChallengeBallot(commitment="00"),
    CheckpointBox(vote="vote", box=BoxSummary(ballots=0, root="")),
    DestroyKey(vote="before"),
    SealBox(vote="before"),
)


def lay_out(game, _sample):
    """Let the result of the earlier vote have been known for longer than a key is kept."""
    game.published = game.now - 40 * 86_400_000_000
