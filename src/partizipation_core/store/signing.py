"""Signing: checkpoints as signed notes (C2SP signed-note, Ed25519); needs the extra ``trust``.

The key belongs to whoever runs the vote, not to whoever runs the server.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from partizipation_core.errors import InputError
from partizipation_core.store.checkpoint import Checkpoint

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

__all__ = ["bears", "is_signed", "signature", "signed"]

_ED25519 = b"\x01"
_KEY_BYTES = 4


def signed(checkpoint: Checkpoint, name: str, key: bytes) -> str:
    """Sign a checkpoint.

    Args:
        checkpoint: what is signed.
        name: of the signer, such as ``stadt.example/wahlleitung``; without space and plus sign.
        key: Ed25519 private key, 32 bytes.

    Returns:
        the text with its signature, as a signed note.

    Raises:
        InputError: the name cannot be written, the key is none, or the extra is not installed.
    """
    if not name or "+" in name or name.split() != [name]:
        raise InputError(f"a signer's name has neither space nor plus sign: {name!r}")
    private = _private(key)
    digest = _key_id(name, private.public_key().public_bytes_raw())
    signature = digest + private.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {name} {base64.b64encode(signature).decode()}\n"


def signature(body: bytes, key: bytes) -> bytes:
    """Sign bytes with an Ed25519 private key of 32 bytes; raises as `signed` does."""
    return _private(key).sign(body)


def bears(body: bytes, key: bytes, signature: bytes) -> bool:
    """Tell whether bytes bear a valid signature.

    Args:
        body: what was signed.
        key: the signer's Ed25519 public key, 32 bytes.
        signature: 64 bytes.

    Raises:
        InputError: the key is none, or the extra is not installed.
    """
    public = _public(key)
    from cryptography.exceptions import InvalidSignature

    try:
        public.verify(signature, body)
    except (ValueError, InvalidSignature):
        return False
    return True


def is_signed(note: str, name: str, key: bytes) -> bool:
    """Tell whether a signed note bears a valid signature.

    Args:
        note: text and signatures.
        name: whose signature.
        key: the signer's Ed25519 public key, 32 bytes.

    Raises:
        InputError: the key is none, or the extra is not installed.
    """
    text, _, signatures = note.partition("\n\n")
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        signer, _, signature = rest.partition(" ")
        if (mark, signer) == ("—", name) and _holds(f"{text}\n", name, key, signature):
            return True
    return False


def _holds(text: str, name: str, key: bytes, signature: str) -> bool:
    public = _public(key)
    from cryptography.exceptions import InvalidSignature

    try:
        body = base64.b64decode(signature, validate=True)
        public.verify(body[_KEY_BYTES:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return body[:_KEY_BYTES] == _key_id(name, key)


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_KEY_BYTES]


def _private(key: bytes) -> Ed25519PrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(key)
    except (ImportError, ValueError) as error:
        raise _no_key(error) from error


def _public(key: bytes) -> Ed25519PublicKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(key)
    except (ImportError, ValueError) as error:
        raise _no_key(error) from error


def _no_key(error: Exception) -> InputError:
    if isinstance(error, ImportError):
        return InputError("signatures need the extra: partizipation-core[trust]")
    return InputError(f"this is no Ed25519 key: {error}")
