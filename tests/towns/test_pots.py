"""Towns that award a fixed pot, each with its published figures."""

import json

import pytest

from partizipation_buergerrat.procedure.drawing import CommitToDraw, HoldDraw
from partizipation_buergerrat.procedure.seat import ConfirmSeat, Seat, sitting
from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.pseudonyms import Vault
from partizipation_buergerrat.public.publication import publish
from partizipation_buergerrat.sortition.people import Person, Pool
from partizipation_buergerrat.sortition.problem import Problem
from partizipation_buergerrat.sortition.quotas import Categories, Quota
from partizipation_core import Actor, Money, Refused
from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CloseSitting,
    DecideInBody,
    EnterTotals,
    OpenSitting,
    PassOverItem,
    ReplaceBallot,
    SeatBody,
    ShortlistItem,
    SubmitItem,
    VoteInBody,
)
from partizipation_core.formats.rules import View
from partizipation_core.kernel.channels.register import ItemTotals
from partizipation_core.kernel.sitting import Resolution


def test_wuppertal_goes_from_a_hundred_by_lot_to_thirty_by_an_event_to_five_votes(town):
    # given 103 ideas that pass the coarse check, without a cost as yet
    wuppertal = town("wuppertal")
    refs = [f"w-{n:03}" for n in range(103)]
    for ref in refs:
        wuppertal.idea(ref)
    wuppertal.until("review").check(*refs, euros=100)

    # when people approve as many as they like, and the last four are equal
    wuppertal.until("preselection")
    wuppertal.cast("a", dict.fromkeys(refs, 1)).cast("b", dict.fromkeys(refs[:99], 1))

    # then the tie at rank 100 is decided by the public lot
    listed = wuppertal.until("common_good_check").preselect("preselection")
    assert len(listed.shortlisted) == 100
    (tie,) = listed.ties
    assert set(tie["members"]) == set(refs[99:])
    assert tie["decided_by"] == ["lot"]

    # and the event must leave thirty before the detailed check begins
    with pytest.raises(Refused, match=r"event_has_not_chosen\(left=100, places=30\)"):
        wuppertal.do(AdvanceStage())
    for ref in listed.shortlisted[30:]:
        wuppertal.do(PassOverItem(item=ref, reason="Gemeinwohlcheck vom 5. Mai"))
    thirty = listed.shortlisted[:30]
    wuppertal.until("detailed_check")
    wuppertal.check(*thirty[:5], euros=50_000).check(thirty[5], euros=50_001)
    with pytest.raises(Refused, match="over_the_cap"):
        wuppertal.do(AdvanceStage())
    wuppertal.do(PassOverItem(item=thirty[5], reason="Teurer als 50.000 Euro"))
    wuppertal.check(thirty[6], euros=10_000)

    # and the final vote takes five votes for five different projects, no sixth
    wuppertal.until("vote")
    ballot = [*thirty[:5], thirty[6]]
    assert wuppertal.why(
        CastBallot(choices=dict.fromkeys(ballot, 1)), wuppertal.resident("x")
    ) == ["too_many_choices(given=6, max=5)"]
    assert wuppertal.why(CastBallot(choices={ballot[0]: 2}), wuppertal.resident("x"))
    wuppertal.cast("a", dict.fromkeys(ballot[:5], 1)).cast("b", dict.fromkeys(ballot[:4], 1))
    wuppertal.cast("c", {ballot[5]: 1})

    # then as many are funded as fit in 210,000 euros of the city and of sponsors
    result = wuppertal.until("fund").count()
    assert result.budget == 210_000_00
    assert len(result.funded) == 5
    assert ballot[5] in result.funded
    assert result.rest == 0
    wuppertal.award().until("implement").deliver(ballot[0], 49_000).close()


