"""A process that forks writers and kills them, and tells what they asked and were answered.

Run by the test of kills: ``python killing.py URL KEYS NOW SEED KILLS DOUBLE``. It never opens the
database itself, so that every writer begins as a process of its own would, without the second that
an interpreter takes to start. Two write at once, each is killed at a moment of its own. A double
is a known bug, put back in on purpose: the check of the history must find it.
"""

import json
import os
import queue
import random
import selectors
import signal
import sys
import threading
import time
from pathlib import Path

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import CastBallot
from partizipation_core.errors import Refused
from partizipation_core.execution.answers import Answers
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store import Unit
from partizipation_core.store.booth import Booth
from partizipation_core.store.keys import FileKeys
from partizipation_core.store.together import Together
from partizipation_core.values import Actor, Role

CHOICES = ("fountain", "bench")
LONGEST = 0.08
TOGETHER = 2
SLOW_QUEUE = 0.02
AGAIN, WRONG, READ, WITH_KEY = 0.1, 0.15, 0.2, 0.9
"""Luck below which a writer asks once more, asks for nonsense, reads, asks with a key."""


class Writer:
    """Asks for one thing after the other and tells of each before and after."""

    def __init__(self, budget, number, out, chance):
        self.budget, self.number, self.out, self.chance = budget, number, out, chance
        self.asked, self.done = 0, []

    def tell(self, **step):
        line = json.dumps({"writer": self.number, **step}) + "\n"
        os.write(self.out, line.encode())

    def cast(self, voter, choice, key):
        self.asked += 1
        number = f"{self.number}-{self.asked}"
        self.tell(asked=number, voter=voter, choice=choice, key=key)
        try:
            ballot = CastBallot(choices={choice: 1})
            receipt = self.budget.execute(ballot, actor=Actor.of(voter, Role.RESIDENT), key=key)
        except Refused as refusal:
            self.tell(refused=number, why=refusal.objections[0].code)
        else:
            self.tell(ok=number, receipt=receipt.commitment)
            self.done.append((voter, choice, key))

    def work(self, left):
        """Ask again for what nobody answered, then for something new, until killed."""
        for asked in left:
            self.cast(asked["voter"], asked["choice"], asked["key"])
        while True:
            voter, choice = f"v-{self.number}-{self.asked}", self.chance.choice(CHOICES)
            luck = self.chance.random()
            if luck < AGAIN and self.done:
                self.cast(*self.chance.choice(self.done))
            elif luck < WRONG:
                self.cast(voter, "moon", f"k-{voter}")
            elif luck < READ:
                self.tell(read=sum(self.budget.turnout("vote").values()))
            else:
                self.cast(voter, choice, f"k-{voter}" if luck < WITH_KEY else "")


def fork(number, left, seed):
    """Start a writer; returns its process and the end of the pipe it speaks into."""
    ours, theirs = os.pipe()
    if process := os.fork():
        os.close(theirs)
        return process, ours
    os.close(ours)
    url, folder, now = sys.argv[1:4]
    clock, keys = FrozenClock(Instant(int(now))), FileKeys(Path(folder))
    platform = Platform(url, host=HOST, clock=clock, keys=keys)
    budget = platform.municipality("12060052").procedure("budget-2027")
    writer = Writer(budget, number, theirs, random.Random(seed))  # noqa: S311 - a drill
    writer.tell(ready=True)
    writer.work(left)
    raise AssertionError


def heard(pipes):
    """Yield what writers say until all of them are silent."""
    with selectors.DefaultSelector() as chosen:
        parts = dict.fromkeys(pipes, b"")
        for pipe in pipes:
            chosen.register(pipe, selectors.EVENT_READ)
        while chosen.get_map():
            for key, _ in chosen.select():
                said = os.read(key.fd, 65_536)
                if not said:
                    chosen.unregister(key.fd)
                    os.close(key.fd)
                *lines, parts[key.fd] = (parts[key.fd] + said).split(b"\n")
                yield from map(json.loads, lines)


def main():
    kills, chance = int(sys.argv[5]), random.Random(int(sys.argv[4]))  # noqa: S311 - a drill
    DOUBLES[sys.argv[6]]()
    unanswered = {}
    for first in range(0, kills, TOGETHER):
        left = list(unanswered.values())
        team = [fork(first + n, left[n::TOGETHER], chance.random()) for n in range(TOGETHER)]
        ready = threading.Semaphore(0)
        reaper = threading.Thread(target=reap, args=(team, ready, chance.random()))
        reaper.start()
        due = dict.fromkeys(range(first, first + TOGETHER), 1)
        for step in heard([pipe for _, pipe in team]):
            if awaited(step) and due.pop(step["writer"], 0):
                ready.release()
            if "ready" in step:
                continue
            note(unanswered, step)
            sys.stdout.write(json.dumps(step) + "\n")
        reaper.join()


def awaited(step):
    """Tell whether a writer may be killed from now on.

    Of two, one may be at once. The other has its first answer: on a busy machine that alone can
    take longer than both live, and nobody would ever be killed right after an answer.
    """
    return "ready" in step if step["writer"] % TOGETHER == 0 else "ok" in step


def reap(team, ready, seed):
    """Wait until all are at work, then kill each at a moment of its own."""
    chance = random.Random(seed)  # noqa: S311 - a drill
    for _ in team:
        ready.acquire(timeout=60)
    for process, _ in team:
        time.sleep(chance.random() * LONGEST)
        os.kill(process, signal.SIGKILL)
    for process, _ in team:
        os.waitpid(process, 0)


def note(unanswered, step):
    """Remember requests with a key that nobody answered, to be asked again."""
    if step.get("key"):
        unanswered[step["asked"]] = step
    for answer in ("ok", "refused"):
        unanswered.pop(step.get(answer), None)


# --- known bugs, put back in


def as_it_should_be():
    """Put no bug in."""


def ack_before_commit():
    """Answer at once and write the ballots of several together a little later."""
    write, waiting = Booth._write, []

    def write_later(self, slips):
        waiting.extend(slips)
        for slip in slips:
            slip.taken = True
        if len(waiting) > 3:
            write(self, waiting.copy())
            waiting.clear()

    Booth._write = write_later


def ack_through_a_queue():
    """Answer as soon as a ballot is in a queue that another thread empties."""
    put, waiting = Together.put, queue.Queue()

    def empty():
        while True:
            asked = waiting.get()
            time.sleep(SLOW_QUEUE)  # or a kill would have to fall into a moment of a fast machine
            put(*asked)

    def put_into_the_queue(self, slip):
        if not waiting.unfinished_tasks:
            threading.Thread(target=empty, daemon=True).start()
        waiting.put((self, slip))
        return True

    Together.put = put_into_the_queue


def no_keys():
    """Take requests with a key as if they had none."""
    Unit.answered = lambda _self, _key: None
    Unit.answer = lambda *_given: None
    put = Booth.put
    Booth.put = lambda self, scope, head, ballot, _kept=None: put(self, scope, head, ballot)


def two_receipts():
    """Answer a retry with a receipt made anew."""
    Answers.again = lambda _self, before, _payload, _key: _renamed(before)


def _renamed(before):
    receipt = json.loads(before[1])
    return type("Receipt", (), {"commitment": receipt["commitment"][::-1]})


DOUBLES = {
    one.__name__: one
    for one in (as_it_should_be, ack_before_commit, ack_through_a_queue, no_keys, two_receipts)
}

if __name__ == "__main__":
    HOST = PluginHost.discover()
    main()
