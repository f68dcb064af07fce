"""Towns played on a real platform, opened from the files in ``examples/towns``."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CloseProcedure,
    CountBallots,
    FinishDelivery,
    ResolveItems,
    ReviewItem,
    ShortlistByVote,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.configuration import ProcedureConfig, read_configuration
from partizipation_core.kernel.sitting import Resolution
from partizipation_core.plugins.host import PluginHost

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "towns"
OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
SEED = "2027-06-02: 4 9 17 23 31 42"


class Town:
    """A town's procedure, played move by move."""

    officer, reviewer, council, moderator = OFFICER, REVIEWER, COUNCIL, MODERATOR

    def __init__(self, platform, name, **settings):
        file = EXAMPLES / f"{name}.toml"
        (written,) = read_configuration(file.read_text(encoding="utf-8")).values()
        wanted = ProcedureConfig(
            ref=written.ref,
            format=written.format,
            settings={**written.settings, **settings},
            rules=written.rules,
        )
        self.handle = platform.municipality("12060052").open_configured(wanted, actor=OFFICER)

    def __getattr__(self, name):
        return getattr(self.handle, name)

    @staticmethod
    def resident(name, **attributes):
        return Actor.of(name, Role.RESIDENT, **{"age": 40, "residence": "main", **attributes})

    def do(self, command, actor=OFFICER):
        self.handle.execute(command, actor=actor)
        return self

    def why(self, command, actor=OFFICER):
        return [str(one) for one in self.handle.why(command, actor=actor)]

    def until(self, stage):
        while self.handle.state().stage != stage:
            self.do(AdvanceStage())
        return self

    def idea(self, ref, euros=None, *, area="", category="", author="author"):
        cost = None if euros is None else Money.euro(euros)
        asked = SubmitItem(item=ref, title=ref, cost=cost, area=area, category=category)
        return self.do(asked, self.resident(author))

    def check(self, *refs, outcome="feasible", statement="", euros=None):
        """Let an office take ideas up and say what it found."""
        cost = None if euros is None else Money.euro(euros)
        for ref in refs:
            self.do(TakeUpReview(item=ref), REVIEWER)
            found = ReviewItem(
                item=ref,
                outcome=outcome,
                statement=statement,
                cost=cost,
                checks=dict.fromkeys(self.handle.settings().checklist, "yes"),
            )
            self.do(found, REVIEWER)
        return self

    def shortlist(self, *refs):
        self.check(*refs)
        for ref in refs:
            self.do(ShortlistItem(item=ref))
        return self

    def cast(self, who, choices, **attributes):
        return self.do(CastBallot(choices=choices), self.resident(who, **attributes))

    def cast_each(self, wanted, mark=1):
        """Cast one ballot a person so that each item gets its number: ref → votes."""
        for voter in range(max(wanted.values())):
            named = {ref: mark for ref, votes in wanted.items() if votes > voter}
            self.cast(f"voter-{voter:03}", named)
        return self

    def preselect(self, vote, seed=SEED):
        self.do(ShortlistByVote(vote=vote, seed=seed))
        return self.handle.journal()[-1].event

    def count(self, vote="vote", seed=SEED):
        self.do(CountBallots(vote=vote, seed=seed))
        return self.handle.result(vote)

    def award(self):
        return self.do(AwardItems(amounts=self.handle.state().proposed), COUNCIL)

    def resolve(self, **outcomes):
        each = {
            ref.replace("_", "-"): one
            if isinstance(one, Resolution)
            else Resolution(outcome=one, reason="Beschluss vom 17. Juni 2027")
            for ref, one in outcomes.items()
        }
        return self.do(ResolveItems(each=each), COUNCIL)

    def deliver(self, ref, spent):
        self.do(StartDelivery(item=ref), REVIEWER)
        return self.do(FinishDelivery(item=ref, spent=Money.euro(spent)), REVIEWER)

    def close(self):
        """Close the procedure, and have everything checked that can be."""
        self.until("implement").do(CloseProcedure())
        assert [fault for check in self.handle.audit() for fault in check.faults] == []

    def states(self, *refs):
        return [self.handle.item(ref).state for ref in refs]


@pytest.fixture(scope="session")
def host():
    return PluginHost.discover()


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))


@pytest.fixture
def town(host, clock):
    """Open a town by the name of its file."""
    with Platform(host=host, clock=clock) as platform:
        yield lambda name, **settings: Town(platform, name, **settings)
