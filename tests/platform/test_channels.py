"""Votes that come in by many channels flow into one register, one count and one set of numbers."""

import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from runpy import run_path
from threading import Barrier

import pytest

from partizipation_core import hookimpl, rule
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdmitItem,
    AdmitVoters,
    AwardItems,
    CastBallot,
    ConfirmPaperBallot,
    CountBallots,
    EnterPaperBallot,
    EnterTotals,
    Hands,
    ItemTotals,
    RecordAssembly,
    RecordHands,
    SettlePaperBallot,
    ShortlistItem,
    StrikePaperBallot,
    SubmitItem,
    VoidCodes,
)
from partizipation_core.errors import Conflict, InputError, NotFound, Refused, StorageError
from partizipation_core.exchange.booth import import_booth
from partizipation_core.execution.issuing import draw_codes
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.values import Actor, ItemRef, Money, Role

Budget = run_path(str(Path(__file__).with_name("conftest.py")))["Budget"]
OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)
STEWARD = Actor.of("kiezpatin-1", Role.STEWARD)


def codes_of(refused):
    return [one.code for one in refused.value.objections]


def resident(name):
    return Actor.of(name, Role.RESIDENT)


def type_in(handle, paper, choices=(), *, by=(OFFICER, DEPUTY), **more):
    """Let two people type a paper in; the receipt of the second one holds the commitment."""
    handle.execute(EnterPaperBallot(paper=paper, choices=dict(choices), **more), actor=by[0])
    return handle.execute(
        ConfirmPaperBallot(paper=paper, choices=dict(choices), **more), actor=by[1]
    )


def codes(handle, count=3, batch="letters", **more):
    """Issue codes and read them off the sheet for the printing house."""
    fresh = handle.issue_codes(batch=batch, vote="vote", count=count, actor=OFFICER, **more)
    return [line.split(",")[2] for line in fresh.hand_over().splitlines()[1:]]


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


# --- the stories


@pytest.fixture
def kiez(town, clock):
    """Return a Kiezkasse that tries the hybrid vote: assembly, paper and online in one vote."""
    handle = town.open(
        "kiez-2027",
        "kiezkasse",
        actor=OFFICER,
        settings={
            "pot": "2100 EUR",
            "region": "Allende-Viertel",
            "channels": ["online", "paper", "hands"],
            "same_voter": "paper_wins",
            "quorum": 3,
        },
        schedule={
            "precheck": date(2027, 4, 1),
            "assembly": date(2027, 4, 20),
            "fund": date(2027, 4, 29),
        },
    )
    for ref, euros in {"swing": 900, "lamps": 700, "stage": 1500}.items():
        idea = SubmitItem(item=ItemRef(ref), title=ref.title(), cost=Money.euro(euros))
        handle.execute(idea, actor=resident("author"))
    clock.set(start_of_day(date(2027, 4, 1), handle.settings().timezone))
    for ref in ("swing", "lamps", "stage"):
        handle.execute(AdmitItem(item=ref), actor=OFFICER)
        handle.execute(ShortlistItem(item=ref), actor=OFFICER)
    clock.set(start_of_day(date(2027, 4, 20), handle.settings().timezone))
    handle.tick()
    return handle


def close(handle, clock, day=date(2027, 4, 29)):
    clock.set(start_of_day(day, handle.settings().timezone))
    handle.tick()


