"""A draw in public: committed before the event, drawn once after it, and checkable by anyone."""

import json
import subprocess
import sys
from hashlib import sha256
from itertools import count, zip_longest
from pathlib import Path

import pytest

from partizipation_buergerrat.public import ceremony, verifier
from partizipation_buergerrat.public.canonical import canonical, digest
from partizipation_buergerrat.public.minutes import minutes
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.pseudonyms import Vault, leaf
from partizipation_buergerrat.public.publication import pool_digest, publish
from partizipation_buergerrat.public.sources import announce, index_of, value_of
from partizipation_buergerrat.sortition.lottery import hold_lottery
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.synthetic import Recipe, invent
from partizipation_core.errors import Conflict, InputError, NotFound, Refused

BEFORE, EVENT, AFTER = (f"2026-11-22T{hour}:00:00Z" for hour in (10, 12, 13))
DIGITS = {"kind": "digits", "count": 2, "event": "Ziehung im Rathaus", "at": EVENT}
TOOL = {"partizipation-buergerrat": "0.1.0"}
GOLDEN = Path(__file__).parent / "golden"


def predictable():
    """Return a source of nonces that makes a test repeatable."""
    numbers = count()
    return lambda _bytes: sha256(b"%d" % next(numbers)).hexdigest()


@pytest.fixture(scope="module")
def published():
    held = hold_lottery(
        invent(Recipe(people=60, seats=12, features=(2, 3), households=40, seed=6)),
        panels=100,
        stream=Stream("deal", "test"),
    )
    vault = Vault.new(held.counts, source=predictable())
    return publish(held, vault), vault


@pytest.fixture
def committed(published):
    return ceremony.commit(
        Protocol(), published[0], procedure="rat-2027", now=BEFORE, source=DIGITS, tool=TOOL
    )


@pytest.fixture
def drawn(committed, published):
    panels = json.loads(published[0].panels)
    protocol = ceremony.draw(committed, panels, raw="42", now=AFTER, witnesses=["Notariat"])
    return ceremony.alternates(protocol, panels)


@pytest.fixture
def replaced(drawn, published):
    leaving = ceremony.sitting(drawn)[3]
    return ceremony.replace(drawn, published[0].pool, leaving=leaving, now=AFTER)


def judge(protocol, panels, pool=None):
    files = [panels] + ([canonical(pool)] if pool is not None else [])
    return verifier.Check(protocol.text(), files).did


# --- what happens in order


def test_an_honest_draw_is_confirmed(replaced, published):
    assert judge(replaced, published[0].panels, published[0].pool) == [
        "Quoten, Haushalte und Beweis geprüft",
        "Tafel 42 von 100 gezogen",
        "Nachrücken geprüft",
    ]


def test_without_features_everything_else_is_still_checked(replaced, published):
    did = judge(replaced, published[0].panels)
    assert did[0] == "Quoten ohne Merkmalsliste ungeprüft"
    assert did[1] == "Tafel 42 von 100 gezogen"


def test_a_commitment_is_drawn_once(drawn, published):
    with pytest.raises(NotFound):
        ceremony.draw(drawn, json.loads(published[0].panels), raw="43", now=AFTER, witnesses=[])


def test_nothing_is_drawn_before_the_event(committed, published):
    with pytest.raises(InputError, match="12:00"):
        ceremony.draw(
            committed, json.loads(published[0].panels), raw="42", now=BEFORE, witnesses=[]
        )


def test_nobody_commits_twice_at_once(committed, published):
    with pytest.raises(Conflict):
        ceremony.commit(
            committed, published[0], procedure="x", now=BEFORE, source=DIGITS, tool=TOOL
        )


def test_a_cancelled_commitment_stays_with_its_reason(committed, published):
    protocol = ceremony.cancel(committed, reason="Quoten falsch", now=BEFORE)
    again = ceremony.commit(
        protocol, published[0], procedure="rat-2027", now=BEFORE, source=DIGITS, tool=TOOL
    )
    told = minutes(again)
    assert "Begründung: Quoten falsch" in told
    assert told.count("Festlegung am") == 2
    assert judge(again, published[0].panels) == []


def test_the_event_must_lie_ahead(published):
    with pytest.raises(InputError, match="Zukunft"):
        ceremony.commit(
            Protocol(), published[0], procedure="x", now=AFTER, source=DIGITS, tool=TOOL
        )


