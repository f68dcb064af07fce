"""Procedures to be exported, and the verifier, which is loaded as the lone file that it is."""

import hashlib
import json
import shutil
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from random import Random
from runpy import run_path
from types import SimpleNamespace

import pytest

from partizipation_core import Actor, Money, Platform, Role
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdmitVoters,
    AdvanceStage,
    AwardItems,
    CastBallot,
    CertifyResult,
    CountBallots,
    EnterTotals,
    ItemTotals,
    PublishResult,
    ReplaceBallot,
    ReviewItem,
    RevokeBallot,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.errors import Refused
from partizipation_core.store.keys import MemoryKeys

OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
NOON = Instant(1_800_000_000_000_000)


def resident(name):
    return Actor.of(name, Role.RESIDENT)


@pytest.fixture(scope="session")
def verifier(root):
    """Everything the verifier's file defines."""
    return SimpleNamespace(**run_path(str(root / "verifier" / "verify.py")))


@contextmanager
def new_town():
    with closing(Platform(clock=FrozenClock(NOON), keys=MemoryKeys())) as platform:
        yield platform.municipality("12060052")


@pytest.fixture
def town():
    with new_town() as town:
        yield town


def until_the_vote(handle, prices, places=None):
    for ref, cents in prices.items():
        area, category = (places or {}).get(ref, ("", ""))
        idea = SubmitItem(
            item=ref,
            title=f"Vorschlag {ref}",
            cost=Money(cents),
            area=area,
            category=category,
        )
        handle.execute(idea, actor=resident("author"))
    handle.execute(AdvanceStage(), actor=OFFICER)
    for ref in prices:
        handle.execute(TakeUpReview(item=ref), actor=REVIEWER)
        handle.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        handle.execute(ShortlistItem(item=ref), actor=OFFICER)
    handle.execute(AdvanceStage(), actor=OFFICER)


@pytest.fixture
def voting(town):
    """A Bürgerhaushalt with three proposals whose vote is open."""
    handle = town.open(
        "budget-2027",
        "buergerhaushalt",
        actor=OFFICER,
        settings={"pot": "5000 EUR", "misfit": "skip"},
    )
    until_the_vote(handle, {"fountain": 260_000, "bench": 90_000, "swing": 180_000})
    return handle


def vote_and_award(handle):
    for name, choices in (
        ("anna", {"fountain": 1, "bench": 1}),
        ("bernd", {"fountain": 1}),
        ("cem", {"swing": 1}),
    ):
        handle.execute(CastBallot(choices=choices), actor=resident(name))
    handle.execute(AdvanceStage(), actor=OFFICER)
    handle.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    handle.execute(AwardItems(amounts=handle.state().proposed), actor=COUNCIL)
    return handle


@pytest.fixture
def awarded(voting):
    return vote_and_award(voting)


@pytest.fixture
def exported(awarded, tmp_path):
    folder = tmp_path / "export"
    awarded.export(folder)
    return folder


