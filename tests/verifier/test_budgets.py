"""Money of areas and categories is counted again, too, and a wrong tally of it is found."""

import copy
import json
from random import Random

import pytest

from partizipation_core.clock import Instant
from partizipation_core.commands import AdvanceStage, AwardItems, CastBallot, CountBallots
from partizipation_core.kernel.ballot import _counting
from partizipation_core.kernel.ballots.merging import heirs, merged_away
from partizipation_core.kernel.lineage import ItemsMerged
from partizipation_core.kernel.state import Item, World
from partizipation_core.values import Actor, Role

GOOD, TAMPERED, INCOMPLETE, UNSUPPORTED = range(4)
NOON = Instant(1_800_000_000_000_000)
OFFICER, COUNCIL = Actor.of("officer-1", Role.OFFICER), Actor.of("council", Role.COUNCIL)
PRICES = {"n-1": 60_000, "n-2": 50_000, "s-1": 40_000, "s-2": 90_000, "w-1": 10_000}
PLACES = {ref: ({"n": "Nord", "s": "Süd", "w": ""}[ref[0]], "") for ref in PRICES}
BUDGETS = {
    "limits": ({"Nord": "1000 EUR", "Süd": "500 EUR"}, "limits", ["n-1", "s-1", "w-1"]),
    "pots": ({"Süd": "1000 EUR", "Nord": "1100 EUR"}, "pots", ["n-1", "n-2", "s-1"]),
    "pots that hold more than there is": (
        {"Süd": "1000 EUR", "Nord": "4500 EUR"},
        "pots",
        ["n-1", "n-2", "s-1"],
    ),
}


def story(town, until_the_vote, amounts, kind, name="budget-2027"):
    settings = {
        "pot": "5000 EUR",
        "misfit": "skip",
        "areas": ["Nord", "Süd"],
        "area_budgets": amounts,
        "budgets_as": kind,
    }
    handle = town.open(name, "buergerhaushalt", actor=OFFICER, settings=settings)
    until_the_vote(handle, PRICES, PLACES)
    for who, choices in (
        ("anna", ["n-1", "n-2", "s-1"]),
        ("bernd", ["n-1", "s-1", "w-1"]),
        ("cem", ["n-1", "n-2"]),
        ("dora", ["s-1", "s-2"]),
    ):
        ballot = CastBallot(choices=dict.fromkeys(choices, 1))
        handle.execute(ballot, actor=Actor.of(who, Role.RESIDENT))
    handle.execute(AdvanceStage(), actor=OFFICER)
    handle.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    handle.execute(AwardItems(amounts=handle.state().proposed), actor=COUNCIL)
    return handle


@pytest.mark.parametrize(("amounts", "kind", "funded"), BUDGETS.values(), ids=BUDGETS)
def test_budgets_of_areas_are_counted_again(  # noqa: PLR0917 - fixtures
    town, until_the_vote, verifier, tmp_path, amounts, kind, funded
):
    handle = story(town, until_the_vote, amounts, kind)
    assert sorted(handle.state().proposed) == funded

    handle.export(tmp_path / "export")
    report = verifier.verify(tmp_path / "export")
    assert report.exit_code == GOOD, report.text("en")
    assert report.found[0][1] == "recounted"


def counted(rows):
    return next(row["data"] for row in rows if row["kind"] == "BallotsCounted")


def fund_beyond_the_area(rows):
    """Fund the second of the south out of the money of the north."""
    told = counted(rows)
    told["result"]["funded"].append("s-2")
    told["proposed"]["s-2"] = PRICES["s-2"]
    told["result"]["rest"] -= PRICES["s-2"]
    next(one for one in told["result"]["fates"] if one["id"] == "s-2")["outcome"] = "funded"


def spare_the_last(rows):
    told = counted(rows)
    last = told["result"]["funded"].pop()
    del told["proposed"][last]
    told["result"]["rest"] += PRICES[last]
    next(one for one in told["result"]["fates"] if one["id"] == last)["outcome"] = "rejected"


def one_vote_more(rows):
    counted(rows)["result"]["fates"][0]["votes"] += 1


def money_of_nobody(rows):
    counted(rows)["result"]["rest"] += 100


def another_order(rows):
    counted(rows)["result"]["fates"].reverse()


