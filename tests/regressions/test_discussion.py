"""What users of other platforms complained about, as far as it concerns supports and comments."""

import os
import subprocess
import sys
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    AddComment,
    CastBallot,
    ConfirmSupport,
    RateItem,
    ReviewItem,
    ReviseItem,
    ShortlistItem,
    SubmitItem,
    SupportItem,
    TakeUpReview,
)
from partizipation_core.errors import Refused
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.kernel.discussion.counts import Counts
from partizipation_core.platform import Platform
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.values import Actor, Money, Role

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
STAGES = {"review": date(2027, 4, 15), "vote": date(2027, 5, 1), "fund": date(2027, 6, 1)}


class Rated:
    """A plugin: a Bürgerhaushalt in whose first stage ideas are rated as well."""

    @hookimpl
    def register_formats(self):
        ideas = BUERGERHAUSHALT.stages[0]
        more = {RateItem: ["resident"]}
        stage = Stage("ideas", kind=StageKind.IDEA, allows={**ideas.allows, **more})
        return [BUERGERHAUSHALT.derive(key="rated", replace=[stage])]


@pytest.fixture(scope="module")
def host():
    installed = PluginHost.discover()
    plugins = [
        Plugin(origin, installed._manager.get_plugin(origin.plugin))
        for origin in installed.plugins
        if origin.plugin != "core"
    ]
    return PluginHost([*plugins, Plugin(Origin("rated", "dist-rated", "1.0"), Rated())])


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 4, 1), BERLIN))


