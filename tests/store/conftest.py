"""What tests of the memory need: a real file, a scope, and a ballot."""

import pytest

from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.store import Database, Scope, Unit
from partizipation_core.values import ItemRef, MunicipalityRef, ParticipantRef, ProcedureRef


@pytest.fixture
def file(site):
    """The file of a database on SQLite."""
    return site.file


@pytest.fixture
def database(site):
    opened = Database(site.url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def scope():
    return Scope(MunicipalityRef("12060052"), ProcedureRef("budget-2027"))


@pytest.fixture
def working(database, scope):
    """Open a unit of work: ``with working() as unit``, in another scope if one is given."""

    class Working:
        def __init__(self, other=None):
            self.transaction, self.scope = database.writing(), other or scope

        def __enter__(self):
            return Unit(self.transaction.__enter__(), self.scope)

        def __exit__(self, *raised):
            return self.transaction.__exit__(*raised)

    return Working


@pytest.fixture(scope="session")
def ballot():
    """Fill in a ballot: ``ballot("i-1", "i-2")``."""

    def fill(*items, vote="vote", replaces=False):
        return BallotEntry(
            vote=vote,
            voter=ParticipantRef("p-1"),
            choices={ItemRef(item): 1 for item in items},
            channel="online",
            replaces=replaces,
        )

    return fill
