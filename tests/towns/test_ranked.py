"""Towns whose votes advise the council, each with its published figures."""

import pytest

from partizipation_core import Actor, Refused
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    ForwardItem,
    MergeItems,
    PassOverItem,
    ReviewItem,
    ShortlistItem,
    SupportItem,
    TakeUpReview,
)
from partizipation_core.kernel.sitting import Resolution


def test_stuttgart_keeps_two_places_for_each_of_23_districts_in_100(town):
    # given five proposals in each of 23 districts; those of the last one please few people
    stuttgart = town("stuttgart")
    areas = stuttgart.settings().areas
    assert len(areas) == 23
    refs = {f"p-{n:02}-{m}": area for n, area in enumerate(areas) for m in range(5)}
    for ref, area in refs.items():
        stuttgart.idea(ref, area=area)

    # when people who live there rate, with whatever age and with a second home, too
    stuttgart.until("rating")
    early = {ref: 1 for ref in refs if not ref.startswith("p-22")}
    stuttgart.cast("a", early, age=7)
    stuttgart.cast("b", {ref: 1 for ref in early if ref[-1] in "0123"}, residence="secondary")
    stuttgart.cast("c", {ref: 1 for ref in early if ref[-1] in "0123"})
    stuttgart.cast("d", {"p-22-0": 1, "p-22-1": 1, "p-22-2": 1, "p-22-3": -1})
    elsewhere = stuttgart.resident("e", residence="elsewhere")
    assert stuttgart.why(CastBallot(choices={"p-00-0": 1}), elsewhere)

    # then the two best of each district come first, equals at the edge of them are added ...
    stuttgart.until("opinions")
    listed = stuttgart.preselect("rating")
    chosen = set(listed.shortlisted)
    assert {"p-22-0", "p-22-1", "p-22-2"} <= chosen
    assert listed.reasons["p-22-0"]["code"] == "shortlist.reserved"
    # ... negatives are information, and the list is filled up with the best of all, equals added
    assert "p-22-3" not in chosen
    assert {ref for ref in early if ref[-1] in "0123"} <= chosen
    assert len(chosen) == 22 * 5 + 3
    assert "include_all" in {code for tie in listed.ties for code in tie["decided_by"]}

    # and offices give opinions, the council decides in five ways, and what it adopts is done
    stuttgart.check("p-00-0").check(
        "p-00-1", outcome="infeasible", statement="Der Baugrund trägt nicht."
    )
    stuttgart.until("fund").resolve(
        p_00_0="adopted",
        p_00_1="rejected",
        p_00_2="noted",
        p_00_3=Resolution(outcome="modified", reason="Kleiner gebaut."),
        p_01_0=Resolution(outcome="passed_on", reason="Sache des Landes.", to="Land"),
    )
    assert stuttgart.states("p-00-0", "p-00-1", "p-00-2", "p-00-3", "p-01-0") == [
        "adopted",
        "not_awarded",
        "noted",
        "adopted",
        "passed_on",
    ]
    stuttgart.until("implement").deliver("p-00-0", 0).close()


def test_stuttgart_puts_51_before_50_whatever_the_negatives(town):
    stuttgart = town("stuttgart", areas=["Mitte"], shortlist_size=1, shortlist_per_area=0)
    stuttgart.idea("a", area="Mitte").idea("b", area="Mitte").until("rating")
    for n in range(50):
        stuttgart.cast(f"v-{n}", {"a": 1, "b": 1})
    stuttgart.cast("one-more", {"b": 1})
    for n in range(30):
        stuttgart.cast(f"w-{n}", {"b": -1})
    assert stuttgart.until("opinions").preselect("rating").shortlisted == ("b",)


