"""Known bugs, put back in: each must be caught by what the guarantee is checked with."""

import pytest

from partizipation_core.freezing import as_mapping, as_mappings
from partizipation_core.merkle import leaf_hash
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.serialization import canonical, parse
from partizipation_core.store import journal
from partizipation_core.store.journal import START, Line, check_chain


def spaced_line():
    """Return a line whose bytes were changed and whose meaning was not."""
    body = canonical({"v": 1, "seq": 1, "prev": START.hex(), "data": {}})
    return Line(1, body.replace(b'"v":1', b'"v": 1'), journal.digest_of(body))


def test_a_digest_of_what_was_written_anew_overlooks_changed_bytes(monkeypatch):
    assert list(check_chain([spaced_line()])) == ["line 1: its bytes do not match its hash"]
    true_digest = journal.digest_of
    monkeypatch.setattr(journal, "digest_of", lambda body: true_digest(canonical(parse(body))))
    assert list(check_chain([spaced_line()])) == []


def guessed(commitment, nonces):
    """Try all ballots of a vote on two items against a receipt."""
    ballots = ({"a": 1}, {"b": 1}, {"a": 1, "b": 1})
    return [one for one in ballots for n in nonces if leaf_hash(n + canonical(one)) == commitment]


def test_a_receipt_without_a_nonce_tells_the_ballot():
    salted = leaf_hash(b"\x07" * 32 + canonical({"b": 1}))
    assert guessed(salted, [b"", b"\x00" * 32]) == []
    bare = leaf_hash(canonical({"b": 1}))
    assert guessed(bare, [b""]) == [{"b": 1}]


class Failing:
    """A plugin that cannot judge."""

    @hookimpl
    def objections(self):
        raise ZeroDivisionError


def test_a_host_that_swallows_errors_takes_silence_for_consent(monkeypatch):
    host = PluginHost([Plugin(Origin("town", "town-rules", "1.0"), Failing())])
    with pytest.raises(Exception, match=r"town-rules 1\.0 failed in objections"):
        host.objections(None, None)
    true_each = host._each
    monkeypatch.setattr(host, "_each", lambda hook, **more: true_each(hook, keep=True, **more))
    assert host.objections(None, None) == ()


def test_a_mapping_frozen_at_its_top_only_can_be_written_into_below():
    papers = {"vote": {"fountain": 600}}
    with pytest.raises(TypeError):
        as_mappings(papers)["vote"]["fountain"] = 1
    as_mapping(papers)["vote"]["fountain"] = 1
    assert papers == {"vote": {"fountain": 1}}
