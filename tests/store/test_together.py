"""Whoever comes first writes for all who wait; each learns what became of their own."""

import threading
import time

import pytest

from partizipation_core.store.together import MOST, Slip, Together


class Disk:
    """Writes slowly, and remembers what it wrote together."""

    def __init__(self):
        self.groups = []
        self.may_write = threading.Event()
        self.is_full = False

    def write(self, slips):
        self.groups.append([slip.values["name"] for slip in slips])
        assert self.may_write.wait(10)
        if self.is_full:
            self.is_full = False
            raise OSError("the disk is full")
        for slip in slips:
            slip.taken = slip.values["name"] != "second of anna"


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def ask(disk):
    """Ask for something in a thread of its own: ``ask("anna")``; ``ask.told`` has the answers."""
    together, threads = Together(disk.write), []

    def run(name):
        try:
            ask.told[name] = together.put(Slip(asked=False, values={"name": name}))
        except OSError as error:
            ask.told[name] = str(error)

    def ask(name):
        threads.append(threading.Thread(target=run, args=(name,)))
        threads[-1].start()
        until = time.monotonic() + 10
        while not (len(disk.groups) and len(together._waiting) + 1 >= len(threads)):
            assert time.monotonic() < until
            time.sleep(0.001)

    def end():
        disk.may_write.set()
        for one in threads:
            one.join(10)
            assert not one.is_alive()
        return ask.told

    ask.told, ask.end = {}, end
    yield ask
    end()


def test_who_is_alone_writes_at_once(disk, ask):
    disk.may_write.set()
    ask("anna")
    assert ask.end() == {"anna": True}


def test_who_waits_is_taken_along_by_the_next(disk, ask):
    for name in ("anna", "ben", "cem", "dora"):
        ask(name)
    assert ask.end() == dict.fromkeys(("anna", "ben", "cem", "dora"), True)
    assert disk.groups == [["anna"], ["ben", "cem", "dora"]]


def test_one_that_is_not_taken_keeps_nobody_else_out(disk, ask):
    for name in ("anna", "ben", "second of anna", "cem"):
        ask(name)
    assert ask.end() == {"anna": True, "ben": True, "second of anna": False, "cem": True}


def test_only_who_wrote_learns_why_it_failed_and_the_others_may_try_by_themselves(disk, ask):
    disk.is_full = True
    for name in ("anna", "ben", "cem"):
        ask(name)
    assert ask.end() == {"anna": "the disk is full", "ben": True, "cem": True}
    assert disk.groups == [["anna"], ["ben", "cem"]]


def test_nobody_writes_for_too_many(disk, ask):
    names = ["first", *(f"voter-{number}" for number in range(MOST + 5))]
    for name in names:
        ask(name)
    assert set(ask.end().values()) == {True}
    assert [len(group) for group in disk.groups] == [1, MOST, 5]
