"""Documents from data: the same words as HTML, DOCX and PDF, and nobody named by accident."""

import re
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.clock import end_of_day, from_wall, start_of_day
from partizipation_core.commands import (
    AdmitItem,
    AdmitVoters,
    AdvanceStage,
    ApplyForGrant,
    AwardItems,
    ChooseMethod,
    CostLine,
    DraftNotice,
    FinancingPlan,
    Hands,
    NamePresenter,
    Payee,
    RecordAssembly,
    RequestDocuments,
    ShortlistItem,
    SignNotice,
    SubmitItem,
    SupplyDocuments,
)
from partizipation_core.errors import NotFound, PartizipationError
from partizipation_core.reports.documents import (
    Document,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Signatures,
    assembly_minutes,
    attendance_list,
    document_request,
    grant_letter,
    invitation,
    render_docx,
    render_html,
    render_pdf,
)
from partizipation_core.reports.notice import notice_text
from partizipation_core.texts import Wording
from partizipation_core.values import ParticipantRef

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER, COLLEAGUE = (Actor.of(name, Role.OFFICER) for name in ("spk-1", "spk-2"))
STEWARD = Actor.of("kiezpatin", Role.STEWARD)
ANNA = Actor.of("anna", Role.RESIDENT)
PAYEE = Payee(name="Musterverein", iban="DE89370400440532013000", address="Am Markt 1\n12345 Ort")
WORD = Wording()
SENDER = "Bezirksamt"


@pytest.fixture
def kiez():
    """A Kiez with two ideas before its assembly."""
    clock = FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))
    with Platform(clock=clock) as platform:
        kiez = platform.municipality("11000000-tk").open(
            "kiez-2027",
            "kiezkasse",
            actor=OFFICER,
            settings={"pot": "1000 EUR", "region": "Musterkiez"},
        )
        for ref, title, euros in (("a", "Bänke <am> Ufer", 600), ("b", "Fest", 500)):
            idea = SubmitItem(item=ref, title=title, cost=Money.euro(euros))
            kiez.execute(idea, actor=ANNA)
        yield kiez


@pytest.fixture
def decided(kiez):
    """The same Kiez after its assembly: 600 and 400 of the 1,000."""
    kiez.execute(AdvanceStage(), actor=OFFICER)
    for ref in "ab":
        kiez.execute(AdmitItem(item=ref), actor=STEWARD)
        kiez.execute(ShortlistItem(item=ref), actor=STEWARD)
    kiez.execute(AdvanceStage(), actor=OFFICER)
    guests = [ParticipantRef(f"guest-{n}") for n in range(25)]
    kiez.execute(AdmitVoters(people=guests), actor=STEWARD)
    minutes = RecordAssembly(
        present=25,
        hands={"a": Hands(yes=20, no=3, abstain=2), "b": Hands(yes=12, no=4)},
        sums={"a": Money.euro(600), "b": Money.euro(400)},
    )
    kiez.execute(minutes, actor=STEWARD)
    kiez.execute(AdvanceStage(), actor=OFFICER)
    kiez.execute(AwardItems(amounts=minutes.sums), actor=OFFICER)
    return kiez


@pytest.fixture
def applied(decided):
    """The same Kiez with an application for the second idea, own funds of 100 in it."""
    lines = [CostLine(type="material", amount=Money.euro(500), label="Zelt")]
    plan = FinancingPlan(costs=lines, own=Money.euro(100), requested=Money.euro(400))
    decided.execute(ApplyForGrant(item="b", plan=plan, payee=PAYEE), actor=ANNA)
    return decided


def grids(document):
    return [block for block in document.blocks if isinstance(block, Grid)]


def words(document):
    """Return all words of a document in one text, as a person would hear them."""
    told = [document.sender, document.title]
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                told.append(text)
            case Facts(rows=rows):
                told += [cell for row in rows for cell in row]
            case Grid():
                told += [block.caption, *block.columns, *(c for row in block.rows for c in row)]
            case Signatures(roles=roles):
                told += roles
    return "\n".join(told)