def test_a_kiez_votes_online_on_paper_and_by_hands_in_one_vote(kiez, clock):
    for name in ("anna", "bernd", "cem"):
        kiez.execute(CastBallot(choices={"swing": 1, "stage": -1}), actor=resident(name))
    type_in(kiez, "P-1", {"swing": 1, "lamps": 1})
    type_in(kiez, "P-2", validity="blank")
    type_in(kiez, "P-3", {"lamps": 1}, voter="bernd")  # his paper wins over his online ballot
    kiez.execute(AdmitVoters(people=["anna", "dora", "emil", "fatma"]), actor=STEWARD)
    close(kiez, clock)
    hands = {
        "swing": Hands(yes=3, no=1),
        "lamps": Hands(yes=4, no=0),
        "stage": Hands(yes=1, no=3),
    }
    kiez.execute(RecordHands(vote="assembly", present=4, hands=hands), actor=STEWARD)
    kiez.execute(CountBallots(vote="assembly"), actor=OFFICER)

    # Online only cem is left: anna came to the assembly, bernd sent a paper.
    assert kiez.turnout("assembly") == {"online": 1, "paper": 3, "hands": 4}
    fates = kiez.result("assembly").fates
    assert {ref: (fate.votes, fate.contra) for ref, fate in fates.items()} == {
        "swing": (1 + 1 + 3, 1),
        "lamps": (2 + 4, 0),
        "stage": (1, 1 + 3),
    }
    assert kiez.state().proposed == {"lamps": Money.euro(700), "swing": Money.euro(900)}
    numbers = kiez.reconciliation("assembly")
    assert numbers.problems == ()
    assert (numbers.channels["online"].cast, numbers.channels["online"].double) == (3, 2)
    assert (numbers.total.counted, numbers.total.blank, numbers.total.double) == (7, 1, 2)
    kiez.execute(AwardItems(amounts=kiez.state().proposed), actor=OFFICER)
    assert [fault for check in kiez.audit() for fault in check.faults] == []


def test_an_assembly_does_not_decide_alone_where_others_have_voted(kiez):
    kiez.execute(CastBallot(choices={"swing": 1}), actor=resident("anna"))
    with pytest.raises(Refused) as refused:
        kiez.execute(RecordAssembly(present=3), actor=STEWARD)
    assert codes_of(refused) == ["other_channels_used"]


def test_a_kiez_that_only_meets_needs_no_other_channel(town, clock):
    handle = town.open(
        "kiez-2027",
        "kiezkasse",
        actor=OFFICER,
        settings={"pot": "2100 EUR", "region": "Allende-Viertel"},
        schedule={"assembly": date(2027, 4, 20), "precheck": date(2027, 4, 1)},
    )
    close(handle, clock, date(2027, 4, 20))
    with pytest.raises(Refused) as refused:
        handle.execute(CastBallot(choices={}), actor=resident("anna"))
    assert "channel_closed" in codes_of(refused)
    handle.execute(AdmitVoters(people=["anna", "bernd"]), actor=STEWARD)
    with pytest.raises(Refused) as refused:
        handle.execute(RecordAssembly(present=3), actor=STEWARD)
    assert codes_of(refused) == ["present_unexplained"]
    handle.execute(RecordAssembly(present=3, note="Eine Karte fehlt."), actor=STEWARD)
    assert handle.turnout("assembly") == {"hands": 3}


def test_a_buergerhaushalt_counts_accounts_codes_paper_and_polling_places_together(budget):
    letters = codes(budget.handle, 3)
    budget.to_the_vote(fountain=600, bench=500)
    budget.cast("anna", "fountain")
    for code in letters[:2]:
        budget.cast_by_code(code.lower(), {"bench": 1})
    type_in(budget.handle, "P-1", {"bench": 1})
    people = ["dora", "emil", "fatma"]
    budget.execute(AdmitVoters(people=people, channel="urn", place="rathaus"), actor=OFFICER)
    budget.until("fund")
    totals = {"ballots": 3, "valid": 2, "invalid": 1, "votes": {"fountain": ItemTotals(votes=2)}}
    budget.execute(EnterTotals(vote="vote", place="rathaus", **totals), actor=OFFICER)
    result = budget.count()
    assert {ref: fate.votes for ref, fate in result.fates.items()} == {"fountain": 3, "bench": 3}
    assert budget.turnout("vote") == {"online": 1, "code": 2, "paper": 1, "urn": 3}
    assert budget.participation().kinds["ballots.vote"].people == 7
    (counted,) = (
        one.event for one in budget.journal() if type(one.event).__name__ == "BallotsCounted"
    )
    assert counted.ballots == 6  # one of the seven was invalid
    assert budget.reconciliation("vote").channels["code"].issued == 3
    assert budget.faults() == []
    budget.rebuild()
    assert budget.faults() == []


