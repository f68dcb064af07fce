"""Closing: when a stage that took in supports or ratings is over, their numbers are sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.discussion.counts import Counts, all_counts
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.kernel.voices import Sealed
from partizipation_core.values import ItemRef

__all__ = ["VoicesClosed", "closing"]


@frozen(kw_only=True)
class VoicesClosed(Event):
    """A stage in which residents could support or rate is over; the checkpoint of what they said.

    Args:
        stage: which.
        sealed: kind → number of entries and Merkle root over their sorted commitments.
        counts: item → what counts of it, under the procedure's policy for revised texts.
    """

    stage: str
    sealed: Mapping[str, Sealed]
    counts: Mapping[ItemRef, Counts]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Change nothing: the numbers are derived, here they are only sworn to."""
        return ()


def closing(context: Context) -> Iterator[Event]:
    """Seal what the present stage took in, if it took in anything of the kind."""
    if context.voices is not None and context.voices.sealed:
        items, settings = context.world.items, context.settings
        yield VoicesClosed(
            stage=context.procedure.stage,
            sealed=context.voices.sealed,
            counts=all_counts(context.voices.tallies, items, settings),
        )
