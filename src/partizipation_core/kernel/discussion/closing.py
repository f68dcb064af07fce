"""Closing: when a stage that took in supports or ratings is over, their numbers are sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

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
        """Remember what was sworn to."""
        before = world.opened
        yield evolve(before, voices={**before.voices, **self.sealed})


def closing(context: Context) -> Iterator[Event]:
    """Seal what the present stage took in, where anything was said or taken back in it."""
    if context.voices is None:
        return
    sworn, items, settings = context.procedure.voices, context.world.items, context.settings
    found = {kind: one for kind, one in context.voices.sealed.items() if one != sworn.get(kind)}
    if any(one.entries or kind in sworn for kind, one in found.items()):
        yield VoicesClosed(
            stage=context.procedure.stage,
            sealed=found,
            counts=all_counts(context.voices.tallies, items, settings),
        )
