"""Known failures of exports and audits, each with the rule that keeps it out of ours."""

import pytest

from partizipation_core import Actor, Money, Platform, Role
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.store.keys import MemoryKeys

OFFICER, REVIEWER = Actor.of("officer-1", Role.OFFICER), Actor.of("reviewer-1", Role.REVIEWER)


def resident(name):
    return Actor.of(name, Role.RESIDENT)


@pytest.mark.sqlite
def test_t52_an_export_of_a_running_vote_holds_no_count_and_no_ballot(tmp_path):
    """Running counts leaked by export or link: the same gate for every reader."""
    clock = FrozenClock(Instant(1_800_000_000_000_000))
    with Platform(clock=clock, keys=MemoryKeys()) as platform:
        exports = []
        for name, ballots in (("vote-0", 0), ("vote-7", 7)):
            town = platform.municipality("12060052")
            vote = town.open(
                name, "buergerhaushalt", actor=OFFICER, settings={"pot": "9 EUR", "misfit": "skip"}
            )
            for command, actor in (
                (SubmitItem(item="bench", title="Bank", cost=Money.euro(5)), resident("author")),
                (AdvanceStage(), OFFICER),
                (TakeUpReview(item="bench"), REVIEWER),
                (ReviewItem(item="bench", outcome="feasible"), REVIEWER),
                (ShortlistItem(item="bench"), OFFICER),
                (AdvanceStage(), OFFICER),
            ):
                vote.execute(command, actor=actor)
            for number in range(ballots):
                vote.execute(CastBallot(choices={"bench": 1}), actor=resident(f"v{number}"))
            vote.export(tmp_path / name, ballots=False)
            files = sorted(file for file in (tmp_path / name).rglob("*") if file.is_file())
            exports.append(
                {
                    file.relative_to(tmp_path / name).as_posix(): file.stat().st_size
                    for file in files
                    if file.name != "manifest.json" and "checkpoints" not in file.parts
                }
            )
    # Whoever compares the export before and after seven people voted sees no difference.
    assert exports[0] == exports[1]
