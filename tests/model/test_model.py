"""A whole procedure against a model of plain dicts that shares no code with it.

The model says beforehand whether a command will be accepted, and afterwards what must be true.
It knows nothing of lifecycles, stages as data, rules or events; where both err, they err in
different ways. 400 procedures of up to 50 steps are played, 20,000 steps in all.
"""

from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import partizipation_buergerhaushalt
from partizipation_core import Actor, Money, Platform, PluginHost, Refused
from partizipation_core.commands import (
    AbandonDelivery,
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    EndStage,
    FinishDelivery,
    ReopenStage,
    ReplaceBallot,
    ReportProgress,
    ReviewItem,
    RevokeBallot,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
    WithdrawItem,
)
from partizipation_core.plugins.loader import Origin, Plugin

HOST = PluginHost([Plugin(Origin("buergerhaushalt", "b", "1"), partizipation_buergerhaushalt)])
ORDER = ["ideas", "review", "vote", "fund", "implement"]
POT = 1_000_00
IDEAS = st.sampled_from(["a", "b", "c", "d"])
YES_OR_NO = st.booleans()
CHOICES = st.sets(IDEAS, max_size=3)
SHARES = st.fractions(0, Fraction(11, 10), max_denominator=10)
PEOPLE = st.sampled_from(["p1", "p2", "p3"])
ROLES = ["resident", "reviewer", "officer", "council", "moderator"]
COSTS = st.sampled_from([100_00, 300_00, 400_00, 700_00])


def mostly(role):
    """Choose the role that a command is meant for most of the time."""
    return st.sampled_from([role] * 8 + ROLES)


