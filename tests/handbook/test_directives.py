"""A plugin's author writes pages with our directives, in MyST as in reStructuredText."""

import html
import re
import subprocess
import sys

import pytest

CONF = """
extensions = ["myst_parser", "partizipation_core.handbook"]
language = "{language}"
"""


def page_of(tmp_path, text, *, suffix="md", language="en"):
    """Build one page as its author would, every warning an error; return what a reader sees."""
    (tmp_path / "conf.py").write_text(CONF.format(language=language), encoding="utf-8")
    (tmp_path / f"index.{suffix}").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "-q", "-E", "-b", "html"]
    done = subprocess.run(
        [*command, str(tmp_path), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    made = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    body = made[made.index('<div class="body"') :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_a_format_is_told_with_stages_rights_rules_and_settings(tmp_path):
    seen = page_of(tmp_path, "# Ours\n\n```{partizipation-format} jugendbudget\n```\n")
    assert "“Jugendbudget Musterstadt” ( jugendbudget ), from partizipation-jugendbudget" in seen
    assert "youth_council review youth_council" in seen
    assert "ShortlistItem Choose a proposal for the vote" in seen
    assert "jugendbudget/age_bracket@1" in seen
    assert re.search(r"max_age .*? 21 ", seen)


def test_a_page_in_restructuredtext_says_the_same_in_german(tmp_path):
    text = (
        "Unseres\n=======\n\n.. partizipation-format:: jugendbudget\n   :parts: stages diagram\n"
    )
    seen = page_of(tmp_path, text, suffix="rst", language="de")
    assert "„Jugendbudget Musterstadt“ ( jugendbudget ), aus partizipation-jugendbudget" in seen
    assert "Phasen Phase Art Titel ideas idea" in seen
    assert "stateDiagram-v2" in seen
    assert "Einstellungen" not in seen


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        (
            "{partizipation-slot} tie",
            "tie(view) : What orders equals; asked one after the other.",
        ),
        ("{partizipation-slot} eligibility", "jugendbudget/age_bracket@1"),
        ("{partizipation-hook} objections", "objections(command, context)"),
        ("{partizipation-commands} partizipation-crowdfunding", "Pledge"),
        ("{partizipation-events}", "ItemSubmitted"),
        ("{partizipation-settings} kiezkasse", "name of the Bezirksregion"),
        (
            "{partizipation-settings} partizipation_kiezkasse.KiezkasseSettings",
            "name of the Bezirksregion",
        ),
    ],
    ids=lambda value: value if value.startswith("{") else "",
)
def test_each_directive_shows_what_is_installed(tmp_path, directive, expected):
    assert expected in page_of(tmp_path, f"# Ours\n\n```{directive}\n```\n")


@pytest.mark.parametrize(
    "directive",
    [
        "{partizipation-format} jugendbuget",
        "{partizipation-slot} eligible",
        "{partizipation-hook} objection",
        "{partizipation-settings} partizipation_kiezkasse.Kiezkasse",
        "{partizipation-settings} no_such_module.Settings",
    ],
)
def test_what_is_not_installed_fails_the_build_at_its_line(tmp_path, directive):
    with pytest.raises(AssertionError, match=r"index\.md:3: .*partizipation-"):
        page_of(tmp_path, f"# Ours\n\n```{directive}\n```\n")


def test_an_unknown_part_is_named_with_the_known_ones(tmp_path):
    text = "# Ours\n\n```{partizipation-format} jugendbudget\n:parts: setings\n```\n"
    with pytest.raises(AssertionError, match="setings; there are stages, rights"):
        page_of(tmp_path, text)
