"""Rule slots and the rules that fill them.

A slot is a question that towns answer differently: who may vote, what a valid ballot is, how it
is counted, what breaks a tie. A rule is a pure function with a name and a version, so that a
running procedure can pin the very answer it was opened with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.counting import Election, Result, Selection
from partizipation_core.counting.ties import Criterion
from partizipation_core.errors import DefinitionError
from partizipation_core.formats.ballots import BallotPaper
from partizipation_core.formats.progress import ItemView, Progress
from partizipation_core.freezing import as_mapping
from partizipation_core.values import Actor, ItemRef, Money, Objection, ParticipantRef

__all__ = [
    "SLOTS",
    "ItemView",
    "Paper",
    "PollView",
    "Progress",
    "ReviewView",
    "Rule",
    "Slot",
    "View",
    "rule",
    "slot_of",
]

S = TypeVar("S")
"""A settings class."""


@frozen(kw_only=True)
class View:
    """What every rule is told about the moment.

    Args:
        now: the instant of the decision.
        command: name of the command that is decided.
        stage: key of the stage the procedure is in.
        settings: the format's settings, an instance of its settings class.
        seed: the recorded public seed, empty where none was drawn.
        opens: when the present stage began, as far as it is known.
        closes: when it will be over; None where nobody has said so.
    """

    now: Instant
    command: str
    stage: str
    settings: Any
    seed: str = ""
    opens: Instant | None = None
    closes: Instant | None = None

    def settings_as(self, kind: type[S]) -> S:
        """Return the settings as those of one class, so that type checkers know its fields.

        Args:
            kind: the settings class that a rule is written for.

        Raises:
            DefinitionError: the rule stands in a format whose settings are of another class.
        """
        if not isinstance(self.settings, kind):
            raise DefinitionError(
                f"a rule asks for {kind.__name__}, and the settings of this format are "
                f"{type(self.settings).__name__}: derive them from {kind.__name__}, or take "
                "another rule"
            )
        return self.settings


Paper = Mapping[ItemRef, Money | None]
"""The ballot paper: items with the price they had when the ballot opened."""


class EligibilityRule(Protocol):
    """May this person do this now? No objection means yes."""

    def __call__(self, actor: Actor, view: View, /) -> Iterable[Objection]: ...


class TerritoryRule(Protocol):
    """May somebody of this area speak in these areas at once?

    ``home`` is the area the person belongs to, empty where it is unknown; ``areas`` are those of
    the items on one ballot, or of everything supported or rated so far with the new one.
    """

    def __call__(self, home: str, areas: frozenset[str], view: View, /) -> Iterable[Objection]: ...


class GuardRule(Protocol):
    """May this item take this step? Bound to triggers of the lifecycle."""

    def __call__(self, item: ItemView, view: View, /) -> Iterable[Objection]: ...


class BallotRule(Protocol):
    """What else is wrong with a ballot? Asked besides the limits in the settings."""

    def __call__(
        self, choices: Mapping[ItemRef, int], paper: BallotPaper, view: View, /
    ) -> Iterable[Objection]: ...


class TieRule(Protocol):
    """What orders equals? Several rules are asked one after the other."""

    def __call__(self, view: View, /) -> Criterion: ...


class ConditionRule(Protocol):
    """What is still missing before an edge may be taken? Nothing means it may."""

    def __call__(self, progress: Progress, view: View, /) -> Iterable[Objection]: ...


class MajorityRule(Protocol):
    """Has an assembly agreed to an item? No objection means yes."""

    def __call__(self, yes: int, no: int, present: int, view: View, /) -> Iterable[Objection]: ...


class ShortlistRule(Protocol):
    """Who goes on after a preliminary vote? ``areas`` tells where each item belongs."""

    def __call__(
        self,
        election: Election,
        areas: Mapping[str, str],
        ties: Sequence[Criterion],
        view: View,
        /,
    ) -> Selection: ...


class CountRule(Protocol):
    """Who wins, and why, within the money."""

    def __call__(self, election: Election, ties: Sequence[Criterion], view: View, /) -> Result: ...


class AwardRule(Protocol):
    """May the deciding body award just this?

    ``proposed`` holds what the count or the assembly arrived at; a rule may ask for a reason
    where the body departs from it.
    """

    def __call__(
        self,
        amounts: Mapping[ItemRef, Money],
        proposed: Mapping[ItemRef, Money],
        reason: str,
        view: View,
        /,
    ) -> Iterable[Objection]: ...


class ReviewView(Protocol):
    """What a rule may see of an office's statement."""

    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def office(self) -> str: ...  # noqa: D102


class CombineRule(Protocol):
    """What do several offices find together: feasible, infeasible or forwarded?

    ``lead`` names the office in charge, empty where none is.
    """

    def __call__(self, reviews: Mapping[str, ReviewView], lead: str, view: View, /) -> str: ...


class PollView(Protocol):
    """What a rule may see of a body's vote on an item; biased members are in no number."""

    @property
    def yes(self) -> int: ...  # noqa: D102
    @property
    def no(self) -> int: ...  # noqa: D102
    @property
    def abstain(self) -> int: ...  # noqa: D102
    @property
    def votes(self) -> int: ...  # noqa: D102
    @property
    def present(self) -> int: ...  # noqa: D102
    @property
    def members(self) -> int: ...  # noqa: D102


