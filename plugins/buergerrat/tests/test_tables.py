"""A zoo of spreadsheets: what offices save is read, or told wrong at the very cell."""

import unicodedata
import zipfile

import pytest

from partizipation_buergerrat.files.addresses import household
from partizipation_buergerrat.files.categories import read_categories
from partizipation_buergerrat.files.faults import BadTable
from partizipation_buergerrat.files.respondents import read_respondents
from partizipation_core.errors import InputError

PLAIN = "category,feature,min,max\nAlter,jung,1,2\nAlter,alt,1,2\n"
READABLE = {
    "plain": PLAIN,
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "newer headings": (
        "feature,value,min,max,min_flex,max_flex\nAlter,jung,1,2,,\nAlter,alt,1,2,0,3\n"
    ),
    "German headings": (
        "Kategorie;Ausprägung;Mindestens;Höchstens\nAlter;jung;1;2\nAlter;alt;1;2\n"
    ),
    "shouted": "CATEGORY,FEATURE,MIN,MAX\nAlter,jung,1,2\nalter,alt,1,2\n",
    "blank rows and blanks": (
        "\n category , feature ,min,max\n,,,\n Alter ,jung , 1 ,2\n\nAlter,alt,1,2\n"
    ),
    "whole numbers with a point": PLAIN.replace("1,2", "1.0,2.0"),
    "quoted": '"category","feature","min","max"\n"Alter","jung","1","2"\n"Alter","alt","1","2"\n',
    "Windows line ends": PLAIN.replace("\n", "\r\n"),
    "line ends of old computers": PLAIN.replace("\n", "\r"),
    "the line that Excel writes for itself": "sep=;\r\n" + PLAIN.replace(",", ";"),
    "upright strokes": PLAIN.replace(",", "|"),
    "empty columns": (
        ",category,,feature,min,max,,\n,Alter,,jung,1,2,,\n,,,,,,,\n,Alter,,alt,1,2,,\n"
    ),
    "decimals of nothing": PLAIN.replace(",", ";").replace("1;2", "1,00;2,0"),
    "a comment of several lines": (
        'category,feature,min,max,"Be\nmerkung"\nAlter,jung,1,2,"a,\nb"\nAlter,alt,1,2,"c;\n\nd"\n'
    ),
}