def larger_limits(rows):
    """Raise the limits in the pinned settings, after the count was made with the smaller ones."""
    opened = next(row["data"] for row in rows if row["kind"] == "ProcedureOpened")
    opened["definition"]["settings"]["area_budgets"] = {"Nord": 150_000, "Süd": 250_000}


def another_area(rows):
    opened = next(row["data"] for row in rows if row["kind"] == "BallotOpened")
    opened["areas"]["n-1"] = "Süd"


WRONG = (
    fund_beyond_the_area,
    spare_the_last,
    one_vote_more,
    money_of_nobody,
    another_order,
    larger_limits,
    another_area,
)


@pytest.mark.parametrize("kind", ["limits", "pots"])
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_wrong_tally_of_budgets_is_found(  # noqa: PLR0917 - fixtures
    town, until_the_vote, verifier, seal_again, tmp_path, wrong, kind
):
    handle = story(town, until_the_vote, {"Nord": "1000 EUR", "Süd": "500 EUR"}, kind)
    folder = tmp_path / "export"
    handle.export(folder)
    rows = [json.loads(row) for row in (folder / "journal.ndjson").read_bytes().splitlines()]
    wrong(rows)
    chained(verifier, folder, rows, seal_again)

    report = verifier.verify(folder)
    assert report.exit_code == TAMPERED
    assert {code for level, code, _ in report.found if level == TAMPERED} == {"result"}


def chained(verifier, folder, rows, seal_again):
    """Write a journal that agrees with itself, with checkpoints and a manifest that fit."""
    previous = ""
    for row in rows:
        row["prev"] = previous
        previous = verifier.leaf(verifier.canonical(row)).hex()
    bodies = [verifier.canonical(row) + b"\n" for row in rows]
    (folder / "journal.ndjson").write_bytes(b"".join(bodies))
    seal_again(folder)
    export = verifier.Export(folder, verifier.Report())
    leaves = verifier.check_journal(export)
    for file in (folder / "checkpoints").iterdir():
        file.write_text(verifier.checkpoint_text(export, leaves, int(file.stem)))
    seal_again(folder)


def test_another_kind_of_result_than_the_settings_ask_for_is_not_taken_for_good(
    town, until_the_vote, verifier, seal_again, tmp_path
):
    handle = story(town, until_the_vote, {"Nord": "1000 EUR"}, "pots")
    folder = tmp_path / "export"
    handle.export(folder)
    rows = [json.loads(row) for row in (folder / "journal.ndjson").read_bytes().splitlines()]
    counted(rows)["result"]["rule"] = "greedy"
    chained(verifier, folder, rows, seal_again)
    assert verifier.verify(folder).exit_code == UNSUPPORTED


@pytest.mark.parametrize("pointed", [True, False])
def test_what_was_merged_after_the_vote_is_counted_as_the_library_does(verifier, pointed):
    """Some towns merge after the vote and before the count; ballots say both names then."""
    chance = Random("Potsdam")  # noqa: S311 - a play
    refs = [f"p{n}" for n in range(6)]
    for _ in range(200):
        items = {ref: Item(ref=ref, state="on_ballot", author="a", title=ref) for ref in refs}
        journal = merged_by_chance(chance, items)
        paper = chance.sample(refs, 5)
        choices = {ref: chance.randint(1, 5) for ref in chance.sample(paper, 3)}

        into, gone = heirs(paper, items), set(merged_away(paper, items))
        due = _counting(copy.copy(choices), into, gone, pointed=pointed)
        found = verifier.merged_into(journal, dict.fromkeys(paper, 0))
        assert set(found) == gone
        kind = "cumulative" if pointed else "approval"
        assert verifier.moved(choices, found, kind) == due


def merged_by_chance(chance, items):
    """Merge some items into others still there; return the lines that say so."""
    journal = []
    for seq in range(chance.randint(0, 4)):
        left = [ref for ref, item in items.items() if item.state != "merged"]
        into, source = chance.sample(left, 2)
        policy = chance.choice(["add_points", "add_points", "never"])
        event = ItemsMerged(into=into, sources=(source,), vote_policy=policy, reason="")
        items |= {item.ref: item for item in event.apply(World(procedure=None, items=items), NOON)}
        data = {"into": into, "sources": [source], "vote_policy": policy}
        journal.append({"seq": seq, "kind": "ItemsMerged", "data": data})
    return journal
