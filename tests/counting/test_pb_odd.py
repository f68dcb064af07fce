"""Every kind of vote with everything odd that files of towns hold: read, or refused with place."""

import re

import pytest

from partizipation_core.counting.declared import declared
from partizipation_core.counting.official import check
from partizipation_core.counting.pb import format_pb, parse_pb, parse_pb_bytes
from partizipation_core.errors import InputError

GIVEN = {
    "approval": "",
    "choose-1": "",
    "ordinal": "",
    "cumulative": "3,2",
    "scoring": "4,-1",
    "pro_contra": "1,-1",
}


def file_of(kind):
    vote = "1" if kind == "choose-1" else "1,2"
    points = GIVEN[kind]
    votes = [f"v{n};{vote};{points};{30 + n}" for n in range(3)]
    header = "voter_id;vote;points;age" if points else "voter_id;vote;note;age"
    return "\n".join(
        [
            *("META", "key;value", "description;Ort", "budget;1000", f"vote_type;{kind}"),
            *(
                "rule;greedy",
                "PROJECTS",
                "project_id;cost;name;votes",
                "1;600;Weg;3",
                "2;500;Platz;3",
            ),
            *("VOTES", header, *votes, ""),
        ]
    )


READ = {
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old mac line ends": lambda text: text.replace("\n", "\r"),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 9),
    "no final line end": lambda text: text.rstrip("\n"),
    "many final line ends": lambda text: text + "\n\n\n",
    "byte order mark": lambda text: "\ufeff" + text,
    "semicolons in a name": lambda text: text.replace(";Weg;", ';"Weg; und ""Steg""";'),
    "a line break in a name": lambda text: text.replace(";Weg;", ';"Weg\nSteg";'),
    "a quote inside a name": lambda text: text.replace(";Weg;", ';Weg "Nord" 2;'),
    "a name that begins with a quote": lambda text: text.replace(";Weg;", ';"Nord"-Weg;'),
    "unicode in a name": lambda text: text.replace("Weg", "Straße\u00a0\U0001f6b2 żółć العربية"),
    "empty lines": lambda text: text.replace("\n", "\n\n"),
    "lines of semicolons": lambda text: text.replace("VOTES\n", ";;;\nVOTES;;;\n"),
    "trailing cells": lambda text: re.sub(r"^(v\d.*|1;600.*)$", r"\1;;", text, flags=re.MULTILINE),
    "trailing columns": lambda text: text.replace(";age\n", ";age;;\n"),
    "titles with semicolons": lambda text: text.replace("PROJECTS\n", "PROJECTS;;;\n"),
    "a comment": lambda text: text.replace("rule;", "comment;#1: zwei; drei, vier\nrule;"),
    "blanks around cells": lambda text: text.replace("budget;1000", "budget ; 1000 "),
    "blanks in header": lambda text: text.replace("project_id;cost", " project_id ;cost "),
    "no budget to speak of": lambda text: text.replace("budget;1000", "budget;0"),
    "a budget with cents": lambda text: text.replace("budget;1000", "budget;1000.50"),
    "a huge budget": lambda text: text.replace("budget;1000", "budget;" + "9" * 18),
    "a tiny cost": lambda text: text.replace("1;600", "1;0.000000000000000001"),
    "a huge cost": lambda text: text.replace("1;600", "1;" + "9" * 18),
    "a cost of nothing": lambda text: text.replace("1;600", "1;0"),
    "withdrawn after the vote": lambda text: text.replace("1;600", "1;999999999"),
    "ids with a slash": lambda text: re.sub(r"(?m)^1;600", "1/b;600", text).replace(
        *((";1,2;", ";1/b,2;") if ";1,2;" in text else (";1;", ";1/b;"))
    ),
    "further columns": lambda text: (
        text.replace("cost;name", "cost;name;stadtteil;geprüft")
        .replace("Weg;", "Weg;Süd;ja;")
        .replace("Platz;", "Platz;Nord;;")
    ),
    "nobody voted": lambda text: re.sub(r"(?m)^v\d.*\n", "", text),
    "totals that do not agree": lambda text: text.replace("Weg;3", "Weg;99"),
    "totals in words": lambda text: text.replace("Weg;3", "Weg;drei"),
    "an unknown rule": lambda text: text.replace("rule;greedy", "rule;nach Ermessen"),
    "limits that nobody keeps": lambda text: text.replace(
        "rule;", "max_length;1\nmin_sum_cost;9e9\nrule;"
    ),
    "a project twice on a ballot": lambda text: text.replace(";1,2;", ";1,1;"),
    "a year as description": lambda text: text.replace("description;Ort", "description;"),
}