# --- codes


def test_a_code_is_good_for_one_ballot_and_the_answer_tells_nothing_else(voting):
    used, void, *_ = codes(voting.handle, 3)
    voting.cast_by_code(used, {"fountain": 1})
    voting.execute(
        VoidCodes(vote="vote", batch="letters", numbers=[2], reason="verloren"), actor=OFFICER
    )
    (stranger,) = draw_codes(1)
    answers = set()
    for code in (used, void, stranger):
        with pytest.raises(Refused) as refused:
            voting.cast_by_code(code, {"bench": 1})
        answers.add(str(refused.value))
    assert answers == {"CastByCode refused: code_not_accepted"}
    assert voting.turnout("vote") == {"code": 1}


def test_a_mistyped_code_is_told_so_before_anybody_looks_for_it(voting, stored):
    (code,) = codes(voting.handle, 1)
    before = stored()
    with pytest.raises(Refused, match="code_mistyped"):
        voting.cast_by_code(code[:-1], {"bench": 1})
    assert stored() == before


def test_a_code_and_its_ballot_can_be_used_until_the_close_by_its_holder_only(voting):
    mine, other = codes(voting.handle, 2)
    voting.cast_by_code(mine, {"fountain": 1})
    voting.cast_by_code(mine, {"bench": 1}, replace=True)
    with pytest.raises(Refused, match="code_not_accepted"):
        voting.cast_by_code(other, {"bench": 1}, replace=True)
    voting.until("fund")
    with pytest.raises(Refused, match="stage_over"):
        voting.cast_by_code(other, {"bench": 1})
    assert {ref: fate.votes for ref, fate in voting.count().fates.items()} == {
        "fountain": 0,
        "bench": 1,
    }


def test_the_first_code_after_a_stage_began_by_itself_is_accepted(budget, clock):
    letters = codes(budget.handle, 1)
    budget.idea("fountain")
    budget.until("review").shortlist("fountain")
    clock.set(budget.when("vote"))  # nobody has ticked
    budget.cast_by_code(letters[0], {"fountain": 1})
    assert budget.turnout("vote") == {"code": 1}


def test_every_fault_of_a_ballot_cast_by_code_comes_at_once(voting):
    codes(voting.handle, 1)
    (stranger,) = draw_codes(1)
    with pytest.raises(Refused) as refused:
        voting.cast_by_code(stranger, {"moon": 1, "bench": 2})
    assert codes_of(refused) == ["not_on_ballot", "choice_not_plain", "code_not_accepted"]


def test_codes_are_handed_over_once_and_stored_nowhere(voting, file):
    fresh = voting.issue_codes(batch="letters", vote="vote", count=2, actor=OFFICER)
    slips = fresh.hand_over("slips")
    written = [line.strip() for line in slips.splitlines() if line.startswith("    ")]
    assert len(written) == 2
    assert "✂" in slips
    assert "letters · 2" in slips
    with pytest.raises(Conflict, match="handed over already"):
        fresh.hand_over()
    kept = file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
    for code in written:
        assert code.encode() not in kept
        assert code.replace("-", "").encode() not in kept
    assert not any(code in repr(fresh) for code in written)


