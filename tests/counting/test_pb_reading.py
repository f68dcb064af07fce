"""Reading .pb files: everything that occurs in real ones, and what is odd is told."""

import pytest

from partizipation_core.counting import Ballot, BallotType, Election, Project, Tally
from partizipation_core.counting.pb import format_pb, parse_pb, parse_pb_bytes

PLAIN = """META
key;value
description;Bürgerbudget Musterstadt
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name;category;selected
1;600;3;Spielplatz;Kinder,Freizeit;1
2;500;2;Radweg;Verkehr;0
A/3;400;2;Bänke;;1
VOTES
voter_id;vote;age
v1;1,2;34
v2;2,1;51
v3;A/3;
v4;1,A/3;17
"""


def with_lines(**changed):
    """Return the plain file with single lines replaced; the key is the start of the line."""
    lines = PLAIN.splitlines()
    for start, new in changed.items():
        (at,) = [n for n, line in enumerate(lines) if line.startswith(start.replace("_", ";"))]
        lines[at] = new
    return "\n".join(lines) + "\n"


def codes(election):
    return [(finding.code, finding.line) for finding in election.findings]


def test_a_plain_file():
    election = parse_pb(PLAIN)

    assert election.budget == 1000
    assert election.meta == {"description": "Bürgerbudget Musterstadt", "rule": "greedy"}
    assert election.projects[0] == Project(
        id="1",
        cost=600,
        name="Spielplatz",
        categories=("Kinder", "Freizeit"),
        meta={"votes": "3", "selected": "1"},
    )
    assert election.ballots == (Ballot((0, 1), weight=2), Ballot((2,)), Ballot((0, 2)))
    assert election.voters.ids == ("v1", "v2", "v3", "v4")
    assert election.voters.columns == {"age": ("34", "51", "", "17")}
    assert [tally.votes for tally in election.tallies()] == [3, 2, 2]
    assert election.findings == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PLAIN.replace("\n", "\r\n"), id="crlf"),
        pytest.param(PLAIN.replace("\n", "\r"), id="cr"),
        pytest.param(PLAIN.replace("\n", "\r\n", 7), id="mixed"),
        pytest.param("\ufeff" + PLAIN, id="byte-order-mark"),
        pytest.param(PLAIN.rstrip("\n"), id="no-final-newline"),
        pytest.param(PLAIN.replace("\n", "\n\n"), id="empty-lines"),
        pytest.param(PLAIN.replace("\n", ";;\n"), id="trailing-semicolons-of-a-spreadsheet"),
        pytest.param(PLAIN.replace("budget;1000", "budget; 1000 "), id="blanks-around-a-value"),
        pytest.param(PLAIN.replace("1,2;", "1, 2;"), id="blanks-in-a-list"),
        pytest.param(PLAIN.replace("\nkey;value", "\nkey; value"), id="blanks-in-a-header"),
    ],
)
def test_the_same_file_in_other_clothes(text):
    assert parse_pb(text) == parse_pb(PLAIN)


def test_bytes_with_a_mark_are_read():
    assert parse_pb_bytes(b"\xef\xbb\xbf" + PLAIN.encode()) == parse_pb(PLAIN)


