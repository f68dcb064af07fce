"""Results: what other platforms got wrong about numbers, and rules that keep ours right."""

import json
import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, FrozenClock, Money, Platform, Refused, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AddAssemblyVotes,
    AdvanceStage,
    CastBallot,
    CertifyResult,
    ConfirmPaperBallot,
    CorrectItem,
    CorrectResult,
    CountBallots,
    EnterPaperBallot,
    Hands,
    PublishResult,
    ReviewItem,
    ShortlistByVote,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.counting import Election, Project, Shortlist
from partizipation_core.kernel.decision.mixing import weighted
from partizipation_core.kernel.results.figures import Absence
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.reports import render_page
from partizipation_core.reports.assemble import assemble
from partizipation_core.reports.certificate import certify
from partizipation_core.reports.results import result_csv
from partizipation_core.reports.verification import verify
from partizipation_core.texts.wording import Wording

OFFICER = Actor.of("officer-1", Role.OFFICER)
SECOND = Actor.of("officer-2", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
AUTHOR = Actor.of("author", Role.RESIDENT)
BERLIN = ZoneInfo("Europe/Berlin")

WITH_ASSEMBLY = BUERGERHAUSHALT.derive(
    key="with_assembly",
    anytime={AddAssemblyVotes: [Role.OFFICER], ShortlistByVote: [Role.OFFICER]},
    rules={**BUERGERHAUSHALT.rules, "shortlist": "core/best"},
)


@pytest.fixture(scope="module")
def host():
    contributed = type("Mixed", (), {"register_formats": hookimpl(lambda _: [WITH_ASSEMBLY])})()
    found = PluginHost.discover()
    plugins = [
        Plugin(origin, found._manager.get_plugin(origin.plugin))
        for origin in found.plugins
        if origin.plugin != "core"
    ]
    return PluginHost([*plugins, Plugin(Origin("mixed", "dist-mixed", "1.0"), contributed)])


@pytest.fixture
def vote(host):
    """Hold a vote: ``vote({"a": 100}, [("online", {"a": 1})], ...)``; it is closed afterwards."""
    opened = []

    def hold(costs, ballots, *, rules=None, **settings):
        clock = FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))
        opened.append(Platform(host=host, clock=clock))
        budget = (
            opened[-1]
            .municipality("12060052")
            .open(
                "b-1",
                "with_assembly",
                actor=OFFICER,
                settings={"pot": "1000 EUR", "misfit": "skip", **settings},
                rules=rules or {},
            )
        )
        for ref, euros in costs.items():
            cost = Money.euro(euros)
            budget.execute(SubmitItem(item=ref, title=ref, cost=cost), actor=AUTHOR)
        budget.execute(AdvanceStage(), actor=OFFICER)
        for ref in costs:
            budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
            budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
            budget.execute(ShortlistItem(item=ref), actor=OFFICER)
        budget.execute(AdvanceStage(), actor=OFFICER)
        for number, (channel, choices) in enumerate(ballots):
            if channel == "online":
                cast = CastBallot(choices=choices)
                budget.execute(cast, actor=Actor.of(f"p{number}", Role.RESIDENT))
                continue
            paper = {"paper": f"p{number}", "choices": choices}
            budget.execute(EnterPaperBallot(**paper), actor=OFFICER)
            budget.execute(ConfirmPaperBallot(**paper), actor=SECOND)
        budget.execute(AdvanceStage(), actor=OFFICER)
        return budget

    yield hold
    for platform in opened:
        platform.close()


def count(budget, seed="1"):
    budget.execute(CountBallots(vote="vote", seed=seed), actor=OFFICER)
    return budget.vote_result("vote")


def plain(*choices, channel="online", times=1):
    return [(channel, dict.fromkeys(choices, 1))] * times


def page_of(budget):
    told = {
        "title": "B",
        "municipality": "M",
        "generated_at": start_of_day(date(2027, 9, 1), BERLIN),
    }
    return render_page(assemble(budget, Wording(), **told))


