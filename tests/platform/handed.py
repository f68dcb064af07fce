"""A process killed while it hands over: ``python handed.py URL KEYS NOW MOMENT``.

It forwards an idea to another procedure, and kills itself before that has heard of it, or after it
has and before this is noted, or in between.
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import ForwardItem
from partizipation_core.execution import Execution
from partizipation_core.execution.outbox import Outbox
from partizipation_core.platform import Platform
from partizipation_core.store.deliveries import Cursor
from partizipation_core.store.keys import FileKeys
from partizipation_core.values import Actor, Role


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


MOMENTS = {
    "before it is told": (Execution, "tell"),
    "before it is given": (Execution, "_hand_over"),
    "before it is noted": (Outbox, "_move"),
    "after it was marked": (Execution, "_hand_over"),
}


def marked_first(outbox, scope, cursor, upto, attempt=Outbox._attempt):
    """The bug: set the cursor, then hand over."""
    after = Cursor(cursor.subscriber, upto, 0, Instant(0))
    outbox._database.run_in_transaction(partial(outbox._move, scope, cursor, after, ""))
    return attempt(outbox, scope, cursor, upto)


def main(url, keys, now, moment):
    place, name = MOMENTS[moment]
    setattr(place, name, die)
    if moment == "after it was marked":
        Outbox._attempt = marked_first
    platform = Platform(url, clock=FrozenClock(Instant(int(now))), keys=FileKeys(Path(keys)))
    budget = platform.municipality("12060052").procedure("budget-2027")
    forward = ForwardItem(item="fountain", reason="Gehört dorthin", procedure="budget-2028")
    budget.execute(forward, actor=Actor.of("moderator-1", Role.MODERATOR))


if __name__ == "__main__":
    main(*sys.argv[1:])
