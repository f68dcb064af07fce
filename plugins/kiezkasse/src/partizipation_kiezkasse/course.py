"""The course of one Kiez through a year: ideas by four channels, an assembly, money out and back.

A course is a generator of days: it does what there is to do and says until when it waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from attrs import field, frozen, mutable

from partizipation_core.clock import FrozenClock
from partizipation_core.commands import (
    AbandonDelivery,
    AdmitItem,
    AdmitVoters,
    AwardItems,
    ChooseMethod,
    ClaimRepayment,
    CloseProcedure,
    CloseYear,
    EnterItem,
    FinishDelivery,
    Hands,
    NamePresenter,
    PutOnBallot,
    RecordAssembly,
    RecordRepayment,
    ReleaseReturned,
    ShortlistItem,
    SubmitItem,
)
from partizipation_core.errors import PartizipationError, Refused
from partizipation_core.formats.channels import METHODS, Method
from partizipation_core.kernel.dossier import Channel
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.state import Item
from partizipation_core.platform import ProcedureHandle
from partizipation_core.reports.documents import Document
from partizipation_core.texts import Wording
from partizipation_core.values import Actor, ItemRef, Money, ParticipantRef, Role
from partizipation_kiezkasse import letters
from partizipation_kiezkasse.office import OFFICER, GrantOffice
from partizipation_kiezkasse.programme import Kiez

__all__ = ["CUT_OFF", "Course", "Idea", "Kept", "StoryError"]

CUT_OFF = (12, 10)
"""Month and day until which accounts come in (BVV Treptow-Köpenick, 3 May 2023)."""

TITLES = (
    "Hofkonzert im Sommer",
    "Bänke am Uferweg",
    "Werkstatt für Fahrräder",
    "Beete an der Ecke",
    "Bücherschrank am Markt",
    "Spielenachmittag für Alt und Jung",
    "Chronik des Kiezes",
)
CHANNELS: tuple[Channel, ...] = ("online", "paper", "email", "online", "assembly")
"""How ideas come in, in turns; what is told in the assembly itself comes last."""

_SPARE = 3
"""A Kiez with so many projects may lose one."""

_POINTS = 3
"""How many points everybody hands out where an assembly counts points."""

_STEP = 50
"""Costs are multiples of so many euros."""


class StoryError(PartizipationError):
    """Something that a story says is refused was accepted."""


@frozen(kw_only=True)
class Kept:
    """Something that a course proves: a command that was refused, and why.

    Args:
        kiez: name of the region.
        command: name of the command.
        codes: codes of the objections.
        sentence: what the person was told.
    """

    kiez: str
    command: str
    codes: tuple[str, ...]
    sentence: str


@frozen(kw_only=True)
class Idea:
    """An idea of a made-up resident."""

    ref: ItemRef
    title: str
    cost: Money
    channel: Channel
    author: ParticipantRef


@mutable(kw_only=True)
class Course:
    """One Kiez and what happens in it.

    Args:
        kiez: the region.
        handle: its procedure.
        clock: the clock of the platform.
        assembly: day of the assembly.
        random: chance, seeded.
        wording: in which notices are written.
    """

    kiez: Kiez
    handle: ProcedureHandle
    clock: FrozenClock
    assembly: date
    random: Random
    wording: Wording
    kept: list[Kept] = field(factory=list)
    agreed: list[ItemRef] = field(factory=list)
    papers: dict[str, Document] = field(factory=dict)

    def play(self) -> Iterator[date]:
        """Play the year; yields the days that are waited for."""
        *early, walk_in = self.ideas()
        yield self.assembly - timedelta(days=60)
        for idea in early:
            self.hand_in(idea)
        yield self.assembly - timedelta(days=28)
        self.admit(early)
        self.papers |= letters.invite(self.kiez, self.handle, self.assembly, self.wording)
        yield self.assembly
        self.hand_in(walk_in)
        self.admit([walk_in])
        self.do(PutOnBallot(item=walk_in.ref), self.steward)
        self.meet()
        yield self.assembly + timedelta(days=1)
        self.award()
        yield from self.carry_out()
        yield from self.account()
        yield from self.close()

    @property
    def steward(self) -> Actor:
        """The Kiezpat:in who holds the assembly."""
        return self.kiez.stewards()[0]

    @property
    def office(self) -> GrantOffice:
        """The granting office for this Kiez."""
        return GrantOffice(handle=self.handle, wording=self.wording, asked=self.request)

    def ideas(self) -> list[Idea]:
        """Make up the ideas; together they cost more than the share."""
        number = self.random.randrange(4, 6)
        whole = self.kiez.share.amount.cents // 100
        titles = self.random.sample(TITLES, number)
        costs = [
            whole * self.random.randrange(18, 40) // 100 // _STEP * _STEP for _ in range(number)
        ]
        costs[-1] = max(costs[-1], whole - sum(costs[:-1]) + _STEP) // _STEP * _STEP
        ways = (*CHANNELS[: number - 1], CHANNELS[-1])
        return [
            self.idea(place, title, Money.euro(max(cost, _STEP)), way)
            for place, (title, cost, way) in enumerate(
                zip(titles, costs, ways, strict=True), start=1
            )
        ]

    def idea(self, number: int, title: str, cost: Money, channel: Channel) -> Idea:
        """Make up one idea."""
        area = self.kiez.area
        return Idea(
            ref=ItemRef(f"{area}-{number:02d}"),
            title=title,
            cost=cost,
            channel=channel,
            author=ParticipantRef(f"mensch-{area}-{number}"),
        )

    def hand_in(self, idea: Idea) -> None:
        """Hand an idea in: with an account, or through an office that puts it down."""
        area = self.kiez.area
        if idea.channel == "online":
            told = SubmitItem(item=idea.ref, title=idea.title, cost=idea.cost, area=area)
            self.do(told, Actor.of(idea.author, Role.RESIDENT))
            return
        entered = EnterItem(
            item=idea.ref,
            title=idea.title,
            cost=idea.cost,
            area=area,
            channel=idea.channel,
            author=idea.author,
        )
        self.do(entered, self.steward if idea.channel == "assembly" else OFFICER)

    def request(self, item: Item) -> None:
        """Write the letter in which the office asks for what is missing.

        Args:
            item: whose application is not complete, or whose accounts raise a question.
        """
        number = sum(name.startswith(f"{item.ref}-nachforderung") for name in self.papers) + 1
        letter = letters.request(self.handle, item.ref, self.wording)
        self.papers[f"{item.ref}-nachforderung-{number}"] = letter

    def admit(self, ideas: list[Idea]) -> None:
        """Let the Kiezpat:innen admit ideas."""
        for idea in ideas:
            self.do(AdmitItem(item=idea.ref), self.steward)
            self.do(ShortlistItem(item=idea.ref), self.steward)

    def meet(self) -> None:
        """Hold the assembly: tick people off, choose how to count, vote, fix sums in the pot."""
        present = self.random.randrange(18, 42)
        guests = [ParticipantRef(f"gast-{self.kiez.area}-{n}") for n in range(present)]
        self.do(AdmitVoters(people=guests), self.steward)
        on_ballot = [item for item in self.handle.items() if item.state == "on_ballot"]
        self.stand_in(self.random.choice(on_ballot))
        method = self.random.choice(METHODS)
        self.choose(method, present)
        if method == "points":
            self.do(self.by_points(on_ballot, present), self.steward)
        else:
            self.do(self.by_hands(on_ballot, present), self.steward)

    def stand_in(self, item: Item) -> None:
        """Let a neighbour present an idea whose author cannot come."""
        neighbour = ParticipantRef(f"nachbarin-{item.ref}")
        by = Actor.of(item.author, Role.RESIDENT) if item.channel == "online" else self.steward
        self.do(NamePresenter(item=item.ref, person=neighbour), by)

    def choose(self, method: Method, present: int) -> None:
        """Let the assembly say how it counts; a few would rather have done it otherwise."""
        against = self.random.randrange(4)
        chosen = ChooseMethod(
            method=method,
            points=_POINTS if method == "points" else None,
            hands=Hands(yes=present - against, no=against),
        )
        self.do(chosen, self.steward)

    def by_hands(self, items: list[Item], present: int) -> RecordAssembly:
        """Say yes or no to each idea: with hands, cards or slips of paper."""
        hands = {item.ref: self.show(present) for item in items}
        self.agreed = [ref for ref, shown in hands.items() if shown.yes > shown.no]
        sums = self.fixed(items, {ref: hands[ref].yes for ref in self.agreed})
        return RecordAssembly(present=present, hands=hands, sums=sums)

    def by_points(self, items: list[Item], present: int) -> RecordAssembly:
        """Hand points out; not everybody gives all of them away."""
        shares = [self.random.randrange(1, present) for _ in items]
        points = {
            item.ref: present * _POINTS * share // (sum(shares) + 1)
            for item, share in zip(items, shares, strict=True)
        }
        self.agreed = [ref for ref, number in points.items() if number]
        sums = self.fixed(items, {ref: points[ref] for ref in self.agreed})
        return RecordAssembly(present=present, points=points, sums=sums)

    def show(self, present: int) -> Hands:
        """Show hands on one idea; most find more friends than foes."""
        yes = self.random.randrange(present // 3, present * 3 // 4)
        no = self.random.randrange((present - yes) * 2 // 3)
        return Hands(yes=yes, no=no, abstain=present - yes - no)

    def fixed(self, items: list[Item], votes: Mapping[ItemRef, int]) -> dict[ItemRef, Money]:
        """Fix sums in the order of votes; for less than half of its cost an idea waits instead."""
        rest, sums = self.kiez.share.amount, {}
        agreed = [item for item in items if item.ref in votes]
        for item in sorted(agreed, key=lambda one: (-votes[one.ref], one.ref)):
            amount = min(item.cost or rest, rest)
            if amount and 2 * amount.cents >= (item.cost or amount).cents:
                sums[item.ref] = amount
                rest -= amount
        return sums

    def award(self) -> None:
        """Award what the assembly fixed; what it agreed to without money waits in reserve."""
        fixed = self.handle.state().proposed
        reserve = [ref for ref in self.agreed if ref not in fixed]
        self.do(AwardItems(amounts=fixed, reserve=reserve), OFFICER)

    def carry_out(self) -> Iterator[date]:
        """Grant, pay and begin; now and then a permit is refused and money is free again."""
        yield self.assembly + timedelta(days=36)
        awarded = self.awarded()
        waiting = any(item.state == "reserve" for item in self.handle.items())
        chance = 1 / 2 if waiting else 1 / 4
        if len(awarded) >= _SPARE and self.random.random() < chance:
            *awarded, failed = awarded
            reason = "Die Genehmigung wurde versagt."
            self.do(AbandonDelivery(item=failed.ref, reason=reason), OFFICER)
        for item in awarded:
            self.office.grant(item, asks=self.random.random() < 1 / 4)
        yield self.assembly + timedelta(days=80)
        self.award_reserve()

    def awarded(self) -> list[Item]:
        """Return what money was awarded to and nobody has begun."""
        return [item for item in self.handle.items() if item.state == "awarded"]

    def award_reserve(self) -> None:
        """Award what waits in reserve from money that became free, and grant it."""
        for item in self.handle.items():
            amount = min(item.cost or Money(0), self.handle.ledger().available())
            if item.state == "reserve" and amount:
                again = AwardItems(amounts={item.ref: amount}, reason="Restmittel")
                self.do(again, OFFICER)
                self.office.grant(self.handle.item(item.ref))

    def account(self) -> Iterator[date]:
        """Account for what was spent: in time, late, or never."""
        running = [item for item in self.handle.items() if item.state == "in_progress"]
        last = running[-1] if running and self.random.random() < 1 / 4 else None
        yield date(self.kiez.year, 9, 1) + timedelta(days=self.random.randrange(60))
        for item in running:
            if item is not last:
                self.office.settle(item, self.saved(), asks=self.random.random() < 1 / 5)
                self.do(FinishDelivery(item=item.ref, note="Belege geprüft"), OFFICER)
        yield date(self.kiez.year, *CUT_OFF) + timedelta(days=1)
        if last is not None:
            yield from self.overdue(last)

    def saved(self) -> Money:
        """Say how much of a grant is not needed."""
        return Money(self.random.choice((0, 0, 1250, 3999)))

    def overdue(self, item: Item) -> Iterator[date]:
        """Remind of accounts that did not come, and take them late or claim everything back."""
        yield date(self.kiez.year, *CUT_OFF) + timedelta(days=4)
        if self.random.random() < 1 / 2:
            self.office.settle(item, Money(0))
            self.do(FinishDelivery(item=item.ref, note="Belege geprüft"), OFFICER)
            return
        reason = "Zum Stichtag lag kein Verwendungsnachweis vor."
        self.do(ClaimRepayment(item=item.ref, reason=reason), OFFICER)
        yield date(self.kiez.year, 12, 21)
        owed = self.grant_claimed(item.ref)
        self.do(RecordRepayment(item=item.ref, amount=owed), OFFICER)

    def grant_claimed(self, ref: ItemRef) -> Money:
        """Return what is claimed back for an item."""
        grant = self.handle.item(ref).grant
        return grant.claimed - grant.repaid if grant is not None else Money(0)

    def close(self) -> Iterator[date]:
        """Free what came back, let the rest lapse, close."""
        yield date(self.kiez.year, 12, 30)
        if any(one.act == "give_back" for one in self.handle.ledger().bookings):
            self.do(ReleaseReturned(reason="Jahresabschluss"), OFFICER)
        if self.handle.ledger().available():
            self.do(CloseYear(reason=f"Haushaltsjahr {self.kiez.year}"), OFFICER)
        self.do(CloseProcedure(), OFFICER)

    def do(self, command: Command, actor: Actor) -> None:
        """Give a command that is accepted."""
        self.handle.execute(command, actor=actor)

    def is_refused(self, command: Command, actor: Actor) -> None:
        """Give a command that must be refused, and keep why.

        Raises:
            StoryError: it was accepted.
        """
        name = type(command).__name__
        try:
            self.do(command, actor)
        except Refused as refused:
            found = refused.objections
        else:
            raise StoryError(f"{self.kiez.name}: {name} was accepted, the story says otherwise")
        sentence = " ".join(self.wording.objection(one) for one in found)
        codes = tuple(one.code for one in found)
        one = Kept(kiez=self.kiez.name, command=name, codes=codes, sentence=sentence)
        self.kept.append(one)
