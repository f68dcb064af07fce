"""Checkpoints on paper: as words to be read aloud, and as a QR code to be printed."""

from __future__ import annotations

from io import BytesIO

from partizipation_core.errors import InputError
from partizipation_core.store.checkpoint import Checkpoint

__all__ = ["qr_code", "spoken"]

_IN_A_ROW = 4


def spoken(checkpoint: Checkpoint) -> str:
    """Write the words of a checkpoint in rows of four, for the minutes (Niederschrift)."""
    words = checkpoint.words
    rows = (words[at : at + _IN_A_ROW] for at in range(0, len(words), _IN_A_ROW))
    return "\n".join(" ".join(row) for row in rows)


def qr_code(checkpoint: Checkpoint) -> str:
    """Draw the text of a checkpoint as a QR code in SVG; needs the extra ``qr``.

    Raises:
        InputError: the extra is not installed.
    """
    try:
        import segno
    except ImportError as error:
        msg = "a QR code needs the extra qr: pip install 'partizipation-core[qr]'"
        raise InputError(msg) from error
    out = BytesIO()
    segno.make(checkpoint.text, error="m", micro=False).save(
        out, kind="svg", title="/".join(checkpoint.origin.split("/")[1:]), scale=4
    )
    return out.getvalue().decode()
