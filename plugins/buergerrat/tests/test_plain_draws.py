"""Draws as with slips of paper: panels from pots, committed to and verified like any others."""

import json
import subprocess
import sys
from itertools import combinations

import pytest

from partizipation_buergerrat.procedure.lots import Drawing, answer_of
from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.ceremony import alternates, commit, draw, replace
from partizipation_buergerrat.public.minutes import minutes
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.pseudonyms import Vault
from partizipation_buergerrat.public.publication import publish
from partizipation_buergerrat.public.verifier import Check
from partizipation_buergerrat.sortition.plain import divide, from_one_pot, from_pots
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.synthetic import Recipe, invent
from partizipation_core.errors import InputError, NotFound
from partizipation_core.values import RecordRef

STREAM = ("deal", "x")
SOURCE = {"kind": "digits", "count": 2, "event": "Rathaus", "at": "2026-11-22T12:00:00Z"}
METHODS = pytest.mark.parametrize("method", [from_pots, from_one_pot], ids=["pots", "one pot"])


def neighbours(problem, quotas, seats=2):
    rows = [(f"p{n}", "wm"[n % 2], "") for n in range(6)]
    return problem(rows, quotas, seats)


@METHODS
def test_every_panel_meets_the_quotas(method):
    town = invent(Recipe(people=120, seats=12, features=(2, 3), slack=60, seed=4))
    held = method(town, panels=50, stream=Stream(*STREAM))
    assert len(held.panels) == 50
    assert not any(town.faults(panel) for panel in held.panels)


@METHODS
def test_those_alike_are_as_likely(method, problem):
    town = neighbours(problem, [("G", "w", 1, 1), ("G", "m", 1, 1)])
    held = method(town, panels=3_000, stream=Stream(*STREAM))
    assert held.deviation < 0.03
    assert all(abs(count / 3_000 - 1 / 3) < 0.03 for count in held.counts.values())


def test_from_one_pot_every_valid_panel_is_as_likely_as_any_other(problem):
    town = neighbours(problem, [("G", "w", 0, 1), ("G", "m", 0, 2)])
    held = from_one_pot(town, panels=6_000, stream=Stream(*STREAM))
    ids = [person.id for person in town.pool]
    valid = [panel for panel in combinations(ids, 2) if not town.faults(panel)]
    for panel in valid:
        assert held.panels.count(panel) / 6_000 == pytest.approx(1 / len(valid), abs=0.02)


@pytest.mark.parametrize(
    ("quotas", "seats", "expected"),
    [
        ([("G", "w", 1, 1), ("G", "m", 1, 1)], 2, {("w",): 1, ("m",): 1}),
        ([("G", "w", 0, 3), ("G", "m", 0, 3)], 4, {("w",): 2, ("m",): 2}),
        ([("G", "w", 0, 1), ("G", "m", 0, 3)], 4, {("w",): 1, ("m",): 3}),
    ],
    ids=["as the quotas say", "in proportion", "in proportion up to a quota"],
)
def test_pots_get_seats(quotas, seats, expected, problem):
    assert divide(neighbours(problem, quotas, seats)) == expected


@METHODS
def test_quotas_too_narrow_for_a_draw_by_hand_are_refused(method, problem):
    rows = [("a", "x y", ""), ("b", "x n", ""), ("c", "n y", "")]
    quotas = [("A", "x", 1, 1), ("A", "n", 1, 1), ("B", "y", 2, 2), ("B", "n", 0, 0)]
    assert method(problem(rows, quotas, 2), panels=2, stream=Stream(*STREAM)).panels
    narrow = [("A", "x", 1, 1), ("A", "n", 1, 1), ("B", "y", 0, 0), ("B", "n", 2, 2)]
    with pytest.raises(InputError, match="leximin"):
        method(problem(rows, narrow, 2), panels=2, stream=Stream(*STREAM))


def held_in_public(method):
    town = invent(Recipe(people=60, seats=6, features=(2, 3), slack=60, seed=4))
    held = method(town, panels=100, stream=Stream(*STREAM))
    files = publish(held, Vault.new(person.id for person in town.pool))
    panels = json.loads(files.panels)
    committed = commit(
        Protocol(), files, procedure="jury", now="2026-11-22T10:00:00Z", source=SOURCE, tool={}
    )
    drawn = draw(committed, panels, raw="42", now="2026-11-22T12:00:01Z", witnesses=["Notariat"])
    return files, alternates(drawn, panels)


@METHODS
def test_the_verifier_checks_it_like_any_other_and_nothing_is_claimed_as_proven(method):
    files, protocol = held_in_public(method)
    assert "Tafel 42 von 100 gezogen" in Check(protocol.text(), [files.panels]).did
    told = Check(protocol.text(), [files.panels, canonical(files.pool)]).did
    assert "Quoten, Haushalte und Beweis geprüft" in told
    text = minutes(protocol)
    assert "nicht behauptet" in text
    assert "Bewiesen ist" not in text


# --- what a draw answers


def test_a_draw_answers_with_members_alternates_and_protocol():
    files, protocol = held_in_public(from_pots)
    answer = answer_of(Drawing(ref=RecordRef("jury"), lines=protocol.lines))
    assert len(answer.members) == 6
    assert answer.alternates == tuple(protocol.last("alternates")[1]["order"])
    first, second = answer.members[0], answer.alternates[0]
    later = replace(
        protocol,
        files.pool,
        leaving=first,
        declined=[second],
        now="2026-11-23T12:00:00Z",
        override="x",
    )
    after = answer_of(Drawing(ref=RecordRef("jury"), lines=later.lines))
    assert len(after.members) == 6
    assert first not in after.members
    assert not {first, second, *after.members} & set(after.alternates)
    assert after.protocol == later


def test_there_is_no_answer_before_the_draw():
    with pytest.raises(NotFound):
        answer_of(Drawing(ref=RecordRef("jury")))


def test_claims_cannot_say_when_or_for_whom_they_are_made():
    town = invent(Recipe(people=60, seats=6, features=(2, 3), slack=60, seed=4))
    held = from_pots(town, panels=100, stream=Stream(*STREAM))
    files = publish(held, Vault.new(person.id for person in town.pool))
    files.claims["procedure"] = files.claims["at"] = "another"
    entry = commit(
        Protocol(), files, procedure="jury", now="2026-11-22T10:00:00Z", source=SOURCE, tool={}
    ).last("commitment")[1]
    assert (entry["procedure"], entry["at"]) == ("jury", "2026-11-22T10:00:00Z")


def test_draws_by_hand_need_the_standard_library_only():
    code = (
        "import sys; sys.modules['numpy'] = sys.modules['highspy'] = None\n"
        "from partizipation_buergerrat.methods import POTS, SIMPLE\n"
        "from partizipation_buergerrat.sortition.people import Person, Pool\n"
        "from partizipation_buergerrat.sortition.problem import Problem\n"
        "from partizipation_buergerrat.sortition.quotas import Categories, Quota\n"
        "q = Categories.of([Quota(category='G', feature='w', least=0, most=2)])\n"
        "pool = Pool.of(Person(id=f'p{n}', features=('w',)) for n in range(5))\n"
        "for method in (POTS, SIMPLE):\n"
        "    assert method(Problem(seats=2, categories=q, pool=pool), 3, None).panels\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
