"""Stories as they are played on the command line, and what they must come to."""

import json
from pathlib import Path

import pytest
from attrs import evolve

from partizipation_buergerrat.procedure.lots import Drawing
from partizipation_buergerrat.procedure.mandate import FRAME, Frame
from partizipation_buergerrat.procedure.recommendation import Verdict
from partizipation_buergerrat.procedure.report import Answer
from partizipation_buergerrat.procedure.seat import Seat, sitting
from partizipation_buergerrat.procedure.session import Session
from partizipation_buergerrat.public import verifier
from partizipation_buergerrat.story import tell
from partizipation_buergerrat.towns import BUNDESTAG, KASSEL, quotas
from partizipation_core.clock import FrozenClock
from partizipation_core.demo.run import run
from partizipation_core.demo.stage import LiveScene, start_of_story
from partizipation_core.platform import Platform
from partizipation_core.texts.wording import Wording


class Watched(LiveScene):
    """A scene that keeps the published list, as a sceptic would."""

    panels: str = ""

    def do(self, command, actor):
        self.panels = getattr(command, "panels", self.panels)
        super().do(command, actor)


def played(town):
    clock = FrozenClock(start_of_story())
    platform = Platform(clock=clock)
    scene = Watched(platform.municipality("06611000"), clock, None, lambda things, _: things)
    tell(town)(scene)
    return scene


def proven(scene):
    drawing = scene.records(Drawing)["panel"]
    text = "".join(f"{line}\n" for line in drawing.lines)
    return verifier.Check(text, [scene.panels]).did


@pytest.fixture(scope="module")
def kassel():
    scene = played(KASSEL)
    yield scene
    scene.handle._execution.database.close()


def test_kassel_gives_thirty_seats_after_1656_letters(kassel):
    letters = kassel.handle.record_refs()["buergerrat/letter"]
    assert len(letters) == 1656
    assert len(sitting(kassel.records(Seat))) == 30
    assert len(kassel.records(Seat)) == 31  # one declined, one moved up


def test_kassel_meets_four_times_and_answers_every_recommendation(kassel):
    assert [one.held for one in kassel.records(Session).values()] == [True] * 4
    outcomes = [one.outcome for one in kassel.records(Answer).values()]
    assert outcomes == ["adopted", "modified", "noted", "turned_down"]
    assert [one.late for one in kassel.records(Answer).values()] == [False, False, False, True]
    shown = {one.hands.yes: one.consensus for one in kassel.records(Verdict).values()}
    assert shown == {30: True, 27: True, 23: False, 19: False, 15: False}


def test_kassel_can_be_checked_after_people_were_erased(kassel):
    told = proven(kassel)
    assert "Tafel 87 von 100 gezogen" in told
    assert "1 Personen auf Verlangen gelöscht" in told
    assert [fault for check in kassel.handle.audit() for fault in check.faults] == []


def test_kassel_keeps_its_quotas_in_the_frame(kassel):
    assert kassel.records(Frame)[FRAME].quotas == quotas(KASSEL)
    districts = [one for one in quotas(KASSEL) if one.category == "Ortsbezirk"]
    assert len(districts) == 23


@pytest.mark.parametrize(
    "divisor", [20, pytest.param(1, marks=pytest.mark.long)], ids=["small", "whole"]
)
def test_the_twin_of_the_bundestag(divisor):
    town = BUNDESTAG if divisor == 1 else BUNDESTAG.smaller(divisor, digits=2)
    scene = played(town)
    drawing = scene.records(Drawing)["panel"]
    drawn = next(one for line in drawing.lines if (one := json.loads(line))["kind"] == "draw")
    assert drawn["value"] == ("187" if divisor == 1 else "87")
    assert len(drawn["panel"]) == 160 // divisor
    assert len(sitting(scene.records(Seat))) == 160 // divisor
    assert any("gezogen" in line for line in proven(scene))
    assert all(check.ok for check in scene.handle.audit())


def test_replies_of_the_bundestag_were_11_49_per_cent():
    assert round(10_000 * BUNDESTAG.replies / BUNDESTAG.letters) == 1149


def test_a_story_is_told_on_the_command_line(tmp_path):
    source = Path(__file__).parents[4] / "examples" / "elections" / "musterkiez.pb"
    told = run(
        "buergerrat", source, tmp_path, wording=Wording(), progress=lambda things, _: things
    )
    assert told.proved
    assert told.report.title == f"Bürgerrat Kassel: {KASSEL.question}"
    assert "7,25 Prozent" in told.report.source
    sentences = " ".join(refusal.sentence for refusal in told.report.refusals)
    assert "objection." not in sentences
    files = [tmp_path / "files" / name for name in ("losprotokoll.jsonl", "panels.json")]
    assert verifier.main([*map(str, files), str(tmp_path / "files" / "pool.json")]) == 0


def test_a_twin_can_be_made_smaller():
    small = BUNDESTAG.smaller(20, digits=1)
    assert (small.letters, small.replies, small.seats) == (966, 111, 8)
    assert evolve(small, letters=19_327, replies=2_220, seats=160, digits=3) == BUNDESTAG