class QuorumRule(Protocol):
    """May a body decide with those who are present? No objection means yes."""

    def __call__(self, present: int, members: int, view: View, /) -> Iterable[Objection]: ...


class ResolutionRule(Protocol):
    """Has a body agreed to an item? No objection means yes."""

    def __call__(self, poll: PollView, view: View, /) -> Iterable[Objection]: ...


class ConflictRule(Protocol):
    """Is a member biased in an item? An objection means yes."""

    def __call__(
        self, item: ItemView, member: ParticipantRef, view: View, /
    ) -> Iterable[Objection]: ...


class DrawRule(Protocol):
    """How is a body drawn by lot: which numbered panels can chance choose from?

    ``problem`` is the plugin's own account of seats, quotas and pool; ``panels`` is how many to
    make. The rule makes them, public chance picks one of them afterwards; a rule that
    ``needs_seed`` draws from the recorded seed itself.
    """

    def __call__(self, problem: Any, panels: int, view: View, /) -> Any: ...


@frozen
class Slot:
    """A question that formats answer with rules.

    Args:
        name: how it is written in TOML and in `derive`.
        purpose: one sentence for the reference.
        signature: the protocol its rules follow.
        many: whether several rules may answer together.
    """

    name: str
    purpose: str
    signature: type
    many: bool = field(default=True, kw_only=True)


SLOTS: Mapping[str, Slot] = MappingProxyType(
    {
        slot.name: slot
        for slot in (
            Slot("eligibility", "Who may take part; all rules must agree.", EligibilityRule),
            Slot("guard", "Whether an item may take a step; bound to triggers.", GuardRule),
            Slot(
                "condition",
                "Whether a stage may be left by an edge; bound to edges.",
                ConditionRule,
            ),
            Slot(
                "ballot",
                "What a ballot must meet besides its limits; all rules must agree.",
                BallotRule,
            ),
            Slot("tie", "What orders equals; asked one after the other.", TieRule),
            Slot("shortlist", "Who goes on after a vote.", ShortlistRule, many=False),
            Slot("count", "How ballots become a result.", CountRule, many=False),
            Slot(
                "majority", "When a show of hands has agreed to an item.", MajorityRule, many=False
            ),
            Slot("award", "What the deciding body may award; all must agree.", AwardRule),
            Slot("quorum", "Whether a body may decide with those present.", QuorumRule),
            Slot("resolution", "When a body has agreed to an item.", ResolutionRule, many=False),
            Slot("conflict", "Which members are biased in an item.", ConflictRule),
            Slot("draw", "How the panels of a draw by lot are made.", DrawRule, many=False),
            Slot(
                "combine_reviews", "What several offices find together.", CombineRule, many=False
            ),
            Slot(
                "territory",
                "In which areas somebody may vote, support and rate; all rules must agree.",
                TerritoryRule,
            ),
        )
    }
)


def slot_of(key: str) -> str:
    """Return the slot that a key fills: ``ballot`` for ``ballot`` and for ``final.ballot``."""
    return key.rpartition(".")[2]


NO_FACTS: Mapping[str, str] = MappingProxyType({})
"""What a rule must know of people if it asks for nothing."""

_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")


@frozen
class Rule:
    """A named, versioned answer to a slot; call it like the function it holds."""

    slot: str
    name: str
    version: int
    function: Callable[..., Any] = field(eq=False, repr=False)
    needs_seed: bool = False
    facts: Mapping[str, str] = field(factory=dict, converter=as_mapping, eq=False, repr=False)
    facts_only: bool = field(default=False, eq=False, repr=False)
    records: tuple[type, ...] = field(default=(), eq=False, repr=False)

    @property
    def ref(self) -> str:
        """How procedures pin it: ``name@version``."""
        return f"{self.name}@{self.version}"

    @property
    def purpose(self) -> str:
        """First line of the function's docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]

    def __call__(self, *args: object) -> Any:
        """Ask the function."""
        return self.function(*args)


def rule(  # noqa: PLR0913 - everything that tells one rule from another
    slot: str,
    *,
    name: str,
    version: int = 1,
    needs_seed: bool = False,
    facts: Mapping[str, str] = NO_FACTS,
    facts_only: bool = False,
    records: Iterable[type] = (),
) -> Callable[[Callable[..., Any]], Rule]:
    """Make a function a rule of a slot.

    Args:
        slot: one of `SLOTS`.
        name: ``owner/rule``, lower case.
        version: counts up when the answer changes; running procedures keep theirs.
        needs_seed: whether it draws lots and so needs a recorded public seed.
        facts: what it must know of people → the setting without which it need not; an empty name
            where it always must. No other fact of a register is kept.
        facts_only: whether its answer hangs on the facts of a person and on nothing else of them,
            so that of all who have the same facts one is asked about.
        records: kinds of records that a condition reads, see `Progress`; no others are loaded.

    Raises:
        DefinitionError: unknown slot, a name of another form, or records for a rule that is no
            condition.
    """
    if slot not in SLOTS:
        raise DefinitionError(f"rule {name}: unknown slot {slot!r}; slots are {', '.join(SLOTS)}")
    if not _NAME.fullmatch(name) or version < 1:
        raise DefinitionError(f"rule {name!r}: write it 'owner/rule', with a version from 1")
    if records and slot != "condition":
        raise DefinitionError(f"rule {name}: only a condition is shown records")
    kinds = tuple(records)
    return lambda function: Rule(
        slot, name, version, function, needs_seed, facts, facts_only, kinds
    )
