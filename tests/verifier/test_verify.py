"""The verifier finds whatever was changed in an export, and agrees with the library otherwise."""

import ast
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from partizipation_core.errors import InputError, Refused
from partizipation_core.plugins.host import PluginHost
from partizipation_core.testing import simulate

GOOD, TAMPERED, INCOMPLETE, UNSUPPORTED = range(4)
PLAYS = 4


def codes(report):
    return [code for _, code, _ in report.found]


def faults(report):
    return {code for level, code, _ in report.found if level == TAMPERED}


# --- what is right


@pytest.mark.parametrize("name", ["export", "export.zip", "export.tar"])
def test_an_export_is_good_as_a_folder_and_as_one_file(awarded, verifier, tmp_path, name):
    awarded.export(tmp_path / name)
    report = verifier.verify(tmp_path / name)
    assert report.exit_code == GOOD, report.text("en")
    assert codes(report) == ["recounted", "texts", "checked", "no_outside"]


def test_the_same_procedure_makes_the_same_bytes(awarded, tmp_path):
    awarded.export(tmp_path / "one.zip")
    awarded.export(tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


LIMITS = (
    "min_choices",
    "min_total",
    "max_total",
    "max_per_area",
    "max_per_category",
    "area_quotas",
    "category_quotas",
)


@pytest.mark.sized("procedures")
def test_verifier_and_library_agree_on_procedures_made_by_chance(
    made, verifier, tmp_path, size, tell
):
    seen, folder = Counter(), tmp_path / "export"
    for seed in range(size):
        handle = made(seed)
        handle.export(folder)
        report = verifier.verify(folder)
        assert report.exit_code == GOOD, (seed, report.text("en"))
        assert codes(report)[0] == "recounted"
        settings = handle.settings()
        seen.update({settings.misfit, settings.rank_by, settings.ballot_type, settings.results})
        if (folder / "votes/1/ballots.ndjson").read_bytes():
            seen.update(limit for limit in LIMITS if getattr(settings, limit))
        shutil.rmtree(folder)
    # Every misfit, score, ballot type, way to publish and limit.
    assert len(seen) >= 4 + 5 + 5 + 2 + len(LIMITS)
    tell(procedures=size, recounted=size, disagreements=0)


def test_plays_of_a_made_up_town_are_never_taken_for_tampered(verifier, tmp_path):
    host = PluginHost.discover()
    formats = {
        "buergerhaushalt": {"pot": "900 EUR", "misfit": "skip"},
        "kiezkasse": {"pot": "900 EUR", "region": "Musterkiez"},
    }
    for seed in range(PLAYS):
        for key, settings in formats.items():
            play = simulate(host, key, settings=settings, seed=seed, steps=120)
            folder = tmp_path / f"{key}-{seed}"
            play.handle.export(folder, ballots=False)
            report = verifier.verify(folder)
            assert report.exit_code in (GOOD, INCOMPLETE, UNSUPPORTED), report.text("en")
            assert (faults(report), play.faults) == (set(), ())


# --- what was changed


def test_every_changed_byte_of_an_export_is_found(exported, verifier):
    """Each byte of a sample of every file, changed one at a time."""
    missed = []
    for file in sorted(file for file in exported.rglob("*") if file.is_file()):
        body = file.read_bytes()
        for at in range(0, len(body), 1 + len(body) // 60):
            file.write_bytes(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
            if verifier.verify(exported).exit_code == GOOD:
                missed.append((file.name, at))
        file.write_bytes(body)
    assert missed == []


def exchange_a_choice(rows):
    rows[0]["body"] = '{"swing":1}' if rows[0]["body"] != '{"swing":1}' else '{"bench":1}'


def vote_for_a_stranger(rows):
    rows[0]["body"] = '{"tower":1}'


def cheaper(rows):
    next(row for row in rows if row["act"] != "fund")["cents"] -= 1


def other_channel(rows):
    rows[0]["channel"] = "paper"


def more_on_the_roll(rows):
    rows[0]["roll"] += 1


def shorten(rows):
    return rows[:-1]


def swap_lines(rows):
    return [*rows[:3], rows[4], rows[3], *rows[5:]]


def other_result(rows):
    next(row for row in rows if row["kind"] == "BallotsCounted")["data"]["proposed"] = {}


def other_award(rows):
    row = next(row for row in rows if row["kind"] == "ItemsAwarded")
    row["data"]["bookings"][0]["amount"] += 100


TAMPERINGS = {
    "a ballot": ("votes/1/ballots.ndjson", exchange_a_choice, "ballot"),
    "a ballot for a stranger": ("votes/1/ballots.ndjson", vote_for_a_stranger, "strange_choice"),
    "a ballot less": ("votes/1/ballots.ndjson", shorten, "ballot_list"),
    "a channel": ("votes/1/ballots.ndjson", other_channel, "channels"),
    "the roll": ("votes/1/register.json", more_on_the_roll, "roll"),
    "a booking": ("books.ndjson", cheaper, "books"),
    "a booking less": ("books.ndjson", shorten, "books_number"),
    "lines swapped": ("journal.ndjson", swap_lines, "line_number"),
    "the end cut off": ("journal.ndjson", shorten, "lines"),
    "a result": ("journal.ndjson", other_result, "line_chain"),
    "an award": ("journal.ndjson", other_award, "checkpoint"),
}


@pytest.mark.parametrize(("name", "edit", "code"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_what_was_tampered_with_is_found_and_named(change, verifier, name, edit, code):
    report = verifier.verify(change(name, edit))
    assert report.exit_code == TAMPERED
    assert code in faults(report)
    for lang in ("de", "en"):
        assert "{" not in report.text(lang)


def rewrite(verifier, folder, edit, seal):
    """Rewrite history from one line on so that it agrees with itself, checkpoints included."""
    rows = [verifier.parse(row) for row in (folder / "journal.ndjson").read_bytes().splitlines()]
    edit(rows)
    previous = ""
    for row in rows:
        row["prev"] = previous
        previous = verifier.leaf(verifier.canonical(row)).hex()
    bodies = [verifier.canonical(row) for row in rows]
    (folder / "journal.ndjson").write_bytes(b"".join(body + b"\n" for body in bodies))
    seal(folder)
    export = verifier.Export(folder, verifier.Report())
    leaves = verifier.check_journal(export)
    for file in (folder / "checkpoints").iterdir():
        file.write_text(verifier.checkpoint_text(export, leaves, int(file.stem)))
    seal(folder)


def test_a_history_that_was_rewritten_whole_fails_the_recount(exported, verifier, seal_again):
    rewrite(verifier, exported, other_result, seal_again)
    assert faults(verifier.verify(exported)) == {"result"}


def award_less(rows):
    row = next(row for row in rows if row["kind"] == "ItemsAwarded")
    row["actor"] = "somebody-else"


def test_only_a_checkpoint_kept_outside_finds_a_history_rewritten_without_a_seam(
    exported, verifier, seal_again, tmp_path
):
    last = max((exported / "checkpoints").iterdir(), key=lambda one: int(one.stem))
    minutes = tmp_path / "minutes.txt"
    shutil.copy(last, minutes)
    rewrite(verifier, exported, award_less, seal_again)
    assert verifier.verify(exported).exit_code == GOOD
    assert faults(verifier.verify(exported, [minutes])) == {"checkpoint"}


def test_a_line_that_says_the_same_in_other_bytes_is_found(exported, verifier, seal_again):
    """Bytes are hashed as they stand: hashing what a parser read would miss this."""
    file = exported / "journal.ndjson"
    file.write_bytes(file.read_bytes().replace(b'"seq":2,', b'"seq": 2,'))
    seal_again(exported)
    assert {"line_odd", "line_chain"} <= faults(verifier.verify(exported))


def test_a_key_that_is_written_twice_is_found(exported, verifier, seal_again):
    """Most readers let the last one win, so that people would see another value than programs."""
    file = exported / "journal.ndjson"
    file.write_bytes(file.read_bytes().replace(b'"seq":2,', b'"seq":9,"seq":2,'))
    seal_again(exported)
    assert "unreadable" in faults(verifier.verify(exported))


# --- what is missing, and what is not known


def test_without_ballots_an_export_is_incomplete(awarded, verifier, tmp_path):
    awarded.export(tmp_path / "public", ballots=False)
    report = verifier.verify(tmp_path / "public")
    assert (report.exit_code, codes(report)[0]) == (INCOMPLETE, "no_ballots")


def test_a_missing_file_is_incomplete(exported, verifier):
    (exported / "books.ndjson").unlink()
    report = verifier.verify(exported)
    assert ("file_missing", ("books.ndjson",)) in [found[1:] for found in report.found]


def test_another_form_is_not_supported(exported, verifier):
    file = exported / "manifest.json"
    file.write_bytes(file.read_bytes().replace(b"export/1", b"export/2"))
    assert verifier.verify(exported).exit_code == UNSUPPORTED


def test_ballots_are_refused_before_the_result_is_public(voting, tmp_path):
    with pytest.raises(Refused) as refused:
        voting.export(tmp_path / "early")
    assert [one.code for one in refused.value.objections] == [
        "result_not_before_close",
        "ballots_not_exported_yet",
    ]
    assert not (tmp_path / "early").exists()


def test_an_open_vote_leaves_no_number_in_an_export(voting, verifier, tmp_path):
    voting.export(tmp_path / "early", ballots=False)
    assert not (tmp_path / "early" / "votes").exists()
    assert verifier.verify(tmp_path / "early").exit_code == INCOMPLETE


def test_nothing_is_written_over(awarded, exported):
    with pytest.raises(InputError):
        awarded.export(exported)


# --- the program


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_program_runs_alone_and_tells_a_person(exported, root, lang, tmp_path):
    program = shutil.copy(root / "verifier" / "verify.py", tmp_path / "verify.py")
    command = [sys.executable, "-I", "-S", program, str(exported), "--lang", lang]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == GOOD, done.stderr
    assert done.stdout.startswith({"de": "In Ordnung", "en": "Good"}[lang])


def test_the_verifier_imports_nothing_but_the_standard_library(root):
    tree = ast.parse(Path(root / "verifier" / "verify.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
             for alias in node.names}  # fmt: skip
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
