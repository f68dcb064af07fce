"""Whoever gives the verifier the wrong thing is told so, and nobody is accused for it."""

import shutil

import pytest

from partizipation_core.reports.checkpoints import spoken

GOOD, TAMPERED, INCOMPLETE, UNSUPPORTED = range(4)
STRANGE = ("Error", "Exception", "Traceback", "Form None", "[Errno", "Nicht ganz geprüft")


def told(report, code):
    """Return what fills the first sentence of a code."""
    return next((params for _, one, params in report.found if one == code), None)


def headline(report):
    for lang in ("de", "en"):
        assert not [one for one in STRANGE if one in report.text(lang)]
    return report.text("de").partition(":")[0]


def unlisted(folder, seal_again, verifier, *names):
    """Leave files out and fit the manifest to it, as whoever leaves them out would."""
    file = folder / "manifest.json"
    manifest = verifier.parse(file.read_bytes())
    for name in names:
        manifest["files"] = {
            one: size for one, size in manifest["files"].items() if not one.startswith(name)
        }
        shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()
    file.write_bytes(verifier.canonical(manifest) + b"\n")
    seal_again(folder)
    return folder


# --- what is not there


def test_the_ballots_of_a_closed_vote_are_missing_and_the_vote_is_not_still_on(
    exported, verifier, seal_again
):
    report = verifier.verify(unlisted(exported, seal_again, verifier, "votes"))
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Unvollständig")
    assert told(report, "box_missing") == ("vote",)
    assert told(report, "vote_open") is None


def test_a_receipt_is_not_told_to_wait_for_a_vote_that_is_closed(exported, verifier, seal_again):
    without = unlisted(exported, seal_again, verifier, "votes")
    report = verifier.verify(without, receipts=["ab" * 32])
    assert told(report, "receipt_no_box") == ("ab" * 8, "vote")
    assert told(report, "receipt_not_yet") is None


FILES = (
    "books.ndjson",
    "journal.ndjson",
    "texts.ndjson",
    "votes/1/aside.ndjson",
    "votes/1/ballots.ndjson",
    "votes/1/commitments.txt",
    "votes/1/register.json",
    "votes/1/roll.txt",
)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_missing_and_nothing_more(exported, verifier, name):
    (exported / name).unlink()
    report = verifier.verify(exported)
    assert report.exit_code == INCOMPLETE, report.text("en")
    assert told(report, "file_missing") == (name,)
    headline(report)


# --- what is no export


def test_a_file_that_does_not_exist_accuses_nobody(verifier, tmp_path):
    report = verifier.verify(tmp_path / "nope.zip")
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht geprüft")
    assert [code for _, code, _ in report.found] == ["no_such_file"]


@pytest.mark.parametrize("name", ["verify.py", "empty.zip", "cut.zip", "cut.tar"])
def test_what_is_no_archive_is_told_in_one_sentence(awarded, verifier, root, tmp_path, name):
    file = tmp_path / name
    if name == "verify.py":
        shutil.copy(root / "verifier" / "verify.py", file)
    elif name == "empty.zip":
        file.touch()
    else:
        awarded.export(file)
        file.write_bytes(file.read_bytes()[:300])
    report = verifier.verify(file)
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht geprüft")
    assert [code for _, code, _ in report.found] == ["no_archive"]
    assert report.text("de").count("\n") == 1


def test_a_folder_without_a_manifest_is_no_export(exported, verifier):
    (exported / "manifest.json").unlink()
    report = verifier.verify(exported)
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht geprüft")
    assert told(report, "no_manifest") == (exported,)


MANIFESTS = {
    "a list": b"[]\n",
    "no form": b"{}\n",
    "empty": b"",
    "cut off": b'{"form":"partizip',
    "two lines": b"{}\n{}\n",
    "no text": b"\xff\xfe\n",
    "deep": b"[" * 100_000 + b"\n",
    "a form of another kind": b'{"form":[]}\n',
    "nothing but a form": b'{"form":"partizipation/export/1"}\n',
}


