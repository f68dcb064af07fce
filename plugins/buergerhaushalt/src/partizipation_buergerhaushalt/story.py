"""The story of a Bürgerhaushalt: real ideas, costs and ballots, played from the first day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    FinishDelivery,
    ReplaceBallot,
    ReportProgress,
    ReviewItem,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
    WithdrawItem,
)
from partizipation_core.counting import BallotType, Election, Greedy
from partizipation_core.counting.declared import declared, score_of
from partizipation_core.plugins.story import Scene
from partizipation_core.values import Actor, ItemRef, Money, Role

__all__ = ["play"]

OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)

SEED = "2027-06-02: 4 9 17 23 31 42"
"""Digits of a public draw, as a town would take them from an announced lottery."""


def play(scene: Scene) -> None:
    """Take the ideas of an election through all five stages."""
    _open(scene)
    refs = _ideas(scene)
    _review(scene, refs)
    _vote(scene, refs)
    _fund(scene)
    _implement(scene)


def author(ref: ItemRef) -> Actor:
    """Name the resident who hands in an idea."""
    return Actor.of(f"author-{ref}", Role.RESIDENT)


def _cents(election: Election, amount: int) -> Money:
    return Money(amount * 100 // election.unit)


def _settings(election: Election) -> dict[str, object]:
    """Read a town's settings off what the election file declares."""
    wanted = declared(election).rule
    ranked = wanted if isinstance(wanted, Greedy) else None
    limits = {
        setting: int(election.meta[key])
        for key, setting in (_POINTED if _pointed(election) else _LIMITS).items()
        if election.meta.get(key, "").isdecimal()
    }
    threshold = election.meta.get("min_project_score_threshold", "0")
    return {
        "pot": str(_cents(election, election.budget)),
        "currency": election.currency,
        "misfit": str(ranked.misfit) if ranked else "skip",
        "rank_by": str(ranked.score) if ranked else str(score_of(election)),
        "threshold": int(threshold) if threshold.isdecimal() else 0,
        "ballot_type": "cumulative" if _pointed(election) else "approval",
        **limits,
    }


_LIMITS = {
    "min_length": "min_choices",
    "max_length": "max_choices",
}
_POINTED = {**_LIMITS, "max_sum_points": "max_points"}


def _pointed(election: Election) -> bool:
    plain = (BallotType.APPROVAL, BallotType.CHOOSE_1)
    return election.ballot_type not in plain


def _open(scene: Scene) -> None:
    if declared(scene.election).rule is None:
        scene.note("demo.other_rule", rule=scene.election.meta.get("rule", "-"))
    scene.open(
        "buergerhaushalt",
        settings=_settings(scene.election),
        schedule={
            "review": date(2027, 4, 1),
            "vote": date(2027, 5, 15),
            "fund": date(2027, 6, 1),
            "implement": date(2027, 7, 1),
        },
    )


def _ideas(scene: Scene) -> dict[str, ItemRef]:
    """Hand in every project of the file as an idea; returns id in the file → reference."""
    refs: dict[str, ItemRef] = {}
    for number, project in enumerate(scene.each(scene.election.projects, "demo.ideas"), start=1):
        ref = refs[project.id] = ItemRef(f"2027-{number:05d}")
        idea = SubmitItem(
            item=ref,
            title=project.name[:200] or project.id,
            cost=_cents(scene.election, project.cost) or None,
            category=", ".join(project.categories),
        )
        scene.do(idea, author(ref))
    first = next(iter(refs.values()))
    scene.is_refused(CastBallot(choices={first: 1}), Actor.of("early-bird", Role.RESIDENT))
    scene.is_refused(WithdrawItem(item=first), Actor.of("somebody-else", Role.RESIDENT))
    scene.is_refused(SubmitItem(item=ItemRef("2027-99999"), title=" "), OFFICER)
    return refs


