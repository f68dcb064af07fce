"""A disk that is full: what was acknowledged stays, what was not is not there, and it goes on.

The disk is a file system in memory of some megabytes, which only root may mount; elsewhere these
tests are skipped. An ordinary file takes up what is left of it.
"""

import errno
import os

import pytest

from partizipation_core.errors import StorageError
from partizipation_core.store import schema


@pytest.fixture
def site(disk, new_site):
    return new_site(disk)


def box(budget):
    with budget.handle._unit() as unit:
        return {row.commitment.hex() for row in unit._connection.execute(schema.box.select())}


@pytest.mark.sqlite
@pytest.mark.parametrize("left", [0, 4096, 40_960, 204_800])
def test_ballots_are_acknowledged_or_not_there_and_then_it_goes_on(budget, fill, left):
    budget.to_the_vote(fountain=600, bench=500)
    told = {budget.cast(f"before-{n}", "bench").commitment for n in range(5)}
    fill(left)
    refused = {}
    for n in range(400):
        try:
            told.add(budget.cast(f"voter-{n}", "fountain", key=f"k-{n}").commitment)
        except StorageError as error:
            refused[n] = str(error)
        if len(refused) == 5:
            break
    assert refused, "the disk never was full"
    assert all("full" in why or "No space left" in why for why in refused.values()), refused
    assert box(budget) == told
    fill.make_room()
    for n in refused:
        told.add(budget.cast(f"voter-{n}", "fountain", key=f"k-{n}").commitment)
    assert box(budget) == told
    assert budget.faults() == []


@pytest.mark.sqlite
def test_every_step_on_a_full_disk_is_done_or_not_at_all_and_can_be_done_again(
    budget, fill, stored, open_platform
):
    """Close and seal rewrite the whole file; even then nothing is half done."""
    budget.to_the_vote(fountain=600, bench=500)
    for n in range(30):
        budget.cast(f"voter-{n}", "bench")
    steps = [
        lambda: budget.until("fund"),
        budget.tick,
        budget.count,
        budget.award,
    ]
    failed = 0
    for step in steps:
        fill()
        before = stored()
        try:
            step()
        except StorageError:
            failed += 1
            assert before == stored()
        fill.make_room()
    assert failed, "no step met the full disk"
    budget.handle = open_platform().municipality("12060052").procedure("budget-2027")
    budget.tick()
    assert budget.state().seals["vote"].step == "verified"
    assert budget.faults() == []


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["export", "export.zip", "export.tar"])
def test_an_export_that_does_not_fit_is_told_and_leaves_nothing(budget, disk, fill, name):
    budget.to_the_vote(fountain=600, bench=500)
    for n in range(20):
        budget.cast(f"voter-{n}", "bench")
    budget.until("fund")
    budget.count()
    fill(left=8192)
    with pytest.raises(StorageError, match=os.strerror(errno.ENOSPC)):
        budget.export(disk / name)
    assert {one.name.partition(".")[0] for one in disk.iterdir()} == {"town", "other-files"}
    fill.make_room()
    assert budget.export(disk / name)["lines"] == len(budget.journal())