def test_t20_the_result_names_how_people_were_identified(vote):
    """T20 decidim#7438, adhocracy-plus#2840: a result says how strong its proof of person was."""
    ballots = [*plain("a", times=6), *plain("a", channel="paper", times=5)]
    budget = vote({"a": 100}, ballots, identity={"online": "code", "paper": "register"})
    result = count(budget)
    told = {name: one.identity for name, one in result.turnout.channels.items()}
    assert told == {"online": "code", "paper": "register"}
    assert result.electorate == ("core/min_age@1",)
    assert "Code" in page_of(budget)


def test_t29_running_results_are_hidden_until_they_are_published(vote):
    """T29 adhocracy-plus#2277: running results would influence later voters."""
    budget = vote({"a": 100}, plain("a", times=6), results="certified")
    told = [lambda: budget.vote_result("vote"), lambda: budget.result("vote")]
    for act in (
        CountBallots(vote="vote", seed="1"),
        CertifyResult(vote="vote"),
        PublishResult(vote="vote"),
    ):
        for ask in told:
            with pytest.raises(Refused):
                ask()
        budget.execute(act, actor=SECOND if isinstance(act, CertifyResult) else OFFICER)
    assert budget.vote_result("vote").line("a").votes == 6


def test_t33_every_percentage_comes_from_one_rounding_of_one_base(vote):
    """T33 openslides-client#924, #694, #1613, #1726, OpenSlides#5585: one result, one rounding."""
    budget = vote({"a": 100, "b": 200, "c": 300}, [*plain("a", times=4), *plain("b", times=2)])
    result = count(budget)
    assert result.shares.tenths == {"a": 667, "b": 333, "c": 0}
    page = page_of(budget)
    seen = re.findall(r'<data value="(\d+)" data-name="share">([^<]+)</data>', page)
    assert seen == [("667", "66,7\u00a0%"), ("333", "33,3\u00a0%"), ("0", "0,0\u00a0%")]
    assert [line["share"] for line in result.to_data()["lines"]] == [667, 333, 0]
    assert [row.split(",")[4] for row in result_csv(result).splitlines()] == [
        "share",
        "667",
        "333",
        "0",
    ]


def test_t33_the_parts_of_the_pot_add_up_to_a_hundred(vote):
    """T33: shares of one whole are rounded together, not one by one."""
    budget = vote({"a": 335}, plain("a", times=6), pot="1000 EUR")
    count(budget)
    percent = re.findall(r'data-label="Anteil"[^>]*>\s*(\d+)\s*%', page_of(budget))
    assert sum(map(int, percent)) == 100


def test_t34_what_was_not_counted_is_no_number(vote):
    """T34 OpenSlides#3736: a code for "not counted" was used as a number (-4.08 %)."""
    result = count(vote({"a": 100}, plain("a", times=6), percent_of="eligible"))
    assert result.turnout.eligible is Absence.NOT_RECORDED
    assert result.shares.tenths == {"a": Absence.NOT_RECORDED}
    data = json.loads(json.dumps(result.to_data()))
    assert data["lines"][0]["share"] == {"absent": "not_recorded"}
    assert data["turnout"]["eligible"] == {"absent": "not_recorded"}
    assert ",not_recorded," in result_csv(result).splitlines()[1]


@pytest.mark.parametrize(("base", "tenths"), [("valid", 1000), ("cast", 750)])
def test_t35_percentages_name_their_base_and_blank_ballots_are_in_it_or_not(vote, base, tenths):
    """T35 OpenSlides#1335: invalid votes were in the base and nobody had said so."""
    ballots = [*plain("a", times=6), ("online", {}), ("online", {})]
    budget = vote({"a": 100}, ballots, min_choices=0, percent_of=base)
    result = count(budget)
    assert (result.turnout.cast, result.turnout.valid, result.turnout.blank) == (8, 6, 2)
    assert (result.shares.base, result.shares.tenths["a"]) == (base, tenths)
    sentence = {"valid": "alle gültigen Stimmzettel", "cast": "alle abgegebenen Stimmzettel"}
    assert sentence[base] in page_of(budget)


def test_t37_numbers_are_derived_and_never_carried_over(vote):
    """T37 citizenlab#7309: a copied project kept the counters of the one it was copied from."""
    budget = vote({"a": 100, "b": 100}, plain("a", times=6))
    first = count(budget)
    budget.rebuild()
    assert budget.vote_result("vote") == first
    assert not any("votes" in vars(type(item)) for item in budget.items())


