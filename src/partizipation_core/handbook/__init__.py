"""Handbook: a Sphinx extension that writes references from what is installed.

List ``partizipation_core.handbook`` under ``extensions`` in ``conf.py``. It needs the extra
``[docs]``. Where the library is used otherwise, nothing imports this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives to a build."""
    from partizipation_core.handbook.directives import DIRECTIVES

    for name, directive in DIRECTIVES:
        app.add_directive(name, directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
