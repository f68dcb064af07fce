"""Ballots from spreadsheets: what is read, and what is refused with its place."""

import pytest

from partizipation_core.counting import Election, Greedy, Ties
from partizipation_core.counting.pb import parse_pb
from partizipation_core.counting.sheets import TEMPLATES, Sheet, election_of, parse_csv
from partizipation_core.errors import InputError

PROJECTS = "project_id;cost;name;category;district\n1;600,50;Platz;a,b;Nord\n2;500;Weg;;Süd\n"
BALLOTS = "voter_id,1,2\nv1,x,\nv2,1,1\n\nv3,,ja\n"
BUDGET = {"budget": "1000"}


def read(projects=PROJECTS, ballots=BALLOTS, **settings):
    return election_of(
        parse_csv(projects, "projects.csv"), parse_csv(ballots, "ballots.csv"), BUDGET | settings
    )


def test_tables_become_an_election():
    election = read(currency="EUR", rule="greedy")

    assert [(p.id, p.cost, p.name) for p in election.projects] == [
        ("1", 60050, "Platz"),
        ("2", 50000, "Weg"),
    ]
    assert election.projects[0].categories == ("a", "b")
    assert election.projects[1].meta["district"] == "Süd"
    assert election.budget == 100_000
    assert [tally.votes for tally in election.tallies()] == [2, 2]
    assert election.voters.ids == ("v1", "v2", "v3")


def test_they_can_be_written_as_pb_and_read_again():
    election = read()

    assert parse_pb(election.to_pb()) == election


@pytest.mark.parametrize(
    ("kind", "rows", "points"),
    [
        ("cumulative", "v1;3;2\nv2;;5", [3, 7]),
        ("scoring", "v1;-1;2\nv2;;0", [-1, 2]),
        ("pro_contra", "v1;ja;nein\nv2;1;1", [2, 0]),
        ("ordinal", "v1;2;1\nv2;1;", [3, 2]),
        ("choose-1", "v1;x;\nv2;;x", [1, 1]),
    ],
)
def test_what_cells_mean(kind, rows, points):
    election = read(ballots=f"voter_id;1;2\n{rows}\n", vote_type=kind)

    assert [tally.points for tally in election.tallies()] == points


def test_the_template_is_an_election():
    projects, ballots = (Sheet(name, TEMPLATES[name]) for name in ("projects", "ballots"))
    settings = dict(TEMPLATES["settings"][1:])

    election = election_of(projects, ballots, settings)
    assert isinstance(election, Election)
    assert Greedy(misfit="skip", ties=Ties("id"))(election).funded


@pytest.mark.parametrize(
    ("tables", "place", "message"),
    [
        ({"projects": ""}, "projects.csv:1:1", "empty"),
        ({"projects": "project_id;name\n1;x\n"}, "projects.csv:1:1", "'cost' is missing"),
        ({"projects": "project_id;cost\n1;viel\n"}, "projects.csv:2:2", "amount 'viel'"),
        ({"projects": "project_id;cost\n1;-5\n2;1\n"}, "projects.csv:2:2", "amount '-5'"),
        ({"projects": "project_id;cost;cost\n1;1;1\n"}, "projects.csv:1:2", "occurs twice"),
        ({"ballots": "voter_id;1\nv1;1\n"}, "ballots.csv:1:1", "'2' is missing"),
        ({"ballots": "voter_id;1;2;9\nv1;1;;\n"}, "ballots.csv:1:4", "is no project"),
        ({"ballots": "voter_id;1;2\nv1;vielleicht;\n"}, "ballots.csv:2:2", "neither a mark"),
        ({"ballots": "voter_id;1;2\nv1;;3\n"}, "ballots.csv:2:3", "support only"),
        ({"ballots": "voter_id;1;2\nv1;1;\nv1;1;\n"}, "ballots.csv:3:1", "no id of its own"),
        ({"ballots": "voter_id;1;2\nv1;1;1;1\n"}, "ballots.csv:2:4", "more cells"),
        ({"ballots": 'voter_id;1;2\nv1;"1;\n'}, "ballots.csv:1:1", "unexpected end"),
        (
            {"ballots": "voter_id;1;2\nv1;1;3\n", "vote_type": "ordinal"},
            "ballots.csv:2:1",
            "ranks",
        ),
    ],
)
def test_what_is_damaged_is_refused_with_its_place(tables, place, message):
    with pytest.raises(InputError, match=message) as refused:
        read(**tables)
    assert str(refused.value).startswith(place)


@pytest.mark.parametrize("settings", [{"budget": ""}, {"vote_type": "hands"}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError):
        read(**settings)
