"""The core's own deciders and rules, contributed through the same hooks as anybody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from partizipation_core.clock import to_wall
from partizipation_core.counting import (
    Election,
    Greedy,
    Lot,
    Result,
    Selection,
    Shortlist,
    Ties,
)
from partizipation_core.counting.ties import Criterion
from partizipation_core.formats.rules import ItemView, ReviewView, Rule, View, rule
from partizipation_core.identity import Assertion
from partizipation_core.kernel import (
    assembly,
    assignment,
    award,
    ballot,
    decision,
    delivery,
    discussion,
    electorate,
    grant,
    item,
    ledger,
    objecting,
    override,
    procedure,
    publication,
    recommendation,
    results,
    review,
    shortlisting,
    stage,
)
from partizipation_core.kernel.channels import deciders as channels
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.kernel.forwarding import handing_over
from partizipation_core.kernel.privacy import forgetting, redaction
from partizipation_core.kernel.secrecy import deciders as secrecy
from partizipation_core.plugins import counts, deciding, eligibility, hookimpl
from partizipation_core.plugins.awarding import awarded
from partizipation_core.values import (
    Actor,
    ItemRef,
    Money,
    Objection,
    ParticipantRef,
    ProcedureRef,
)

if TYPE_CHECKING:
    from partizipation_core.store.journal import Recorded

__all__ = ["RULES", "follow_ups", "identify_participant", "register_deciders", "register_rules"]


@rule("count", name="core/greedy")
def greedy(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Award in the order of scores until the money is used; the settings name the misfit."""
    settings = view.settings
    award_by_rank = Greedy(misfit=settings.misfit, score=settings.rank_by, ties=Ties(*ties))
    return awarded(award_by_rank, election, settings)


@rule("shortlist", name="core/best")
def best(
    election: Election, areas: Mapping[str, str], ties: Sequence[Criterion], view: View
) -> Selection:
    """Let the best of a preliminary vote go on, first those of each area if places are kept."""
    settings = view.settings
    select = Shortlist(
        size=settings.shortlist_size or len(election.projects),
        include_all=settings.shortlist_ties == "include_all",
        score=settings.rank_by,
        ties=Ties(*ties),
        minimum=settings.shortlist_minimum,
        reserved=settings.shortlist_per_area,
        areas=areas,
    )
    return select(election)


@rule("tie", name="core/lower_cost")
def lower_cost(_view: View) -> Criterion:
    """Put the cheaper one first."""
    return "cost"


@rule("tie", name="core/more_votes")
def more_votes(_view: View) -> Criterion:
    """Put the one with more votes first, where something else is ranked by."""
    return "-votes"


@rule("tie", name="core/more_points")
def more_points(_view: View) -> Criterion:
    """Put the one with more points first, where something else is ranked by."""
    return "-points"


@rule("tie", name="core/lot", needs_seed=True)
def lot(view: View) -> Criterion:
    """Draw lots from the recorded public seed, before anything is counted."""
    return Lot(view.seed)


@rule("award", name="core/as_proposed")
def as_proposed(
    amounts: Mapping[ItemRef, Money], proposed: Mapping[ItemRef, Money], reason: str, _view: View
) -> Iterator[Objection]:
    """Let a body depart from what was counted or fixed only with a reason."""
    if proposed and dict(amounts) != dict(proposed) and not reason.strip():
        yield Objection("departs_from_proposal")


@rule("majority", name="core/simple_majority")
def simple_majority(yes: int, no: int, present: int, _view: View) -> Iterator[Objection]:
    """Ask for more hands for than against; abstentions do not count."""
    if yes <= no:
        yield Objection("no_majority", {"yes": yes, "no": no, "present": present})


@rule("majority", name="core/two_thirds_of_present")
def two_thirds_of_present(yes: int, no: int, present: int, _view: View) -> Iterator[Objection]:
    """Ask for the hands of two thirds of those present; abstentions count as present."""
    if 3 * yes < 2 * present:
        yield Objection("no_majority", {"yes": yes, "no": no, "present": present})


@rule("guard", name="core/review_first")
def review_first(item_: ItemView, _view: View) -> Iterator[Objection]:
    """Refuse to take an item as feasible without a review."""
    yield Objection("review_needed", {"item": item_.ref})