@pytest.mark.parametrize(
    ("budget", "cost", "unit", "minor"),
    [
        pytest.param("1000", "600", 1, (1000, 600), id="whole"),
        pytest.param("1000.5", "600", 10, (10_005, 6_000), id="tenths"),
        pytest.param("1000.5", "600.25", 100, (100_050, 60_025), id="cents"),
        pytest.param("1000.00", "600", 100, (100_000, 60_000), id="written-in-cents"),
        pytest.param("0.1234", "0", 10_000, (1_234, 0), id="more-decimals"),
    ],
)
def test_money_is_whole_in_the_smallest_unit_that_is_needed(budget, cost, unit, minor):
    text = PLAIN.replace("budget;1000", f"budget;{budget}").replace("1;600;", f"1;{cost};")
    election = parse_pb(text)

    assert election.unit == unit
    assert (election.budget, election.projects[0].cost) == minor


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        pytest.param('"Park; 2. Etappe"', "Park; 2. Etappe", id="semicolon"),
        pytest.param('"""Park"" am Wall"', '"Park" am Wall', id="doubled-quotes"),
        pytest.param('"Park" am Wall', '"Park" am Wall', id="quotes-nobody-doubled"),
        pytest.param('12" Rohr', '12" Rohr', id="inch"),
        pytest.param('"Zeile 1\nZeile 2"', "Zeile 1\nZeile 2", id="line-break"),
        pytest.param("Licht \N{ELECTRIC LIGHT BULB} an", "Licht 💡 an", id="astral"),
        pytest.param("10\u00a0Bänke", "10\u00a0Bänke", id="no-break-space"),
        pytest.param("Ein\u2028Wort\x85und\x0bmehr", "Ein\u2028Wort\x85und\x0bmehr", id="no-lf"),
        pytest.param("", "", id="empty"),
    ],
)
def test_names(cell, name):
    election = parse_pb(PLAIN.replace("Spielplatz", cell))

    assert election.projects[0].name == name
    assert parse_pb(format_pb(election)) == election


def test_one_project_only_and_a_voter_who_chose_none():
    text = with_lines(num_projects="num_projects;1") if False else PLAIN
    lines = [line for line in text.splitlines() if not line.startswith(("2;500", "A/3"))]
    text = "\n".join(lines).replace("v1;1,2;34", "v1;;34").replace("v2;2,1", "v2;1")
    election = parse_pb(text.replace("v3;A/3;", "v3;1;").replace("v4;1,A/3", "v4;1"))

    assert len(election.projects) == 1
    assert Ballot(()) in election.ballots


@pytest.mark.parametrize("column", ["beneficiaries", "target"])
def test_whom_a_project_serves_has_two_names(column):
    election = parse_pb(PLAIN.replace(";category;", f";{column};"))

    assert election.projects[0].targets == ("Kinder", "Freizeit")
    assert "project_id;cost;name;beneficiaries;" in format_pb(election)


def test_unknown_keys_and_columns_survive():
    text = PLAIN.replace("rule;greedy", "rule;greedy\nwetter;Regen; später Sonne")
    text = text.replace("name;category", "name;latitude").replace(
        "voter_id;vote;age", "voter_id;vote;hut"
    )
    election = parse_pb(parse_pb(text).to_pb())

    assert election.meta["wetter"] == "Regen; später Sonne"
    assert election.projects[1].meta["latitude"] == "Verkehr"
    assert election.voters.columns["hut"] == ("34", "51", "", "17")


class TestBallotTypes:
    def read(self, ballot_type, *rows, meta=()):
        header = "voter_id;vote;points" if ";" in rows[0] else "voter_id;vote"
        votes = [f"v{n};{row}" for n, row in enumerate(rows)]
        head = ["META", "key;value", "budget;10", f"vote_type;{ballot_type}", *meta]
        projects = ["PROJECTS", "project_id;cost", "a;1", "b;1", "c;1"]
        return parse_pb("\n".join([*head, *projects, "VOTES", header, *votes]))

    def points(self, election):
        return [tally.points for tally in election.tallies()]

    def test_cumulative(self):
        election = self.read("cumulative", "a,b;3,2", "b;5")

        assert self.points(election) == [3, 7, 0]
        assert [tally.votes for tally in election.tallies()] == [1, 2, 0]

    def test_ordinal_with_points_as_the_file_gives_them(self):
        assert self.points(self.read("ordinal", "c,a,b;3,2,1", "a;3")) == [5, 1, 3]

    def test_ordinal_without_points_counts_down_from_the_longest_ballot(self):
        election = self.read("ordinal", "c,a", "a", meta=["max_length;2"])

        assert self.points(election) == [3, 0, 2]

    def test_ordinal_without_a_limit_counts_down_from_the_number_of_projects(self):
        assert self.points(self.read("ordinal", "c,a", "a")) == [5, 0, 3]

    def test_scoring_may_be_negative_and_has_a_default(self):
        election = self.read("scoring", "a,b;-2,3", "b;1", meta=["default_score;1"])

        assert self.points(election) == [-1, 4, 2]

    def test_choose_1(self):
        assert self.points(self.read("choose-1", "a", "a", "c")) == [2, 0, 1]

    def test_pro_and_contra(self):
        election = self.read("pro_contra", "a,b;1,-1", "b;1", "b;-1")

        assert election.tallies()[1] == Tally(votes=1, points=-1, contra=2)

    def test_totals_only(self):
        election = Election.from_tallies(
            projects=[Project(id="a", cost=1), Project(id="b", cost=2)],
            budget=3,
            tallies={"a": 7, "b": Tally(votes=5, points=2, contra=3)},
        )

        assert election.ballot_type is BallotType.TOTALS
        assert parse_pb(election.to_pb()) == election