def test_codes_that_could_not_be_written_are_not_forgotten(voting, tmp_path):
    """Nobody could print them again; the batch would have to be withdrawn."""
    fresh = voting.issue_codes(batch="letters", vote="vote", count=2, actor=OFFICER)
    taken, sheet = tmp_path / "taken.csv", tmp_path / "codes.csv"
    taken.write_text("something else", encoding="utf-8")
    for place in (taken, tmp_path / "nowhere" / "codes.csv"):
        with pytest.raises((InputError, StorageError)):
            fresh.hand_over(into=place)
    told = fresh.hand_over(into=sheet)
    assert sheet.read_text(encoding="utf-8") == told
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="handed over already"):
        fresh.hand_over()


def test_a_personal_code_takes_the_place_of_its_person_on_the_register(voting):
    fresh = voting.issue_codes(batch="post", vote="vote", people=["anna", "bernd"], actor=OFFICER)
    rows = [line.split(",") for line in fresh.hand_over().splitlines()]
    assert rows[0] == ["batch", "number", "code", "person"]
    of = {person: code for *_, code, person in rows[1:]}
    voting.cast("anna", "fountain")
    with pytest.raises(Refused, match="code_not_accepted"):
        voting.cast_by_code(of["anna"], {"bench": 1})
    voting.cast_by_code(of["bernd"], {"bench": 1})
    with pytest.raises(Refused, match="voted_elsewhere"):
        voting.cast("bernd", "fountain")
    assert voting.turnout("vote") == {"online": 1, "code": 1}
    assert "anna" not in str([one.event for one in voting.journal() if one.seq > 15])


def test_a_refused_batch_issues_nothing_and_leaves_no_key(budget):
    with pytest.raises(Refused, match="vote_unknown"):
        budget.issue_codes(batch="b", vote="never", count=2, actor=OFFICER)
    assert not budget.handle._execution.keys.has(budget.handle._scope, "never")


def test_without_the_key_of_the_vote_no_code_is_taken(voting, open_platform, file):
    (code,) = codes(voting.handle, 1)
    other = open_platform(keys=MemoryKeys()).municipality("12060052").procedure("budget-2027")
    with pytest.raises(StorageError, match="key of vote 'vote' is missing"):
        other.cast_by_code(code, {"bench": 1})


def test_one_code_in_many_threads_casts_one_ballot(voting):
    (code,) = codes(voting.handle, 1)
    start = Barrier(4)

    def cast(choice):
        start.wait()
        try:
            return voting.cast_by_code(code, {choice: 1}).commitment
        except Refused as refused:
            return str(refused)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(cast, ["fountain", "bench"] * 2))
    assert max(len(answer) for answer in answers) == 64
    assert answers.count("CastByCode refused: code_not_accepted") == 3
    assert voting.turnout("vote") == {"code": 1}
    assert voting.faults() == []


# --- paper


def test_a_paper_counts_as_soon_as_a_second_person_read_the_same(voting):
    first = EnterPaperBallot(paper="P-1", choices={"bench": 1})
    assert voting.execute(first, actor=OFFICER).commitment == ""
    assert voting.papers_waiting() == {"P-1": "entered"}
    second = ConfirmPaperBallot(paper="P-1", choices={"bench": 1})
    with pytest.raises(Refused) as refused:
        voting.execute(second, actor=OFFICER)
    assert codes_of(refused) == ["same_person_twice"]
    assert voting.execute(second, actor=DEPUTY).commitment
    assert voting.turnout("vote") == {"paper": 1}
    assert voting.papers_waiting() == {}
    again = {
        EnterPaperBallot: "paper_known",
        ConfirmPaperBallot: "paper_done",
    }
    for kind, code in again.items():
        with pytest.raises(Refused) as refused:
            voting.execute(kind(paper="P-1", choices={"bench": 1}), actor=DEPUTY)
        assert codes_of(refused) == [code]


