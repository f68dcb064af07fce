"""A checkpoint pins a journal down: as C2SP text, as words, as a QR code."""

import base64
import hashlib

import pytest

from partizipation_core.errors import InputError, NotFound
from partizipation_core.reports.checkpoints import qr_code, spoken
from partizipation_core.store.checkpoint import Checkpoint


def test_the_text_names_origin_size_root_and_every_closed_box(awarded):
    head = awarded.checkpoint()
    origin, size, root, box, roll = head.text.splitlines()
    assert (origin, int(size)) == ("partizipation/12060052/budget-2027", len(awarded.journal()))
    assert len(base64.b64decode(root)) == 32
    (closed,) = (
        one.event for one in awarded.journal() if type(one.event).__name__ == "BallotClosed"
    )
    told = base64.b64encode(bytes.fromhex(closed.root)).decode()
    assert box == f"box vote ballots 3 root {told} aside 0 root -"
    marks = base64.b64encode(bytes.fromhex(closed.roll_root)).decode()
    assert roll == f"roll vote voters 3 root {marks}"


def test_a_checkpoint_of_fewer_lines_is_the_one_that_was_made_then(voting):
    then = voting.checkpoint()
    voting.tick()
    assert voting.checkpoint(then.size) == then


def test_an_earlier_checkpoint_stays_true_when_more_is_decided(voting, vote_and_award):
    then = voting.checkpoint()
    vote_and_award(voting)
    assert voting.checkpoint(then.size).text == then.text
    assert voting.checkpoint().text != then.text


def test_a_journal_has_no_more_lines_than_it_has(voting):
    with pytest.raises(InputError, match="lines"):
        voting.checkpoint(10_000)


def test_a_procedure_that_is_not_there_has_no_checkpoint(town):
    with pytest.raises(NotFound):
        town.procedure("nowhere").checkpoint()


@pytest.mark.parametrize(
    ("digest", "word"), [(0x0000, "babab"), (0xFFFF, "zuzuz"), (0x7F00, "lusab")]
)
def test_two_bytes_are_one_word(monkeypatch, digest, word):
    monkeypatch.setattr(Checkpoint, "digest", digest.to_bytes(2, "big") * 16)
    assert set(Checkpoint(origin="a", size=1, root=bytes(32)).words) == {word}


def test_the_words_change_with_the_text(awarded):
    head = awarded.checkpoint()
    assert len(spoken(head).split()) == 16
    assert spoken(head) != spoken(awarded.checkpoint(head.size - 1))
    assert head.digest == hashlib.sha256(head.text.encode()).digest()


def test_a_qr_code_is_svg(awarded):
    pytest.importorskip("segno", reason="needs the extra qr")
    assert "<svg" in qr_code(awarded.checkpoint())


def test_names_cannot_break_the_lines(town, verifier):
    from partizipation_core.store.checkpoint import checkpoint_of
    from partizipation_core.store.scope import Scope

    made = checkpoint_of(Scope("12060052", "a b/c\nd"), [])
    assert made.text.splitlines()[0] == "partizipation/12060052/a%20b%2Fc%0Ad"
