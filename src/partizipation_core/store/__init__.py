"""Memory: journal, present state and ballot box, written together or not at all.

The only room that knows SQLAlchemy.
"""

from partizipation_core.store.backends import Database
from partizipation_core.store.unit import Scope, Unit

__all__ = ["Database", "Scope", "Unit"]
