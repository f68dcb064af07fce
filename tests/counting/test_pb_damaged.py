"""Damaged .pb files are refused with file, line and column."""

import pytest

from partizipation_core.counting import Election
from partizipation_core.counting.pb import parse_pb, parse_pb_bytes
from partizipation_core.errors import InputError

SOUND = """META
key;value
budget;1000
vote_type;cumulative
PROJECTS
project_id;cost;name
1;600;Spielplatz
2;500;Radweg
VOTES
voter_id;vote;points
v1;1,2;3,2
v2;2;5
"""

DAMAGES = [
    # name, what is replaced, by what, line, column, words of the message
    ("empty-file", SOUND, "", 1, 1, "section META is missing"),
    ("text-before-meta", "META\n", "Haushalt\nMETA\n", 1, 1, "must start with the line META"),
    ("no-projects-section", "PROJECTS\nproject_id;cost;name\n", "", 7, 1, "PROJECTS is missing"),
    ("no-votes-section", SOUND[SOUND.index("VOTES") :], "", 8, 1, "section VOTES is missing"),
    ("section-twice", "VOTES\n", "PROJECTS\nx;y\nVOTES\n", 9, 1, "PROJECTS occurs twice"),
    ("section-without-header", "voter_id;vote;points\nv1;1,2;3,2\nv2;2;5\n", "", 9, 1, "is empty"),
    ("no-projects", "1;600;Spielplatz\n2;500;Radweg\n", "", 5, 1, "names no project"),
    ("no-budget", "budget;1000\n", "", 3, 1, "lacks the key budget"),
    ("no-vote-type", "vote_type;cumulative\n", "", 3, 1, "lacks the key vote_type"),
    ("key-twice", "budget;1000\n", "budget;1000\nbudget;2000\n", 4, 1, "occurs twice"),
    ("unknown-vote-type", "cumulative", "lottery", 4, 11, "'lottery' is none of approval"),
    ("negative-budget", "budget;1000", "budget;-1000", 3, 8, "is negative"),
    ("negative-cost", "1;600", "1;-600", 7, 3, "is negative"),
    ("cost-in-words", "2;500", "2;viel", 8, 3, "'viel' is not a number"),
    ("cost-with-comma", "2;500", '2;"500,00"', 8, 3, "is not a number"),
    ("cost-as-power", "2;500", "2;5e2", 8, 3, "is not a number"),
    ("cost-in-other-digits", "2;500", "2;\N{ARABIC-INDIC DIGIT FIVE}", 8, 3, "is not a number"),
    ("no-cost", "2;500", "2;", 8, 3, "'' is not a number"),
    ("project-twice", "2;500", "1;500", 8, 1, "project '1' occurs twice, first in line 7"),
    ("project-without-id", "2;500", ";500", 8, 1, "the project is empty"),
    ("comma-in-project-id", "2;500;R", '"2,3";500;R', 8, 1, "comma"),
    ("missing-column", "project_id;cost;name", "project_id;price;name", 6, 1, "column cost"),
    ("missing-points", "voter_id;vote;points", "voter_id;vote;age", 10, 1, "column points"),
    ("column-without-name", "voter_id;vote;points", "voter_id;;vote;points", 10, 10, "no name"),
    ("section-after-votes", "v2;2;5\n", "PROJECTS\nv2;2;5\n", 12, 1, "stands after VOTES"),
    ("votes-twice", "v2;2;5\n", "VOTES\nv2;2;5\n", 12, 1, "VOTES occurs twice"),
    ("column-twice", "project_id;cost;name", "project_id;cost;cost", 6, 17, "occurs twice"),
    ("too-few-cells", "2;500;Radweg", "2;500", 8, 6, "2 cells where the header has 3"),
    ("too-many-cells", "2;500;Radweg", "2;500;Rad;weg", 8, 11, "4 cells where the header has 3"),
    ("unclosed-quote", "2;500;Radweg", '2;500;"Radweg', 8, 7, "never closed"),
    ("unknown-project", "v1;1,2;3,2", "v1;1, 99;3,2", 11, 7, "unknown project '99'"),
    ("empty-place-in-a-vote", "v1;1,2;3,2", "v1;1,,2;3,2", 11, 6, "unknown project ''"),
    ("voter-twice", "v2;2;5", "v1;2;5", 12, 1, "voter 'v1' occurs twice, first in line 11"),
    ("voter-without-id", "v2;2;5", ";2;5", 12, 1, "the voter is empty"),
    ("more-points-than-projects", "v2;2;5", "v2;2;5,1", 12, 6, "2 points for 1 projects"),
    ("fewer-points-than-projects", "v1;1,2;3,2", "v1;1,2;3", 11, 8, "1 points for 2 projects"),
    ("negative-points", "v2;2;5", "v2;2;-5", 12, 6, "-5 points are not possible"),
    ("points-in-words", "v1;1,2;3,2", "v1;1,2;3,zwei", 11, 10, "'zwei' are not a whole number"),
    ("limit-in-words", "budget;1000", "max_length;drei\nbudget;1000", 3, 12, "whole number"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [pytest.param(*damage[1:], id=damage[0]) for damage in DAMAGES],
)
def test_is_refused_with_its_place(old, new, line, column, words):
    assert old in SOUND
    with pytest.raises(InputError) as caught:
        parse_pb(SOUND.replace(old, new, 1), "wahl.pb")

    error = caught.value
    assert (error.source, error.line, error.column) == ("wahl.pb", line, column)
    assert words in error.message
    assert str(error).startswith(f"wahl.pb:{line}:{column}: ")


def test_the_undamaged_file_is_read():
    assert [tally.points for tally in parse_pb(SOUND).tallies()] == [3, 7]


def test_a_place_after_a_quoted_line_break_counts_lines_of_the_file():
    text = SOUND.replace("Spielplatz", '"Spiel\nplatz"').replace("2;500", "2;-1")
    with pytest.raises(InputError) as caught:
        parse_pb(text)

    assert (caught.value.line, caught.value.column) == (9, 3)


def test_bytes_that_are_not_utf_8(tmp_path):
    path = tmp_path / "latin1.pb"
    path.write_bytes(SOUND.replace("Radweg", "Gehwäge").encode("latin-1"))
    with pytest.raises(InputError) as caught:
        Election.from_pb(path)

    assert (caught.value.source, caught.value.line, caught.value.column) == (str(path), 8, 11)
    assert "0xe4 is not UTF-8" in caught.value.message


def test_bytes_that_are_not_utf_8_behind_a_byte_order_mark():
    with pytest.raises(InputError) as caught:
        parse_pb_bytes(b"\xef\xbb\xbf;\xdc00")

    assert (caught.value.line, caught.value.column) == (1, 3)
