"""The catalogue of personal data is complete, and what it says of erasure is true."""

import pytest
from attrs import frozen

from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.privacy.catalogue import (
    EVENT_FIELDS,
    NOTHING,
    PSEUDONYM,
    TABLES,
    entries,
    unlisted,
)
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store.schema import METADATA

# Plugins keep a catalogue of their own.
EVENTS = [
    one
    for one in PluginHost.discover().event_kinds()
    if one.__module__.startswith("partizipation_core.")
]
PLACE = {"municipality", "procedure"}


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_column_is_in_the_catalogue_and_no_other(table):
    assert set(TABLES.get(table.name, ())) == {one.name for one in table.columns} - PLACE


def test_no_table_is_listed_that_is_not_there():
    assert set(TABLES) == set(METADATA.tables)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_field_of_an_event_is_in_the_catalogue(event):
    assert unlisted(event) == ()


def test_every_field_that_holds_a_pseudonym_is_said_to():
    for event in EVENTS:
        for one in event.__attrs_attrs__:
            if "ParticipantRef" in str(one.type):
                named = EVENT_FIELDS.get(f"{event.__name__}.{one.name}")
                assert (named or EVENT_FIELDS[one.name]) is PSEUDONYM, f"{event}.{one.name}"


def test_a_new_field_without_an_entry_is_found():
    @frozen(kw_only=True)
    class NeighbourPhoned(Event):
        telephone: str

    assert unlisted(NeighbourPhoned) == ("telephone",)


def test_every_entry_says_what_for_on_what_basis_how_long_and_what_is_forgotten():
    for entry in entries(EVENTS):
        kind = entry.kind
        assert kind is not NOTHING
        assert all((kind.name, kind.purpose, kind.retention, kind.forget)), entry
        assert "DSGVO" in kind.basis, entry
