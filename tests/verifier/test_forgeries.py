"""What an insider may not make of a journal, though every hash fits: order, people, money, totals.

Each forgery is one that a command would have been refused, so no honest journal holds it.
"""

import json

import pytest

from partizipation_core import Actor, Role
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
)

GOOD, TAMPERED = 0, 1
OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)
COUNCIL = Actor.of("council", Role.COUNCIL)
SETTINGS = {
    "pot": "5000 EUR",
    "misfit": "skip",
    "results": "certified",
    "channels": ["online", "urn"],
}


@pytest.fixture
def published(town, until_the_vote):
    """A vote by account and at an urn, certified by somebody else, and awarded."""
    handle = town.open("budget-2027", "buergerhaushalt", actor=OFFICER, settings=SETTINGS)
    until_the_vote(handle, {"fountain": 260_000, "bench": 90_000, "swing": 180_000})
    for name in ("anna", "bernd", "cem"):
        voter = Actor.of(name, Role.RESIDENT)
        handle.execute(CastBallot(choices={"bench": 1}), actor=voter)
    admit = AdmitVoters(people=["u-1", "u-2", "u-3"], channel="urn", place="rathaus")
    handle.execute(admit, actor=OFFICER)
    handle.execute(AdvanceStage(), actor=OFFICER)
    votes = {"swing": ItemTotals(votes=2)}
    totals = EnterTotals(vote="vote", place="rathaus", ballots=3, valid=3, votes=votes)
    for command in (totals, CountBallots(vote="vote", seed="4 9 17")):
        handle.execute(command, actor=OFFICER)
    handle.execute(CertifyResult(vote="vote"), actor=DEPUTY)
    handle.execute(PublishResult(vote="vote"), actor=OFFICER)
    handle.execute(AwardItems(amounts=handle.state().proposed), actor=COUNCIL)
    return handle


@pytest.fixture
def insider(published, tmp_path, insider_of):
    published.export(tmp_path / "export")
    return insider_of(tmp_path / "export")


def test_without_a_change_everything_still_fits(insider):
    report = insider.settle()
    assert report.exit_code == GOOD, report.text("en")


# --- what stands where it cannot stand


def canonical(data):
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def number(insider):
    """Number lines anew, and fit to it what names them: texts, books, checkpoints, manifest."""
    now = {one["seq"]: seq for seq, one in enumerate(insider.lines, start=1) if "new" not in one}
    for seq, one in enumerate(insider.lines, start=1):
        one["seq"] = seq
        one.pop("new", None)
    texts = insider._read("texts.ndjson")
    for row in texts:
        seq, _, place = row["place"].partition("/")
        row["place"] = f"{now[int(seq)]}/{place}"
    insider._write("texts.ndjson", map(canonical, texts))
    books = [{**row, "seq": now[row["seq"]]} for row in insider._read("books.ndjson")]
    insider._write("books.ndjson", map(canonical, books))
    file = insider.folder / "manifest.json"
    manifest = json.loads(file.read_bytes()) | {"lines": len(insider.lines)}
    points = insider.folder / "checkpoints"
    closing = insider.line("BallotClosed")["seq"]
    for old in sorted(points.iterdir()):
        del manifest["files"][f"checkpoints/{old.name}"]
        old.unlink()
    for size in (closing, len(insider.lines)):
        (points / f"{size}.txt").write_text("x")
        manifest["files"][f"checkpoints/{size}.txt"] = {}
    file.write_bytes(canonical(manifest) + b"\n")


def copied(kind, after, as_kind="", **other):
    """Put a copy of a line behind another one."""

    def change(insider):
        line = insider.line(kind)
        copy = {**line, "new": True, "texts": {}, "data": {**line["data"], **other}}
        copy["data"].pop("bookings", None)
        copy["kind"] = as_kind or kind
        insider.lines.insert(insider.lines.index(insider.line(after)) + 1, copy)
        number(insider)

    return change


def amended(after, **other):
    def change(insider):
        definition = insider.line("ProcedureOpened")["data"]["definition"]
        settings = {**definition["settings"], **other}
        data = {"definition": {**definition, "settings": settings}, "reason": "x", "bookings": []}
        line = {**insider.line("BallotClosed"), "new": True, "data": data}
        line["kind"] = "ProcedureAmended"
        insider.lines.insert(insider.lines.index(insider.line(after)) + 1, line)
        number(insider)

    return change


def without(kind):
    def change(insider):
        insider.lines.remove(insider.line(kind))
        number(insider)

    return change


def told(kind, **other):
    def change(insider):
        insider.line(kind)["data"] |= other

    return change


def paper_that_grew(insider):
    line = insider.line("BallotsCounted")
    data = {"vote": "vote", "item": "moon", "cost": 1, "area": "", "category": "", "revision": 1}
    put = {**line, "new": True, "kind": "ItemPutOnBallot", "data": data}
    insider.lines.insert(insider.lines.index(insider.line("ItemsAwarded")), put)
    number(insider)