@pytest.fixture
def platform(host, clock, tmp_path):
    opened = Platform(f"sqlite:///{tmp_path / 'town.db'}", host=host, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def budget(platform):
    """Open a budget with ideas a to c, two of them in one area: ``budget(max_supports=2)``."""

    def open_(ref="budget-2027", **settings):
        wanted = {"pot": "1000 EUR", "misfit": "skip", **settings}
        town = platform.municipality("12060052")
        opened = town.open(ref, "rated", actor=OFFICER, settings=wanted, schedule=STAGES)
        for item, area in {"a": "Nord", "b": "Nord", "c": "Süd"}.items():
            idea = SubmitItem(item=item, title=item, cost=Money.euro(100), area=area)
            opened.execute(idea, actor=resident("author"))
        return opened

    return open_


def resident(name):
    return Actor.of(name, Role.RESIDENT)


def refusal(handle, command, who):
    with pytest.raises(Refused) as caught:
        handle.execute(command, actor=resident(who))
    return [one.code for one in caught.value.objections]


@pytest.mark.parametrize(
    ("policy", "revised"),
    [("keep", Counts(supports=1)), ("ask", Counts(lapsed=1)), ("reset", Counts(lapsed=1))],
)
def test_t22_a_support_is_bound_to_the_text_it_was_given_to(budget, policy, revised):
    """T22 text changed after people supported it -> policy keep / ask again / reset."""
    town = budget(support_policy=policy)
    town.execute(SupportItem(item="a"), actor=resident("anna"))
    town.execute(ReviseItem(item="a", title="Ganz anders"), actor=resident("author"))
    assert town.supports("a") == revised
    if policy == "ask":
        assert refusal(town, SupportItem(item="a"), "anna") == ["support_unconfirmed"]
        town.execute(ConfirmSupport(item="a"), actor=resident("anna"))
    if policy == "reset":
        town.execute(SupportItem(item="a"), actor=resident("anna"))
    assert town.supports("a") == Counts(supports=1)
    assert [fault for check in town.audit() for fault in check.faults] == []


def test_t25_a_limit_binds_the_act_it_is_named_after(budget):
    """T25 a limit meant for all bound supports only -> limits are named per act."""
    town = budget(max_supports=1)
    town.execute(SupportItem(item="a"), actor=resident("anna"))
    assert refusal(town, SupportItem(item="c"), "anna") == ["too_many_supports"]
    for item in "abc":
        town.execute(RateItem(item=item, value=1), actor=resident("anna"))
        text = AddComment(item=item, comment=f"k-{item}", text="Gut")
        town.execute(text, actor=resident("anna"))


def test_t26_supports_are_capped_in_each_area(budget):
    """T26 cap on supports per district wanted -> per area, besides the cap in all."""
    town = budget(max_supports_per_area=1)
    town.execute(SupportItem(item="a"), actor=resident("anna"))
    assert refusal(town, SupportItem(item="b"), "anna") == ["too_many_supports_in_area"]
    town.execute(SupportItem(item="c"), actor=resident("anna"))
    assert {one.area for one in town.held(resident("anna"))} == {"Nord", "Süd"}


def test_t29_running_numbers_are_hidden_until_the_stage_is_over(budget, clock):
    """T29 running results influence later voters -> hidden until published by default."""
    town = budget()
    town.execute(RateItem(item="a", value=-1), actor=resident("anna"))
    with pytest.raises(Refused, match="counts_not_public_yet") as caught:
        town.ratings("a")
    assert b"contra" not in b"".join(town.journal_lines())
    (objection,) = caught.value.objections
    clock.set(objection.allowed_from)
    town.tick()
    assert town.ratings("a") == Counts(contra=1)


def test_t37_a_second_procedure_starts_from_nothing(budget):
    """T37 a copied project kept its old counters -> counts are derived, never kept."""
    first = budget()
    first.execute(SupportItem(item="a"), actor=resident("anna"))
    assert budget("budget-2028").supports("a") == Counts()
    assert first.rebuild()
    assert first.supports("a") == Counts(supports=1)


def test_t61_a_comment_names_its_author_by_pseudonym_only(budget):
    """T61 delete the person, keep what they said -> nothing but the pseudonym is written."""
    town = budget()
    anna = Actor.of("p-4711", Role.RESIDENT, name="Anna Beispiel", age=34)
    town.execute(AddComment(item="a", comment="k-1", text="Gut"), actor=anna)
    town.execute(SupportItem(item="a"), actor=anna)
    (comment,) = town.comments("a")
    assert comment.author == "p-4711"
    assert "Beispiel" not in b"".join(town.journal_lines()).decode()


def test_r1_one_function_counts_every_kind_of_taking_part(budget, clock):
    """R1 statistics must count every kind of participation, from one function."""
    town = budget()
    town.execute(SupportItem(item="a"), actor=resident("anna"))
    town.execute(RateItem(item="a", value=1), actor=resident("bernd"))
    town.execute(AddComment(item="a", comment="k-1", text="Gut"), actor=resident("cem"))
    office = Actor.of("moderator-1", Role.MODERATOR)
    town.execute(AddComment(item="a", comment="k-2", text="Danke"), actor=office)
    before = town.participation()
    assert {kind: one.acts for kind, one in before.kinds.items()} == {
        "items": 3,
        "comments": 1,
        "supports": 1,
        "ratings": 1,
        "reports": 0,
    }
    assert before.people_at_least == 4  # author, anna, bernd, cem; the office is not the public
    to_the_vote(town, clock)
    for who in ("anna", "v-1", "v-2", "v-3", "v-4"):
        town.execute(CastBallot(choices={"a": 1}), actor=resident(who))
    after = town.participation()
    assert after.kinds["ballots.vote"].people == 5
    assert after.people_at_least == 5


def to_the_vote(town, clock):
    clock.set(start_of_day(STAGES["review"], BERLIN))
    town.tick()
    for command, actor in (
        (TakeUpReview(item="a"), REVIEWER),
        (ReviewItem(item="a", outcome="feasible"), REVIEWER),
        (ShortlistItem(item="a"), OFFICER),
    ):
        town.execute(command, actor=actor)
    clock.set(start_of_day(STAGES["vote"], BERLIN))
    town.tick()


PROCESS = """
import sys, time
from pathlib import Path
from partizipation_core import Actor, ItemRef, Platform, Role
from partizipation_core.clock import FrozenClock
from partizipation_core.commands import SupportItem
from partizipation_core.errors import Refused

file, now, mine, other, *refs = sys.argv[1:]
platform = Platform(f"sqlite:///{file}", clock=FrozenClock(int(now)))
budget = platform.municipality("12060052").procedure("budget-2027")
Path(mine).touch()
while not Path(other).exists():
    time.sleep(0.005)
accepted = 0
for ref in refs:
    try:
        budget.execute(SupportItem(item=ItemRef(ref)), actor=Actor.of("anna", Role.RESIDENT))
        accepted += 1
    except Refused as refusal:
        assert [one.code for one in refusal.objections] == ["too_many_supports"]
print(accepted)
"""


@pytest.mark.sqlite  # on PostgreSQL: tests/platform/test_concurrency.py
def test_r4_two_processes_never_exceed_a_cap_together(tmp_path, clock):
    """R4 a limit per person is checked under a lock."""
    file = tmp_path / "town.db"
    platform = Platform(f"sqlite:///{file}", clock=clock)
    town = platform.municipality("12060052")
    settings = {"pot": "1000 EUR", "misfit": "skip", "max_supports": 5}
    budget = town.open("budget-2027", "buergerhaushalt", actor=OFFICER, settings=settings)
    refs = [f"i-{number}" for number in range(12)]
    for ref in refs:
        budget.execute(SubmitItem(item=ref, title=ref), actor=resident("author"))
    doors = [str(tmp_path / name) for name in ("left", "right")]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(file), str(clock.now()), mine, other, *some],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for mine, other, some in ((*doors, refs[::2]), (*reversed(doors), refs[1::2]))
    ]
    accepted = [int(one.communicate(timeout=60)[0]) for one in running]
    assert sum(accepted) == 5
    assert len(budget.held(resident("anna"))) == 5
    assert [fault for check in budget.audit() for fault in check.faults] == []
    platform.close()
