"""The greedy family: what is funded, what is not, and why."""

from fractions import Fraction

import pytest

from partizipation_core.counting import (
    Election,
    Exclusive,
    Greedy,
    Lot,
    Overrun,
    Project,
    Score,
    Skip,
    Stop,
    Tally,
    Threshold,
    Ties,
    UndecidedTie,
    misfit,
)
from partizipation_core.errors import InputError

SITE = {"exclusive": "Marktplatz"}


def town(budget, *rows, unit=1):
    """Build an election of totals from rows of id, cost, votes and perhaps more."""
    projects = [
        Project(id=id_, cost=cost, **(more[0] if more else {})) for id_, cost, _, *more in rows
    ]
    return Election.from_tallies(
        projects=projects, budget=budget, tallies={row[0]: row[2] for row in rows}, unit=unit
    )


PLAYGROUND = town(
    100,
    ("swing", 60, 30),
    ("slide", 50, 20),
    ("bench", 30, 10),
    ("tree", 10, 5),
)


class TestMisfit:
    @pytest.mark.parametrize(
        ("treatment", "funded", "rest"),
        [
            pytest.param("skip", ["swing", "bench", "tree"], 0, id="skip"),
            pytest.param("stop", ["swing"], 40, id="stop"),
            pytest.param("overrun(4/5)", ["swing", "slide"], -10, id="overrun-exactly-80-percent"),
            pytest.param("overrun(81/100)", ["swing"], 40, id="overrun-just-missed"),
            pytest.param(Overrun(Fraction(4, 5)), ["swing", "slide"], -10, id="overrun-as-value"),
        ],
    )
    def test_next_project_costs_more_than_is_left(self, treatment, funded, rest):
        result = Greedy(misfit=treatment)(PLAYGROUND)

        assert list(result.funded) == funded
        assert result.rest == rest

    def test_has_no_default(self):
        with pytest.raises(TypeError, match="misfit"):
            Greedy()

    @pytest.mark.parametrize("text", ["", "halves", "overrun", "overrun(1/0)", "overrun(5/4)"])
    def test_unknown_text_is_refused(self, text):
        with pytest.raises(InputError):
            misfit(text)

    @pytest.mark.parametrize("value", [Skip(), Stop(), Overrun(Fraction(4, 5))])
    def test_text_and_value_say_the_same(self, value):
        assert misfit(str(value)) == value

    def test_overrun_ends_the_award(self):
        result = Greedy(misfit="overrun(4/5)")(PLAYGROUND)

        assert result.fates["slide"].reason.code == "fate.overrun"
        assert result.fates["slide"].reason.params["missing"] == 10
        assert result.fates["tree"].reason.code == "fate.after_stop"
        told = {"stopper": "slide", "stopper_name": "slide"}
        assert result.fates["tree"].reason.params == told


class TestReasons:
    @pytest.mark.parametrize(
        ("id_", "code", "missing"),
        [
            pytest.param("swing", "fate.funded", None, id="funded"),
            pytest.param("slide", "fate.does_not_fit", 11, id="must-beat-the-swing"),
            pytest.param("bench", "fate.after_stop", 11, id="must-pass-the-slide-that-stopped"),
            pytest.param("tree", "fate.after_stop", 16, id="must-pass-it-too"),
        ],
    )
    def test_stop(self, id_, code, missing):
        fate = Greedy(misfit="stop")(PLAYGROUND).fates[id_]

        assert (fate.reason.code, fate.margin.missing) == (code, missing)

    def test_a_project_dearer_than_the_budget_lacks_no_votes(self):
        result = Greedy(misfit="skip")(town(100, ("bridge", 101, 900), ("bench", 30, 1)))

        assert result.margin("bridge").missing is None
        assert result.margin("bridge").reason.code == "margin.exceeds_budget"

    def test_without_a_vote_nothing_is_funded(self):
        election = town(100, ("bench", 30, 0))

        assert Greedy(misfit="skip")(election).rejected["bench"].reason.code == "fate.no_support"
        assert Greedy(misfit="skip", unsupported=True)(election).funded == ("bench",)
        assert Greedy(misfit="skip")(election).margin("bench").missing == 1

    def test_withdrawn_projects_are_never_funded_and_stop_nobody(self):
        election = town(100, ("hall", 101, 90, {"withdrawn": True}), ("bench", 30, 1))
        result = Greedy(misfit="stop", unsupported=True)(election)

        assert result.funded == ("bench",)
        assert result.margin("hall").reason.code == "margin.withdrawn"