def saved(tmp_path, text, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def limits(categories):
    return [(q.category, q.feature, q.least, q.most) for q in categories.quotas]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_categories_are_read_however_they_were_saved(text, encoding, tmp_path):
    read = read_categories(saved(tmp_path, text, encoding=encoding))
    assert limits(read) == [("Alter", "jung", 1, 2), ("Alter", "alt", 1, 2)]


def test_flexible_limits_are_read(tmp_path):
    quotas = read_categories(saved(tmp_path, READABLE["newer headings"])).quotas
    assert [(q.least_flex, q.most_flex) for q in quotas] == [(0, None), (0, 3)]


WRONG = {
    "no number": (PLAIN.replace("jung,1", "jung,eins"), "2:3", "eins"),
    "half a seat": (PLAIN.replace("alt,1,2", "alt,1,2.5"), "3:4", "2.5"),
    "half a German seat": (PLAIN.replace(",", ";").replace("alt;1;2", "alt;1;2,5"), "3:4", "2,5"),
    "negative": (PLAIN.replace("alt,1", "alt,-1"), "3:3", "-1"),
    "blank": (PLAIN.replace("alt,1", "alt,"), "3:3", "ganze Zahl"),
    "upside down": (PLAIN.replace("alt,1,2", "alt,3,2"), "3:3", "größer als das Maximum"),
    "listed twice": (PLAIN + "alter,JUNG,0,1\n", "4:2", "nur einmal"),
    "no name": (PLAIN.replace("Alter,alt", "Alter,"), "3:2", "leer"),
    "narrow flexibility": (
        "category,feature,min,max,min_flex,max_flex\nA,x,2,3,3,2\n",
        "2:5",
        "enger",
    ),
    "no column": ("category,feature,min\nA,x,1\n", "table.csv", "„max“ fehlt"),
    "nothing": ("\n\n", "table.csv", "leer"),
    "headings only": ("category,feature,min,max\n", "table.csv", "leer"),
    "a quotation mark that is not closed": (
        PLAIN.replace("alt", '"alt'),
        "table.csv:3:",
        "Anführungszeichen",
    ),
    "a number beyond all seats": (PLAIN.replace("alt,1,2", "alt,1," + "9" * 5_000), "3:4", "999"),
    "after several lines in one cell": (
        'category,feature,min,max,note\nAlter,jung,1,2,"a\nb\nc"\nAlter,alt,1,x,\n',
        "3:4",
        "„x“",
    ),
}


@pytest.mark.parametrize(("text", "place", "word"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_categories_is_told_at_the_cell(text, place, word, tmp_path):
    with pytest.raises(BadTable) as caught:
        read_categories(saved(tmp_path, text))
    message = str(caught.value)
    assert place in message
    assert word in message


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(BadTable) as caught:
        read_categories(saved(tmp_path, PLAIN.replace("1", "x")))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(2, 3), (3, 3)]
    assert "whole number" in caught.value.told("en")


@pytest.fixture
def categories(tmp_path):
    return read_categories(saved(tmp_path, PLAIN, "categories.csv"))


def respondents(tmp_path, text, categories, **options):
    return read_respondents(saved(tmp_path, text, "respondents.csv"), categories, **options)


@pytest.mark.parametrize(
    "written",
    ["16–24", "16\u201124", "16-\u200b24", " 16-24\u00a0"],
    ids=["a longer dash", "a dash that keeps together", "an unseen blank", "a hard blank"],
)
def test_what_nobody_can_tell_apart_is_the_same(written, tmp_path):
    quotas = saved(tmp_path, "category,feature,min,max\nAlter,16-24,0,1\n", "categories.csv")
    read = respondents(tmp_path, f"id,Alter\n1,{written}\n", read_categories(quotas))
    assert [person.features for person in read.pool] == [("16-24",)]


def test_an_umlaut_of_two_characters_is_an_umlaut(tmp_path):
    text = "category,feature,min,max\nGrösse,größer,0,1\n"
    quotas = read_categories(saved(tmp_path, text, "categories.csv"))
    apart = unicodedata.normalize("NFD", "id,Größe\n1,größer\n")
    read = respondents(tmp_path, apart, quotas)
    assert [person.features for person in read.pool] == [("größer",)]


def test_features_are_matched_whatever_their_case(tmp_path, categories):
    read = respondents(tmp_path, "ID;ALTER\n1; JUNG\n2;Alt \n\n", categories)
    assert [(p.id, p.features) for p in read.pool] == [("1", ("jung",)), ("2", ("alt",))]


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("id,Alter\n1,jung\n2,steinalt\n", "3:2", "Vorgesehen sind: jung, alt"),
        ("id,Alter\n1,\n", "2:2", "leer"),
        ("id,Alter\n1,alt\n1,alt\n", "3:1", "nur einmal"),
        ("id,Alter\n,alt\n", "2:1", "leer"),
        ("id,Größe\n1,alt\n", "respondents.csv", "„Alter“ fehlt"),
        ("Alter,Vorname\nalt,Uwe\n", "respondents.csv", "„id“ fehlt"),
        ("id,Alter,alter\n1,alt,jung\n", "1:3", "mehrfach"),
        ("id,Alter\n", "respondents.csv", "leer"),
        ('id,Alter\n1,"alt\n2,jung\n', "respondents.csv:2:", "Anführungszeichen"),
    ],
    ids=[
        "unknown feature",
        "no feature",
        "twice",
        "no identifier",
        "no column",
        "no column of identifiers",
        "a column twice",
        "nobody",
        "a quotation mark that is not closed",
    ],
)
def test_what_is_wrong_in_respondents_is_told_at_the_cell(text, place, word, tmp_path, categories):
    with pytest.raises(BadTable) as caught:
        respondents(tmp_path, text, categories)
    assert place in str(caught.value)
    assert word in str(caught.value)


