"""A bar is shown to somebody who looks and waits, and changes nothing of what is done."""

from datetime import date, timedelta

import pytest

from partizipation_core.cli import output

DAYS = [date(2027, 1, 11) + timedelta(days=30 * n) for n in range(11)]


@pytest.mark.parametrize(("looks", "slow", "shown"), [(True, True, True), (True, False, False)])
def test_a_bar_is_shown_to_who_waits(monkeypatch, capsys, looks, slow, shown):
    now = iter(range(1000))
    monkeypatch.setattr("sys.stderr.isatty", lambda: looks, raising=False)
    monkeypatch.setattr(output.time, "monotonic", lambda: next(now) * 2 if slow else 0)
    bars = []
    real = output.click.progressbar

    def bar(**options):
        bars.append(real(**options))
        return bars[-1]

    monkeypatch.setattr(output.click, "progressbar", bar)
    assert list(output.elapsing(iter(DAYS), date(2027, 12, 31), "Das Jahr")) == DAYS
    assert list(output.progress(DAYS, "Tage")) == DAYS
    assert bool(bars) is shown
    assert capsys.readouterr().out == "", "data and talk are kept apart"
    assert all(one.pos <= one.length for one in bars)
