"""Now and then the journal swears to an open box, and tells of no single voter by it."""

import base64

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.clock import FrozenClock
from partizipation_core.commands import AdvanceStage, CastBallot, ReplaceBallot
from partizipation_core.merkle import leaf_hash, root
from partizipation_core.store.keys import MemoryKeys

OFFICER = Actor.of("officer-1", Role.OFFICER)


@pytest.fixture
def running(site, until_the_vote, noon):
    """A platform with a vote that is open; the journal swears to its box every 5 ballots."""
    with Platform(site.url, clock=FrozenClock(noon), keys=MemoryKeys()) as platform:
        settings = {"pot": "5000 EUR", "misfit": "skip", "checkpoint_every": 5}
        handle = platform.municipality("12060052").open(
            "budget-2027", "buergerhaushalt", actor=OFFICER, settings=settings
        )
        until_the_vote(handle, {"bench": 90_000, "swing": 180_000})
        yield platform, handle


def vote(handle, *numbers, command=CastBallot):
    for n in numbers:
        handle.execute(command(choices={"bench": 1}), actor=Actor.of(f"voter-{n}", Role.RESIDENT))


def sworn(handle):
    return [one.event for one in handle.journal() if type(one.event).__name__ == "BoxCheckpointed"]


def test_a_tick_swears_to_what_came_in_and_only_after_enough(running, site):
    platform, handle = running
    vote(handle, *range(4))
    assert platform.tick() == ()
    vote(handle, 4)
    (ticked,) = platform.tick()
    (told,) = [one.event for one in ticked.recorded]
    rows = site.rows()
    assert (told.ballots, told.voters) == (5, 5)
    assert told.root == root(sorted(bytes(row[-1]) for row in rows["box"]))
    assert told.roll_root == root(
        leaf_hash(tag) for tag in sorted(bytes(r[3]) for r in rows["roll"])
    )
    vote(handle, 0, 1, command=ReplaceBallot)
    vote(handle, 5, 6, 7, 8)
    assert platform.tick() == ()
    vote(handle, 9)
    handle.tick()
    assert [one.ballots for one in sworn(handle)] == [5, 10]


def test_no_vote_writes_a_line_and_none_after_the_close(running):
    platform, handle = running
    before = len(handle.journal())
    vote(handle, *range(12))
    assert len(handle.journal()) == before
    handle.execute(AdvanceStage(), actor=OFFICER)
    assert platform.tick() == ()
    assert sworn(handle) == []


def test_a_box_that_does_not_fit_its_roll_is_named_and_not_sworn_to(running, site):
    platform, handle = running
    vote(handle, *range(5))
    site.run("DELETE FROM roll WHERE tag = (SELECT min(tag) FROM roll)")
    (ticked,) = platform.tick()
    assert ticked.failure == "vote 'vote': 4 marks on the roll for 5 ballots in the box"
    assert sworn(handle) == []


def test_the_text_of_a_checkpoint_holds_the_open_box_and_then_the_closed_one(
    running, verifier, tmp_path
):
    platform, handle = running
    vote(handle, *range(5))
    platform.tick()
    while_open = handle.checkpoint()
    (line,) = while_open.boxes
    assert line.startswith("open vote ballots 5 root ")
    assert " voters 5 root " in line
    kept = tmp_path / "minutes.txt"
    kept.write_text(while_open.text, encoding="utf-8")
    vote(handle, 6)
    handle.execute(AdvanceStage(), actor=OFFICER)
    assert [line.split()[:4] for line in handle.checkpoint().boxes] == [
        ["box", "vote", "ballots", "6"],
        ["roll", "vote", "voters", "6"],
    ]
    handle.export(tmp_path / "export", ballots=False)
    found = verifier.verify(tmp_path / "export", [kept])
    assert found.exit_code == 2  # the ballots stayed at home; nothing was changed
    kept.write_text(while_open.text.replace("ballots 5", "ballots 4"), encoding="utf-8")
    assert verifier.verify(tmp_path / "export", [kept]).exit_code == 1


def test_a_receipt_is_proved_against_a_checkpoint_with_a_name(running):
    _, handle = running
    vote(handle, *range(5))
    voter = Actor.of("voter-x", Role.RESIDENT)
    receipt = handle.execute(CastBallot(choices={"swing": 1}), actor=voter)
    handle.execute(AdvanceStage(), actor=OFFICER)
    proof = handle.included(receipt.commitment, "vote")
    kinds = [type(one.event).__name__ for one in handle.journal()]
    assert kinds[proof.checkpoint - 1] == "BallotClosed"
    assert bytes.fromhex(proof.root) in b"".join(
        base64.b64decode(part)
        for line in handle.checkpoint(proof.checkpoint).boxes
        for part in line.split()
        if part.endswith("=")
    )
