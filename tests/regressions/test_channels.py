"""What users of other platforms complained about, as far as it concerns the channels of a vote."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from runpy import run_path
from threading import Barrier

import pytest

from partizipation_core.clock import FrozenClock
from partizipation_core.commands import (
    AdmitVoters,
    CastBallot,
    ConfirmPaperBallot,
    EnterPaperBallot,
    EnterTotals,
    ItemTotals,
)
from partizipation_core.errors import Refused
from partizipation_core.exchange.booth import booth_template, import_booth, read_booth
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.values import Actor, Role

Budget = run_path(str(Path(__file__).resolve().parents[1] / "platform" / "conftest.py"))["Budget"]
OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


@pytest.fixture
def opened(host, tmp_path):
    """Open a budget, by default in its vote on a fountain and a bench: ``opened()``."""
    clock = FrozenClock(Budget.when("review") - 1)
    with Platform(f"sqlite:///{tmp_path / 'town.db'}", host=host, clock=clock) as platform:
        town = platform.municipality("12060052")

        def open_it(**settings):
            return Budget(town, clock, **settings).to_the_vote(fountain=600, bench=500)

        yield open_it


def codes(budget, count, batch="letters", **more):
    fresh = budget.issue_codes(batch=batch, vote="vote", count=count, actor=OFFICER, **more)
    return [line.split(",")[2] for line in fresh.hand_over().splitlines()[1:]]


def on_paper(budget, paper, *refs, **more):
    typed = {"paper": paper, "choices": dict.fromkeys(refs, 1), **more}
    budget.execute(EnterPaperBallot(**typed), actor=OFFICER)
    budget.execute(ConfirmPaperBallot(**typed), actor=DEPUTY)


def votes(budget):
    return {ref: fate.votes for ref, fate in budget.until("fund").count().fates.items()}


def at_once(*acts):
    """Do several things at the same moment; returns how many were not refused."""
    start = Barrier(len(acts))

    def do(act):
        start.wait()
        try:
            act()
        except Refused:
            return 0
        return 1

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(do, acts))


def test_t15_a_race_gives_no_two_votes_whatever_the_channels(opened):
    """T15: no unique key on votes, a race gives two -> database constraint, concurrency test."""
    budget = opened()
    fresh = budget.issue_codes(batch="post", vote="vote", people=["anna"], actor=OFFICER)
    code = fresh.hand_over().split(",")[-2]
    done = at_once(
        lambda: budget.cast("anna", "bench"),
        lambda: budget.cast_by_code(code, {"bench": 1}),
        lambda: budget.execute(AdmitVoters(people=["anna"]), actor=OFFICER),
        lambda: budget.cast("anna", "fountain"),
    )
    assert done == 1
    numbers = budget.reconciliation("vote").total
    assert numbers.counted + numbers.issued - 1 == 1  # one code was issued as well
    assert budget.faults() == []


def test_t16_a_voter_at_the_polling_place_is_stored_once(opened):
    """T16: about 1 in 10,000 poll voters stored twice -> as T15."""
    budget = opened()
    admit = AdmitVoters(people=["anna"], channel="urn", place="rathaus")
    assert at_once(*[lambda: budget.execute(admit, actor=OFFICER)] * 4) == 1
    assert budget.state().registers["vote"].admitted == {"rathaus": 1}


def test_t17_looking_before_putting_in_does_not_let_a_second_vote_in(opened):
    """T17: check-then-insert double vote -> deterministic key per voter."""
    budget = opened()
    (code,) = codes(budget, 1)
    assert at_once(*[lambda: budget.cast_by_code(code, {"bench": 1})] * 4) == 1
    assert budget.turnout("vote") == {"code": 1}


def test_t23_somebody_who_was_deleted_and_came_back_has_voted(opened):
    """T23: re-verified person after deletion -> votes follow the person, never double."""
    budget = opened()
    on_paper(budget, "P-1", "bench", voter="register-17")
    again = Actor.of("register-17", Role.RESIDENT)  # a new account of the same person
    with pytest.raises(Refused, match="voted_elsewhere"):
        budget.execute(CastBallot(choices={"fountain": 1}), actor=again)
    assert votes(budget) == {"bench": 1, "fountain": 0}


def test_t28_somebody_without_an_account_votes_once(opened):
    """T28: vote once against the register without an account -> voter is not user."""
    budget = opened()
    (code,) = codes(budget, 1)
    budget.cast_by_code(code, {"bench": 1})
    with pytest.raises(Refused, match="code_not_accepted"):
        budget.cast_by_code(code, {"bench": 1})
    assert votes(budget) == {"bench": 1, "fountain": 0}


def test_t38_what_came_in_offline_counts_at_once(opened):
    """T38: offline signatures entered but not counted -> counts are derived."""
    budget = opened()
    on_paper(budget, "P-1", "bench")
    assert budget.turnout("vote") == {"paper": 1}
    assert votes(budget) == {"bench": 1, "fountain": 0}


def test_t39_ballots_of_test_codes_never_count(opened):
    """T39: voters who left on the test page counted -> only cast ballots count."""
    budget = opened()
    (probe,), (real,) = codes(budget, 1, batch="probe", test=True), codes(budget, 1)
    budget.cast_by_code(probe, {"fountain": 1})
    budget.cast_by_code(real, {"bench": 1})
    line = budget.reconciliation("vote").channels["code"]
    assert (line.test, line.cast, line.counted, line.issued) == (1, 1, 1, 1)
    assert budget.turnout("vote") == {"code": 1}
    assert votes(budget) == {"bench": 1, "fountain": 0}
    assert budget.faults() == []


def test_t42_a_result_needs_no_channel_but_the_one_that_was_used(opened):
    """T42: results only if a booth exists -> channels optional."""
    budget = opened(channels=["paper"])
    with pytest.raises(Refused, match="channel_closed"):
        budget.cast("anna", "bench")
    on_paper(budget, "P-1", "bench")
    assert votes(budget) == {"bench": 1, "fountain": 0}
    assert list(budget.reconciliation("vote").channels) == ["paper"]


def test_t43_people_who_voted_on_paper_are_in_the_turnout(opened):
    """T43: paper voters missing in turnout -> turnout from one register."""
    budget = opened()
    budget.cast("anna", "bench")
    on_paper(budget, "P-1", "bench")
    on_paper(budget, "P-2", validity="blank")
    assert budget.turnout("vote") == {"online": 1, "paper": 2}
    assert budget.participation().kinds["ballots.vote"].people == 3


def test_t44_turnout_and_votes_are_both_told_by_channel_and_add_up(opened):
    """T44: totals per booth show 0 -> turnout and votes both by channel."""
    budget = opened()
    for number in range(6):
        budget.cast(f"v-{number}", "bench")
    file = "ballot,item:fountain\n" + "".join(f"{number},1\n" for number in range(5))
    import_booth(budget.handle, file, booth="vase", actor=OFFICER)
    budget.until("fund")
    totals = {"ballots": 7, "valid": 7, "votes": {"bench": ItemTotals(votes=7)}}
    budget.execute(EnterTotals(vote="vote", place="rathaus", **totals), actor=OFFICER)
    fates = budget.count().fates
    told = budget.votes_by_channel("vote")
    assert {name: {ref: one.votes for ref, one in of.items()} for name, of in told.items()} == {
        "online": {"bench": 6, "fountain": 0},
        "booth": {"bench": 0, "fountain": 5},
        "urn": {"bench": 7, "fountain": 0},
    }
    assert budget.turnout("vote") == {"online": 6, "booth": 5, "urn": 7}
    for ref, fate in fates.items():
        assert fate.votes == sum(of[ref].votes for of in told.values())


def test_a_channel_of_a_few_people_is_not_told_apart(opened):
    """Reliability §6: small cells only with at least 5 ballots, and nobody can subtract."""
    budget = opened()
    for number in range(9):
        budget.cast(f"v-{number}", "bench")
    for number in range(6):
        on_paper(budget, f"P-{number}", "bench")
    (code,) = codes(budget, 1)
    budget.cast_by_code(code, {"fountain": 1})
    budget.until("fund").count()
    told = budget.votes_by_channel("vote")
    assert [name for name, of in told.items() if of is None] == ["code", "paper"]
    assert told["online"]["bench"].votes == 9


def test_t45_the_file_of_a_booth_has_a_template(opened):
    """T45: CSV format undocumented -> schema and template export."""
    template = booth_template(opened().handle, "vote")
    (line,) = read_booth(template + "1,,,1,\n")
    assert line.reading.choices == {"bench": 1}


def test_t46_paper_needs_nothing_but_the_vote_itself(opened):
    """T46: paper needs the unrelated polls module -> paper is part of voting."""
    budget = opened()
    budget.cast("anna", "bench")
    on_paper(budget, "P-1", "bench")
    assert votes(budget) == {"bench": 2, "fountain": 0}


def test_t47_a_polling_place_tells_ballots_and_not_only_votes(opened):
    """T47: paper votes per project, number of ballots unknown -> ask ballots, valid, invalid."""
    budget = opened().until("fund")
    with pytest.raises(TypeError, match="ballots"):
        EnterTotals(vote="vote", place="rathaus", votes={"bench": ItemTotals(votes=2)})
    numbers = {"ballots": 5, "valid": 2, "blank": 2, "invalid": 1}
    budget.execute(EnterTotals(vote="vote", place="rathaus", **numbers), actor=OFFICER)
    line = budget.reconciliation("vote").channels["urn"]
    assert (line.cast, line.valid, line.blank, line.invalid, line.voters) == (5, 2, 2, 1, 5)


def test_t48_a_recount_that_differs_needs_a_note_and_is_no_block(opened):
    """T48: recount sums must agree -> a difference needs a note, not a block."""
    budget = opened().until("fund")
    first = {"vote": "vote", "place": "rathaus"}
    budget.execute(EnterTotals(**first, ballots=5, valid=5), actor=OFFICER)
    second = {**first, "ballots": 6, "valid": 5}
    with pytest.raises(Refused, match="recount_unexplained"):
        budget.execute(EnterTotals(**second), actor=OFFICER)
    budget.execute(EnterTotals(**second, note="Ein Umschlag war leer."), actor=OFFICER)
    line = budget.reconciliation("vote").channels["urn"]
    assert (line.cast, line.counted, line.missing) == (6, 5, 1)


def test_t49_each_line_that_is_dropped_is_told(opened):
    """T49: order of checks for scanned ballots -> each dropped line is reported."""
    file = "ballot,item:bench\n1,1\n2,9\n2,x\n,1\n"
    budget = opened()
    with pytest.raises(Refused) as refused:
        import_booth(budget.handle, file, booth="scan", actor=OFFICER)
    assert {one.params["line"] for one in refused.value.objections} == {3, 4, 5}
    report = import_booth(budget.handle, file, booth="scan", actor=OFFICER, leave_out=True)
    assert report.taken == 1
    assert [one.line for one in report.dropped] == [3, 4, 5]
    assert all(one.problems for one in report.dropped)


def test_t55_importing_twice_changes_nothing(opened, tmp_path):
    """T55: imported twice -> idempotent import."""
    budget, file = opened(), "ballot,item:bench\n1,1\n2,1\n"
    import_booth(budget.handle, file, booth="scan", actor=OFFICER)
    before = list(budget.journal_lines())
    import_booth(budget.handle, file, booth="scan", actor=OFFICER)
    assert list(budget.journal_lines()) == before
    assert votes(budget) == {"bench": 2, "fountain": 0}


def test_r4_a_code_is_good_for_one_ballot_under_the_lock(opened):
    """R4: a per-code vote limit is checked under a lock."""
    budget = opened()
    mine, other = codes(budget, 2)
    both = [mine, mine, other, other]
    assert at_once(*[lambda c=code: budget.cast_by_code(c, {"bench": 1}) for code in both]) == 2
    assert budget.turnout("vote") == {"code": 2}