@pytest.mark.parametrize("body", MANIFESTS.values(), ids=MANIFESTS)
def test_a_broken_manifest_is_named_as_damaged(exported, verifier, body):
    (exported / "manifest.json").write_bytes(body)
    report = verifier.verify(exported)
    assert (report.exit_code, headline(report)) == (TAMPERED, "VERÄNDERT")
    assert told(report, "unreadable")[0].startswith("manifest.json")


def test_another_form_is_not_said_to_be_right(exported, verifier):
    file = exported / "manifest.json"
    file.write_bytes(file.read_bytes().replace(b"export/1", b"export/2"))
    report = verifier.verify(exported)
    assert (report.exit_code, headline(report)) == (UNSUPPORTED, "Nicht geprüft")


# --- what is no checkpoint of this procedure


@pytest.fixture
def minutes(tmp_path):
    """Write something down as if it were the minutes."""

    def write(text):
        file = tmp_path / "minutes.txt"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_a_checkpoint_that_does_not_exist_is_named_and_not_the_export(
    exported, verifier, tmp_path
):
    report = verifier.verify(exported, [tmp_path / "nix.txt"])
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht bestätigt")
    assert told(report, "no_such_file") == (tmp_path / "nix.txt",)
    assert told(report, "reach") is None  # it was compared with nothing
    assert told(report, "checked") is not None


def test_a_folder_is_no_checkpoint(exported, verifier, tmp_path):
    report = verifier.verify(exported, [tmp_path])
    assert (report.exit_code, told(report, "not_readable")) == (INCOMPLETE, (tmp_path,))


OTHER_TEXTS = ("", "Liebe Leute", "partizipation/a/b", "partizipation/a/b\nviele\n\n", "\0\n7\nx")


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_any_other_text_is_no_checkpoint(exported, verifier, minutes, text):
    file = minutes(text)
    report = verifier.verify(exported, [file])
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht bestätigt")
    assert told(report, "no_checkpoint") == (file,)


def test_a_checkpoint_of_another_procedure_is_told_as_such(exported, awarded, verifier, minutes):
    file = minutes(awarded.checkpoint().text.replace("budget-2027", "budget-2026"))
    report = verifier.verify(exported, [file])
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht bestätigt")
    other = "partizipation/12060052/budget-2026"
    assert told(report, "other_procedure") == (file, other, other.replace("2026", "2027"))


def test_a_checkpoint_of_this_procedure_that_does_not_fit_is_still_found(
    exported, awarded, verifier, minutes
):
    head = awarded.checkpoint()
    file = minutes(head.text.replace(head.text.splitlines()[2], "A" * 43 + "="))
    assert told(verifier.verify(exported, [file]), "checkpoint") == (file,)
    assert verifier.verify(exported, [file]).exit_code == TAMPERED


def test_a_checkpoint_may_come_from_an_editor_that_adds_a_mark(
    exported, awarded, verifier, minutes
):
    file = minutes("\ufeff" + awarded.checkpoint().text.replace("\n", "\r\n"))
    assert verifier.verify(exported, [file]).exit_code == GOOD


# --- the words of a checkpoint


def printed(head):
    return f"{head.origin}\n{head.size}\n{spoken(head)}\n"


@pytest.mark.parametrize("lines", [0, 7])
def test_the_printed_words_vouch_as_the_text_does(exported, awarded, verifier, lines):
    head = awarded.checkpoint(lines or len(awarded.journal()))
    report = verifier.verify(exported, words=[printed(head)])
    assert (report.exit_code, told(report, "words")) == (GOOD, (head.size,))
    assert (told(report, "reach") is None) == (lines == 0)
    assert told(report, "no_outside") is None


