"""What the public sees: counted from pledges, exact, and nobody is told apart by it."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from partizipation_core import Money
from partizipation_crowdfunding.contest.records import Campaign, Pledge
from partizipation_crowdfunding.public.charts import bar, curve
from partizipation_crowdfunding.public.figures import Day, daily, forecast, progress
from partizipation_crowdfunding.public.report import report

EURO = Money.euro
BERLIN = ZoneInfo("Europe/Berlin")


def figures(one, ref="brunnen"):
    return progress(one.campaign(ref), one.handle.records(Pledge).values())


def test_progress_counts_what_is_secured_and_shows_a_missed_goal_as_missed(contest):
    one = contest().live(brunnen=1_000)
    one.pledge("brunnen", "a", 600)
    one.pledge("brunnen", "a", 399)
    one.pledge("brunnen", "b", 1, paid=False)
    told = figures(one)
    assert (told.pledged, told.heads, told.pledges, told.waiting) == (EURO(999), 1, 2, 1)
    assert told.percent == 99


def test_match_money_is_told_apart_from_pledges(contest):
    match = {"by": "ratio", "percent": 50}
    one = contest(match=match).live(brunnen=100)
    one.pledge("brunnen", "a", 80)
    told = figures(one)
    assert (told.pledged, told.added, told.percent) == (EURO(80), EURO(40), 120)


def days_of(contest, *crowds):
    one = contest().live(brunnen=1_000)
    for people in crowds:
        for who in people:
            one.pledge("brunnen", who, 10)
        one.clock.advance(days=1)
    return one.handle.records(Pledge).values()


def test_the_series_tells_sums_and_heads_day_by_day(contest):
    row = daily(days_of(contest, "abc", "", "ade"), BERLIN)
    assert [(one.day, one.pledged, one.heads) for one in row] == [
        (date(2027, 3, 1), EURO(30), 3),
        (date(2027, 3, 3), EURO(60), 5),
    ]


def test_a_day_with_few_people_is_told_with_the_next(contest):
    pledges = days_of(contest, "a", "bc", "d")
    assert [one.day for one in daily(pledges, BERLIN)] == [date(2027, 3, 2)]
    assert len(daily(pledges, BERLIN, fewest=1)) == 3


def test_a_forecast_goes_on_at_the_pace_of_the_last_days():
    begin = date(2027, 8, 16)
    row = [Day(day=begin + timedelta(days=n), pledged=EURO(100 * n), heads=n) for n in range(11)]
    assert forecast(row, begin + timedelta(days=20)) == EURO(2_000)
    assert forecast(row, begin) == EURO(1_000)
    assert forecast(row[:1], begin) is None
    assert forecast([], begin) is None


def test_pictures_are_svg_with_their_numbers_in_words(contest):
    one = contest().live(brunnen=100)
    for who in "abc":
        one.pledge("brunnen", who, 10)
    row = daily(one.handle.records(Pledge).values(), BERLIN)
    for picture in (bar("<Brunnen>", figures(one)), curve("<Brunnen>", row, EURO(100))):
        root = ET.fromstring(picture)  # noqa: S314 - our own picture
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title.text.startswith("<Brunnen>: ")
        assert "30.00" in title.text
        assert picture.count("://") == 1  # the namespace: nothing is fetched


def test_the_report_tells_what_came_of_each_and_of_all(contest):
    one = contest().live(brunnen=10, baum=1_000)
    one.pledge("brunnen", "a", 10)
    one.pledge("baum", "a", 10)
    one.pledge("baum", "b", 10)
    one.close()
    items = {item.ref: item for item in one.handle.items()}
    records = one.handle.records
    told = report(items, records(Campaign), records(Pledge), one.clock.now())
    assert (told.entries, told.successful, told.heads, told.pledged) == (2, 1, 2, EURO(10))
    by_ref = {row["campaign"]: row for row in told.rows()}
    assert (by_ref["brunnen"]["state"], by_ref["baum"]["state"]) == ("successful", "failed")
    assert by_ref["baum"]["heads"] == 2
