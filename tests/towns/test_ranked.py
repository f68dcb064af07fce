"""Towns whose votes advise the council, each with its published figures."""

from partizipation_core.commands import CastBallot
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