def _seal_again(folder):
    """Make a manifest that fits what was changed, as whoever changes it would."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_bytes())
    for name in manifest["files"]:
        body = (folder / name).read_bytes()
        manifest["files"][name] = {
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
    file.write_bytes(written(manifest))


def written(data):
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


@pytest.fixture
def change(exported):
    """Change lines of one file, and fit the manifest to it."""

    def run(name, edit):
        file = exported / name
        rows = [json.loads(row) for row in file.read_bytes().splitlines()]
        file.write_bytes(b"".join(map(written, edit(rows) or rows)))
        _seal_again(exported)
        return exported

    return run


# --- procedures made by chance

KINDS = {
    "approval": (1,),
    "cumulative": (1, 2, 3),
    "yes_no": (1, -1, 0),
    "pro_contra": (1, -1),
    "ranking": (),
}


NAMES = ["Nord", "Ost", "Süd"]
BUDGETS = (
    {},
    {"area_budgets": {"Süd": "9 EUR", "Nord": "14 EUR"}},
    {
        "area_budgets": {"Nord": "20 EUR"},
        "category_budgets": {"Nord": "4 EUR", "Ost": "11 EUR", "Süd": "30 EUR"},
    },
    {"area_budgets": {"Süd": "12 EUR", "Nord": "15 EUR"}, "budgets_as": "pots"},
    {"category_budgets": {"Ost": "10 EUR", "Nord": "25 EUR"}, "budgets_as": "pots"},
)


def made_settings(chance):
    kind = chance.choice(sorted(KINDS))
    return {
        "pot": f"{chance.randrange(1, 60)} EUR",
        "misfit": chance.choice(("skip", "stop", "overrun(4/5)", "overrun(1/2)")),
        "rank_by": chance.choice(("votes", "points", "pro", "pro_minus_contra", "votes_per_cost")),
        "threshold": chance.choice((0, 0, 1, 3)),
        "ballot_type": kind,
        "blank_ballots": chance.random() < 2 / 3,
        "results": chance.choice(("at_count", "certified")),
        "channels": ["online", "urn"],
        "areas": NAMES,
        "categories": NAMES,
        **chance.choice(BUDGETS),
        **({"max_points": 9, "max_points_per_item": 3} if kind == "cumulative" else {}),
        **({"max_choices": chance.choice((2, 4))} if kind == "ranking" else {}),
        **made_limits(chance),
    }


def made_limits(chance):
    """Choose limits by number, price, area and category, mostly few of them."""
    quota = {"min": chance.randrange(2), "max": chance.choice((1, 2, None))}
    possible = (
        {"min_choices": 2},
        {"min_choices": 0},
        {"min_total": "9 EUR"},
        {"max_total": "25 EUR"},
        {"max_total": "12 EUR", "overshoot": "once"},
        {"max_per_area": chance.randrange(1, 3)},
        {"max_per_category": chance.randrange(1, 3)},
        {"area_quotas": {chance.choice(NAMES): quota}},
        {"category_quotas": {chance.choice(NAMES): quota}, "max_per_category": 1},
    )
    limits = {}
    for one in chance.sample(possible, chance.choice((0, 0, 1, 2, 3))):
        limits |= one
    return limits


def made_ballot(chance, settings, refs):
    chosen = chance.sample(refs, chance.randrange(min(len(refs), 4) + 1))
    if settings["ballot_type"] == "ranking":
        chosen = chosen[: settings["max_choices"]]
        return {ref: place for place, ref in enumerate(chosen, start=1)}
    return {ref: chance.choice(KINDS[settings["ballot_type"]]) for ref in chosen}


def vote_by_chance(handle, kind, voter, filled):
    """Fill ballots in until one is allowed; who finds none does not vote."""
    for _ in range(30):
        with suppress(Refused):
            ballot = kind(choices=made_ballot(*filled))
            return handle.execute(ballot, actor=voter)
    return None


def made_procedure(town, seed):
    """Play a whole vote by chance: rule, prices, ballots, an urn, a second thought, an award."""
    chance = Random(seed)  # noqa: S311 - a play
    settings = made_settings(chance)
    handle = town.open(f"play-{seed}", "buergerhaushalt", actor=OFFICER, settings=settings)
    refs = [f"p{n}" for n in chance.sample(range(1, 30), chance.randrange(2, 7))]
    prices = {ref: chance.randrange(1, 20) * 100 for ref in refs}
    places = {ref: (chance.choice(["", *NAMES]), chance.choice(["", *NAMES])) for ref in refs}
    until_the_vote(handle, prices, places)
    everybody = [resident(f"v{n}") for n in range(chance.randrange(9))]
    filled = (chance, settings, refs)
    voters = [one for one in everybody if vote_by_chance(handle, CastBallot, one, filled)]
    for voter in voters[:2]:
        vote_by_chance(handle, ReplaceBallot, voter, filled)
    for voter in voters[2:4]:
        if chance.random() < 1 / 2:
            handle.execute(RevokeBallot(), actor=voter)
    with_urn = chance.random() < 1 / 2
    if with_urn:
        there = AdmitVoters(people=["u1", "u2", "u3"], channel="urn", place="rathaus")
        handle.execute(there, actor=OFFICER)
    handle.execute(AdvanceStage(), actor=OFFICER)
    if chance.random() < 1 / 4:
        handle.seal("vote")
    if with_urn:
        votes = {chance.choice(refs): ItemTotals(votes=2, contra=1)}
        totals = EnterTotals(vote="vote", place="rathaus", ballots=3, valid=3, votes=votes)
        handle.execute(totals, actor=OFFICER)
    handle.execute(CountBallots(vote="vote", seed=str(seed)), actor=OFFICER)
    if settings["results"] == "certified":
        handle.execute(CertifyResult(vote="vote"), actor=DEPUTY)
        handle.execute(PublishResult(vote="vote"), actor=DEPUTY)
    with suppress(Refused):  # an overrun goes beyond the pot
        handle.execute(AwardItems(amounts=handle.state().proposed), actor=COUNCIL)
    return handle


@pytest.fixture
def made():
    """Make a procedure by chance, in a database of its own that goes with the next one."""
    with ExitStack() as towns:

        def make(seed):
            towns.close()
            return made_procedure(towns.enter_context(new_town()), seed)

        yield make


@pytest.fixture
def insider_of(verifier, seal_again):
    """Put an export into the hands of somebody who can write all of it anew."""
    forging = run_path(str(Path(__file__).with_name("forging.py")))
    return lambda folder: forging["Insider"](verifier, folder, seal_again)


@pytest.fixture
def fresh_copy(exported, tmp_path):
    """Copies of an export, each to be damaged on its own."""

    def copy(name):
        target = tmp_path / name
        shutil.copytree(exported, target)
        return target

    return copy


@pytest.fixture
def seal_again():
    """Fit the manifest to files that were changed."""
    return _seal_again


@pytest.fixture(name="vote_and_award")
def play_to_the_award():
    """Three people vote, the vote is counted, the council awards."""
    return vote_and_award


@pytest.fixture(name="until_the_vote")
def play_until_the_vote():
    """Hand in proposals, review them and open the vote."""
    return until_the_vote


@pytest.fixture
def noon():
    return NOON