def test_t40_what_happens_after_the_close_changes_no_number(vote):
    """T40 DemokratieInBewegung/plenum#236: a result changed after a user had been deleted."""
    budget = vote({"a": 600, "b": 500}, [*plain("a", times=6), *plain("b", times=5)])
    budget.execute(CountBallots(vote="vote", seed="1"), actor=OFFICER)
    before = budget.vote_result("vote").rows()
    # voters and authors are pseudonyms that stand in no line of a result: nobody can be taken out
    assert "p0" not in repr(before)
    assert "author" not in repr(before)
    renamed = CorrectItem(item="a", title="Anders", reason="x")
    assert budget.why(renamed, actor=MODERATOR)
    assert budget.vote_result("vote").rows() == before
    assert all(check.ok for check in budget.audit())


def test_t41_the_best_go_on_and_a_threshold_holds_and_the_edge_has_a_rule(vote):
    """T41 decidim#2918: both "the best N" and a least number, with a rule for equals."""
    ballots = [
        *plain("a", times=4),
        *plain("b", times=3),
        *plain("c", times=3),
        *plain("d", times=1),
    ]
    costs = dict.fromkeys("abcd", 100)
    edge = {"shortlist_size": 2, "shortlist_minimum": 2}
    together = vote(costs, ballots, **edge, shortlist_ties="include_all")
    by_lot = vote(costs, ballots, **edge, rules={"tie": "core/lot"})
    gone_on = []
    for budget in (together, by_lot):
        budget.execute(ShortlistByVote(vote="vote", seed="4 8 15"), actor=OFFICER)
        states = {item.ref: item.state for item in budget.items()}
        gone_on.append({ref for ref, state in states.items() if state == "shortlisted"})
        votes = {line.item: line.votes for line in budget.vote_result("vote").lines}
        assert votes == {"a": 4, "b": 3, "c": 3, "d": 1}
    assert gone_on[0] == {"a", "b", "c"}
    assert "a" in gone_on[1]
    assert len(gone_on[1]) == 2


MIXED = {"mixed_votes": "sum"}


def with_hands(vote, present=20, **settings):
    budget = vote({"a": 100, "b": 200}, [*plain("a", times=6), *plain("b", times=7)], **settings)
    hands = {"a": Hands(yes=12, no=3, abstain=2), "b": Hands(yes=5, no=9)}
    added = AddAssemblyVotes(vote="vote", present=present, hands=hands)
    budget.execute(added, actor=OFFICER)
    return budget


def test_t43_people_who_vote_without_a_computer_are_in_the_turnout(vote):
    """T43 consul#5794: paper voters were missing in the turnout."""
    ballots = [*plain("a", times=6), *plain("a", channel="paper", times=9)]
    assert count(vote({"a": 100}, ballots)).turnout.cast == 15
    result = count(with_hands(vote, **MIXED))
    assert {name: one.cast for name, one in result.turnout.channels.items()} == {
        "online": 13,
        "assembly": 20,
    }
    assert result.turnout.cast == 33


def test_t44_turnout_and_votes_are_told_by_channel_and_add_up(vote):
    """T44 consul#5317: totals per booth showed 0."""
    ballots = [
        *plain("a", "b", times=20),
        *plain("b", times=30),
        *plain("a", "b", channel="paper", times=12),
        *plain("a", channel="paper", times=9),
    ]
    result = count(vote({"a": 100, "b": 200}, ballots))
    told = {line.item: dict(line.channels) for line in result.lines}
    assert told == {
        "a": {"online": Absence.SUPPRESSED, "paper": Absence.SUPPRESSED},
        "b": {"online": Absence.SUPPRESSED, "paper": Absence.SUPPRESSED},
    }, "all 21 paper ballots name a, and all 50 others name b: this would tell on everybody"
    ballots += [*plain("b", channel="paper", times=8), *plain("a", times=7)]
    result = count(vote({"a": 100, "b": 200}, ballots))
    for line in result.lines:
        assert sum(line.channels.values()) == line.votes
    assert {name: one.cast for name, one in result.turnout.channels.items()} == {
        "online": 57,
        "paper": 29,
    }