class TestConstraints:
    @pytest.mark.parametrize(
        ("minimum", "funded"),
        [
            pytest.param(10, ["swing", "bench"], id="reaching-it-is-enough"),
            pytest.param(11, ["swing"], id="one-short"),
        ],
    )
    def test_threshold(self, minimum, funded):
        result = Greedy(misfit="skip")(PLAYGROUND, [Threshold(minimum)])

        assert list(result.funded) == funded

    def test_threshold_of_votes_under_a_ranking_by_points(self):
        totals = {"a": Tally(votes=2, points=90), "b": Tally(votes=9, points=10)}
        election = Election.from_tallies(
            projects=[Project(id="a", cost=60), Project(id="b", cost=60)],
            budget=100,
            tallies=totals,
        )
        rule = Greedy(misfit="stop", score="points")

        assert rule(election, [Threshold(3, "votes")]).funded == ("b",)
        assert rule(election, [Threshold(3, "score")]).funded == ("a",)

    def test_of_two_projects_on_one_site_the_better_one_is_funded(self):
        election = town(100, ("fair", 40, 9, SITE), ("fountain", 40, 8, SITE), ("tree", 10, 1))
        result = Greedy(misfit="stop")(election, [Exclusive()])

        assert result.funded == ("fair", "tree")
        assert result.fates["fountain"].reason.params["other"] == "fair"
        assert result.margin("fountain").missing == 2

    def test_groups_may_be_given_by_id(self):
        result = Greedy(misfit="skip")(PLAYGROUND, [Exclusive(({"swing", "bench"},))])

        assert result.funded == ("swing", "tree")


class TestScores:
    def test_koeln_equal_differences_more_pro_wins(self):
        totals = {
            "A": Tally(votes=30, points=20, contra=10),
            "B": Tally(votes=50, points=20, contra=30),
        }
        election = Election.from_tallies(
            projects=[Project(id="A", cost=80), Project(id="B", cost=80)],
            budget=100,
            tallies=totals,
        )
        result = Greedy(misfit="skip", score=Score.PRO_MINUS_CONTRA, ties=Ties("-pro"))(election)

        assert result.funded == ("B",)
        assert result.ties[0].decided_by == ("-pro",)

    @pytest.mark.parametrize("against_b", [0, 50, 5_000])
    def test_stuttgart_50_gut_against_51_gut_whatever_the_negatives(self, against_b):
        ratings = [{"A": 1}] * 50 + [{"B": 1}] * 51 + [{"B": -1}] * against_b
        election = Election.from_ballots(
            projects=[Project(id="A", cost=1), Project(id="B", cost=1)],
            budget=1,
            ballots=ratings,
            ballot_type="pro_contra",
        )
        result = Greedy(misfit="stop", score="pro")(election)

        assert [fate.id for fate in result.steps] == ["B", "A"]
        assert result.fates["B"].contra == against_b

    def test_points_first_does_not_ask_for_costs(self):
        election = Election.from_ballots(
            projects=[Project(id="dear", cost=90), Project(id="cheap", cost=10)],
            budget=95,
            ballots=[{"dear": 5}, {"cheap": 2}, {"cheap": 2}],
            ballot_type="cumulative",
        )

        assert Greedy(misfit="skip", score="points")(election).funded == ("dear",)
        assert Greedy(misfit="skip", score="votes")(election).funded == ("cheap",)

    def test_votes_per_cost(self):
        election = town(100, ("hall", 100, 90), ("bench", 3, 3), ("gift", 0, 1))
        result = Greedy(misfit="skip", score="votes_per_cost")(election)

        assert [fate.id for fate in result.steps] == ["gift", "bench", "hall"]
        assert result.fates["hall"].score == Fraction(9, 10)
        assert result.margin("hall").missing == 11