def test_the_minutes_tell_what_a_sceptic_needs(replaced):
    told = minutes(replaced)
    for sentence in (
        "12 Plätze für 60 Personen",
        "100 nummerierte Tafeln",
        "Zufallswert: 42",
        "Gezogen ist Tafel 42",
        "Bezeugt von: Notariat",
        "rückt",
    ):
        assert sentence in told


# --- replacement


def test_the_first_alternate_who_keeps_the_quotas_moves_up(drawn, published):
    pool, order = published[0].pool, drawn.last("alternates")[1]["order"]
    commitment = drawn.entries()[0][1]
    leaving, *staying = ceremony.sitting(drawn)
    after = ceremony.replace(drawn, pool, leaving=leaving, now=AFTER)
    entering = after.last("replacement")[1]["entering"]
    homes = {pool[name]["household"] for name in staying} - {""}

    def fits(name):
        return not ceremony.missed(commitment, pool, [*staying, name]) and (
            pool[name]["household"] not in homes
        )

    assert fits(entering)
    assert not any(map(fits, order[: order.index(entering)]))
    assert set(ceremony.sitting(after)) == {*staying, entering}


def test_who_declines_is_not_asked_again(drawn, published):
    leaving = ceremony.sitting(drawn)[0]
    first = ceremony.replace(drawn, published[0].pool, leaving=leaving, now=AFTER)
    chosen = first.last("replacement")[1]["entering"]
    other = ceremony.replace(
        drawn, published[0].pool, leaving=leaving, declined=[chosen], now=AFTER
    )
    assert other.last("replacement")[1]["entering"] != chosen
    judge(other, published[0].panels, published[0].pool)


def test_quotas_are_missed_only_if_somebody_answers_for_it(drawn, published):
    pool, protocol = published[0].pool, drawn
    leaving = ceremony.sitting(drawn)[0]
    order = drawn.last("alternates")[1]["order"]
    commitment = drawn.entries()[0][1]
    staying = [name for name in ceremony.sitting(drawn) if name != leaving]
    fitting = [n for n in order if not ceremony.missed(commitment, pool, [*staying, n])]
    with pytest.raises(Refused):
        ceremony.replace(protocol, pool, leaving=leaving, declined=fitting, now=AFTER)
    after = ceremony.replace(
        protocol,
        pool,
        leaving=leaving,
        declined=fitting,
        now=AFTER,
        override="Niemand sonst war erreichbar",
    )
    assert after.last("replacement")[1]["missed"] > 0
    judge(after, published[0].panels, pool)


def test_enough_alternates_are_kept_for_the_expected_losses(drawn, published):
    pool, order = published[0].pool, drawn.last("alternates")[1]["order"]
    ready = ceremony.on_call(order, pool, {(0, "A1"): 2, (1, "B2"): 1})
    features = [pool[name]["features"] for name in ready]
    assert sum(row[0] == "A1" for row in features) >= 2
    assert sum(row[1] == "B2" for row in features) >= 1
    assert ceremony.on_call(order, pool, {}) == ()


# --- erasure


def test_an_erased_person_leaves_nothing_and_the_draw_still_verifies(replaced, published):
    publication, vault = published
    id_ = next(iter(vault.nonces))
    name = vault.pseudonym(id_)
    protocol, left = ceremony.erased(replaced, publication.pool, [name], now=AFTER)
    assert any("gelöscht" in line for line in judge(protocol, publication.panels, left))
    kept = canonical(left) + protocol.text() + canonical(dict(vault.without([id_]).nonces))
    row = publication.pool[name]
    for trace in (id_, vault.nonces[id_], row["salt"]):
        assert trace not in kept
    assert "features" not in left[name]
    with pytest.raises(InputError):
        vault.without([id_]).pseudonym(id_)


def test_a_pseudonym_cannot_be_guessed_from_the_identifier():
    one, other = (Vault.new(["p1"]) for _ in range(2))
    assert one.pseudonym("p1") != other.pseudonym("p1")


# --- forgeries: the forger may change anything and seal the chain again


class Forger:
    """Changes a draw and makes all hashes fit again, as far as that is possible."""

    def __init__(self, protocol, panels, pool):
        self.entries = [dict(entry) for _, entry in protocol.entries()]
        self.hashes = [hash_ for hash_, _ in protocol.entries()]
        self.panels, self.pool = json.loads(panels), json.loads(canonical(pool))

    @property
    def said(self):
        return self.entries[0]

    def of(self, kind):
        return next(entry for entry in self.entries if entry["kind"] == kind)

    def sealed(self):
        """Write everything anew: lists, their hashes, the chain and what refers to it."""
        panels = canonical(self.panels)
        self.said.update(panels_sha256=digest(panels), pool_sha256=pool_digest(self.pool))
        protocol, new = Protocol(), {}
        for old, entry in zip_longest(self.hashes, self.entries, fillvalue=""):
            body = {
                key: new.get(part, part) if key in {"commitment", "draw"} else part
                for key, part in entry.items()
                if key not in {"kind", "number", "previous", "schema"}
            }
            protocol = protocol.append(entry["kind"], body)
            new[old] = protocol.head
        return protocol, panels, self.pool