COURSE = {
    "counted twice, with another seed": copied("BallotsCounted", "BallotsCounted", seed="1"),
    "a second draft": copied("ResultDrafted", "ResultDrafted", seed="1"),
    "a draft with another seed than the count": told("ResultDrafted", seed="1"),
    "a draft of more ballots": told("ResultDrafted", ballots=9),
    "a draft with more money than there was": told("ResultDrafted", budget=900_000),
    "certified by whoever counted": told("ResultCertified", by="officer-1"),
    "certified by nobody": without("ResultCertified"),
    "known without a draft": without("ResultDrafted"),
    "amended after the close": amended("BallotClosed"),
    "amended after the count": amended("BallotsCounted", misfit="stop"),
    "a paper printed a second time": copied("BallotOpened", "BallotOpened"),
    "a paper printed after the close": copied("BallotOpened", "BallotClosed"),
    "a paper that grew after the count": paper_that_grew,
    "closed twice": copied("BallotClosed", "BallotClosed"),
    "sworn to after the close": copied("BallotClosed", "BallotClosed", "BoxCheckpointed"),
    "an urn that reports after the count": copied("TotalsEntered", "BallotsCounted", place="x"),
    "another secrecy than was promised": told("BallotClosed", secrecy="open"),
}


@pytest.mark.parametrize("change", COURSE.values(), ids=COURSE)
def test_what_cannot_follow_is_found(insider, change):
    change(insider)
    report = insider.settle()
    assert "course" in faults(report), report.text("en")
    assert "{" not in report.text("de")


def faults(report):
    return {code for level, code, _ in report.found if level == TAMPERED}


# --- totals that cannot be


def totals(**other):
    def change(insider):
        insider.line("TotalsEntered")["data"]["totals"] |= other

    return change


def hands(**shown):
    """Let an assembly of three people show hands, as a channel of the vote."""

    def change(insider):
        swing = {"yes": 0, "no": 0, "abstain": 0, **shown}
        data = {"vote": "vote", "present": 3, "hands": {"swing": swing}, "note": ""}
        line = {**insider.line("TotalsEntered"), "new": True, "texts": {}, "data": data}
        line["kind"] = "HandsRecorded"
        insider.lines.insert(insider.lines.index(insider.line("TotalsEntered")), line)
        number(insider)

    return change


TOTALS = {
    "more votes than valid ballots": totals(
        votes={"swing": {"votes": 5, "contra": 0, "points": None}}
    ),
    "votes below none": totals(votes={"swing": {"votes": -1, "contra": 0, "points": None}}),
    "ballots that do not add up": totals(ballots=9),
    "blank ballots below none": totals(blank=-1, invalid=1),
    "more hands than people": hands(yes=9),
    "hands below none": hands(no=-1),
}


@pytest.mark.parametrize("change", TOTALS.values(), ids=TOTALS)
def test_totals_that_cannot_be_are_found(insider, change):
    change(insider)
    report = insider.settle()
    assert "totals_odd" in faults(report), report.text("en")


# --- money


def awarded(**amounts):
    def change(insider):
        insider.line("ItemsAwarded")["data"]["amounts"] = amounts

    return change


def a_larger_pot(insider):
    insider.line("ProcedureOpened")["data"]["definition"]["settings"]["pot"] = 900_000


MONEY = {
    "an award of more than was booked": awarded(bench=190_000, swing=180_000),
    "an award without a booking": awarded(bench=90_000, swing=180_000, fountain=1),
    "a booking without an award": awarded(bench=90_000),
    "a pot of another size than was filled": a_larger_pot,
}


@pytest.mark.parametrize("change", MONEY.values(), ids=MONEY)
def test_money_that_is_not_what_was_booked_is_found(insider, change):
    assert set(insider.line("ItemsAwarded")["data"]["amounts"]) == {"bench", "swing"}
    change(insider)
    assert "booked" in faults(insider.settle())


# --- ballots that nobody could bring


def test_ballots_by_a_channel_that_was_closed_are_found(insider):
    for ballot in insider.ballots:
        ballot["channel"] = "paper"
    assert "channels" in faults(insider.settle())


def test_more_voters_than_the_electoral_roll_has_people_are_found(insider):
    settings = insider.line("ProcedureOpened")["data"]["definition"]["settings"]
    settings |= {"electorate": "register", "unnamed": []}
    frozen = {"vote": "vote", "people": 2, "root": "00" * 32}
    line = {**insider.line("BallotOpened"), "new": True, "kind": "ElectorateFrozen", "texts": {}}
    line["data"] = frozen
    insider.lines.insert(insider.lines.index(insider.line("BallotOpened")) + 1, line)
    number(insider)
    assert "electorate" in faults(insider.settle())