def test_t44_channels_of_few_people_are_not_told_and_cannot_be_found_by_subtraction(vote):
    """T44 and section 6 of the design: no cell under five, and none that others give away."""
    ballots = [*plain("a", times=30), *plain("b", times=20), *plain("a", channel="paper", times=2)]
    budget = vote({"a": 100, "b": 200}, ballots)
    result = count(budget)
    assert result.line("a").votes == 32
    assert all(
        cell is Absence.SUPPRESSED for line in result.lines for cell in line.channels.values()
    )
    assert "zu wenige" in page_of(budget)


def test_t52_every_reader_passes_the_same_gate(vote):
    """T52 decidim#12348, #13739, #3426: running counts leaked by export or by link."""
    budget = vote({"a": 100}, plain("a", times=41), results="certified")
    budget.execute(CountBallots(vote="vote", seed="1"), actor=OFFICER)
    for ask in (budget.result, budget.vote_result, budget.vote_results, budget.opened_ballots):
        with pytest.raises(Refused, match="result_not_published"):
            ask("vote")
    exported = b"".join(budget.journal_lines()).decode()
    assert '"votes":41' not in exported
    assert 'data-name="votes"' not in page_of(budget)


def test_r5_a_tie_is_never_decided_by_the_newest_id(vote):
    """R5: equals are put in order by a rule that was fixed, or not at all."""
    for refs in (("a", "z"), ("z", "a")):
        costs = dict.fromkeys(refs, 600)
        ballots = [*plain("a", times=6), *plain("z", times=6)]
        undecided = vote(costs, ballots, rules={"tie": "core/lower_cost"})
        with pytest.raises(Refused, match="tie_undecided"):
            count(undecided)
        drawn = {count(vote(costs, ballots), seed).count.funded for seed in ("1", "4")}
        assert len(drawn) == 2, "another lot, another winner"


def test_r6_a_draw_always_has_a_recorded_seed(vote):
    """R6: no seed, no count; and the seed is part of the result."""
    budget = vote({"a": 600, "z": 600}, [*plain("a", times=6), *plain("z", times=6)])
    (objection,) = budget.why(CountBallots(vote="vote"), actor=OFFICER)
    assert objection.code == "seed_missing"
    result = count(budget, "4 8 15")
    assert result.seed == "4 8 15"
    assert [tie.mattered for tie in result.ties] == [True]


# --- mixed decisions


def test_hands_and_votes_are_added_up_where_the_town_says_sum(vote):
    """4a.6: a Kiezkasse really is an assembly and ballots in one decision."""
    budget = with_hands(vote, **MIXED)
    result = count(budget)
    assert {line.item: line.votes for line in result.lines} == {"a": 18, "b": 12}
    assert result.line("a").channels == {"assembly": 12, "online": 6}
    assert (result.line("a").contra, result.line("a").abstain) == (3, 2)
    assert all(check.ok for check in budget.audit())


def test_each_side_has_its_weight_where_the_town_says_weights(vote):
    """60 % for the assembly: 12/20 and 6/13 against 5/20 and 7/13, compared without rounding."""
    settings = {"mixed_votes": "weights", "assembly_percent": 60, "rank_by": "points"}
    result = count(with_hands(vote, **settings))
    exact = {
        ref: weighted(yes, 20, votes, 13, 60) for ref, yes, votes in (("a", 12, 6), ("b", 5, 7))
    }
    assert {line.item: line.score for line in result.lines} == exact
    assert exact == {"a": 60 * 12 * 13 + 40 * 6 * 20, "b": 60 * 5 * 13 + 40 * 7 * 20}


def test_weights_can_turn_a_result_that_numbers_would_decide(vote):
    few, many = {"a": Hands(yes=9, no=1)}, plain("b", times=40)
    for percent, winner in ((60, "a"), (30, "b")):
        settings = {"mixed_votes": "weights", "assembly_percent": percent, "rank_by": "points"}
        budget = vote({"a": 600, "b": 600}, many, **settings)
        added = AddAssemblyVotes(vote="vote", present=10, hands=few)
        budget.execute(added, actor=OFFICER)
        assert count(budget).count.funded == (winner,)


