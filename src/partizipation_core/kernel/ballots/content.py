"""Content: everything that may be wrong with what a ballot says, however it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partizipation_core.kernel.ballots.problems import ballot_problems
from partizipation_core.kernel.context import Context
from partizipation_core.values import ItemRef, Objection

__all__ = ["content_objections"]


def content_objections(
    choices: Mapping[ItemRef, int], command: object, context: Context, home: str = ""
) -> Iterator[Objection]:
    """Say everything against what stands on a ballot of the present vote.

    Paper and limits come first, then items that were hidden since, then the rules that the town
    has put into the slot ``ballot``, which can add to the limits and not lift them.

    Args:
        choices: item → mark, points or place.
        command: what brings the ballot, as rules are to see it.
        context: what the decision sees.
        home: the area in which the voter lives; empty where nobody knows.
    """
    vote = context.procedure.vote
    paper = context.paper(vote)
    if paper is None:
        return
    yield from ballot_problems(choices, paper, context.limits(vote), home)
    for ref in sorted(set(choices) & set(context.procedure.hidden)):
        yield Objection("item_hidden", {"item": ref})
    if rules := context.rules.all("ballot", context.procedure.stage):
        view = context.view(command)
        for rule in rules:
            yield from rule(choices, paper, view)