ADDRESSES = """id,Alter,Straße,Hausnummer,PLZ
1,jung,Müllerstraße,12 a,12345
2,alt,Muellerstr.,12a,12345
3,alt,MÜLLERSTR,12A,12345
4,alt,Müllerstraße,12 a,54321
5,jung,,,12345
6,jung,,,12345
"""


def test_one_address_is_one_household_however_it_is_spelt(tmp_path, categories):
    read = respondents(tmp_path, ADDRESSES, categories)
    assert [{p.id for p in home} for home in read.pool.households().values()] == [{"1", "2", "3"}]
    assert [len(texts) for texts in read.review.values()] == [3]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hauptstr. 5", "Hauptstraße 5", True),
        ("Am  Markt 1", "am markt 1", True),
        ("Hauptstr. 5", "Hauptstr. 6", False),
        ("Am Markt 1", "Am Markt 11", False),
        ("Strausberger Platz 1", "Str. ausberger Platz 1", False),
        ("Weg 3 B", "Weg 3b", True),
        ("улица Мира 5", "улица Ленина 5", False),
        ("улица Мира 5", "УЛИЦА  МИРА, 5", True),
        ("中山路1号", "中山路2号", False),
        ("Rue de l'Église 2", "Rue de l'Eglise 2", True),
    ],
)
def test_spellings(one, other, same):
    assert (household([one]) == household([other])) is same


@pytest.mark.parametrize(
    "nothing", ["", " ", "-", "?", "unbekannt", "k. A.", "n/a", "ohne festen Wohnsitz", "Entfällt"]
)
def test_what_stands_for_no_address_is_no_household(nothing):
    assert household([nothing, "12345"]) == ""


def test_other_columns_may_be_the_address(tmp_path, categories):
    read = respondents(
        tmp_path, "id,Alter,Wohnung\n1,alt,7\n2,alt,7\n", categories, address=["Wohnung"]
    )
    assert len(read.pool.households()) == 1


def test_an_excel_file_is_read_like_the_table_it_holds(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["category", "feature", "min", "max"],
        [None] * 4,
        ["Alter", "jung", 1, 2.0],
        ["Alter", "alt", 1, 2],
    ):
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    assert limits(read_categories(tmp_path / "table.xlsx"))[0] == ("Alter", "jung", 1, 2)
    book.active["D4"] = 2.5
    book.save(tmp_path / "table.xlsx")
    with pytest.raises(BadTable, match=r"table.xlsx:4:4"):
        read_categories(tmp_path / "table.xlsx")


def test_an_excel_file_of_which_a_part_is_broken_is_told(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    openpyxl.Workbook().save(tmp_path / "whole.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "whole.xlsx") as whole,
        zipfile.ZipFile(tmp_path / "table.xlsx", "w") as broken,
    ):
        for name in whole.namelist():
            sheet = "worksheets/sheet" in name
            broken.writestr(name, b"<broken" if sheet else whole.read(name))
    with pytest.raises(BadTable, match="keine lesbare Excel-Datei"):
        read_categories(tmp_path / "table.xlsx")


def test_what_only_looks_like_excel_is_told(tmp_path):
    pytest.importorskip("openpyxl")
    with pytest.raises(InputError, match="keine lesbare Excel-Datei"):
        read_categories(saved(tmp_path, PLAIN, "table.xlsx"))


@pytest.mark.parametrize("kind", ["ods", "xls", "numbers", "pdf"])
def test_other_files_are_told_what_to_save_them_as(kind, tmp_path):
    with pytest.raises(BadTable, match="als CSV oder XLSX"):
        read_categories(saved(tmp_path, PLAIN, f"table.{kind}"))
