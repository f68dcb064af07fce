"""A passage is taken out of what somebody wrote: it is gone everywhere, and that is on record."""

import hashlib
import json

import pytest

from partizipation_core.commands import AddComment, ForgetPerson, HideItem, RedactText, SubmitItem
from partizipation_core.errors import Refused, StorageError

NAME = "Petra Kanari"


@pytest.fixture
def named(town):
    """Ben names a neighbour in an idea and in a comment on another one."""
    town.do(SubmitItem(item="fence", title=f"Zaun von {NAME}", text=f"{NAME} stört."), town.ben)
    town.do(AddComment(item="fence", comment="c9", text=f"Frag {NAME}!"), town.ben)
    return town


def redact(town, **command):
    told = {"item": "fence", "passage": NAME, "reason": "Nennt eine Nachbarin.", **command}
    return town.do(RedactText(**told), town.moderator)


def test_the_passage_is_gone_and_the_rest_stays(named, left):
    redact(named)
    redact(named, comment="c9")
    fence = named.handle.item("fence")
    assert (fence.title, fence.text) == ("Zaun von […]", "[…] stört.")
    assert [one.text for one in named.handle.comments("fence")] == ["Frag […]!"]
    assert not left(NAME)
    assert named.faults() == []


def test_who_did_it_where_and_why_is_on_record(named):
    receipt = redact(named)
    recorded = named.handle.journal()[receipt.first - 1]
    assert recorded.actor == "moderator-1"
    assert recorded.event.reason == "Nennt eine Nachbarin."
    assert len(recorded.event.places) == 2


def test_an_export_is_good_afterwards_and_holds_the_passage_nowhere(named, verifier, tmp_path):
    redact(named)
    redact(named, comment="c9")
    named.handle.export(tmp_path / "export")
    assert verifier.verify(tmp_path / "export").exit_code in (0, 2)
    files = (file for file in (tmp_path / "export").rglob("*") if file.is_file())
    assert NAME.encode() not in b"".join(file.read_bytes() for file in files)


def test_an_item_and_its_comments_are_redacted_each_by_itself(named):
    redact(named, comment="c9")
    assert NAME in named.handle.item("fence").text


def test_a_redacted_text_that_is_changed_again_is_found(named, sql):
    redact(named)
    assert sql("UPDATE wording SET body = 'Zaun von niemandem' WHERE body = 'Zaun von […]'")
    assert any("is not the one" in fault for fault in named.faults())


def test_a_redacted_text_goes_with_its_author(named, left):
    redact(named)
    named.do(ForgetPerson(person="ben"))
    assert not left("stört.")
    assert named.faults() == []


CANNOT = {
    "nothing": ({"passage": " "}, "passage_empty"),
    "what is not there": ({"passage": "Paul"}, "passage_not_found"),
    "another item": ({"item": "swing"}, "passage_not_found"),
    "no reason": ({"reason": " "}, "reason_missing"),
    "a reason that repeats it": ({"reason": f"Nennt {NAME}."}, "reason_repeats_passage"),
}


@pytest.mark.parametrize(("command", "told"), CANNOT.values(), ids=CANNOT)
def test_what_cannot_be_redacted_is_refused(named, command, told):
    with pytest.raises(Refused, match=told) as refused:
        redact(named, **command)
    assert NAME not in str(refused.value)


def test_officers_reasons_can_be_redacted_too(named, left):
    named.do(HideItem(item="fence", reason=f"{NAME} beschwert sich."), named.moderator)
    redact(named)
    assert named.handle.item("fence").hidden == "[…] beschwert sich."
    redact(named, comment="c9")
    assert not left(NAME)


def test_texts_that_were_changed_lost_or_added_are_found(town, sql):
    assert town.faults() == []
    assert sql("UPDATE wording SET body = 'Rutsche' WHERE body = 'Schaukel'")
    assert any("text 2/title is not the one" in fault for fault in town.faults())


def test_a_text_that_is_lost_is_found_and_the_state_is_not_rebuilt_without_it(town, sql, site):
    assert sql("DELETE FROM wording WHERE place = 'text' AND seq = 2")
    assert any("text 2/text is missing, and no line says" in one for one in town.faults())
    before = site.rows()
    with pytest.raises(StorageError, match="text 2/text is missing"):
        town.handle.rebuild()
    assert site.rows() == before


def test_the_verifier_finds_texts_that_were_changed_lost_or_brought_back(town, verifier, tmp_path):
    town.handle.export(tmp_path / "good")
    rows = (tmp_path / "good" / "texts.ndjson").read_bytes().splitlines(keepends=True)

    def with_texts(name, changed):
        folder = tmp_path / name
        town.handle.export(folder)
        (folder / "texts.ndjson").write_bytes(b"".join(changed))
        body = b"".join(changed)
        manifest = json.loads((folder / "manifest.json").read_bytes())
        digest = hashlib.sha256(body).hexdigest()
        manifest["files"]["texts.ndjson"] = {"bytes": len(body), "sha256": digest}
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (folder / "manifest.json").write_text(f"{text}\n", encoding="utf-8")
        return {code for _, code, _ in verifier.verify(folder).found}

    other = rows[0].replace(b"Schaukel", b"Rutschen")
    assert other != rows[0] or b"Schaukel" in rows[1]
    changed = [row.replace(b"Schaukel", b"Rutschen") for row in rows]
    assert "text_changed" in with_texts("changed", changed)
    assert "text_missing" in with_texts("lost", rows[1:])
    assert "text_changed" in with_texts("twice", [rows[0], *rows])


def test_an_export_without_texts_says_how_many_are_withheld(town, verifier, tmp_path):
    town.handle.export(tmp_path / "export", texts=False)
    found = {code: told for _, code, told in verifier.verify(tmp_path / "export").found}
    assert "text_missing" not in found
    assert found["texts"][0] == 0
    assert found["texts"][1] > 0
    files = (file for file in (tmp_path / "export").rglob("*") if file.is_file())
    assert b"Kanari" not in b"".join(file.read_bytes() for file in files)
