"""Memory: journal, present state and ballot box, written together or not at all.

The only room that knows SQLAlchemy.
"""

from sqlalchemy import Connection

from partizipation_core.store.backends import Database
from partizipation_core.store.scope import Scope
from partizipation_core.store.unit import Unit

__all__ = ["Connection", "Database", "Scope", "Unit"]