class Town(RuleBasedStateMachine):
    """One Bürgerhaushalt and its model."""

    def __init__(self) -> None:
        super().__init__()
        self.platform = Platform(host=HOST)
        town = self.platform.municipality("12060052")
        self.real = town.open(
            "b",
            "buergerhaushalt",
            actor=Actor.of("o", "officer"),
            settings={
                "pot": "1000 EUR",
                "misfit": "skip",
                "max_choices": 2,
                "secrecy": "pseudonymous",  # so that a vote may be opened again
            },
        )
        self.stage, self.over = 0, False
        self.items: dict[str, dict] = {}
        self.paper: list[str] = []
        self.votes: dict[str, frozenset] = {}
        self.counted = False
        self.proposal: dict[str, int] = {}

    def teardown(self) -> None:
        """Give the database back."""
        self.platform.close()

    # --- comparing

    def play(self, command, person, role, *, expected):
        """Give a command to the real procedure and compare the answer with the model's."""
        refusal = None
        try:
            self.real.execute(command, actor=Actor.of(person, role))
        except Refused as refused:
            refusal = refused
        assert expected is (refusal is None), f"{command}: {refusal or 'accepted'}"
        return expected

    def on(self, stage: str) -> bool:
        return ORDER[self.stage] == stage and not self.over

    def state(self, ref: str) -> str:
        return self.items[ref]["state"] if ref in self.items else ""

    # --- moves

    @initialize(
        stage=st.sampled_from([*ORDER, "vote", "fund", "implement", "implement"]),
        costs=st.lists(COSTS, min_size=4, max_size=4),
        votes=st.lists(st.sets(IDEAS, min_size=1, max_size=2), min_size=3, max_size=3),
        shortlisted=st.integers(2, 4),
    )
    def begin(self, stage, costs, votes, shortlisted):
        """Begin anywhere: a walk by chance alone would hardly ever come to the money."""
        goal = ORDER.index(stage)
        for ref, person, cost in zip("abcd", ("p1", "p2", "p3", "p1"), costs, strict=True):
            self.submit(ref, person, "resident", cost)
        if goal >= ORDER.index("vote"):
            self.advance("officer", 0)
            for ref in "abcd"[:shortlisted]:
                self.take_up(ref, "r", "reviewer")
                self.review(ref, "r", "reviewer", good=True, told=False)
                self.shortlist(ref, "officer")
        while self.stage < goal:
            self.advance("officer", 0)
            if self.on("vote"):
                for person, choices in zip(("p1", "p2", "p3"), votes, strict=True):
                    self.vote(person, "resident", choices, again=False)
            if self.on("fund") and goal > self.stage:
                self.count("officer")
                self.award("council", honest=True)

    @rule(ref=IDEAS, person=PEOPLE, role=mostly("resident"), cost=COSTS)
    def submit(self, ref, person, role, cost):
        fine = self.on("ideas") and role == "resident" and ref not in self.items
        command = SubmitItem(item=ref, title=f"Idee {ref}", cost=Money(cost))
        if self.play(command, person, role, expected=bool(fine)):
            self.items[ref] = {"state": "published", "author": person, "cost": cost, "award": 0}

    @rule(ref=IDEAS, person=PEOPLE, role=mostly("resident"))
    def withdraw(self, ref, person, role):
        early = ORDER[self.stage] in ("ideas", "review") and not self.over
        states = ("published", "in_review", "feasible", "shortlisted")
        fine = early and role == "resident" and self.state(ref) in states
        fine = fine and self.items[ref]["author"] == person
        if self.play(WithdrawItem(item=ref), person, role, expected=bool(fine)):
            self.items[ref]["state"] = "withdrawn"

    @rule(ref=IDEAS, person=PEOPLE, role=mostly("reviewer"))
    def take_up(self, ref, person, role):
        fine = self.on("review") and role == "reviewer" and self.state(ref) == "published"
        if self.play(TakeUpReview(item=ref), person, role, expected=bool(fine)):
            self.items[ref]["state"] = "in_review"

    @rule(ref=IDEAS, person=PEOPLE, role=mostly("reviewer"), good=YES_OR_NO, told=YES_OR_NO)
    def review(self, ref, person, role, good, told):
        fine = self.on("review") and role == "reviewer" and self.state(ref) == "in_review"
        fine = fine and (good or told)
        command = ReviewItem(
            item=ref,
            outcome="feasible" if good else "infeasible",
            statement="weil" if told else "",
        )
        if self.play(command, person, role, expected=bool(fine)):
            self.items[ref]["state"] = "feasible" if good else "infeasible"

    @rule(ref=IDEAS, role=mostly("officer"))
    def shortlist(self, ref, role):
        fine = self.on("review") and role == "officer" and self.state(ref) == "feasible"
        if self.play(ShortlistItem(item=ref), "o", role, expected=bool(fine)):
            self.items[ref]["state"] = "shortlisted"

    @rule(role=mostly("officer"), patience=st.integers(0, 3))
    def advance(self, role, patience):
        if patience and self.stage == 0 and len(self.items) < 2:
            return
        fine = role == "officer" and self.stage < len(ORDER) - 1
        if self.play(AdvanceStage(), "o", role, expected=bool(fine)):
            self.stage, self.over = self.stage + 1, False
            if ORDER[self.stage] == "vote":
                self.paper = sorted(
                    r for r, i in self.items.items() if i["state"] == "shortlisted"
                )
                for ref in self.paper:
                    self.items[ref]["state"] = "on_ballot"

    @rule(role=mostly("officer"))
    def end(self, role):
        fine = role == "officer" and not self.over
        if self.play(EndStage(reason="weil"), "o", role, expected=bool(fine)):
            self.over = True

    @rule(role=mostly("officer"))
    def reopen(self, role):
        counted = self.counted and ORDER[self.stage if self.over else self.stage - 1] == "vote"
        fine = role == "officer" and self.over and not counted
        if self.over and self.play(ReopenStage(reason="weil"), "o", role, expected=bool(fine)):
            self.over = False

    @rule(
        person=PEOPLE,
        role=mostly("resident"),
        choices=st.sets(IDEAS, max_size=3),
        again=YES_OR_NO,
    )
    def vote(self, person, role, choices, again):
        fine = self.on("vote") and role == "resident" and choices <= set(self.paper)
        fine = fine and 1 <= len(choices) <= 2 and again == (person in self.votes)
        kind = ReplaceBallot if again else CastBallot
        command = kind(choices=dict.fromkeys(sorted(choices), 1))
        if self.play(command, person, role, expected=bool(fine)):
            self.votes[person] = frozenset(choices)

    @rule(person=PEOPLE, role=mostly("resident"))
    def revoke(self, person, role):
        fine = self.on("vote") and role == "resident" and person in self.votes
        if self.play(RevokeBallot(), person, role, expected=bool(fine)):
            del self.votes[person]

    @rule(role=mostly("officer"))
    def count(self, role):
        fine = self.on("fund") and role == "officer" and not self.counted and bool(self.paper)
        command = CountBallots(vote="vote", seed="1 2 3")
        if self.play(command, "o", role, expected=bool(fine)):
            self.counted = True
            self.proposal = {r: m.cents for r, m in self.real.state().proposed.items()}
            self.check_the_count()

    def check_the_count(self):
        """Fund in the order of votes, then of cost, and skip what does not fit."""
        scores = {r: sum(r in choices for choices in self.votes.values()) for r in self.paper}
        for better, worse in ((a, b) for a in self.paper for b in self.paper):
            ahead = scores[better] > scores[worse]
            fits = self.items[better]["cost"] <= self.items[worse]["cost"]
            if ahead and fits and worse in self.proposal:
                assert better in self.proposal
        assert all(scores[ref] > 0 for ref in self.proposal)
        rest = POT - sum(self.proposal.values())
        assert rest >= 0
        left = [r for r in self.paper if r not in self.proposal and scores[r] > 0]
        assert all(self.items[ref]["cost"] > rest for ref in left)

    @rule(role=mostly("council"), honest=YES_OR_NO)
    def award(self, role, honest):
        amounts = dict(self.proposal) if honest else dict.fromkeys(self.proposal, POT)
        here = ORDER[self.stage] in ("fund", "implement") and not self.over
        open_ = self.counted and all(self.state(r) == "on_ballot" for r in self.proposal)
        fine = here and role == "council" and open_ and bool(amounts)
        fine = fine and self.bound() + sum(amounts.values()) <= POT
        fine = fine and (honest or amounts == self.proposal)
        command = AwardItems(amounts={r: Money(c) for r, c in amounts.items()})
        if amounts and self.play(command, "c", role, expected=bool(fine)):
            for ref in self.paper:
                self.items[ref]["state"] = "awarded" if ref in amounts else "not_awarded"
                self.items[ref]["award"] = amounts.get(ref, 0)

    @rule(ref=IDEAS, role=mostly("reviewer"))
    def start(self, ref, role):
        fine = self.on("implement") and role == "reviewer" and self.state(ref) == "awarded"
        if self.play(StartDelivery(item=ref), "r", role, expected=bool(fine)):
            self.items[ref]["state"] = "in_progress"

    @rule(ref=IDEAS, role=mostly("reviewer"), percent=st.integers(-5, 105))
    def report(self, ref, role, percent):
        fine = self.on("implement") and role == "reviewer" and self.state(ref) == "in_progress"
        fine = fine and 0 <= percent <= 100
        self.play(ReportProgress(item=ref, percent=percent), "r", role, expected=bool(fine))

    @rule(
        ref=IDEAS,
        role=mostly("reviewer"),
        share=SHARES,
    )
    def finish(self, ref, role, share):
        spent = int(self.items.get(ref, {}).get("award", 0) * share)
        fine = self.on("implement") and role == "reviewer" and self.state(ref) == "in_progress"
        fine = fine and spent <= self.items[ref]["award"]
        if self.play(FinishDelivery(item=ref, spent=Money(spent)), "r", role, expected=bool(fine)):
            self.items[ref].update(state="done", award=spent)

    @rule(ref=IDEAS, role=mostly("reviewer"), told=YES_OR_NO)
    def abandon(self, ref, role, told):
        states = ("awarded", "in_progress")
        fine = self.on("implement") and role == "reviewer" and self.state(ref) in states and told
        command = AbandonDelivery(item=ref, reason="weil" if told else " ")
        if self.play(command, "r", role, expected=bool(fine)):
            self.items[ref].update(state="abandoned", award=0)

    # --- what is always true

    def bound(self) -> int:
        return sum(item["award"] for item in self.items.values())

    @invariant()
    def states_agree(self):
        real = {str(item.ref): item.state for item in self.real.items()}
        assert real == {ref: item["state"] for ref, item in self.items.items()}

    @invariant()
    def money_agrees(self):
        assert self.real.ledger().bound().cents == self.bound() <= POT

    @invariant()
    def ballots_agree(self):
        if self.paper:
            assert sum(self.real.turnout("vote").values()) == len(self.votes)


TestTown = Town.TestCase
TestTown.settings = settings(
    max_examples=400,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