def test_eberswalde_adds_tokens_from_vases_and_bars_winners_but_the_city(town):
    # given somebody who was awarded money two years ago, and the city itself
    bars = {"years": 3, "winners": {"club": 2025, "city": 2025}, "exempt": ["city"]}
    eberswalde = town("eberswalde", cooling_off=bars)
    barred = SubmitItem(item="again", title="Noch einmal", cost=Money.euro(500))
    assert eberswalde.why(barred, eberswalde.resident("club")) == [
        "cooling_off(item=again, year=2029, years=3)"
    ]
    child = eberswalde.resident("kid", age=13)
    assert eberswalde.why(barred, child) == ["too_young(min_age=14)"]
    costs = {"pond": 15_000, "stage": 15_000, "trees": 14_000, "castle": 15_000}
    dear = SubmitItem(item="tower", title="Turm", cost=Money.euro(15_001))
    told = "over_the_cap(amount=1500100, cap=1500000, item=tower)"
    assert eberswalde.why(dear, eberswalde.resident("a")) == [told]
    eberswalde.idea("city-bench", 14_000, author="city")
    for ref, euros in costs.items():
        eberswalde.idea(ref, euros, author=ref)

    # when the cap holds for what an office finds, too
    eberswalde.until("review").check("castle", euros=15_001)
    with pytest.raises(Refused, match="over_the_cap"):
        eberswalde.do(ShortlistItem(item="castle"))
    eberswalde.shortlist("pond", "stage", "trees", "city-bench").until("vote")

    # and five tokens are heaped or spread online, and dropped into vases on the day
    over = CastBallot(choices={"pond": 6})
    assert eberswalde.why(over, eberswalde.resident("x")) == ["points_over(given=6, max=5)"]
    eberswalde.cast("a", {"pond": 5}).cast("b", {"trees": 3, "stage": 2})
    eberswalde.until("fund").do(
        EnterTotals(
            vote="vote",
            place="Marktplatz",
            ballots=4,
            valid=4,
            votes={
                "pond": ItemTotals(votes=1, points=4),
                "stage": ItemTotals(votes=2, points=10),
                "trees": ItemTotals(votes=1, points=5),
                "city-bench": ItemTotals(votes=1, points=1),
            },
        )
    )

    # then most tokens come first, and all is within 100,000 euros
    result = eberswalde.count()
    assert {ref: fate.score for ref, fate in result.fates.items()} == {
        "stage": 12,
        "pond": 9,
        "trees": 8,
        "city-bench": 1,
    }
    assert result.budget == 100_000_00
    assert result.funded == ("stage", "pond", "trees", "city-bench")
    eberswalde.award().close()


def test_unterschleissheim_lets_a_basket_overshoot_once_and_goes_down_the_list(town):
    # given proposals of which the rating takes the best thirty
    ush = town("unterschleissheim")
    refs = [f"u-{n:02}" for n in range(32)]
    for ref in refs:
        ush.idea(ref)
    ush.until("rating").cast("a", dict.fromkeys(refs, 1)).cast("b", dict.fromkeys(refs[:30], 1))
    listed = ush.until("opinions").preselect("rating")
    assert set(listed.shortlisted) == set(refs[:30])

    # when three of them are checked and stand in the basket
    for ref, euros in {"u-00": 150_000, "u-01": 120_000, "u-02": 100_000, "u-03": 80_000}.items():
        ush.check(ref, euros=euros)
    ush.until("vote")
    voter = ush.resident("a")
    assert ush.why(CastBallot(choices={"u-00": 1, "u-01": 1}), voter) == []
    (twice,) = ush.why(CastBallot(choices={"u-00": 1, "u-01": 1, "u-02": 1}), voter)
    assert twice.startswith("overshot_twice")
    ush.cast("a", {"u-00": 1, "u-01": 1})
    ush.do(ReplaceBallot(choices={"u-01": 1, "u-02": 1}), voter)
    ush.cast("b", {"u-01": 1}).cast("c", {"u-03": 1})

    # then the list is gone down until 200,000 euros are used
    result = ush.until("fund").count()
    assert (result.budget, result.funded) == (200_000_00, ("u-01", "u-03"))
    assert result.fates["u-02"].reason.code == "fate.does_not_fit"
    ush.award().until("implement").deliver("u-03", 75_000).close()


def test_equal_shares_give_a_third_of_the_voters_a_third_of_the_money(town):
    # given two thirds who want the large projects and a third who wants the small ones
    shares = town("equal_shares")
    costs = {"north-1": 20_000, "north-2": 20_000, "north-3": 20_000, "south": 18_000}
    for ref, euros in costs.items():
        shares.idea(ref, euros)
    shares.until("review").shortlist(*costs).until("vote")
    for n in range(6):
        shares.cast(f"n-{n}", {"north-1": 1, "north-2": 1, "north-3": 1})
    for n in range(3):
        shares.cast(f"s-{n}", {"south": 1})

    # then both groups get what their shares pay for, where the most votes would get it all
    result = shares.until("fund").count()
    assert result.rule == "equal_shares"
    assert len(result.funded) == 3
    assert "south" in result.funded
    assert result.rest == 2_000_00
    shares.award().close()