def test_what_two_people_read_differently_both_see_and_settle_with_a_reason(voting):
    voting.execute(
        EnterPaperBallot(paper="P-1", choices={"bench": 1, "fountain": 1}), actor=OFFICER
    )
    voting.execute(ConfirmPaperBallot(paper="P-1", choices={"bench": 1}), actor=DEPUTY)
    assert voting.papers_waiting() == {"P-1": "differs"}
    for person in (OFFICER, DEPUTY):
        found = voting.paper_differences("P-1", actor=person)
        assert found.fields == ("fountain",)
        assert (found.first, found.second) == ({"bench": 1, "fountain": 1}, {"bench": 1})
    outsider = Actor.of("officer-3", Role.OFFICER)
    with pytest.raises(NotFound):
        voting.paper_differences("P-1", actor=outsider)
    settled = {"paper": "P-1", "choices": {"bench": 1}}
    for actor, reason, code in (
        (outsider, "x", "not_your_paper"),
        (OFFICER, " ", "reason_missing"),
    ):
        with pytest.raises(Refused) as refused:
            voting.execute(SettlePaperBallot(**settled, reason=reason), actor=actor)
        assert codes_of(refused) == [code]
    voting.execute(SettlePaperBallot(**settled, reason="Ein Kreuz war gestrichen."), actor=DEPUTY)
    assert voting.turnout("vote") == {"paper": 1}
    event = voting.journal()[-1].event
    assert (event.paper, event.reason) == ("P-1", "Ein Kreuz war gestrichen.")


def test_a_paper_entered_by_mistake_is_struck_out_before_it_counts(voting):
    voting.execute(EnterPaperBallot(paper="P-11", choices={"bench": 1}), actor=OFFICER)
    strike = StrikePaperBallot(paper="P-11", reason="Zahlendreher")
    with pytest.raises(Refused) as refused:
        voting.execute(strike, actor=DEPUTY)
    assert codes_of(refused) == ["not_your_paper"]
    voting.execute(strike, actor=OFFICER)
    assert voting.reconciliation("vote").total.cast == 0
    type_in(voting.handle, "P-11", {"fountain": 1})
    with pytest.raises(Refused) as refused:
        voting.execute(strike, actor=OFFICER)
    assert codes_of(refused) == ["paper_done"]
    assert voting.turnout("vote") == {"paper": 1}


def test_what_a_paper_says_is_gone_from_its_row_once_it_is_done(voting, stored):
    type_in(voting.handle, "P-1", {"bench": 1}, voter="anna")
    (row,) = stored()["paper"]
    assert b"bench" not in b"".join(cell for cell in row if isinstance(cell, bytes))
    voting.execute(
        EnterPaperBallot(paper="P-2", choices={}, voter="bernd", validity="blank"), actor=OFFICER
    )
    assert "bernd" not in str(stored()["paper"])


def test_two_people_must_agree_whose_paper_it_is(voting):
    entered = {"paper": "P-1", "choices": {"bench": 1}}
    voting.execute(EnterPaperBallot(**entered, voter="anna"), actor=OFFICER)
    voting.execute(ConfirmPaperBallot(**entered, voter="anne"), actor=DEPUTY)
    assert voting.paper_differences("P-1", actor=OFFICER).fields == ("voter",)


def test_a_paper_that_breaks_the_rules_is_put_down_as_invalid(voting):
    wrong = EnterPaperBallot(paper="P-1", choices={"bench": 7})
    with pytest.raises(Refused) as refused:
        voting.execute(wrong, actor=OFFICER)
    assert codes_of(refused) == ["choice_not_plain"]
    marked = EnterPaperBallot(paper="P-1", choices={"bench": 1}, validity="invalid")
    with pytest.raises(Refused, match="choices_not_counted"):
        voting.execute(marked, actor=OFFICER)
    type_in(voting.handle, "P-1", validity="invalid")
    line = voting.reconciliation("vote").channels["paper"]
    assert (line.cast, line.invalid, line.counted, line.voters) == (1, 1, 0, 1)
    assert voting.faults() == []


# --- totals