@rule("guard", name="core/cost_known")
def cost_known(item_: ItemView, _view: View) -> Iterator[Objection]:
    """Ask for the cost of an item before it takes the step."""
    if item_.cost is None:
        yield Objection("cost_missing", {"item": item_.ref})


@rule("guard", name="core/within_cap")
def within_cap(item_: ItemView, view: View) -> Iterator[Objection]:
    """Ask for a cost within the cap (Höchstbetrag), where there are both."""
    cap = view.settings.cap
    if item_.cost is not None and cap is not None and item_.cost > cap:
        params = {"item": item_.ref, "amount": item_.cost.cents, "cap": cap.cents}
        yield Objection("over_the_cap", params)


@rule("guard", name="core/cooling_off")
def cooling_off(item_: ItemView, view: View) -> Iterator[Objection]:
    """Let those who were awarded money sit out for some years."""
    bar, year = view.settings.cooling_off, to_wall(view.now, view.settings.timezone).year
    again = bar.barred_until(item_.author, year)
    if again is not None:
        # A year is no quantity: written as a number it would get a separator.
        yield Objection("cooling_off", {"item": item_.ref, "years": bar.years, "year": str(again)})


@rule("combine_reviews", name="core/all_must_agree")
def all_must_agree(reviews: Mapping[str, ReviewView], _lead: str, _view: View) -> str:
    """Take an item as feasible only if every office does; one veto outweighs all forwarding."""
    found = {review.outcome for review in reviews.values()}
    return next((one for one in ("infeasible", "forwarded") if one in found), "feasible")


@rule("combine_reviews", name="core/lead_office_decides")
def lead_office_decides(reviews: Mapping[str, ReviewView], lead: str, view: View) -> str:
    """Take what the office in charge finds; where none is in charge, all must agree."""
    if lead in reviews:
        return reviews[lead].outcome
    return str(all_must_agree(reviews, lead, view))


RULES: tuple[Rule, ...] = (
    *eligibility.RULES,
    best,
    greedy,
    lower_cost,
    more_votes,
    more_points,
    lot,
    as_proposed,
    simple_majority,
    two_thirds_of_present,
    review_first,
    cost_known,
    within_cap,
    cooling_off,
    all_must_agree,
    lead_office_decides,
    *deciding.RULES,
    *counts.RULES,
)


@hookimpl
def register_rules() -> Iterable[Rule]:
    """Contribute the core's rules."""
    return RULES


@hookimpl
def register_deciders() -> Iterable[Decider]:
    """Contribute the kernel's deciders."""
    rooms = (procedure, stage, shortlisting, item, review, ballot, assembly, award, delivery)
    money = (ledger, grant)
    more = (assignment, recommendation, publication, objecting, discussion, override)
    bodies = (channels, electorate, results, decision, secrecy, forgetting, redaction)
    everything = (*rooms, *money, *more, *bodies)
    return [decider for room in everything for decider in room.DECIDERS]


@hookimpl
def follow_ups(procedure: ProcedureRef, recorded: Sequence[Recorded]) -> Iterator[FollowUp]:
    """Hand items over that were forwarded to another procedure."""
    for one in recorded:
        yield from handing_over(procedure, one.seq, one.actor, one.event)


@hookimpl(trylast=True)
def identify_participant(claims: Mapping[str, Any]) -> Actor | None:
    """Take ``ref``, ``roles`` and ``areas``; everything else becomes an attribute.

    Where there is an ``assertion``, attributes are its facts, and what the register says of the
    person counts before them.
    """
    if "ref" not in claims:
        return None
    own = ("ref", "roles", "areas", "assertion", "registered")
    attributes = {k: v for k, v in claims.items() if k not in own}
    roles, areas = (frozenset(map(str, claims.get(key, ()))) for key in ("roles", "areas"))
    ref, asserted = ParticipantRef(str(claims["ref"])), claims.get("assertion")
    if not isinstance(asserted, Assertion):
        return Actor(ref=ref, roles=roles, areas=areas, attributes=attributes)
    registered: Mapping[str, str] = claims.get("registered", {})
    return Actor(
        ref=ref,
        roles=roles,
        areas=areas,
        attributes={**attributes, **asserted.facts, **registered},
        strength=asserted.strength,
        proven=asserted.proven | set(registered),
    )
