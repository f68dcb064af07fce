"""A lottery (Tafellotterie): numbered panels of which one is drawn, each as likely as the others.

Panels are herded after the fairest chances, so that the number of panels a person sits on, divided
by the number of panels, is their chance as nearly as whole numbers allow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from partizipation_buergerrat.sortition.dealing import deal
from partizipation_buergerrat.sortition.fair import Chances, fair_chances
from partizipation_buergerrat.sortition.herding import herd
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from partizipation_buergerrat.sortition.problem import Problem
    from partizipation_buergerrat.sortition.stream import Stream

__all__ = ["Lottery", "hold_lottery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lottery:
    """Numbered panels, one of which will be drawn.

    Args:
        chances: what the panels follow.
        panels: the identifiers of each panel, those seated without a lot not among them.
    """

    chances: Chances
    panels: tuple[tuple[str, ...], ...]

    @property
    def problem(self) -> Problem:
        """What was asked, with nobody seated."""
        return self.chances.problem

    @property
    def objective(self) -> str:
        """What was made as good as can be."""
        return self.chances.objective

    @property
    def gap(self) -> float:
        """By how much, at most, somebody's chance is below the target."""
        return self.chances.gap

    @property
    def counts(self) -> Mapping[str, int]:
        """Person → on how many panels they sit; everybody who may be drawn is listed."""
        counted = Counter(id_ for panel in self.panels for id_ in panel)
        return {person.id: counted[person.id] for person in self.chances.problem.pool}

    @property
    def deviation(self) -> float:
        """The largest difference between a person's share of panels and the chance aimed at."""
        target, total = self.chances.targeted, len(self.panels)
        return max(abs(count / total - target[id_]) for id_, count in self.counts.items())


def hold_lottery(  # noqa: PLR0913 - each changes the draw
    problem: Problem,
    *,
    panels: int,
    stream: Stream,
    objective: str = "leximin",
    exact: bool | None = None,
    watch: Callable[[str, float], None] = lambda _what, _share: None,
) -> Lottery:
    """Make numbered panels that all meet the quotas.

    Args:
        problem: the draw.
        panels: how many, such as 1,000 for three digits.
        stream: deals seats among persons whom no quota can tell apart.
        objective: what is fair, a key of `OBJECTIVES`.
        exact: as in `fair_chances`.
        watch: told what is being done and how far it is.

    Raises:
        Infeasible: no panel meets the quotas.
        Unknown: the solver gave no answer.
    """
    if panels < 1:
        raise InputError("a lottery needs at least one panel")
    chances = fair_chances(problem, objective=objective, exact=exact, watch=watch)
    herded = []
    more = herd(chances.limits.again(), chances.target.seats, chances.panels)
    for panel in islice(more, panels):
        herded.append(panel)
        watch("panels", len(herded) / panels)
    dealt = deal(chances.kinds, herded, stream)
    for people in dealt:
        faults = chances.problem.faults(people)
        if faults:
            raise AssertionError(f"a panel was dealt wrongly: {'; '.join(faults)}")
    return Lottery(chances=chances, panels=tuple(dealt))
