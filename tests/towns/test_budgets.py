"""Money for areas and categories through the settings of a town, and what misfits may do."""

import pytest

from partizipation_core import Money
from partizipation_core.commands import AwardItems
from partizipation_core.errors import PartizipationError

COSTS = {"n-1": 14_000, "n-2": 14_000, "s-1": 10_000, "s-2": 9_000}
VOTES = {"n-1": 9, "n-2": 8, "s-1": 5, "s-2": 4}


@pytest.fixture
def voted(town):
    """Return a vote about 30,000 euros in two areas, ready to be counted."""

    def play(**settings):
        places = {"areas": ["Nord", "Süd"], "categories": ["Grün", "Kultur"]}
        eberswalde = town("eberswalde", pot="30000 EUR", **places, **settings)
        for ref, euros in COSTS.items():
            area = "Nord" if ref.startswith("n") else "Süd"
            category = "Grün" if ref.endswith("1") else "Kultur"
            eberswalde.idea(ref, euros, area=area, category=category, author=ref)
        eberswalde.until("review").shortlist(*COSTS).until("vote").cast_each(VOTES)
        return eberswalde.until("fund")

    return play


@pytest.mark.parametrize(
    ("settings", "funded"),
    [
        pytest.param({}, ("n-1", "n-2"), id="one pot"),
        pytest.param(
            {"area_budgets": {"Nord": "15000 EUR", "Süd": "15000 EUR"}},
            ("n-1", "s-1"),
            id="a limit for each area",
        ),
        pytest.param(
            {"area_budgets": {"Nord": "11000 EUR", "Süd": "19000 EUR"}, "budgets_as": "pots"},
            ("s-1", "s-2"),
            id="a pot for each area",
        ),
        pytest.param(
            {"category_budgets": {"Grün": "24000 EUR", "Kultur": "9000 EUR"}},
            ("n-1", "s-1"),
            id="a limit for each category",
        ),
        pytest.param(
            {"category_budgets": {"Grün": "24000 EUR", "Kultur": "6000 EUR"}, "threshold": 6},
            ("n-1",),
            id="a limit and a minimum",
        ),
    ],
)
def test_money_of_areas_and_categories_is_kept_apart(voted, settings, funded):
    eberswalde = voted(**settings)

    result = eberswalde.count()
    assert result.funded == funded
    eberswalde.award()
    assert eberswalde.states(*funded) == ["awarded"] * len(funded)
    eberswalde.close()


def test_who_exceeds_the_money_of_an_area_is_told_so(voted):
    limits = {"Nord": "15000 EUR", "Süd": "15000 EUR"}
    fate = voted(area_budgets=limits).count().fates["n-2"]
    assert fate.reason.code == "fate.pot_used_up"
    assert (fate.reason.params["pot"], fate.reason.params["rest"]) == ("Nord", 1_000_00)


def test_an_item_belongs_to_one_pot(town):
    pots = {"area_budgets": {"Nord": "1 EUR"}, "category_budgets": {"Grün": "1 EUR"}}
    with pytest.raises(PartizipationError, match="belongs to one pot"):
        town("eberswalde", budgets_as="pots", **pots)


def test_the_next_in_line_may_get_a_part(voted):
    eberswalde = voted(misfit="partial")

    result = eberswalde.count()
    assert result.funded == ("n-1", "n-2", "s-1")
    assert result.rest == 0
    assert eberswalde.state().proposed["s-1"] == Money.euro(2_000)
    eberswalde.award()
    assert eberswalde.item("s-1").award == Money.euro(2_000)
    eberswalde.close()


def test_an_assembly_may_decide_about_the_rest(voted):
    eberswalde = voted(misfit="assembly")

    result = eberswalde.count()
    assert result.funded == ("n-1", "n-2")
    assert result.fates["s-1"].reason.code == "fate.left_to_assembly"
    assert result.rest == 2_000_00
    # what the assembly decides is awarded with its reason
    amounts = {**eberswalde.state().proposed, "s-2": Money.euro(2_000)}
    decided = AwardItems(amounts=amounts, reason="Versammlung vom 3. Juni 2027")
    eberswalde.do(decided, eberswalde.council)
    assert eberswalde.states("s-1", "s-2") == ["not_awarded", "awarded"]
    eberswalde.close()


def test_more_against_than_for_is_not_funded_without_a_minimum(town):
    settings = {"ballot_type": "pro_contra", "rank_by": "pro_minus_contra", "max_points": None}
    eberswalde = town("eberswalde", pot="30000 EUR", **settings)
    eberswalde.idea("bridge", 9_000).idea("pond", 9_000, author="b")
    eberswalde.until("review").shortlist("bridge", "pond").until("vote")
    eberswalde.cast("a", {"bridge": 1, "pond": 1}).cast("b", {"bridge": -1, "pond": 1})
    eberswalde.cast("c", {"bridge": -1})

    result = eberswalde.until("fund").count()
    assert result.funded == ("pond",)
    assert result.fates["bridge"].reason.code == "fate.below_threshold_votes"