@pytest.mark.parametrize(
    ("totals", "code"),
    [
        ({"ballots": 4, "valid": 3}, "ballots_unexplained"),
        ({"ballots": 2, "valid": 2}, "voters_unexplained"),
        ({"ballots": 3, "valid": 3, "votes": {"bench": ItemTotals(votes=4)}}, "votes_unexplained"),
    ],
    ids=["ballots and their kinds", "ballots and voters", "votes and ballots"],
)
def test_sums_that_disagree_need_a_note_and_are_no_block(voting, totals, code):
    people = ["anna", "bernd", "cem"]
    voting.execute(AdmitVoters(people=people, channel="urn", place="rathaus"), actor=OFFICER)
    voting.until("fund")
    totals = {"vote": "vote", "place": "rathaus", **totals}
    with pytest.raises(Refused) as refused:
        voting.execute(EnterTotals(**totals), actor=OFFICER)
    assert code in codes_of(refused)
    voting.execute(EnterTotals(**totals, note="Niederschrift, Seite 2"), actor=OFFICER)
    numbers = voting.reconciliation("vote")
    assert numbers.notes == {"rathaus": "Niederschrift, Seite 2"}
    assert numbers.problems == ()


def test_a_recount_takes_the_place_of_the_first_count_and_says_why(voting):
    voting.until("fund")
    place = {"vote": "vote", "place": "rathaus"}
    voting.execute(EnterTotals(**place, ballots=3, valid=3), actor=OFFICER)
    recount = {**place, "ballots": 4, "valid": 4}
    with pytest.raises(Refused) as refused:
        voting.execute(EnterTotals(**recount), actor=OFFICER)
    assert codes_of(refused) == ["recount_unexplained"]
    voting.execute(EnterTotals(**recount, note="Ein Umschlag lag im Karton."), actor=OFFICER)
    assert voting.turnout("vote") == {"urn": 4}


def test_no_totals_while_people_still_vote(voting):
    again = voting.why(EnterTotals(vote="vote", place="x", ballots=1, valid=1), actor=OFFICER)
    assert {"vote_still_open"} <= {one.code for one in again}


def test_a_rule_that_needs_single_ballots_says_so_when_there_are_only_totals(
    open_platform, host, clock
):
    @rule("count", name="test/needs_ballots")
    def needs_ballots(election, _ties, _view):
        """Count single ballots only."""
        election.require("ballots", "test/needs_ballots")

    code = type("Contributed", (), {})()
    code.register_rules = hookimpl(lambda: [needs_ballots])
    plugins = [Plugin(one, host._manager.get_plugin(one.plugin)) for one in host.plugins]
    plugins = [one for one in plugins if one.origin.plugin != "core"]
    with_rule = PluginHost([*plugins, Plugin(Origin("test", "dist-test", "1.0"), code)])
    town = open_platform(host=with_rule).municipality("12060052")
    budget = Budget(town, clock, rules={"count": "test/needs_ballots"})
    budget.to_the_vote(fountain=600).until("fund")
    budget.execute(EnterTotals(vote="vote", place="rathaus", ballots=1, valid=1), actor=OFFICER)
    with pytest.raises(Refused) as refused:
        budget.count()
    assert codes_of(refused) == ["rule_needs_ballots"]


# --- admission


def test_who_cannot_vote_once_more_is_not_let_in_and_is_named(voting):
    voting.cast("anna", "bench")
    with pytest.raises(Refused) as refused:
        voting.execute(AdmitVoters(people=["anna", "bernd"]), actor=OFFICER)
    (objection,) = refused.value.objections
    assert (objection.code, objection.params["person"]) == ("not_admitted", "anna")
    voting.execute(AdmitVoters(people=["bernd"]), actor=OFFICER)
    with pytest.raises(Refused, match="voted_elsewhere"):
        voting.cast("bernd", "bench")
    assert voting.reconciliation("vote").channels["hands"].issued == 1