def test_koeln_ranks_by_the_difference_and_takes_ten_of_each_district_and_of_the_city(town):
    # given twelve proposals in Nippes and two for the whole city
    koeln = town("koeln")
    nippes = [f"n-{n:02}" for n in range(12)]
    for ref in nippes:
        koeln.idea(ref, area="Nippes")
    koeln.idea("c-quiet").idea("c-loud").until("rating")

    # when n-11 gets as many for as against, n-10 has no vote, and both for the city differ by one
    koeln.cast("a", {**dict.fromkeys(nippes[:10], 1), "n-11": 1, "c-quiet": 1, "c-loud": 1})
    koeln.cast("b", {"n-11": -1, "c-loud": 1})
    koeln.cast("c", {"n-00": 1, "c-loud": -1})

    # then ten of the district go on, and of equal differences the one with more pro is first
    listed = koeln.until("opinions").preselect("rating")
    assert set(listed.shortlisted) == {*nippes[:10], "c-quiet", "c-loud"}
    assert set(listed.passed_over) == {"n-10", "n-11"}
    koeln.until("fund").resolve(n_00="noted").close()


def test_potsdam_adds_the_points_of_merged_proposals_and_asks_for_fifteen(town):
    # given people who give five points each, and no sixth
    potsdam = town("potsdam")
    costs = {"path": "Investitionen", "lane": "Investitionen", "paper": "Sparvorschläge"}
    for ref, category in {**costs, "choir": "Laufende Kosten", "pool": "Investitionen"}.items():
        potsdam.idea(ref, category=category)
    potsdam.until("preselection")
    six = CastBallot(choices={"path": 3, "lane": 3})
    assert potsdam.why(six, potsdam.resident("x")) == ["points_over(given=6, max=5)"]
    assert potsdam.why(CastBallot(choices={"path": 1}), potsdam.resident("kid", age=13))
    potsdam.cast("a", {"path": 5}).cast("b", {"path": 4, "lane": 1}).cast("c", {"lane": 5})
    potsdam.cast("d", {"paper": 5}).cast("e", {"paper": 5}).cast("f", {"paper": 5})
    potsdam.cast("g", {"choir": 5}).cast("h", {"choir": 5}).cast("i", {"choir": 4, "pool": 1})

    # when the team merges two after the vote and before anybody has counted
    merge = MergeItems(
        into="path", sources=["lane"], vote_policy="add_points", reason="Ein und derselbe Weg."
    )
    assert potsdam.why(merge, potsdam.moderator)
    potsdam.until("shortlisting").do(merge, potsdam.moderator)
    listed = potsdam.preselect("preselection")

    # then nine and six are fifteen, which is enough, as fifteen are, and fourteen are not
    assert set(listed.shortlisted) == {"path", "paper"}
    assert listed.passed_over == ("choir", "pool")
    assert listed.reasons["choir"]["code"] == "shortlist.minimum"
    assert potsdam.item("lane").state == "merged"
    assert potsdam.why(merge, potsdam.moderator)

    # and the second vote makes a ranked list, without money, on which the council decides
    potsdam.until("vote").cast("a", {"path": 5}).cast("b", {"paper": 3, "path": 2})
    result = potsdam.until("fund").count()
    assert {ref: (fate.rank, fate.outcome) for ref, fate in result.fates.items()} == {
        "path": (1, "advised"),
        "paper": (2, "advised"),
    }
    assert result.funded == ()
    assert potsdam.state().proposed == {}
    potsdam.resolve(path="adopted", paper="rejected")
    assert potsdam.states("path", "paper") == ["adopted", "not_awarded"]
    potsdam.until("implement").deliver("path", 0).close()


def test_potsdam_keeps_its_lists_to_ten_twenty_and_ten(town):
    potsdam = town("potsdam", shortlist_minimum=1)
    refs = [f"s-{n:02}" for n in range(11)]
    for ref in refs:
        potsdam.idea(ref, category="Sparvorschläge")
    potsdam.until("preselection")
    for n, ref in enumerate(refs):
        potsdam.cast(f"v-{n}", {ref: 5})
    potsdam.until("shortlisting").preselect("preselection")
    with pytest.raises(Refused, match=r"list_too_long\(category=Sparvorschläge, given=11"):
        potsdam.do(AdvanceStage())
    potsdam.do(PassOverItem(item="s-10", reason="Schon beschlossen.")).until("vote")