REFUSED = {
    "negative budget": (lambda text: text.replace("budget;1000", "budget;-1"), "is negative"),
    "no budget": (lambda text: text.replace("budget;1000\n", ""), "lacks the key budget"),
    "a budget with thousands": (lambda text: text.replace("1000", "1,000"), "not a number"),
    "a budget in euros": (lambda text: text.replace("1000", "1000 €"), "not a number"),
    "too many digits": (lambda text: text.replace("1000", "9" * 19), "not a number"),
    "negative cost": (lambda text: text.replace("1;600", "1;-600"), "is negative"),
    "no cost column": (lambda text: text.replace(";cost;", ";price;"), "lacks the column cost"),
    "no vote column": (lambda text: text.replace(";vote;", ";ballot;"), "lacks the column vote"),
    "a nameless column": (lambda text: text.replace(";age", ";;age"), "has no name"),
    "a voter twice": (lambda text: text.replace("v1;", "v0;"), "occurs twice"),
    "a project twice": (lambda text: text.replace("2;500", "1;500"), "occurs twice"),
    "an unknown project": (lambda text: text.replace("v1;1", "v1;7"), "unknown project"),
    "no projects": (lambda text: re.sub(r"(?m)^[12];[56]00.*\n", "", text), "names no project"),
    "sections changed": (lambda text: text.replace("PROJECTS", "VOTES", 1), "missing before"),
    "no title": (lambda text: text.removeprefix("META\n"), "must start with the line META"),
    "a short row": (lambda text: re.sub(r"(?m)^v2;.*$", "v2;1", text), "cells where"),
    "a kind of vote that is not known": (
        lambda text: re.sub("vote_type;.*", "vote_type;show of hands", text),
        "is none of approval",
    ),
}


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("odd", READ)
def test_what_is_odd_is_read_and_written_again(kind, odd):
    election = parse_pb_bytes(READ[odd](file_of(kind)).encode(), "wahl.pb")

    assert election.ballot_type == kind
    assert election.num_votes == (0 if odd == "nobody voted" else 3)
    declared(election)
    assert parse_pb(format_pb(election)) == election


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("wrong", REFUSED)
def test_what_is_wrong_is_refused_with_its_place(kind, wrong):
    damage, words = REFUSED[wrong]
    with pytest.raises(InputError, match=words) as caught:
        parse_pb(damage(file_of(kind)), "wahl.pb")

    assert re.match(r"wahl\.pb:[1-9]\d*:[1-9]\d*: ", str(caught.value))


@pytest.mark.parametrize("kind", GIVEN)
def test_blocks_and_single_lines_are_read_alike(kind):
    """Plain lines are taken apart many at once; one quoted cell among them changes nothing."""
    head, _, votes = file_of(kind).partition("VOTES\n")
    header, row = votes.split("\n")[:2]
    many = [row.replace("v0", f"v{n}") for n in range(20_000)]
    quoted = [*many[:9_000], many[9_000].replace("v9000", '"v9000"'), *many[9_001:]]

    plain = parse_pb("\n".join([f"{head}VOTES", header, *many, ""]))
    assert parse_pb("\n".join([f"{head}VOTES", header, *quoted])) == plain
    assert plain.num_votes == 20_000
    with pytest.raises(InputError) as caught:
        parse_pb("\n".join([f"{head}VOTES", header, *many, many[5]]))
    assert caught.value.line == head.count("\n") + 2 + 20_001


TAKEN = {
    "titles in small letters": lambda text: re.sub(
        "(?m)^(META|PROJECTS|VOTES)$", lambda title: title[1].lower(), text
    ),
    "titles with one capital": lambda text: re.sub(
        "(?m)^(META|PROJECTS|VOTES)$", lambda title: title[1].title(), text
    ),
    "a kind of vote in capitals": lambda text: re.sub(
        "(?m)^vote_type;(.*)$", lambda kind: f"vote_type;{kind[1].upper()}", text
    ),
    "whole numbers with decimals": lambda text: text.replace(
        "rule;", "max_length;2.0\nnum_votes;3.0\nnum_projects;\nrule;"
    ).replace(";3\n", ";3.0\n"),
}


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("way", TAKEN)
def test_what_is_only_written_otherwise_is_the_same_election(kind, way):
    usual, other = parse_pb(file_of(kind)), parse_pb(TAKEN[way](file_of(kind)))

    assert (other.projects[0].cost, other.ballots) == (usual.projects[0].cost, usual.ballots)
    assert {finding.code for finding in other.findings} == {
        finding.code for finding in usual.findings
    }


def test_a_key_in_small_letters_is_no_title():
    """META may name ``votes`` or ``projects``; only a line of that word alone begins a section."""
    election = parse_pb(file_of("approval").replace("rule;", "votes;3\nprojects;\nrule;"))
    assert (election.meta["votes"], election.meta["projects"]) == ("3", "")


def test_an_outcome_with_decimals_is_an_outcome():
    text = file_of("approval").replace("name;votes", "name;selected")
    text = text.replace("Weg;3", "Weg;1.0").replace("Platz;3", "Platz;0.0")
    verdict = check(parse_pb(text))
    assert verdict.agreement == "reproduced"


def test_words_about_money_that_is_left_are_told_and_not_counted():
    text = file_of("approval").replace("rule;", "leftover_budget;Fund what fits\nrule;")
    findings = [one for one in parse_pb(text).findings if one.code == "pb.leftover_budget"]
    assert [dict(one.params) for one in findings] == [{"told": "Fund what fits"}]