def swap_in(forged, number, place, person):
    forged.panels["panels"][number][place] = person
    forged.panels["panels"][number].sort()
    recount(forged)


def recount(forged):
    counts = [0] * len(forged.panels["people"])
    for panel in forged.panels["panels"]:
        for place in panel:
            counts[place] += 1
    forged.panels["counts"] = counts
    forged.said["minimum_panels"] = min(counts)


def seat_twice(f):
    panel = f.panels["panels"][7]
    panel[1] = panel[0]
    recount(f)


def shrink_panel(f):
    f.panels["panels"][7].pop()
    recount(f)


def leave_out_panel(f):
    f.panels["panels"].pop()
    recount(f)


def break_quota(f):
    by_name = f.pool
    panel = f.panels["panels"][7]
    inside = {by_name[f.panels["people"][place]]["features"][0] for place in panel}
    assert len(inside) == 2
    outside = [
        n
        for n, name in enumerate(f.panels["people"])
        if n not in panel and by_name[name]["features"][0] == "A1"
    ]
    for place, person in zip(
        [
            n
            for n, each in enumerate(panel)
            if by_name[f.panels["people"][each]]["features"][0] == "A2"
        ],
        outside,
        strict=False,
    ):
        panel[place] = person
    panel.sort()
    recount(f)


def mate(f):
    """Seat two of a household who have the same features as somebody they push out."""
    people, pool = f.panels["people"], f.pool
    for number, panel in enumerate(f.panels["panels"]):
        for seated in panel:
            home = pool[people[seated]]["household"]
            for other in range(len(people)):
                row = pool[people[other]]
                if other in panel or not home or row["household"] != home:
                    continue
                for place, victim in enumerate(panel):
                    if victim != seated and pool[people[victim]]["features"] == row["features"]:
                        return swap_in(f, number, place, other)
    raise AssertionError("nobody to forge with")


def edit_features(f):
    name = f.panels["people"][0]
    f.pool[name]["features"][0] = {"A1": "A2", "A2": "A1"}[f.pool[name]["features"][0]]


def edit_features_and_leaf(f):
    edit_features(f)
    name = f.panels["people"][0]
    row = {key: part for key, part in f.pool[name].items() if key != "leaf"}
    f.pool[name]["leaf"] = leaf(name, row)


def second_draw(f):
    f.entries.insert(2, dict(f.of("draw"), index=43, value="43"))


def queue_jump(f):
    order = f.of("alternates")["order"]
    entry = f.of("replacement")
    entry["entering"] = order[order.index(entry["entering"]) + 1]