def test_lahr_sends_codes_by_post_and_lets_sponsored_people_in(town):
    # given a guest who has a sponsor, and one who has none
    lahr = town("lahr")
    idea = SubmitItem(item="garden", title="Garten", cost=Money.euro(10_000))
    guest = lahr.resident("guest", residence="elsewhere")
    assert lahr.why(idea, guest)
    sponsored = lahr.resident("guest", residence="elsewhere", sponsor="adult")
    lahr.do(idea, sponsored).idea("choir", 9_000).idea("tower", 10_000)
    lahr.until("review").check("tower", euros=10_001).shortlist("garden", "choir")
    with pytest.raises(Refused, match="over_the_cap"):
        lahr.do(ShortlistItem(item="tower"))

    # when five Gulden are given with a code from a letter, or on the day, and not by account
    lahr.until("vote")
    letters = lahr.issue_codes(batch="letters", vote="vote", count=2, actor=lahr.officer)
    first, second = (line.split(",")[2] for line in letters.hand_over().splitlines()[1:])
    with pytest.raises(Refused, match="points_over"):
        lahr.cast_by_code(first, {"garden": 6})
    lahr.cast_by_code(first, {"garden": 1, "choir": 4})
    lahr.cast_by_code(second, {"choir": 5})
    assert lahr.why(CastBallot(choices={"garden": 1}), lahr.resident("a"))
    votes = {"garden": ItemTotals(votes=2, points=10)}
    urn = EnterTotals(vote="vote", place="Rathaus", ballots=2, valid=2, votes=votes)
    lahr.until("fund").do(urn)

    # then code and day are one result
    result = lahr.count()
    assert {ref: fate.points for ref, fate in result.fates.items()} == {"garden": 11, "choir": 9}
    assert result.funded == ("garden", "choir")
    lahr.award().until("implement").deliver("choir", 8_500).close()


def seated_by_lot(konstanz, clock, *, people, seats):
    """Draw as the format says, hold the draw in public, and let everybody confirm the seat."""
    pool = Pool.of(Person(id=f"c-{n:03}", features=("ja",)) for n in range(people))
    quota = Quota(category="Einwohnerschaft", feature="ja", least=seats, most=seats)
    problem = Problem(seats=seats, categories=Categories.of([quota]), pool=pool)
    view = View(now=clock.now(), command="CommitToDraw", stage="draw", settings=None)
    method = konstanz.rules().one("draw", "draw")
    files = publish(method(problem, 1000, view), Vault.new(person.id for person in pool))
    when = "2027-06-02T18:00:00Z"
    source = {"kind": "digits", "count": 3, "event": "Ziehung im Ratssaal", "at": when}
    promised = {"claims": canonical(files.claims), "source": json.dumps(source)}
    konstanz.do(CommitToDraw(drawing="citizens", tool="test 1", **promised))
    clock.advance(days=120)
    witnesses = ["Notariat"]
    konstanz.do(
        HoldDraw(drawing="citizens", value="187", panels=files.panels, witnesses=witnesses)
    )
    for seat in konstanz.records(Seat):
        konstanz.do(ConfirmSeat(seat=seat), Actor.of(seat, "resident"))
    return tuple(sitting(konstanz.records(Seat)))