class TestFindings:
    def test_a_project_named_twice_counts_twice_and_is_told(self):
        election = parse_pb(with_lines(v1="v1;1,1;34"))

        assert election.tallies()[0].votes == 4
        assert ("pb.duplicate_in_vote", 16) in codes(election)
        assert parse_pb(election.to_pb()) == election

    @pytest.mark.parametrize(
        ("start", "line", "code", "at"),
        [
            pytest.param("num_projects", "num_projects;4", "pb.num_projects", 4, id="projects"),
            pytest.param("num_votes", "num_votes;9", "pb.num_votes", 5, id="votes"),
            pytest.param("1;600", "1;600;4;Spielplatz;;1", "pb.votes", 11, id="total"),
            pytest.param("1;600", "1;600;3;S;;2", "pb.funded_otherwise", 11, id="otherwise"),
            pytest.param("1;600", "1;600;3;S;;ja", "pb.selected", 11, id="selected"),
            pytest.param("2;500", "2;999999999;2;R;;0", "pb.withdrawn", 12, id="withdrawn"),
        ],
    )
    def test_is_told_with_its_line(self, start, line, code, at):
        lines = [line if old.startswith(start) else old for old in PLAIN.splitlines()]

        assert codes(parse_pb("\n".join(lines))) == [(code, at)]

    @pytest.mark.parametrize(
        ("limit", "count", "line"),
        [
            pytest.param("max_length;1", 3, 17, id="too-many"),
            pytest.param("min_length;2", 1, 19, id="too-few"),
            pytest.param("max_sum_cost;1000", 2, 17, id="too-dear"),
        ],
    )
    def test_ballots_outside_the_limits(self, limit, count, line):
        (finding,) = parse_pb(PLAIN.replace("rule;greedy", f"rule;greedy\n{limit}")).findings

        assert (finding.code, finding.line) == ("pb.outside_limit", line)
        assert finding.params["count"] == count

    def test_limits_of_points(self):
        text = PLAIN.replace("approval", "cumulative\nmax_sum_points;5\nmax_points;4")
        text = text.replace("vote;age", "vote;points").replace("v1;1,2;34", "v1;1,2;5,1")
        text = text.replace("v2;2,1;51", "v2;2,1;3,2").replace("v3;A/3;", "v3;A/3;4")
        found = parse_pb(text.replace("v4;1,A/3;17", "v4;1,A/3;1,1")).findings

        assert [(f.params["key"], f.line) for f in found if f.code == "pb.outside_limit"] == [
            ("max_points", 18),
            ("max_sum_points", 18),
        ]

    def test_withdrawn_by_the_sentinel_cost_in_any_unit(self):
        text = PLAIN.replace("2;500;", "2;999999999.00;")

        assert parse_pb(text).projects[1].withdrawn
        assert not parse_pb(text).projects[0].withdrawn