def test_an_invitation_names_time_place_pot_and_the_ideas(kiez):
    at = from_wall(datetime(2027, 4, 28, 18, 0), BERLIN)  # noqa: DTZ001 - a time on the wall
    letter = invitation(
        kiez, WORD, title="Kiezkasse Musterkiez", sender=SENDER, at=at, place="Rathaus, Saal 1"
    )
    told = words(letter)
    assert "28. April 2027" in told
    assert "18:00" in told
    assert "Rathaus, Saal 1" in told
    assert "1.000,00" in told
    (ideas,) = grids(letter)
    assert [row[1] for row in ideas.rows] == ["Bänke <am> Ufer", "Fest"]


def test_an_attendance_list_has_a_line_for_everybody_and_says_what_becomes_of_it():
    at = from_wall(datetime(2027, 4, 28, 18, 0), BERLIN)  # noqa: DTZ001 - a time on the wall
    sheet = attendance_list(WORD, title="Kiez", sender=SENDER, at=at, place="Saal 1", lines=25)
    (grid,) = grids(sheet)
    assert len(grid.rows) == 25
    assert not any("".join(row[1:]).strip() for row in grid.rows)
    assert "vernichtet" in words(sheet)


def points_of(kiez, **choice):
    """Let the assembly choose points, and give 40 and 12 of them."""
    kiez.execute(AdvanceStage(), actor=OFFICER)
    for ref in "ab":
        kiez.execute(AdmitItem(item=ref), actor=STEWARD)
        kiez.execute(ShortlistItem(item=ref), actor=STEWARD)
    kiez.execute(AdvanceStage(), actor=OFFICER)
    kiez.execute(ChooseMethod(method="points", points=3, **choice), actor=STEWARD)
    kiez.execute(NamePresenter(item="a", person="carla"), actor=ANNA)
    kiez.execute(NamePresenter(item="b", person="dora"), actor=STEWARD)
    given = RecordAssembly(present=25, points={"a": 40, "b": 12}, sums={"a": Money.euro(600)})
    kiez.execute(given, actor=STEWARD)
    kiez.execute(AdvanceStage(), actor=OFFICER)
    return kiez


def test_minutes_tell_the_method_that_was_chosen_and_who_presented(kiez):
    points_of(kiez, hands=Hands(yes=20, no=3))
    minutes = assembly_minutes(kiez, WORD, title="Kiez", sender=SENDER)
    told = words(minutes)
    assert "Punkte; 3 Punkte je Person; von der Versammlung gewählt mit 20 zu 3" in told
    assert "Benannt hat sie, wer die Idee eingereicht hat." in told
    assert "Benannt hat sie die Versammlung." in told
    assert "carla" not in told
    (grid,) = grids(minutes)
    assert grid.columns == ("Nr.", "Idee", "Punkte", "Betrag")
    assert [row[1:3] for row in grid.rows] == [("Bänke <am> Ufer", "40"), ("Fest", "12")]


def test_a_result_in_points_says_so_and_nothing_of_votes(kiez):
    (result,) = points_of(kiez).vote_results("assembly")
    lines = {line.item: (line.points, line.outcome) for line in result.lines}
    assert lines == {"a": (40, "agreed"), "b": (12, "not_agreed")}
    assert result.turnout.cast == 25


def test_a_result_of_hands_counts_every_hand_and_everybody_present_once(decided):
    (result,) = decided.vote_results("assembly")
    assert {line.item: line.votes for line in result.lines} == {"a": 20, "b": 12}
    assert result.turnout.cast == 25
    assert result.shares.tenths["a"] == 800


def test_minutes_tell_hands_sums_and_voting_cards_as_they_were_put_down(decided):
    letter = assembly_minutes(decided, WORD, title="Kiezkasse", sender=SENDER)
    told = words(letter)
    (votes,) = grids(letter)
    assert [row[2:] for row in votes.rows] == [
        ("20", "3", "2", "600,00\xa0€"),
        ("12", "4", "0", "400,00\xa0€"),
    ]
    assert "Ausgegebene Stimmkarten\n25" in told
    assert "1.000,00" in told
    assert "guest" not in told


def test_minutes_of_an_assembly_that_was_not_held_are_not_written(decided):
    with pytest.raises(NotFound, match="no assembly 2; 1 were put down"):
        assembly_minutes(decided, WORD, title="Kiezkasse", sender=SENDER, number=2)