def test_konstanz_lets_twenty_citizens_drawn_by_lot_decide_and_the_council_confirms(town, clock):
    # given three proposals, of which one is above the cap
    konstanz = town("konstanz").idea("shade", 15_000).idea("youth", 9_000)
    with pytest.raises(Refused, match="over_the_cap"):
        konstanz.idea("hall", 15_001)
    konstanz.until("form_check")
    konstanz.do(ShortlistItem(item="shade")).do(ShortlistItem(item="youth")).until("draw")

    # and twenty of 200, drawn in public from a thousand panels that were published before
    drawn = seated_by_lot(konstanz, clock, people=200, seats=20)
    assert len(set(drawn)) == 20
    konstanz.until("vote")

    # when nobody else can vote, and they agree to one unanimously and to the other by ten
    voter = konstanz.resident("a")
    assert konstanz.why(CastBallot(choices={"shade": 1}), voter)
    chair = Actor.of("chair", "steward")
    konstanz.do(SeatBody(members=drawn)).do(OpenSitting(present=drawn), chair)
    for n, who in enumerate(drawn):
        citizen = Actor.of(who, "lot_citizen")
        konstanz.do(VoteInBody(item="shade", choice="yes"), citizen)
        konstanz.do(VoteInBody(item="youth", choice="yes" if n < 10 else "no"), citizen)
    konstanz.do(DecideInBody(item="shade", sum=Money.euro(15_000)), chair)
    konstanz.do(DecideInBody(item="youth", sum=Money.euro(9_000)), chair)
    konstanz.do(CloseSitting(), chair)

    # then ten of twenty are no majority, and the council confirms what they agreed to
    assert konstanz.state().proposed == {"shade": Money.euro(15_000)}
    konstanz.until("fund").award()
    assert konstanz.states("shade", "youth") == ["awarded", "not_awarded"]
    konstanz.until("implement").deliver("shade", 14_000).close()


def test_marzahn_hellersdorf_binds_up_to_20_000_euros_and_advises_above(town):
    # given small proposals and large ones
    marzahn = town("marzahn_hellersdorf", pot="30000 EUR")
    costs = {"bench": 20_000, "swing": 9_000, "trees": 2_000, "pool": 20_001, "bridge": 80_000}
    for ref, euros in costs.items():
        marzahn.idea(ref, euros, category="A" if euros <= 20_000 else "B", author="kid")
    marzahn.until("review").shortlist(*costs).until("vote")
    wanted = {"bench": 3, "swing": 4, "trees": 1, "pool": 5, "bridge": 2}
    marzahn.cast_each(wanted)

    # then each list has ranks of its own, and only the small ones are proposed to be paid
    result = marzahn.until("fund").count()
    assert {ref: (fate.rank, fate.outcome) for ref, fate in result.fates.items()} == {
        "swing": (1, "funded"),
        "bench": (2, "funded"),
        "trees": (3, "rejected"),
        "pool": (1, "advised"),
        "bridge": (2, "advised"),
    }
    assert result.rest == 1_000_00
    with pytest.raises(Refused, match="advice_only"):
        marzahn.do(AwardItems(amounts={"pool": Money.euro(20_001)}, reason="x"), marzahn.council)
    marzahn.resolve(
        pool=Resolution(outcome="passed_on", reason="Sache des Landes.", to="Senat"),
        bridge="noted",
    )
    marzahn.award()
    assert marzahn.states("swing", "bench", "trees", "pool", "bridge") == [
        "awarded",
        "awarded",
        "not_awarded",
        "passed_on",
        "noted",
    ]
    marzahn.until("implement").deliver("swing", 8_000).close()


def test_brandenburg_lets_councillors_vote_with_five_votes_each(town):
    brandenburg = town("brandenburg_an_der_havel")
    costs = {"a": 25_000, "b": 25_000, "c": 25_000, "d": 20_000, "e": 10_000, "f": 5_000}
    for ref, euros in costs.items():
        brandenburg.idea(ref, euros)
    brandenburg.until("review").shortlist(*costs).until("vote")
    six = CastBallot(choices=dict.fromkeys(costs, 1))
    councillors = [Actor.of(f"councillor-{n}", "council") for n in range(4)]
    assert brandenburg.why(six, councillors[0]) == ["too_many_choices(given=6, max=5)"]
    assert brandenburg.why(CastBallot(choices={"a": 1}), brandenburg.resident("x"))
    for n, councillor in enumerate(councillors):
        named = list(costs)[: 5 - n] if n else list(costs)[1:]
        brandenburg.do(CastBallot(choices=dict.fromkeys(named, 1)), councillor)

    # then the pot is used up from the top: b 4, c 3, a and d 3 and 2 ...
    result = brandenburg.until("fund").count()
    assert {ref: fate.votes for ref, fate in result.fates.items()} == {
        "a": 3,
        "b": 4,
        "c": 3,
        "d": 2,
        "e": 1,
        "f": 1,
    }
    assert set(result.funded) == {"a", "b", "c", "d", "f"}
    assert result.rest == 0
    brandenburg.award().until("implement").deliver("d", 19_000).close()
