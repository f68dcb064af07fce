"""State: the bytes in which the present state of a procedure is kept, read back."""

from __future__ import annotations

from partizipation_core.errors import DefinitionError, StorageError
from partizipation_core.kernel.state import Procedure
from partizipation_core.serialization import STORED, parse

__all__ = ["REBUILD", "load_procedure"]

REBUILD = (
    "rebuild() of the procedure, or 'partizipation procedures rebuild', brings it back from the "
    "journal"
)
"""What errors say to do."""


def load_procedure(body: bytes) -> Procedure:
    """Turn the stored bytes of a procedure into the state they stand for.

    Raises:
        StorageError: they have a shape that this release does not know.
    """
    try:
        return STORED.load(parse(body), Procedure)
    except DefinitionError as error:
        msg = f"the present state was kept in another shape ({error}); {REBUILD}"
        raise StorageError(msg) from error
