"""The result page tells everything, to everybody, and needs nothing from elsewhere."""

import re
from html.parser import HTMLParser
from importlib.resources import files
from operator import mul

import pytest
from attrs import evolve

from partizipation_core.reports import Check, Entry, Milestone, Refusal, render_page
from partizipation_core.reports.page import SECTIONS
from partizipation_core.texts import load
from partizipation_core.texts.catalogue import OWN

NBSP = "\u00a0"
VOID = {"meta", "br", "hr", "img", "input", "link"}
CSS = files("partizipation_core.reports") / "templates" / "page.css"

EVIL = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onmouseover=\"alert(1)' x='",
    "closing": "</title></style></svg></table><b>",
    "comment": "<!-- --><![CDATA[",
    "template": "{{ 7 * 7 }}{% raw %}",
    "entity": "&lt;b&gt; & &amp;",
    "bidi": "\u202eTopf\u2066",
    "astral": "🜂🜄 👩‍👩‍👧",
    "control": "a\x00b\x0bc\r\nd",
    "long": "Donau" * 60,
}


class Reader(HTMLParser):
    """Reads a page as strictly as a machine can: every element closed, every id once."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.text = [], [], []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.text.append(" ")  # what stands in another element reads as another word
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def said(self):
        return re.sub(r"[ \n]+", " ", "".join(self.text)).replace(NBSP, " ")


def emptied(report):
    return evolve(
        report,
        entries=(),
        ties=(),
        refusals=(),
        milestones=(),
        checks=(),
        turnout={},
        rule="",
        source="",
    )


@pytest.fixture(params=["usual", "empty", "one", "many", "advice", "evil"])
def any_report(request, report, crowded):
    evil = "".join(EVIL.values())
    return {
        "usual": lambda: report,
        "empty": lambda: emptied(report),
        "one": lambda: crowded(1),
        "many": lambda: crowded(500),
        "advice": lambda: evolve(report, pot=None, entries=report.not_funded),
        "evil": lambda: hostile(report, evil),
    }[request.param]()


def hostile(report, text):
    """Put a text wherever a text can be."""
    entry = Entry(
        item=text,
        title=text,
        category=text,
        score=1,
        score_label=text,
        state=text,
        reason=text,
        note=text,
    )
    return evolve(
        report,
        title=text,
        municipality=text,
        format=text,
        stage=text,
        rule=text,
        source=text,
        entries=(entry, evolve(entry, award=1)),
        turnout={text: 1},
        ties=(text,),
        refusals=(Refusal(who=text, what=text, sentence=text),),
        milestones=(Milestone(at=report.generated_at, what=text),),
        checks=(Check(name=text, ok=True, detail=text),),
    )


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_section_is_there_and_named(any_report, lang):
    page = Reader(render_page(any_report, lang))
    sections = [attrs["id"] for attrs in page.all("section")]
    assert sections == list(SECTIONS)
    assert [a["href"] for a in page.all("a")] == ["#content", *(f"#{s}" for s in SECTIONS)]


def test_the_page_is_sound_for_screen_readers(any_report):
    page = Reader(render_page(any_report))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    named = {
        name for _, attrs in page.tags for name in (attrs.get("aria-labelledby") or "").split()
    }
    assert len(ids) == len(set(ids))
    assert named <= set(ids)
    assert page.all("html") == [{"lang": "de"}]
    assert all(len(page.all(tag)) == 1 for tag in ("h1", "main", "header", "nav", "footer"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("scope") in {"row", "col"} for attrs in page.all("th"))
    charts = [attrs for attrs in page.all("svg") if attrs.get("aria-hidden") != "true"]
    assert all(attrs["role"] == "img" and attrs["aria-labelledby"] for attrs in charts)


def test_the_page_needs_nothing_from_elsewhere(any_report):
    page = render_page(any_report)
    addresses = set(re.findall(r"(?:https?:)?//[\w.-]+[^\s\"'<]*", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    reader = Reader(page)
    assert not [attrs for _, attrs in reader.tags if {"src", "srcset", "style"} & set(attrs)]
    assert not any(reader.all(tag) for tag in ("script", "link", "iframe", "img", "object"))
    assert set(re.findall(r"url\((.)", page)) <= {"#"}
    assert "@import" not in page


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL)
def test_no_text_becomes_markup(report, text):
    harmless = Reader(render_page(hostile(report, "harmlos" * (len(text) // 7 + 1))))
    page = Reader(render_page(hostile(report, text)))
    tags = [tag for tag, _ in page.tags if tag != "text"]
    assert tags == [tag for tag, _ in harmless.tags if tag != "text"]
    names = [set(attrs) for tag, attrs in page.tags if tag != "text"]
    assert names == [set(attrs) for tag, attrs in harmless.tags if tag != "text"]


def test_turned_reading_directions_do_not_reach_the_page(report):
    page = render_page(hostile(report, EVIL["bidi"]))
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", page)
    assert "Topf" in page


def test_titles_are_shown_as_they_were_written(report):
    page = Reader(render_page(hostile(report, EVIL["script"] + EVIL["astral"])))
    assert page.said.count(EVIL["script"] + EVIL["astral"]) > 10


def test_numbers_are_written_the_german_way(report):
    said = Reader(render_page(report)).said
    assert "Geld im Topf 25.000,00 €" in said
    assert "Zurück in den Topf 479,50 €" in said
    assert "Noch im Topf 5.979,50 €" in said
    assert "Stimmzettel 1.218" in said
    assert "bewilligt: 7.000,00 € von 9.000,00 €" in said
    assert "Fortschritt: 60 %" in said
    assert "1. März 2026, 10:00 Uhr" in said


def test_numbers_are_written_the_english_way(report):
    said = Reader(render_page(evolve(report, currency="GBP"), "en")).said
    assert "Money in the pot £25,000.00" in said
    assert "Ballots 1,218" in said
    assert "1 March 2026, 10:00" in said


def test_amounts_follow_the_unit_of_the_currency(report):
    said = Reader(render_page(evolve(report, unit=1, currency="PLN"))).said
    assert "Geld im Topf 2.500.000 PLN" in said


def test_the_reason_stands_beside_what_was_not_funded(report):
    said = Reader(render_page(report)).said
    assert re.search(
        r"Neue Schwimmhalle Sport 301 Stimmen 4\.100\.000,00 € nicht bewilligt Als die Reihe", said
    )
    assert re.search(r"Zweite Mondlandung – – nicht umsetzbar Die Stadt ist", said)


def test_states_of_a_plugin_are_called_as_the_plugin_says(report):
    entry = evolve(report.entries[0], state="on_hold")
    page = render_page(
        evolve(report, entries=(entry,)), catalogues=[{"state.on_hold": "ruht bis Mai"}]
    )
    assert "ruht bis Mai" in page


def test_a_check_that_fails_says_so_in_words(report):
    said = Reader(render_page(report)).said
    assert "Neuaufbau aus dem Journal ✓ stimmt 1.312 Zeilen" in said
    assert "Prüfsumme der Urne ✗ stimmt nicht ein Zettel fehlt" in said


def test_a_long_list_is_charted_in_part_and_told_in_full(crowded):
    page = Reader(render_page(crowded(500)))
    assert "die ersten 40 von 500 Vorschlägen" in page.said
    assert len([a for a in page.all("rect") if a.get("height") == "18"]) == 40
    assert all(f"Vorschlag Nummer {n} " in page.said for n in range(500))


def test_advice_speaks_neither_of_pots_nor_of_what_was_not_awarded(report):
    page = Reader(render_page(evolve(report, pot=None, entries=report.not_funded)))
    assert "In diesem Verfahren wird kein Geld vergeben" in page.said
    assert "Geld im Topf" not in page.said
    assert "Nicht bewilligte Vorschläge" not in page.said


def test_an_assembly_counts_people_and_not_ballots(report):
    said = Reader(render_page(evolve(report, present=34, turnout={"assembly": 34}))).said
    assert "Stimmberechtigte in der Versammlung 34" in said
    assert "in der Versammlung 34 " in said
    assert "Stimmzettel" not in said


def test_a_pot_that_was_overdrawn_shows_what_is_missing(report):
    said = Reader(render_page(evolve(report, pot=1_500_000))).said
    assert "Noch im Topf -4.020,50 €" in said


def test_every_word_of_the_page_is_used():
    folder = files("partizipation_core.reports")
    sources = [folder / "page.py", *(folder / "templates").iterdir()]
    used = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    named = set(re.findall(r"[\"'](\w+)[\"']", used)) | {"legend_full", "legend_hatched"}
    words = {code.removeprefix("page.") for code in load(OWN, "de") if code.startswith("page.")}
    assert words - named == set()


# --- colours ----------------------------------------------------------------------------------


def colours():
    """Read the palettes of the style sheet: light, dark, print."""
    blocks = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), re.DOTALL)
    found = [dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", block)) for block in blocks]
    return [{**found[0], **palette} for palette in found]


def luminance(colour):
    digits = colour.removeprefix("#")
    pairs = [d * 2 for d in digits] if len(digits) == 3 else re.findall("..", digits)
    parts = [int(pair, 16) / 255 for pair in pairs]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(map(mul, (0.2126, 0.7152, 0.0722), linear))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", colours(), ids=["light", "dark", "print"])
def test_every_writing_stands_out_from_its_ground(palette):
    for writing in ("ink", "soft", "accent", "good", "bad"):
        for ground in ("paper", "panel"):
            assert contrast(palette[writing], palette[ground]) >= 4.5, (writing, ground)
