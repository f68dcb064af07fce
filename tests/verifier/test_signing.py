"""A signed checkpoint tells whose it is, and the verifier reads it like any other."""

import pytest

from partizipation_core.errors import InputError
from partizipation_core.store.signing import is_signed, signed

ed25519 = pytest.importorskip(
    "cryptography.hazmat.primitives.asymmetric.ed25519", reason="needs the extra trust"
)
NAME = "stadt.example/wahlleitung"


@pytest.fixture
def pair():
    private = ed25519.Ed25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def test_a_signature_holds_for_its_text_name_and_key_alone(awarded, pair):
    key, public = pair
    head = awarded.checkpoint()
    note = signed(head, NAME, key)
    assert note.startswith(f"{head.text}\n— {NAME} ")
    assert is_signed(note, NAME, public)
    assert not is_signed(note.replace("budget-2027", "budget-2028"), NAME, public)
    assert not is_signed(note, "stadt.example/betrieb", public)
    other = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not is_signed(note, NAME, other)
    assert not is_signed(head.text, NAME, public)


@pytest.mark.parametrize("name", ["", "two words", "a+b", " a"])
def test_a_name_that_would_break_the_note_is_refused(awarded, pair, name):
    with pytest.raises(InputError):
        signed(awarded.checkpoint(), name, pair[0])


def test_what_is_no_key_is_refused(awarded):
    with pytest.raises(InputError, match="no Ed25519 key"):
        signed(awarded.checkpoint(), NAME, b"short")


def test_the_verifier_reads_a_signed_checkpoint(awarded, exported, pair, verifier, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text(signed(awarded.checkpoint(), NAME, pair[0]), encoding="utf-8")
    report = verifier.verify(exported, [note])
    assert (report.exit_code, [code for _, code, _ in report.found][-1]) == (0, "checked")
