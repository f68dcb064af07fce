"""What goes wrong with draws elsewhere, and the rule that keeps it from happening here."""

import json
from collections import Counter

from partizipation_buergerrat.procedure.replacing import ReplaceSeat
from partizipation_buergerrat.procedure.seat import LeaveSeat, Seat
from partizipation_buergerrat.public import verifier


def test_r6_a_draw_always_has_a_recorded_seed(council):
    """A draw always has a recorded seed."""
    council.mandated().sampled().registered().committed().drawn()
    _, drawn = council.protocol().last("draw")
    commitment = dict(council.protocol().entries())[drawn["commitment"]]
    assert drawn["value"] == "7"
    assert commitment["source"]["event"] == "Ziehung im Rathaus"
    assert commitment["at"] < commitment["source"]["at"] <= drawn["at"]


def test_t60_whoever_moves_up_is_found_by_the_one_rule_whatever_changed_before(council):
    """One allocation function, run again on each change."""
    council.mandated().sampled().registered().committed().drawn()
    for _ in range(3):
        leaving = next(r for r, s in council.handle.records(Seat).items() if s.state == "offered")
        council.do(LeaveSeat(seat=leaving))
        council.do(ReplaceSeat(drawing="panel", seat=leaving, pool=council.desk.auditors()))
        seats = [r for r, s in council.handle.records(Seat).items() if s.state != "left"]
        sexes = Counter(council.desk.pool[seat]["features"][0] for seat in seats)
        assert sexes == {"weiblich": 2, "männlich": 2}
    files = [council.published.panels, council.desk.auditors()]
    told = verifier.Check(council.protocol().text(), files).did
    assert told.count("Nachrücken geprüft") == 3


def test_g22_a_seed_before_the_commitment_is_refused(council):
    """The list is committed to before the public seed; anybody can draw again."""
    council.mandated().sampled().registered().published_panels()
    past = json.dumps(
        {"kind": "digits", "count": 1, "event": "gestern", "at": "2027-01-01T00:00:00Z"}
    )
    assert council.codes(council.commitment(source=json.dumps(past))) == ["draw_source_incomplete"]