def test_a_request_names_what_is_missing_and_until_when(applied):
    with pytest.raises(NotFound, match="nothing is waited for"):
        document_request(applied, "b", WORD, sender=SENDER)
    missing = RequestDocuments(item="b", wanted=["Kostenvoranschlag", "Satzung"])
    applied.execute(missing, actor=OFFICER)
    until = end_of_day(date(2027, 5, 14), BERLIN)
    told = words(document_request(applied, "b", WORD, sender=SENDER, until=until, payee=PAYEE))
    for part in ("Kostenvoranschlag", "Satzung", "14. Mai 2027", "Musterverein", "12345 Ort"):
        assert part in told
    assert "DE89" not in told, "an account has no business in a letter"


def test_a_notice_is_a_draft_until_somebody_else_signs_it(applied):
    applied.execute(RequestDocuments(item="b", wanted=["x"]), actor=OFFICER)
    applied.execute(SupplyDocuments(item="b"), actor=ANNA)
    with pytest.raises(NotFound, match="no notice was drafted"):
        grant_letter(applied, "b", WORD, sender=SENDER)
    text = notice_text(applied.item("b"), Money.euro(400), applied.settings().grants, WORD)
    applied.execute(DraftNotice(item="b", amount=Money.euro(400), text=text), actor=OFFICER)
    draft = words(grant_letter(applied, "b", WORD, sender=SENDER))
    assert "Entwurf" in draft
    assert "Musterverein" not in draft
    applied.execute(SignNotice(item="b"), actor=COLLEAGUE)
    letter = grant_letter(applied, "b", WORD, sender=SENDER, payee=PAYEE)
    signed = words(letter)
    assert letter.title == "Zuwendungsbescheid"
    assert "Entwurf" not in signed
    assert "Musterverein" in signed
    (costs,) = grids(letter)
    assert costs.rows[-1] == ("Summe", "", "500,00\xa0€")
    assert ("Zuwendung", "400,00\xa0€") in next(
        block.rows for block in letter.blocks if isinstance(block, Facts)
    )


SAMPLE = Document(
    title="Abrechnung <2027>",
    sender="Bezirksamt Köpenick & Partner",
    blocks=[
        Heading("Übersicht"),
        Paragraph("Erste Zeile\nzweite Zeile „groß“ – 5 €"),
        Facts([("Anteil", "2.600,00 €")]),
        Grid(
            caption="Beträge",
            columns=["Kiez", "Betrag"],
            rows=[("Grünau", "1,00 €"), ("Summe", "1,00 €")],
            numbers={1},
            total=True,
        ),
        Signatures(["Leitung"]),
    ],
)


def test_html_escapes_what_people_wrote_and_asks_nobody_else():
    page = render_html(SAMPLE)
    assert "Abrechnung &lt;2027&gt;" in page
    assert "<2027>" not in page
    assert not re.findall(r"(?:src|href)=|url\(|@import|https?:", page)
    assert page.count('<th scope="col"') == 2
    assert '<tr class="total">' in page


def test_docx_holds_the_same_words():
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    file = docx.Document(BytesIO(render_docx(SAMPLE)))
    told = [one.text for one in file.paragraphs]
    told += [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    for text in words(SAMPLE).split("\n"):
        assert any(text in one for one in told), text
    assert file.core_properties.language == "de"


def test_pdf_is_the_same_to_the_byte_for_the_same_document():
    pytest.importorskip("reportlab", reason="reportlab is not installed")
    first = render_pdf(SAMPLE)
    assert first.startswith(b"%PDF")
    assert first == render_pdf(SAMPLE)


def test_pdf_refuses_letters_that_it_would_leave_out():
    pytest.importorskip("reportlab", reason="reportlab is not installed")
    strange = Document(title="Привет", sender="x", blocks=[])
    with pytest.raises(PartizipationError, match="the PDF font has no"):
        render_pdf(strange)


@pytest.mark.parametrize(
    ("render", "library", "extra"),
    [(render_docx, "docx", "docx"), (render_pdf, "reportlab.platypus", "pdf")],
    ids=["docx", "pdf"],
)
def test_a_missing_library_is_named_with_what_to_install(render, library, extra, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(PartizipationError, match=rf"pip install 'partizipation-core\[{extra}\]'"):
        render(SAMPLE)


def test_a_table_with_a_cell_too_few_is_no_document():
    with pytest.raises(ValueError, match="every row of 'x' has 2 cells"):
        Grid(caption="x", columns=["a", "b"], rows=[("1",)])