class TestTies:
    TIED = town(50, ("b", 50, 7), ("a", 50, 7), ("c", 20, 7))

    @pytest.mark.parametrize(
        ("ties", "funded"),
        [
            pytest.param(Ties("cost", "id"), ["c"], id="lower-cost"),
            pytest.param(Ties("id"), ["a"], id="smaller-id"),
            pytest.param(Ties(Lot("2026-05-18")), ["b"], id="lot"),
        ],
    )
    def test_the_order_decides(self, ties, funded):
        result = Greedy(misfit="skip", ties=ties)(self.TIED)

        assert list(result.funded) == funded
        assert result.ties[0].mattered

    def test_an_order_that_leaves_money_undecided_is_refused(self):
        with pytest.raises(UndecidedTie) as caught:
            Greedy(misfit="skip", ties=Ties("-votes"))(self.TIED)

        assert set(caught.value.members) == {"a", "b", "c"}

    def test_a_tie_that_changes_nothing_needs_no_decision_but_is_told(self):
        result = Greedy(misfit="skip")(town(100, ("a", 50, 7), ("b", 50, 7)))

        assert not result.ties[0].mattered
        assert result.ties[0].decided_by == ()
        assert result.fates["a"].rank == result.fates["b"].rank == 1

    @pytest.mark.parametrize(
        ("budget", "treatment", "mattered"),
        [
            pytest.param(20, "skip", False, id="only-one-fits-anyway"),
            pytest.param(50, "skip", True, id="either-fits-not-both"),
            pytest.param(20, "stop", True, id="the-dear-one-first-would-stop"),
            pytest.param(10, "stop", False, id="none-fits"),
            pytest.param(60, "overrun(3/5)", True, id="only-the-dear-one-may-overrun"),
            pytest.param(60, "overrun(1/2)", False, id="either-may-overrun-last"),
            pytest.param(70, "overrun(1/2)", False, id="both-fit"),
        ],
    )
    def test_whether_it_mattered(self, budget, treatment, mattered):
        election = town(budget, ("a", 20, 7), ("b", 50, 7))
        result = Greedy(misfit=treatment, ties=Ties("id"))(election)

        assert result.ties[0].mattered is mattered

    def test_two_that_shut_each_other_out_are_undecided_though_the_money_is_enough(self):
        election = town(100, ("a", 20, 7, SITE), ("b", 30, 7, SITE))

        with pytest.raises(UndecidedTie):
            Greedy(misfit="skip")(election, [Exclusive()])
        result = Greedy(misfit="skip", ties=Ties("id"))(election, [Exclusive()])
        assert result.ties[0].mattered

    @pytest.mark.parametrize(
        ("budget", "undecided"),
        [
            pytest.param(100, False, id="neither-is-left-enough"),
            pytest.param(110, True, id="one-is-left-enough"),
            pytest.param(170, False, id="both-are"),
        ],
    )
    def test_an_order_that_ends_early_is_asked_about_what_the_first_leave_over(
        self, budget, undecided
    ):
        election = town(budget, ("a", 50, 7), ("b", 60, 7), ("c", 60, 7))
        rule = Greedy(misfit="skip", ties=Ties("cost"))

        if undecided:
            with pytest.raises(UndecidedTie) as caught:
                rule(election)
            assert set(caught.value.members) == {"b", "c"}
        else:
            assert rule(election).fates["a"].outcome == "funded"

    def test_who_has_a_score_alone_is_no_tie_and_turns_count_from_one(self):
        result = Greedy(misfit="skip", ties=Ties("id"))(
            town(100, ("a", 10, 9), ("b", 10, 7), ("c", 10, 7), ("d", 10, 5))
        )

        assert [tie.members for tie in result.ties] == [("b", "c")]
        assert [tie.score for tie in result.ties] == [7]
        assert [(fate.turn, fate.rank) for fate in result.fates.values()] == [
            (1, 1),
            (2, 2),
            (3, 2),
            (4, 4),
        ]

    def test_the_lot_is_in_the_result_with_list_and_seed(self):
        result = Greedy(misfit="skip", ties=Ties(Lot("2026-05-17")))(self.TIED)

        assert result.lot == Lot("2026-05-17").draw(["a", "b", "c"])
