"""A real browser shows the page on a phone and on a desk without a scroll to the side."""

import re
import shutil
import subprocess
from html import escape

import pytest
from attrs import evolve

from partizipation_core.reports import Entry, render_page

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=5000",
)
WIDTHS = (320, 360, 740, 1200)

# Frames of each width; the script writes down how wide the content became and what it met.
FRAMED = """<!DOCTYPE html><html><body>{frames}<script>
addEventListener("load", () => {{
  for (const frame of document.querySelectorAll("iframe")) {{
    const root = frame.contentDocument.documentElement;
    const shown = document.createElement("p");
    const charts = root.querySelectorAll("svg[role=img]").length;
    shown.textContent = ["seen", frame.width, root.scrollWidth, charts].join(" ");
    document.body.append(shown);
  }}
}});
</script></body></html>"""

pytestmark = pytest.mark.skipif(
    not BROWSER, reason="needs Chromium: apt-get install chromium (only to look at pages)"
)


def browse(tmp_path, page, *options):
    file = tmp_path / "page.html"
    file.write_text(page, encoding="utf-8")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    program = [BROWSER, *QUIET, profile, *options, file.as_uri()]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def seen(tmp_path, page):
    """Return the width of the content and the number of charts for each width of the screen."""
    frames = "".join(
        f'<iframe width="{width}" height="600" srcdoc="{escape(page)}"></iframe>'
        for width in WIDTHS
    )
    dom = browse(tmp_path, FRAMED.format(frames=frames), "--dump-dom")
    return {int(w): (int(c), int(n)) for w, c, n in re.findall(r"<p>seen (\d+) (\d+) (\d+)", dom)}


def painted(tmp_path, page, width):
    """Return the size of a picture of the page: what is blank compresses to almost nothing."""
    shot = tmp_path / "shot.png"
    browse(tmp_path, page, f"--screenshot={shot}", f"--window-size={width},900")
    return shot.stat().st_size


@pytest.fixture
def awkward(report):
    """Return a report with what makes pages too wide or runs where it should only be read."""
    attack = "<script>document.documentElement.innerHTML = ''</script><img src=x onerror=alert()>"
    digits, much = "9" * 40, 10**13
    extra = [
        Entry(item="w", title="Donaudampf" * 18, cost=much, score=9, score_label=digits),
        Entry(item="x", title=attack, score=8, score_label="8", reason="p" * 120),
        Entry(item="y", title="نافورة في السوق", cost=much, award=much, score=1, note="n" * 200),
    ]
    return evolve(report, entries=(*report.entries, *extra), rule="r" * 300)


def test_nothing_scrolls_to_the_side_and_nothing_runs(tmp_path, awkward):
    expected = {width: (width, 2) for width in WIDTHS}
    assert seen(tmp_path, render_page(awkward)) == expected


@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_is_painted(tmp_path, report, width):
    blank = painted(tmp_path, "<!DOCTYPE html><title>x</title>", width)
    assert painted(tmp_path, render_page(report), width) > 3 * blank