def _review(scene: Scene, refs: Mapping[str, ItemRef]) -> None:
    scene.pass_days(31)
    first = next(iter(refs.values()))
    scene.is_refused(TakeUpReview(item=first), author(first))
    scene.is_refused(ShortlistItem(item=first), OFFICER)
    for ref in scene.each(refs.values(), "demo.review"):
        scene.do(TakeUpReview(item=ref), REVIEWER)
        if ref == first:
            scene.is_refused(ReviewItem(item=ref, outcome="infeasible"), REVIEWER)
        scene.do(ReviewItem(item=ref, outcome="feasible", office="Fachamt"), REVIEWER)
        scene.do(ShortlistItem(item=ref), OFFICER)


def _vote(scene: Scene, refs: Mapping[str, ItemRef]) -> None:
    scene.pass_days(45)
    election, refused = scene.election, 0
    first = next(iter(refs.values()))
    scene.is_refused(WithdrawItem(item=first), author(first))
    for voter, choices in scene.each(list(_ballots(election, refs)), "demo.ballots"):
        resident = Actor.of(f"voter-{voter}", Role.RESIDENT)
        refused += bool(scene.attempt(CastBallot(choices=choices), resident))
    if refused:
        scene.note("demo.ballots_refused", refused=refused)
    voter, choices = next(_ballots(election, refs))
    resident = Actor.of(f"voter-{voter}", Role.RESIDENT)
    scene.is_refused(CastBallot(choices=choices), resident)
    scene.is_refused(CastBallot(choices={}), Actor.of("voter-new", Role.RESIDENT))
    scene.attempt(ReplaceBallot(choices=choices), resident)
    scene.is_refused(CountBallots(vote="vote", seed=SEED), OFFICER)


def _ballots(
    election: Election, refs: Mapping[str, ItemRef]
) -> Iterator[tuple[str, dict[ItemRef, int]]]:
    """Lay out every ballot of the file; an approval given twice on one ballot counts once."""
    order = [refs[project.id] for project in election.projects]
    pointed = _pointed(election)
    for voter, number in zip(election.voters.ids, election.voters.ballots, strict=True):
        ballot = election.ballots[number]
        yield voter, {order[place]: points if pointed else 1 for place, points in ballot}


def _fund(scene: Scene) -> None:
    scene.pass_days(17)
    late = next(iter(scene.items()))
    scene.is_refused(CastBallot(choices={late: 1}), Actor.of("late-voter", Role.RESIDENT))
    scene.is_refused(CountBallots(vote="vote"), OFFICER)
    scene.do(CountBallots(vote="vote", seed=SEED), OFFICER)
    proposed = scene.state().proposed
    too_much = {ref: Money(amount.cents * 1000) for ref, amount in proposed.items()}
    scene.is_refused(AwardItems(amounts=too_much), COUNCIL)
    scene.is_refused(AwardItems(amounts=proposed), OFFICER)
    scene.do(AwardItems(amounts=proposed), COUNCIL)


def _implement(scene: Scene) -> None:
    scene.pass_days(30)
    awarded = [item for item in scene.items().values() if item.state == "awarded"]
    for number, item in enumerate(scene.each(awarded, "demo.delivery")):
        award = item.award or Money(0)
        scene.do(StartDelivery(item=item.ref), REVIEWER)
        if number % 3 == 0:
            spent = Money(award.cents * 97 // 100)
            scene.do(FinishDelivery(item=item.ref, spent=spent), REVIEWER)
        else:
            part = 30 * (number % 3)
            spent = Money(award.cents * part // 100)
            scene.do(ReportProgress(item=item.ref, percent=part, spent=spent), REVIEWER)
    if awarded:
        more = (awarded[0].award or Money(0)) + Money(1)
        scene.is_refused(ReportProgress(item=awarded[-1].ref, percent=120, spent=more), REVIEWER)
    scene.is_refused(AdvanceStage(), OFFICER)
