"""``partizipation procedures``: what is exported can be checked, what is secret is refused."""

import json
import subprocess
import sys
from runpy import run_path

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.clock import Instant
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CountBallots,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.store.signing import is_signed

OFFICER, REVIEWER = Actor.of("officer-1", Role.OFFICER), Actor.of("reviewer-1", Role.REVIEWER)
ANNA = Actor.of("anna", Role.RESIDENT)
SETTINGS = {"pot": "1000 EUR", "misfit": "skip"}


@pytest.fixture
def budget(tmp_path):
    """A budget in a file whose vote is open."""
    clock = FrozenClock(Instant(1_800_000_000_000_000))
    with Platform(f"sqlite:///{tmp_path / 'town.db'}", clock=clock) as platform:
        town = platform.municipality("12060052")
        budget = town.open("b-1", "buergerhaushalt", actor=OFFICER, settings=SETTINGS)
        for command, actor in (
            (SubmitItem(item="bench", title="Bank", cost=Money.euro(300)), ANNA),
            (AdvanceStage(), OFFICER),
            (TakeUpReview(item="bench"), REVIEWER),
            (ReviewItem(item="bench", outcome="feasible"), REVIEWER),
            (ShortlistItem(item="bench"), OFFICER),
            (AdvanceStage(), OFFICER),
            (CastBallot(choices={"bench": 1}), ANNA),
        ):
            budget.execute(command, actor=actor)
        yield budget


@pytest.fixture
def run(tmp_path):
    place = ["--database", f"sqlite:///{tmp_path / 'town.db'}"]
    place += ["--municipality", "12060052", "--procedure", "b-1"]
    return lambda name, *more: _run(["procedures", name, *place, *map(str, more)])


def test_an_export_from_the_command_line_passes_the_verifier(budget, run, root, tmp_path):
    budget.execute(AdvanceStage(), actor=OFFICER)
    budget.execute(CountBallots(vote="vote", seed="4 8 15"), actor=OFFICER)
    assert run("export", "--into", tmp_path / "b-1.zip") == 0
    command = [sys.executable, str(root / "verifier" / "verify.py"), str(tmp_path / "b-1.zip")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_what_people_have_written_can_stay_at_home(budget, run, root, tmp_path):
    """The verifier counts what is there and says what it could not check."""
    budget.execute(AdvanceStage(), actor=OFFICER)
    budget.execute(CountBallots(vote="vote", seed="4 8 15"), actor=OFFICER)
    assert run("export", "--into", tmp_path / "all") == 0
    assert run("export", "--into", tmp_path / "b-1", "--without-texts") == 0
    rows = (tmp_path / "all/texts.ndjson").read_bytes().splitlines()
    texts = [json.loads(row)["text"] for row in rows]
    assert texts
    written = b"".join(one.read_bytes() for one in (tmp_path / "b-1").rglob("*.ndjson"))
    assert [text for text in texts if json.dumps(text).encode() in written] == []
    verifier = run_path(str(root / "verifier" / "verify.py"))
    report = verifier["verify"](tmp_path / "b-1")
    assert report.exit_code == 0, report.text("en")
    assert f"Texts: 0 checked, {len(texts)} withheld, 0 erased." in report.text("en")
    assert run("export", "--into", tmp_path / "w", "--without-texts", "--whole") == 2


def test_ballots_of_an_open_vote_are_refused_in_words(budget, run, tmp_path, capsys):
    assert run("export", "--into", tmp_path / "b-1") == 3
    told = capsys.readouterr().err
    assert "Die geöffneten Stimmzettel lassen sich erst ausgeben" in told
    assert run("export", "--into", tmp_path / "b-1", "--without-ballots") == 0


def test_a_checkpoint_is_printed_as_text_and_as_words(budget, run, capsys):
    assert run("checkpoint") == 0
    assert capsys.readouterr().out == budget.checkpoint().text
    assert run("checkpoint", "--words") == 0
    head = budget.checkpoint()
    assert capsys.readouterr().out.split() == [head.origin, str(head.size), *head.words]


def test_nothing_is_printed_before_the_code_is_written(budget, run, capsys, tmp_path, monkeypatch):
    svg = tmp_path / "checkpoint.svg"
    with monkeypatch.context() as lacking:
        lacking.setitem(sys.modules, "segno", None)
        assert run("checkpoint", "--svg", svg) == 1
    told = capsys.readouterr()
    assert (told.out, "pip install 'partizipation-core[qr]'" in told.err) == ("", True)
    assert run("checkpoint", "--svg", svg) == 0
    assert capsys.readouterr().out == budget.checkpoint().text
    assert run("checkpoint", "--svg", svg) == 1  # it is there
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("half", [["--signer", "stadt.example"], ["--sign-with", __file__]])
def test_half_a_signature_is_a_wrong_command_line(budget, run, capsys, half):
    for wrong in (half, ["--signer", "stadt.example", "--sign-with", __file__, "--words"]):
        assert run("checkpoint", *wrong) == 2
        told = capsys.readouterr()
        assert "--sign-with and --signer go together" in told.err
        assert told.out == ""


def test_a_checkpoint_without_a_signature_says_so(budget, run, capsys):
    assert run("checkpoint") == 0
    assert "Dieser Prüfpunkt ist nicht unterschrieben." in capsys.readouterr().err
    assert run("checkpoint", "--lang", "en", "--words") == 0
    assert "This checkpoint is not signed." in capsys.readouterr().err


@pytest.mark.parametrize("written", [bytes, lambda key: f"{key.hex()}\n".encode()])
def test_a_checkpoint_is_signed_with_a_key_in_a_file(budget, run, capsys, tmp_path, written):
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    private = ed25519.Ed25519PrivateKey.generate()
    file = tmp_path / "election.key"
    file.write_bytes(written(private.private_bytes_raw()))
    signer = "stadt.example/wahlleitung"
    assert run("checkpoint", "--sign-with", file, "--signer", signer) == 0
    told = capsys.readouterr()
    assert is_signed(told.out, signer, private.public_key().public_bytes_raw())
    assert told.err == ""
    file.write_bytes(b"no key")
    assert run("checkpoint", "--sign-with", file, "--signer", signer) == 1
    assert "no Ed25519 key" in capsys.readouterr().err


def test_a_box_is_sealed_only_once_it_is_closed(budget, run, capsys):
    assert run("seal", "--vote", "vote") == 3
    budget.execute(AdvanceStage(), actor=OFFICER)
    assert run("seal", "--vote", "vote") == 0