def test_neukoelln_takes_the_25_best_with_ten_votes(town):
    # given thirty proposals: two lack a vote for ten, and the rest have ten or more
    neukoelln = town("neukoelln")
    wanted = {f"n-{n:02}": 11 if n < 20 else 10 for n in range(28)} | {"n-28": 9, "n-29": 9}
    for ref in wanted:
        neukoelln.idea(ref)
    neukoelln.until("rating").cast_each(wanted)

    # then twenty go on by votes, five of eight equals by lot, and nine votes are too few
    listed = neukoelln.until("opinions").preselect("rating")
    assert len(listed.shortlisted) == 25
    assert {ref for ref, votes in wanted.items() if votes == 11} <= set(listed.shortlisted)
    assert {"n-28", "n-29"} <= set(listed.passed_over)
    assert listed.ties[0]["decided_by"] == ["lot"]
    neukoelln.check("n-00").until("fund").resolve(n_00="adopted", n_01="noted")
    neukoelln.until("implement").deliver("n-00", 0).close()


def test_lichtenberg_sends_a_proposal_one_of_four_ways(town):
    # given people who live or work there, and a panel
    lichtenberg = town("lichtenberg")
    panel = Actor.of("panel", "steering_panel")
    for ref in ("now", "votation", "no", "kiez"):
        lichtenberg.idea(ref)
        lichtenberg.do(TakeUpReview(item=ref), panel)

    # when the panel recommends one, lets people vote on one, rejects one and hands one over
    lichtenberg.do(ForwardItem(item="now", office="BVV", reason="Sofort bezahlbar."), panel)
    lichtenberg.do(ReviewItem(item="votation", outcome="feasible"), panel)
    lichtenberg.do(ShortlistItem(item="votation"), panel)
    no = ReviewItem(item="no", outcome="infeasible", statement="Der Bund ist zuständig.")
    lichtenberg.do(no, panel)
    kiez = ForwardItem(item="kiez", office="Jury des Kiezfonds", reason="Klein und nah.")
    lichtenberg.do(kiez, panel)
    assert lichtenberg.states("now", "votation", "no", "kiez") == [
        "forwarded",
        "shortlisted",
        "infeasible",
        "forwarded",
    ]

    # then the votation gives points, to those who work there as well
    lichtenberg.until("vote").cast("a", {"votation": 5}, residence="", works_here=True)
    assert lichtenberg.why(
        CastBallot(choices={"votation": 1}), lichtenberg.resident("b", residence="elsewhere")
    )
    result = lichtenberg.until("fund").count()
    assert result.fates["votation"].points == 5
    lichtenberg.resolve(votation="noted")

    # and the next round begins in the stage that is open all year
    lichtenberg.until("implement").do(AdvanceStage(edge="next_round", reason="Das Jahr beginnt."))
    assert lichtenberg.state().stage == "ideas"
    assert [fault for check in lichtenberg.audit() for fault in check.faults] == []


def test_freiburg_lets_people_support_a_dialogue_choose_and_groups_take_up(town):
    freiburg = town("freiburg").idea("lights").idea("shade").idea("fountain")
    for ref, people in {"lights": 1, "shade": 3}.items():
        for n in range(people):
            freiburg.do(SupportItem(item=ref), freiburg.resident(f"p-{n}"))
    assert freiburg.supports("shade").supports == 3
    steward = Actor.of("moderation", "steward")
    freiburg.until("dialogue").do(ShortlistItem(item="shade"), steward)
    freiburg.do(PassOverItem(item="lights", reason="Keine Priorität im Dialog."), steward)

    # then the council takes up what it wants, even what the dialogue gave no priority
    freiburg.until("fund").resolve(shade="adopted", lights="adopted")
    assert freiburg.states("shade", "lights", "fountain") == ["adopted", "adopted", "published"]
    freiburg.until("implement").deliver("lights", 0).close()
