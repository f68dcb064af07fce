"""Whatever is asked, in whatever order: the books hold, and the journal brings them back.

The model keeps plain dicts and shares no code with what it checks. The long version runs with
``pytest -m long tests/platform/test_rebuild.py``.
"""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    AbandonDelivery,
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    FinishDelivery,
    ReplaceBallot,
    ReturnItem,
    ReviewItem,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
    WithdrawItem,
)
from partizipation_core.errors import Refused
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store import schema
from partizipation_core.values import Actor, Money, Role

BERLIN = ZoneInfo("Europe/Berlin")
POT = 1000
HOST = PluginHost.discover()
STATE = (schema.procedure, schema.definition, schema.item, schema.booking)

ITEMS = st.sampled_from(["fountain", "bench", "swing"])
PEOPLE = st.sampled_from(["anna", "ben", "cem", "dora"])
ROLES = st.sampled_from([Role.OFFICER, Role.REVIEWER, Role.COUNCIL])
CHOICES = st.dictionaries(ITEMS | st.just("moon"), st.sampled_from([1, 1, 1, 2]), max_size=3)
STEPS = {
    TakeUpReview: Role.REVIEWER,
    ShortlistItem: Role.OFFICER,
    StartDelivery: Role.REVIEWER,
    WithdrawItem: Role.RESIDENT,
}


class Life(RuleBasedStateMachine):
    """The life of a small budget, with everything that people try."""

    @initialize(screening=st.booleans())
    def open(self, screening):
        self.clock = FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))
        self.platform = Platform(host=HOST, clock=self.clock)
        self.budget = self.platform.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=Actor.of("officer", Role.OFFICER),
            settings={"pot": f"{POT} EUR", "misfit": "skip", "screening": screening},
            schedule={"vote": date(2027, 4, 1), "fund": date(2027, 5, 1)},
        )
        self.box, self.steps = {}, 0

    def teardown(self):
        if hasattr(self, "platform"):
            self.examine()
            self.platform.close()

    def ask(self, command, actor):
        self.steps += 1
        try:
            return self.budget.execute(command, actor=actor)
        except Refused:
            return None

    @rule(item=ITEMS, who=PEOPLE, euros=st.integers(0, 900))
    def hand_in(self, item, who, euros):
        cost = Money.euro(euros) if euros else None
        self.ask(SubmitItem(item=item, title=item, cost=cost), Actor.of(who, Role.RESIDENT))

    @rule(item=ITEMS, step=st.sampled_from(list(STEPS)), who=PEOPLE)
    def move(self, item, step, who):
        self.ask(step(item=item), Actor.of(who, STEPS[step]))

    @rule(item=ITEMS, outcome=st.sampled_from(["feasible", "feasible", "infeasible"]))
    def review(self, item, outcome):
        found = ReviewItem(item=item, outcome=outcome, cost=Money.euro(300), statement="Geprüft")
        self.ask(found, Actor.of("reviewer", Role.REVIEWER))

    @rule(item=ITEMS, role=ROLES)
    def give_back(self, item, role):
        self.ask(ReturnItem(item=item, reason="unvollständig"), Actor.of("m", role, "moderator"))

    @rule()
    def prepare_everything(self):
        """Take the short way to a full ballot, which chance alone would seldom find."""
        resident, reviewer, officer = (
            Actor.of("anna", Role.RESIDENT),
            Actor.of("reviewer", Role.REVIEWER),
            Actor.of("officer", Role.OFFICER),
        )
        items = ("fountain", "bench", "swing")
        for item in items:
            self.ask(SubmitItem(item=item, title=item, cost=Money.euro(400)), resident)
        self.ask(AdvanceStage(), officer)
        for item in items:
            self.ask(TakeUpReview(item=item), reviewer)
            self.ask(ReviewItem(item=item, outcome="feasible"), reviewer)
            self.ask(ShortlistItem(item=item), officer)

    @rule(who=PEOPLE, choices=CHOICES, again=st.booleans())
    def vote(self, who, choices, again):
        kind = ReplaceBallot if again else CastBallot
        vote = self.budget.state().vote
        if self.ask(kind(choices=choices), Actor.of(who, Role.RESIDENT)):
            assert ((vote, who) in self.box) == again
            self.box[vote, who] = choices

    @rule(role=ROLES)
    def advance(self, role):
        self.ask(AdvanceStage(), Actor.of("somebody", role))

    @rule(days=st.integers(0, 40))
    def wait(self, days):
        self.clock.advance(days=days)
        self.budget.tick()

    @rule()
    def count(self):
        self.ask(CountBallots(vote="vote", seed="1 2 3"), Actor.of("officer", Role.OFFICER))

    @rule(cut=st.integers(-1, 1), reserve=st.lists(ITEMS, max_size=1))
    def award(self, cut, reserve):
        proposed = self.budget.state().proposed
        amounts = {ref: Money(amount.cents + cut) for ref, amount in proposed.items()}
        kept = tuple(ref for ref in reserve if ref not in amounts)
        council = Actor.of("council", Role.COUNCIL)
        self.ask(AwardItems(amounts=amounts, reserve=kept, reason="Beschluss"), council)

    @rule(item=ITEMS, spent=st.integers(0, 500), done=st.booleans())
    def end(self, item, spent, done):
        money = Money.euro(spent)
        ended = (
            FinishDelivery(item=item, spent=money)
            if done
            else AbandonDelivery(item=item, spent=money, reason="-")
        )
        self.ask(ended, Actor.of("reviewer", Role.REVIEWER))

    @invariant()
    def not_a_cent_more_than_there_is(self):
        if hasattr(self, "budget"):
            assert 0 <= self.budget.ledger().bound().cents <= POT * 100

    @invariant()
    def every_few_steps_the_books_are_checked(self):
        if hasattr(self, "budget") and self.steps % 5 == 4:
            self.examine()

    def examine(self):
        assert [fault for check in self.budget.audit() for fault in check.faults] == []
        before = self.stored()
        self.budget.rebuild()
        assert self.stored() == before
        with self.budget._unit() as unit:
            for vote in {vote for vote, _ in self.box}:
                mine = [ballot for (one, _), ballot in self.box.items() if one == vote]
                assert sorted(map(repr, map(sorted, unit.ballots(vote)))) == sorted(
                    map(repr, map(sorted, mine))
                )

    def stored(self):
        with self.budget._unit() as unit:
            return [sorted(unit._connection.execute(table.select()), key=repr) for table in STATE]


QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def test_the_books_hold_whatever_people_try():
    run_state_machine_as_test(
        Life, settings=settings(max_examples=25, stateful_step_count=40, **QUIET)
    )


@pytest.mark.long
def test_the_books_hold_for_a_long_time():
    run_state_machine_as_test(
        Life, settings=settings(max_examples=150, stateful_step_count=60, **QUIET)
    )
