"""Before a draw: is there a panel, who is in none, what would help, what would change."""

from dataclasses import replace

import pytest

from partizipation_buergerrat.sortition.examination import examine, what_if
from partizipation_buergerrat.sortition.quotas import Quota
from partizipation_buergerrat.sortition.relaxation import relax
from partizipation_buergerrat.texts import say
from partizipation_core.errors import InputError

WOMEN_MISSING = [("a", "w", ""), ("b", "m", ""), ("c", "m", ""), ("d", "m", "")]


def codes(examined):
    return [finding.code for finding in examined.findings]


def told(examined, code, lang="de"):
    return next(say(f.code, f.params, lang) for f in examined.findings if f.code == code)


def test_every_quota_is_shown_with_its_pool(problem):
    asked = problem(WOMEN_MISSING, [("G", "w", 1, 1), ("G", "m", 1, 1)], 2)
    assert [(c.quota.feature, c.pool) for c in examine(asked).counts] == [("w", 1), ("m", 3)]


def test_a_shortage_is_told_with_numbers_and_the_smallest_relaxation(problem):
    examined = examine(problem(WOMEN_MISSING, [("G", "w", 2, 2), ("G", "m", 1, 1)], 3))
    assert not examined.feasible
    assert told(examined, "draw.short") == (
        "G = w: Nötig sind mindestens 2, im Lostopf ist dafür nur 1 Person."
    ) or "nur 1 Person" in told(examined, "draw.short")
    assert {(q.feature, q.least, q.most) for q in examined.relaxation.changed} == {
        ("w", 1, 2),
        ("m", 1, 2),
    }
    assert examined.relaxation.seats == 2


def test_a_maximum_is_raised_before_a_minimum_is_lowered(problem):
    """Four seats: either one man more or a woman less would do; the women are protected."""
    rows = [("a", "w x", ""), ("b", "w x", ""), ("c", "m x", ""), ("d", "m x", "")]
    asked = problem(rows, [("G", "w", 2, 2), ("G", "m", 1, 1), ("K", "x", 4, 4)], 4)
    assert [(q.feature, q.most) for q in relax(asked).changed] == [("m", 2)]


def test_flexible_limits_are_walls(problem):
    asked = problem(WOMEN_MISSING, [("G", "w", 2, 2), ("G", "m", 1, 1)], 3)
    stiff = asked.categories.change(
        [Quota(category="G", feature="w", least=2, most=2, least_flex=2, most_flex=2)]
    )
    examined = examine(replace(asked, categories=stiff))
    assert examined.relaxation is None
    assert "draw.no_relaxation" in codes(examined)


def test_persons_in_no_panel_block_the_draw_and_the_quota_is_named(problem):
    rows = [("a", "w x", ""), ("b", "m y", ""), ("c", "m z", ""), ("d", "w z", "")]
    quotas = [
        ("G", "w", 1, 1),
        ("G", "m", 1, 1),
        ("K", "x", 0, 1),
        ("K", "y", 0, 0),
        ("K", "z", 0, 2),
    ]
    examined = examine(problem(rows, quotas, 2))
    assert [each.people for each in examined.excluded] == [("b",)]
    assert [finding.code for finding in examined.blocking] == ["draw.excluded"]
    assert told(examined, "draw.excluded") == (
        "1 Person kann in keiner zulässigen Auswahl vorkommen. Der Grund ist: K = y."
    )


@pytest.mark.parametrize(
    ("quotas", "code"),
    [
        ([("G", "w", 2, 3), ("G", "m", 2, 3)], "draw.least_too_high"),
        ([("G", "w", 0, 1), ("G", "m", 0, 1)], "draw.most_too_low"),
    ],
)
def test_sums_that_cannot_be_right_are_told(quotas, code, problem):
    rows = [(f"p{n}", "wm"[n % 2], "") for n in range(10)]
    assert code in codes(examine(problem(rows, quotas, 3)))


def test_too_few_people_are_told(problem):
    examined = examine(problem([("a", "w", "")], [("G", "w", 0, 3)], 2))
    assert codes(examined)[:1] == ["draw.too_few"]


def test_blank_addresses_are_a_warning_and_no_household(problem):
    rows = [("a", "w", ""), ("b", "w", "")]
    examined = examine(problem(rows, [("G", "w", 2, 2)], 2))
    assert examined.feasible
    assert codes(examined) == ["draw.blank_addresses"]
    assert not examined.blocking


def test_what_if_shows_who_gains_and_who_loses(problem):
    rows = [(f"p{n}", "w" if n < 2 else "m", "") for n in range(10)]
    asked = problem(rows, [("G", "w", 1, 1), ("G", "m", 1, 1)], 2)
    more = what_if(
        asked,
        [
            Quota(category="G", feature="w", least=0, most=1),
            Quota(category="G", feature="m", least=1, most=2),
        ],
    )
    assert more.before == pytest.approx(1 / 8)
    assert more.after == pytest.approx(0.2)
    before, after = more.features["G", "w"]
    assert before == pytest.approx(0.5)
    assert after < before
    with pytest.raises(InputError):
        what_if(asked, [Quota(category="G", feature="d", least=0, most=1)])


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_finding_has_a_sentence(lang, problem):
    examined = examine(problem(WOMEN_MISSING, [("G", "w", 2, 2), ("G", "m", 1, 1)], 3))
    for finding in examined.findings:
        assert finding.code not in say(finding.code, finding.params, lang)