def test_hands_that_were_put_down_wrongly_are_corrected_and_both_results_can_be_proved(vote, host):
    """4b, results: the minutes said 12 where 21 were right, in a result that was published."""
    budget = with_hands(vote, present=40, **MIXED)
    count(budget)
    wrong = CorrectResult(vote="vote", hands={"b": Hands(yes=41, no=0)}, reason="x")
    assert [one.code for one in budget.why(wrong, actor=SECOND)] == ["hands_exceed_present"]
    right = CorrectResult(
        vote="vote", hands={"b": Hands(yes=21, no=9)}, reason="Zahlendreher in der Niederschrift."
    )
    budget.execute(right, actor=SECOND)
    old, new = budget.vote_results("vote")
    assert [one.line("b").votes for one in (old, new)] == [12, 28]
    assert [one.status for one in (old, new)] == ["superseded", "corrected"]
    assert [one.line("a").votes for one in (old, new)] == [18, 18]
    assert new.lines[0].item == "b"
    assert all(check.ok for check in budget.audit())
    budget.rebuild()
    assert budget.vote_results("vote") == (old, new)
    issued_at = start_of_day(date(2027, 9, 1), BERLIN)
    for revision in (1, 2):
        made = certify(budget, "vote", issued_at=issued_at, revision=revision)
        checks = verify(made, budget.journal_lines(), budget.opened_ballots("vote"), host)
        assert [fault for check in checks for fault in check.faults] == []


def test_hands_are_added_only_where_that_was_declared_and_before_the_count(vote):
    budget = vote({"a": 100}, plain("a", times=6))
    asked = AddAssemblyVotes(vote="vote", present=1, hands={"a": Hands(yes=2, no=0)})
    assert [one.code for one in budget.why(asked, actor=OFFICER)] == [
        "not_a_mixed_vote",
        "hands_exceed_present",
    ]
    mixed = with_hands(vote, **MIXED)
    count(mixed)
    late = AddAssemblyVotes(vote="vote", present=9, hands={})
    assert [one.code for one in mixed.why(late, actor=OFFICER)] == ["already_counted"]


# --- golden figures of real towns


def test_koeln_of_equal_differences_more_pro_wins(vote):
    """Köln 2016: rank by pro minus contra; of equals, the one with more pro."""
    settings = {"ballot_type": "pro_contra", "rank_by": "pro_minus_contra"}
    rules = {"tie": ["core/more_votes", "core/lot"]}
    ballots = [
        *[("online", {"a": 1, "b": 1})] * 8,
        *[("online", {"b": 1})] * 4,
        *[("online", {"b": -1})] * 4,
    ]
    result = count(vote({"a": 600, "b": 600}, ballots, rules=rules, **settings))
    told = {line.item: (line.votes, line.contra, line.score) for line in result.lines}
    assert told == {"b": (12, 4, 8), "a": (8, 0, 8)}
    assert result.count.funded == ("b",)
    assert result.ties[0].members == ("b", "a")


def test_stuttgart_only_gut_counts_whatever_the_negatives(vote):
    """Stuttgart 2025: A 50 gut, B 51 gut: B is first, however many call it less good."""
    settings = {"ballot_type": "pro_contra", "rank_by": "pro"}
    ballots = [
        *[("online", {"a": 1, "b": 1})] * 50,
        ("online", {"b": 1}),
        *[("online", {"b": -1})] * 20,
    ]
    result = count(vote({"a": 600, "b": 600}, ballots, **settings))
    told = {line.item: (line.votes, line.contra) for line in result.lines}
    assert told == {"b": (51, 20), "a": (50, 0)}
    assert result.lines[0].item == "b"


def test_stuttgart_two_places_for_each_of_23_districts_then_the_best_up_to_100():
    """Stuttgart: the top 100 are the two best of each district, then whoever has most."""
    areas = {
        f"{district:02}-{n:02}": f"d{district:02}" for district in range(23) for n in range(8)
    }
    projects = [Project(id=ref, cost=0) for ref in areas]
    # The last district has fewer votes for its best than any other for its worst.
    tallies = {ref: 10_000 * (22 - int(ref[:2])) + 100 - int(ref[3:]) for ref in areas}
    select = Shortlist(size=100, include_all=True, reserved=2, areas=areas)
    chosen = select(Election.from_tallies(projects=projects, budget=0, tallies=tallies)).chosen
    assert len(chosen) == 100
    by_district = [sum(areas[ref] == f"d{n:02}" for ref in chosen) for n in range(23)]
    assert by_district == [8] * 9 + [2] * 14