FORGERIES = {
    "another value": (lambda f: f.of("draw").update(value="43"), "folgt Tafel 43"),
    "a value of another form": (lambda f: f.of("draw").update(value="422"), "angekündigte Form"),
    "another index": (lambda f: f.of("draw").update(index=41), "folgt Tafel 42"),
    "another person drawn": (
        lambda f: f.of("draw")["panel"].__setitem__(0, f.of("alternates")["order"][0]),
        "nicht die Personen von Tafel 42",
    ),
    "drawn before the event": (lambda f: f.of("draw").update(at=BEFORE), "vor dem angekündigten"),
    "event before the commitment": (
        lambda f: f.said["source"].update(at="2026-11-22T09:00:00Z"),
        "nicht nach der Festlegung",
    ),
    "digits that reach some panels only": (
        lambda f: f.said["source"].update(count=1),
        "Zahl der Ziffern",
    ),
    "drawn twice": (second_draw, "nicht noch einmal"),
    "panels counted wrongly": (
        lambda f: f.panels["counts"].__setitem__(0, f.panels["counts"][0] + 1),
        "Häufigkeiten",
    ),
    "a better minimum": (lambda f: f.said.update(minimum_panels=99), "kleinste Häufigkeit"),
    "somebody twice in a panel": (seat_twice, "sitzt jemand doppelt"),
    "a seat missing": (shrink_panel, "hat nicht 12 Plätze"),
    "a panel missing": (leave_out_panel, "hat nicht 100 Tafeln"),
    "a person added": (lambda f: f.panels["people"].append("zz"), "Personenzahl"),
    "an unknown place": (lambda f: f.panels["panels"][3].__setitem__(0, 60), "nennt Unbekannte"),
    "a quota broken": (break_quota, "erfüllt die Quoten nicht"),
    "two of a household": (mate, "zwei aus einem Haushalt"),
    "other features": (edit_features, "Merkmale von"),
    "a bound too low": (lambda f: f.said["proof"].update(bound=[1, 50]), "Obergrenze"),
    "a price that proves anything": (
        lambda f: f.said["proof"].update(households={"h1": -(10**12)}),
        "Preis im Beweis",
    ),
    "alternates in a handy order": (
        lambda f: f.of("alternates")["order"].reverse(),
        "gelosten Reihenfolge",
    ),
    "a queue jumped": (queue_jump, "anderes an der Reihe"),
    "somebody replaced who has no seat": (
        lambda f: f.of("replacement").update(leaving=f.of("alternates")["order"][-1]),
        "keinen Platz hat",
    ),
    "somebody from nowhere moves up": (
        lambda f: f.of("replacement").update(entering="0" * 32),
        "nicht an der Reihe sein kann",
    ),
    "quotas missed in silence": (
        lambda f: f.of("replacement").update(missed=2),
        "ohne Begründung",
    ),
    "a commitment replaced in silence": (
        lambda f: f.entries.insert(1, dict(f.said)),
        "blieb eine alte offen",
    ),
}


@pytest.mark.parametrize(("forge", "sentence"), FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_sealed_anew_is_told_in_a_sentence(forge, sentence, replaced, published):
    forged = Forger(replaced, published[0].panels, published[0].pool)
    forge(forged)
    with pytest.raises(verifier.Wrong, match=sentence):
        judge(*forged.sealed())


def test_an_untouched_draw_survives_being_sealed_anew(replaced, published):
    forged = Forger(replaced, published[0].panels, published[0].pool)
    judge(*forged.sealed())


def tampered(lines, how):
    return {
        "a word changed": [lines[0], lines[1].replace("Notariat", "Bürgeramt"), *lines[2:]],
        "a line removed": [lines[0], *lines[2:]],
        "lines swapped": [lines[1], lines[0], *lines[2:]],
        "a line written otherwise": [lines[0].replace('":', '": ', 1), *lines[1:]],
        "a line cut off": [*lines[:-1], lines[-1][:40]],
        "a key twice": [lines[0].replace('"at":', '"at":"x","at":', 1), *lines[1:]],
    }[how]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("a word changed", "Kette reißt vor Zeile 3"),
        ("a line removed", "Kette reißt vor Zeile 2"),
        ("lines swapped", "Kette reißt vor Zeile 1"),
        ("a line written otherwise", "Zeile 1 hat nicht"),
        ("a line cut off", "unvollständig oder beschädigt"),
        ("a key twice", "Zeile 1 hat nicht"),
    ],
)
def test_a_protocol_that_was_touched_is_told(  # noqa: PLR0917
    how, sentence, replaced, published, tmp_path, capsys
):
    lines = tampered(list(replaced.lines), how)
    (tmp_path / "p").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (tmp_path / "l").write_text(published[0].panels, encoding="utf-8")
    assert verifier.main([str(tmp_path / "p"), str(tmp_path / "l")]) == 1
    assert sentence in capsys.readouterr().out


def test_a_list_that_was_touched_is_not_the_committed_one(replaced, published):
    with pytest.raises(verifier.Wrong, match="fehlt oder wurde geändert"):
        judge(replaced, published[0].panels.replace(":[[", ": [["))


