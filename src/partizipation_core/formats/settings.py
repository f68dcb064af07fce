"""Settings that every format shares; formats extend the class with their own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from attrs import Attribute, field, frozen
from attrs.validators import ge, optional

from partizipation_core.counting import misfit
from partizipation_core.errors import InputError
from partizipation_core.formats.ballots import BallotLimits, positive
from partizipation_core.formats.channels import METHODS, Channel, Method, Policy
from partizipation_core.formats.franchise import FranchiseSettings
from partizipation_core.formats.grants import CoolingOff, GrantSettings
from partizipation_core.formats.outside import OutsideSettings, named_where_external
from partizipation_core.formats.pots import PotSettings, distinct_pots
from partizipation_core.formats.result_settings import ResultSettings
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.values import Money

__all__ = [
    "ProcedureSettings",
    "RankingSettings",
    "SharesSettings",
    "VoteSettings",
    "known_misfit",
]


@cache
def _zones() -> frozenset[str]:
    """List the zones once; they are read from many files."""
    return frozenset(available_timezones())


def _known_zone(_: object, __: Attribute[str], value: str) -> None:
    if value not in _zones():
        msg = f"no time zone is called {value!r}; one is 'Europe/Berlin'"
        raise ValueError(msg)


def _methods(_: object, __: Attribute[tuple[Method, ...]], value: tuple[Method, ...]) -> None:
    if not value or len(set(value)) != len(value):
        msg = f"one or more of {', '.join(METHODS)}, each once"
        raise ValueError(msg)


def _distinct(_: object, __: Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
    if not all(name.strip() for name in value) or len(set(value)) != len(value):
        msg = f"criteria with a name each, and each once, not {', '.join(map(repr, value))}"
        raise ValueError(msg)


@frozen(kw_only=True)
class ProcedureSettings(BallotLimits, FranchiseSettings, ResultSettings):
    """What the kernel itself asks of a procedure: its ballots, who may take part, its results.

    Args:
        pot: the money to be awarded (Topf); None where a procedure gives advice only.
        cap: the most that one item may be awarded; None for no cap.
        currency: three letters for display; amounts are integer hundredths of it.
        zone: the procedure's time zone; all its days begin and end there.
        overlap: what happens where the windows of two stages overlap: ``refuse`` the schedule, or
            ``cut`` the earlier stage short when the later one begins.
        federal_state: two letters of the state (Bundesland) whose public holidays deadlines should
            keep clear of; empty for that of the municipality.
        screening: whether ideas wait for the office before they are public.
        votes: stage → limits of the vote held in it, where they are others than here; what is
            not named there has its default.
        areas: the areas that items may name; none for any.
        categories: the categories that items may name; none for any.
        checklist: criteria that a review answers one by one (Prüfkriterien); a feasible item
            meets all that apply.
        publish_reviews: whether the outcome of a review is published ``at_once``, or
            ``together`` with others by an act of its own.
        objection_days: days after the publication of an outcome within which the author may
            object to it, the last one included; 0 where a town offers no objection.
        max_supports: the most items that one person may support at a time; None for any number.
        max_supports_per_area: the most of them in one area; items for everywhere count as an
            area of their own.
        support_policy: what supports and ratings are worth once the text they were given to has
            been revised: they ``keep``, count only after the person was asked and confirmed them
            (``ask``), or are lost (``reset``).
        show_supports: whether numbers of supports are public ``always`` or only ``after_stage``.
        show_ratings: the same for ratings.
        comments: whether there are comments, and whether they may answer each other.
        max_comment_depth: how many comments may stand above a comment, where they are threaded.
        hide_after_reports: number of reports after which a comment is hidden until moderation
            has looked at it; None for never.
        forget_texts: what becomes of the ideas and comments of somebody who is forgotten:
            ``erase`` them, or ``anonymise``, which keeps them without a name; drafts always go.
        channels: the channels by which votes come in: ``online`` (account), ``code``, ``paper``
            (typed in ballot by ballot), ``booth`` (file), ``hands``, ``urn`` (totals of a polling
            place); empty for all that the format provides for.
        same_voter: what becomes of two votes of one person: ``first_counts``, ``last_counts``,
            ``paper_wins`` (hands, urn, paper and booth over online and code), ``both_void``.
        assembly_methods: the ways of counting among which an assembly may choose on the spot:
            ``hands``, ``cards``, ``paper``, ``points``; the first one holds where it chooses none.
        quorum: the fewest people entitled to vote who must be present at an assembly; None for
            any number.
        pots: money beside the main pot: of sponsors, or kept for an area or a category.
        carry_over: whether what is left in the main pot may be carried over into the next year
            (Übertragbarkeit); otherwise it lapses.
        grants: how money is granted to those who carry out an item.
        cooling_off: how long those who were awarded money sit out.
        checkpoint_every: after how many new ballots the journal swears to an open box (k); the
            more, the less a line tells of single voters.
        outside: the voting system in which votes of the secrecy ``external`` are held; None where
            there are none.
    """

    pot: Money | None = field(default=None, validator=positive)
    cap: Money | None = field(default=None, validator=positive)
    currency: str = "EUR"
    zone: str = field(default="Europe/Berlin", validator=_known_zone)
    overlap: Literal["refuse", "cut"] = "refuse"
    federal_state: Literal[
        "",
        "BB",
        "BE",
        "BW",
        "BY",
        "HB",
        "HE",
        "HH",
        "MV",
        "NI",
        "NW",
        "RP",
        "SH",
        "SL",
        "SN",
        "ST",
        "TH",
    ] = ""
    screening: bool = False
    votes: Mapping[str, BallotLimits] = field(factory=dict, converter=as_mapping)
    areas: tuple[str, ...] = field(default=(), converter=as_tuple)
    categories: tuple[str, ...] = field(default=(), converter=as_tuple)
    checklist: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_distinct)
    publish_reviews: Literal["at_once", "together"] = "at_once"
    objection_days: int = field(default=0, validator=ge(0))
    max_supports: int | None = field(default=None, validator=optional(ge(1)))
    max_supports_per_area: int | None = field(default=None, validator=optional(ge(1)))
    support_policy: Literal["keep", "ask", "reset"] = "keep"
    show_supports: Literal["always", "after_stage"] = "always"
    show_ratings: Literal["always", "after_stage"] = "after_stage"
    comments: Literal["off", "flat", "threaded"] = "flat"
    max_comment_depth: int = field(default=3, validator=ge(1))
    hide_after_reports: int | None = field(default=None, validator=optional(ge(1)))
    forget_texts: Literal["erase", "anonymise"] = "erase"
    channels: tuple[Channel, ...] = field(default=(), converter=as_tuple)
    same_voter: Policy = "first_counts"
    assembly_methods: tuple[Method, ...] = field(
        default=("hands",), converter=as_tuple, validator=_methods
    )
    quorum: int | None = field(default=None, validator=optional(ge(1)))
    pots: tuple[PotSettings, ...] = field(default=(), converter=as_tuple, validator=distinct_pots)
    carry_over: bool = False
    grants: GrantSettings = field(factory=lambda: GrantSettings(required=False))
    cooling_off: CoolingOff = field(factory=CoolingOff)
    checkpoint_every: int = field(default=20, validator=ge(1))
    outside: OutsideSettings | None = field(default=None, validator=named_where_external)

    @property
    def timezone(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)

    def limits(self, stage: str) -> BallotLimits:
        """Return the limits that ballots keep in the vote of a stage."""
        return self.votes.get(stage, self)


def known_misfit(_: object, __: Attribute[str], value: str) -> None:
    """Refuse a misfit that the counting room does not know; for fields of further settings."""
    try:
        misfit(value)
    except InputError as error:
        raise ValueError(str(error)) from error


def _sub_budgets(
    _: object, attribute: Attribute[Mapping[str, Money]], value: Mapping[str, Money]
) -> None:
    if any(amount.cents < 0 for amount in value.values()):
        msg = f"{attribute.name} holds nothing or more for each"
        raise ValueError(msg)


@frozen(kw_only=True)
class RankingSettings(ProcedureSettings):
    """What the core's own rules for ranked votes ask, whether there is money to award or not.

    Args:
        rank_by: what items are ranked by.
        threshold: the least number of votes or points to be awarded, or advised, anything.
        area_budgets: area → the most that all items of it together are awarded (Teilbudget).
        category_budgets: category → the same for a category.
        budgets_as: whether these are ``limits`` within one award, or ``pots`` that are awarded
            one by one, with nothing carried over; items of no pot are not awarded then.
        advice_size: how many stand on the ranked list of a vote that only advises; None for all.
        shortlist_size: how many go on after a preliminary vote; None where there is none.
        shortlist_minimum: the least number of votes or points to go on.
        shortlist_per_area: places kept for the best of each area, filled before the others.
        shortlist_ties: what happens to equals at the edge, of an advising list too: the tie
            ``order`` decides, or ``include_all`` of them.
    """

    rank_by: Literal["votes", "points", "pro", "pro_minus_contra", "votes_per_cost"] = "votes"
    threshold: int = field(default=0, validator=ge(0))
    area_budgets: Mapping[str, Money] = field(
        factory=dict, converter=as_mapping, validator=_sub_budgets
    )
    category_budgets: Mapping[str, Money] = field(
        factory=dict, converter=as_mapping, validator=_sub_budgets
    )
    budgets_as: Literal["limits", "pots"] = "limits"
    advice_size: int | None = field(default=None, validator=optional(ge(1)))
    shortlist_size: int | None = field(default=None, validator=optional(ge(1)))
    shortlist_minimum: int = field(default=1, validator=ge(0))
    shortlist_per_area: int = field(default=0, validator=ge(0))
    shortlist_ties: Literal["order", "include_all"] = "order"

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.budgets_as == "pots" and self.area_budgets and self.category_budgets:
            msg = "an item belongs to one pot: name area_budgets or category_budgets"
            raise ValueError(msg)


@frozen(kw_only=True)
class VoteSettings(RankingSettings):
    """What is asked where money is awarded in the order of votes.

    Args:
        misfit: what happens to the next winner if it costs more than is left: ``skip``, ``stop``,
            ``partial`` (it gets the rest, if those involved agree), ``assembly`` (an assembly
            decides about the rest) or ``overrun(4/5)``. Mandatory: towns differ, and most do not
            say.
    """

    misfit: str = field(validator=known_misfit)


Completing = Literal["add1_exhaustive", "add1_overrun", "utilitarian"]
"""A step that follows equal shares while money is left: more money for every voter until the
outcome is exhaustive, or until the budget would be overrun; or the rest by votes."""


@frozen(kw_only=True)
class SharesSettings(RankingSettings):
    """What is asked where money is awarded by equal shares (Methode der gleichen Anteile).

    Args:
        shares_utility: what an item is worth to those who voted for it: its ``cost``, as in
            cities, its ``cardinality`` (one each), its ``score``, or ``score_cost``. Mandatory.
        shares_completion: the steps that use what equal shares leave, in their order; none is
            written ``[]``. Mandatory: "Add1" is not one rule.
    """

    shares_utility: Literal["cost", "cardinality", "score", "score_cost"]
    shares_completion: tuple[Completing, ...] = field(converter=as_tuple)
