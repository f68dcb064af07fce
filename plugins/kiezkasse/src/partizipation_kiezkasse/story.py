"""The story of one Kiez: ideas, an assembly that fixes the sums, and money that comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from partizipation_core.commands import (
    AbandonDelivery,
    AdmitItem,
    ApplyForGrant,
    AwardItems,
    ConfirmPayment,
    CostLine,
    DraftNotice,
    FileAccounts,
    FinancingPlan,
    FinishDelivery,
    Hands,
    OrderPayment,
    Payee,
    PutOnBallot,
    RecordAssembly,
    RecordRepayment,
    ReleasePayment,
    ReleaseReturned,
    ReportProgress,
    ReviewItem,
    SettleGrant,
    ShortlistItem,
    SignNotice,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.counting import Election, Project
from partizipation_core.kernel.state import Item
from partizipation_core.plugins.story import Scene
from partizipation_core.values import Actor, ItemRef, Money, Role

__all__ = ["play"]

OFFICER = Actor.of("spk-1", Role.OFFICER)
COLLEAGUE = Actor.of("spk-2", Role.OFFICER)
PATRON = Actor.of("kiezpatin-1", Role.STEWARD)
EXPERT = Actor.of("fachamt-1", Role.REVIEWER)

PAYEE = Payee(name="Musterverein", iban="DE89 3704 0044 0532 0130 00")
"""The example account of the IBAN registry."""


def play(scene: Scene) -> None:
    """Take the ideas of a Kiez from the first sheet of paper to the settled account."""
    scene.open(
        "kiezkasse",
        settings={
            "pot": str(_cents(scene.election, scene.election.budget)),
            "currency": scene.election.currency,
            "region": scene.election.meta.get("unit", "Musterkiez"),
        },
        schedule={
            "precheck": date(2027, 4, 1),
            "assembly": date(2027, 4, 28),
            "fund": date(2027, 4, 29),
            "implement": date(2027, 6, 1),
        },
    )
    *early, walk_in = scene.election.projects
    refs = {p.id: ItemRef(f"kiez-{n:03d}") for n, p in enumerate(scene.election.projects, 1)}
    for project in scene.each(early, "demo.ideas"):
        _hand_in(scene, refs[project.id], project, Actor.of(f"author-{project.id}", "resident"))
    scene.is_refused(AdmitItem(item=refs[early[0].id]), OFFICER)
    scene.pass_days(31)
    _precheck(scene, [refs[project.id] for project in early])
    scene.pass_days(27)
    _walk_in(scene, refs[walk_in.id], walk_in)
    _assembly(scene, refs)
    scene.pass_days(1)
    _fund(scene)
    scene.pass_days(35)
    _implement(scene)


def _cents(election: Election, amount: int) -> Money:
    return Money(amount * 100 // election.unit)


def _hand_in(scene: Scene, ref: ItemRef, project: Project, actor: Actor) -> None:
    idea = SubmitItem(
        item=ref,
        title=project.name[:200] or project.id,
        cost=_cents(scene.election, project.cost) or None,
        category=", ".join(project.categories),
    )
    scene.do(idea, actor)


def _precheck(scene: Scene, refs: Sequence[ItemRef]) -> None:
    """Let the office look at the first idea in form; admit the others as they are."""
    first, *others = refs
    scene.is_refused(RecordAssembly(present=1), PATRON)
    scene.do(TakeUpReview(item=first), EXPERT)
    scene.is_refused(ReviewItem(item=first, outcome="forwarded"), EXPERT)
    scene.do(ReviewItem(item=first, outcome="feasible", office="Straßen- und Grünamt"), EXPERT)
    for ref in others:
        scene.do(AdmitItem(item=ref), OFFICER)
    for ref in refs:
        scene.do(ShortlistItem(item=ref), OFFICER)


def _walk_in(scene: Scene, ref: ItemRef, project: Project) -> None:
    """Take an idea that is told in the assembly itself."""
    _hand_in(scene, ref, project, PATRON)
    scene.is_refused(PutOnBallot(item=ref), PATRON)
    scene.do(AdmitItem(item=ref), PATRON)
    scene.do(ShortlistItem(item=ref), PATRON)
    scene.do(PutOnBallot(item=ref), PATRON)


def _assembly(scene: Scene, refs: Mapping[str, ItemRef]) -> None:
    """Show hands item by item, then fix sums from the pot in the order of agreement."""
    election, present = scene.election, scene.election.num_votes
    hands = {}
    for project, tally in zip(election.projects, election.tallies(), strict=True):
        against = (present - tally.votes) * 2 // 3
        hands[refs[project.id]] = Hands(
            yes=tally.votes, no=against, abstain=present - tally.votes - against
        )
    sums = _fixed_sums(scene, hands)
    first = dict([next(iter(hands.items()))])
    scene.is_refused(RecordAssembly(present=present - 1, hands=first), PATRON)
    scene.is_refused(RecordAssembly(present=present, hands=hands, sums=_all(scene)), PATRON)
    scene.do(RecordAssembly(present=present, hands=hands, sums=sums), PATRON)


def _fixed_sums(scene: Scene, hands: Mapping[ItemRef, Hands]) -> dict[ItemRef, Money]:
    """Give every agreed item its cost; the last one gets what is left in the pot."""
    items, rest = scene.items(), _cents(scene.election, scene.election.budget)
    agreed = sorted(
        (ref for ref, shown in hands.items() if shown.yes > shown.no),
        key=lambda ref: (-hands[ref].yes, ref),
    )
    sums: dict[ItemRef, Money] = {}
    for ref in agreed:
        amount = min(items[ref].cost or rest, rest)
        if amount:
            sums[ref] = amount
            rest -= amount
    return sums


def _all(scene: Scene) -> dict[ItemRef, Money]:
    return {ref: item.cost for ref, item in scene.items().items() if item.cost is not None}


def _fund(scene: Scene) -> None:
    fixed = scene.state().proposed
    cut = {ref: Money(amount.cents - 1) for ref, amount in fixed.items()}
    scene.is_refused(AwardItems(amounts=cut), OFFICER)
    scene.is_refused(AwardItems(amounts=fixed), PATRON)
    reserve = tuple(
        ref
        for ref, item in scene.items().items()
        if item.state == "on_ballot"
        and ref not in fixed
        and item.hands
        and item.hands.yes > item.hands.no
    )
    scene.do(AwardItems(amounts=fixed, reserve=reserve), OFFICER)


def _implement(scene: Scene) -> None:
    """Grant and carry the items out; the last one fails, its money goes to the reserve."""
    awarded = [item for item in scene.items().values() if item.state == "awarded"]
    for item in awarded[:-1]:
        applicant = Actor.of(item.author, Role.RESIDENT)
        _grant(scene, item, applicant, trial=item is awarded[0])
        scene.do(StartDelivery(item=item.ref), applicant)
        if item is awarded[0]:
            scene.do(FinishDelivery(item=item.ref, note="Belege geprüft"), OFFICER)
            _settle(scene, item, applicant)
        else:
            scene.do(ReportProgress(item=item.ref, percent=50), applicant)
    if len(awarded) > 1:
        reason = "Die Genehmigung wurde versagt."
        scene.do(AbandonDelivery(item=awarded[-1].ref, reason=reason), OFFICER)
        _remainder(scene)


def _grant(scene: Scene, item: Item, applicant: Actor, *, trial: bool) -> None:
    """Take a grant from the application to the payment; once, try what must not be."""
    award = item.award or Money(0)
    # What the assembly cut, the applicants bring themselves.
    total = max(item.cost or award, award)
    lines = [CostLine(type="material", amount=total)]
    plan = FinancingPlan(costs=lines, own=total - award, requested=award)
    scene.do(ApplyForGrant(item=item.ref, plan=plan, payee=PAYEE), applicant)
    scene.do(DraftNotice(item=item.ref, amount=award, text="Zuwendungsbescheid"), OFFICER)
    if trial:
        scene.is_refused(StartDelivery(item=item.ref), applicant)
        scene.is_refused(SignNotice(item=item.ref), OFFICER)
    scene.do(SignNotice(item=item.ref), COLLEAGUE)
    scene.do(OrderPayment(item=item.ref), OFFICER)
    scene.do(ReleasePayment(item=item.ref), COLLEAGUE)
    scene.do(ConfirmPayment(item=item.ref), OFFICER)


def _settle(scene: Scene, item: Item, applicant: Actor) -> None:
    """Account for a grant of which a little was not needed, and pay that back."""
    award = item.award or Money(0)
    own = max(item.cost or award, award) - award
    saved = min(Money(1500), Money(award.cents // 2))
    if not saved:
        return
    receipts = [CostLine(type="material", amount=own + award - saved)]
    proof = FileAccounts(
        item=item.ref, report="Umgesetzt wie beantragt", receipts=receipts, own=own
    )
    scene.do(proof, applicant)
    scene.do(SettleGrant(item=item.ref), OFFICER)
    scene.do(RecordRepayment(item=item.ref, amount=saved), OFFICER)
    scene.do(ReleaseReturned(reason="Restmittel"), OFFICER)


def _remainder(scene: Scene) -> None:
    for item in scene.items().values():
        left = scene.ledger().available()
        if item.state != "reserve" or item.cost is None or not left:
            continue
        more = {item.ref: left + Money(1)}
        scene.is_refused(AwardItems(amounts=more, reason="Restmittel"), OFFICER)
        amount = min(item.cost, left)
        scene.do(AwardItems(amounts={item.ref: amount}, reason="Restmittel"), OFFICER)