def test_words_in_a_file_are_taken_for_a_checkpoint(exported, awarded, verifier, minutes):
    report = verifier.verify(exported, [minutes(printed(awarded.checkpoint()).upper())])
    assert told(report, "other_procedure") is not None  # the origin has small letters
    report = verifier.verify(exported, [minutes(printed(awarded.checkpoint()))])
    assert told(report, "words") == (len(awarded.journal()),)


def test_words_without_a_number_are_sought_among_the_checkpoints_that_are_there(
    exported, awarded, verifier
):
    words = spoken(awarded.checkpoint())
    assert verifier.verify(exported, words=[words]).exit_code == GOOD
    earlier = spoken(awarded.checkpoint(5))
    report = verifier.verify(exported, words=[earlier])
    assert (report.exit_code, told(report, "words_number")) == (INCOMPLETE, ())


def test_a_word_that_was_misheard_is_pointed_out(exported, awarded, verifier):
    head = awarded.checkpoint()
    misheard = "babab" if head.words[2] != "babab" else "dodod"
    text = printed(head).replace(head.words[2], misheard)
    report = verifier.verify(exported, words=[text])
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht bestätigt")
    assert told(report, "words_slip") == (head.size, f"3. {head.words[2]}")


@pytest.mark.parametrize("text", ["", "babab", "Guten Tag", "babab " * 17, "qqqqq " * 16])
def test_what_are_no_words_is_told_as_such(exported, verifier, text):
    report = verifier.verify(exported, words=[text])
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht bestätigt")
    assert told(report, "no_words") is not None


def test_words_that_are_not_those_of_this_journal_are_found(exported, awarded, verifier):
    head = awarded.checkpoint()
    strange = printed(head).replace(spoken(head), "babab " * 16)
    report = verifier.verify(exported, words=[strange])
    assert (report.exit_code, told(report, "words_differ")) == (
        TAMPERED,
        (head.size, head.origin),
    )
    without_origin = strange.partition("\n")[2]  # of which procedure they are, nobody knows
    assert verifier.verify(exported, words=[without_origin]).exit_code == INCOMPLETE


def test_words_of_another_procedure_are_told_as_such(exported, awarded, verifier):
    text = printed(awarded.checkpoint()).replace("budget-2027", "budget-2026")
    report = verifier.verify(exported, words=[text])
    assert (report.exit_code, told(report, "other_procedure")[1]) == (
        INCOMPLETE,
        "partizipation/12060052/budget-2026",
    )


# --- receipts


def test_a_receipt_that_is_nowhere_proves_no_forgery(exported, verifier):
    report = verifier.verify(exported, receipts=["ab" * 32])
    assert (report.exit_code, headline(report)) == (INCOMPLETE, "Nicht gefunden")
    assert told(report, "no_receipt") == ("ab" * 8,)


def test_a_forged_export_stays_one_whatever_is_looked_for(exported, verifier, tmp_path):
    (exported / "books.ndjson").write_bytes(b"")
    report = verifier.verify(exported, [tmp_path / "nix.txt"], ["ab" * 32])
    assert (report.exit_code, headline(report)) == (TAMPERED, "VERÄNDERT")


# --- the program


def test_every_option_is_described(verifier, capsys):
    with pytest.raises(SystemExit):
        verifier.main(["--help"])
    text = capsys.readouterr().out
    for name in ("export", "--checkpoint", "--words", "--receipt", "--lang"):
        described = [row for row in text.splitlines() if row.strip().startswith(name)]
        assert described
        place = text.index(described[-1]) + len(described[-1])
        assert "/" in text[place - 60 : place + 80], name


def test_numbers_need_no_plural(exported, verifier):
    text = verifier.verify(exported).text("de")
    assert "Abstimmungen: 1," in text
    assert "1 Abstimmungen" not in text


def test_what_comes_from_outside_cannot_write_a_line_of_its_own(verifier, tmp_path):
    report = verifier.verify(tmp_path / "a\nIn Ordnung: Alles\x1b[2J")
    assert report.text("de").count("\n") == 1
    assert "\x1b" not in report.text("de")