def test_the_verifier_is_one_file_that_a_sceptic_can_read():
    lines = Path(verifier.__file__).read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 200
    imported = {
        line.split()[1].partition(".")[0]
        for line in lines
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names


# --- sources


LOTTO = {
    "kind": "lottery",
    "name": "6 aus 49",
    "numbers": 6,
    "highest": 49,
    "extra": 7,
    "at": EVENT,
}
DICE = {"kind": "dice", "count": 20, "event": "Ratssaal", "at": EVENT}
DRAND = {"kind": "drand", "chain": "52db", "genesis": 1692803367, "period": 3, "round": 34_200_000}
PARTIES = [{"name": name, "sha256": digest(f"Geheimnis von {name}")} for name in ("A", "B")]
REVEAL = {"kind": "reveal", "parties": PARTIES, "fallback": DICE, "at": EVENT}
SECRETS = {name: f"Geheimnis von {name}" for name in ("A", "B")}


@pytest.mark.parametrize(
    ("said", "raw", "value"),
    [
        (DIGITS, " 4 2", "42"),
        (DICE, "1234 5612 3456 1234 5612", "12345612345612345612"),
        (LOTTO, "36 17 22 48 31 41 / 12 34567", "17 22 31 36 41 48 / 1234567"),
        (DRAND, "AB" * 32, "34200000 " + "ab" * 32),
        (REVEAL, SECRETS, '[["Geheimnis von A","Geheimnis von B"],null]'),
        (
            REVEAL,
            {"A": "Geheimnis von A", "fallback": "1" * 20},
            '[["Geheimnis von A",null],"11111111111111111111"]',
        ),
    ],
    ids=["digits", "dice", "lottery", "drand", "reveal", "reveal with a refusal"],
)
def test_a_source_has_one_spelling_which_the_verifier_accepts(said, raw, value):
    full = announce(said, panels=100, now="2023-08-24T00:00:00Z")
    assert value_of(full, raw) == value
    verifier.check_value(full, value)
    assert 0 <= index_of(full, value, panels=100, procedure="x", commitment="y") < 100


@pytest.mark.parametrize(
    ("said", "raw"),
    [
        (DIGITS, "4"),
        (DIGITS, "4x"),
        (DICE, "7" * 20),
        (LOTTO, "1 1 2 3 4 5 / 1234567"),
        (LOTTO, "1 2 3 4 5 50 / 1234567"),
        (LOTTO, "1 2 3 4 5 6"),
        (DRAND, "ab"),
        (DRAND, "ab" * 32 + " 00"),
        (REVEAL, {"A": "anders", "B": "Geheimnis von B"}),
        (REVEAL, {"A": "Geheimnis von A"}),
        (REVEAL, "A"),
    ],
)
def test_a_value_of_another_form_is_refused(said, raw):
    full = announce(said, panels=100, now="2023-08-24T00:00:00Z")
    with pytest.raises(InputError):
        value_of(full, raw)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "coin"},
        {"kind": "digits", "count": 2, "at": EVENT},
        {**DIGITS, "count": 3},
        {**DICE, "count": 3},
        {**DIGITS, "at": "tomorrow"},
    ],
)
def test_an_announcement_that_leaves_room_is_refused(said):
    with pytest.raises(InputError):
        announce(said, panels=100, now=BEFORE)


def test_the_round_of_a_drand_chain_tells_its_time():
    full = announce(DRAND, panels=100, now=BEFORE.replace("2026-11-22", "2023-08-24"))
    assert full["at"] == "2026-11-23T03:09:24Z"


# --- chance


def test_vectors():
    """The same numbers stand in the documentation; they must never change."""
    stream = Stream("panel/rat-2027", "a" * 64)
    assert [stream.below(1000) for _ in range(5)] == VECTORS
    assert Stream("order", "17 22 31 36 41 48").shuffled("ABCDEF") == ORDER


VECTORS = [765, 920, 863, 328, 978]
ORDER = list("FACBDE")


def test_purposes_have_streams_of_their_own():
    one, other = Stream("panel/a", "seed"), Stream("panel/b", "seed")
    assert [one.below(10**9) for _ in range(3)] != [other.below(10**9) for _ in range(3)]


def test_numbers_are_even():
    stream, counts = Stream("test", "seed"), [0] * 7
    for _ in range(7_000):
        counts[stream.below(7)] += 1
    assert all(900 < count < 1_100 for count in counts)


def test_a_stream_needs_a_seed():
    with pytest.raises(InputError):
        Stream("panel/a", "")


# --- old protocols


def test_a_protocol_of_the_first_version_verifies_for_ever():
    paths = [GOLDEN / name for name in ("losprotokoll.jsonl", "panels.json", "pool.json")]
    done = subprocess.run(
        [sys.executable, verifier.__file__, *map(str, paths)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith(GOLDEN_HEAD)


GOLDEN_HEAD = "834cc6d7264416f692165a74124daf46c5e44d013b786dfb1aca3c7bc3965bcb"


def test_a_vault_keeps_a_leaf_secret():
    row = {"salt": "x", "features": ["A1"], "household": "", "cuts": []}
    assert leaf("p", row) != leaf("p", {**row, "salt": "y"})