def test_too_few_people_decide_nothing(kiez, clock):
    close(kiez, clock)
    with pytest.raises(Refused) as refused:
        kiez.execute(RecordHands(vote="assembly", present=2), actor=STEWARD)
    assert codes_of(refused) == ["quorum_missed"]


# --- under last_counts an account meets other channels


def test_the_last_vote_counts_whichever_way_it_comes(town, new_budget):
    budget = new_budget(town, same_voter="last_counts").to_the_vote(fountain=600, bench=500)
    type_in(budget.handle, "P-1", {"bench": 1}, voter="anna")
    budget.cast("anna", "fountain")
    assert budget.turnout("vote") == {"online": 1}
    budget.replace("anna", "bench")
    type_in(budget.handle, "P-2", {"fountain": 1}, voter="anna")
    budget.replace("anna", "bench")  # a paper stood; the last one is online again
    assert budget.turnout("vote") == {"online": 1}
    line = budget.reconciliation("vote").channels
    assert (line["paper"].double, line["online"].double) == (2, 1)
    assert budget.faults() == []


# --- nothing about choices before the close


def test_a_marked_choice_is_nowhere_to_be_read_before_the_close(
    open_platform, host, clock, caplog
):
    """Cast a canary by every channel and look for it in all that leaves the house."""
    seen = []

    class Watching:
        @hookimpl
        def after_commit(self, recorded, notices):
            seen.append(repr((recorded, notices)))

    plugins = [Plugin(one, host._manager.get_plugin(one.plugin)) for one in host.plugins]
    plugins = [one for one in plugins if one.origin.plugin != "core"]
    watched = PluginHost([*plugins, Plugin(Origin("test", "dist-test", "1.0"), Watching())])
    town = open_platform(host=watched).municipality("12060052")
    budget = Budget(town, clock, ballot_type="cumulative")
    letters = codes(budget.handle, 2)
    budget.to_the_vote(fountain=600, bench=500)
    canary, others = 737_373, []
    caplog.set_level(logging.DEBUG)
    choices = {"bench": canary}
    said = [
        CastBallot(choices=choices),
        EnterPaperBallot(paper="P-1", choices=choices, voter="cem"),
        ConfirmPaperBallot(paper="P-1", choices=choices, voter="cem"),
    ]
    receipts = [
        budget.execute(said[0], actor=resident("anna"), key="k-1"),
        budget.cast_by_code(letters[0], choices, key="k-2"),
        budget.execute(said[1], actor=OFFICER),
        budget.execute(said[2], actor=DEPUTY),
        import_booth(
            budget.handle,
            f"ballot,item:bench\n1,{canary}\n2,{canary}x\n",
            booth="b",
            actor=OFFICER,
            leave_out=True,
        ),
    ]
    budget.execute(EnterPaperBallot(paper="P-2", choices=choices), actor=OFFICER)
    budget.execute(ConfirmPaperBallot(paper="P-2", validity="blank"), actor=DEPUTY)
    for again in (
        lambda: budget.execute(said[0], actor=resident("anna")),
        lambda: budget.cast_by_code(letters[0], choices),
        lambda: budget.execute(said[1], actor=OFFICER),
        lambda: budget.votes_by_channel("vote"),
    ):
        with pytest.raises(Refused) as refused:
            again()
        others.append(repr(refused.value))
    told = [
        *seen,
        *others,
        caplog.text,
        repr((said, receipts)),
        str([*budget.journal_lines()]),
        repr((budget.state(), budget.items(), budget.journal(), budget.notices())),
        repr((budget.reconciliation("vote"), budget.papers_waiting(), budget.turnout("vote"))),
        repr((budget.paper_differences("P-2", actor=OFFICER), budget.audit(), budget.failures())),
    ]
    assert seen
    assert not [one for one in told if str(canary) in one]
    assert letters[0].replace("-", "") not in "".join(told).replace("-", "")
