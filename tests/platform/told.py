"""A process killed while it tells an observer: ``python told.py URL KEYS NOW MOMENT FILE``.

It opens a procedure, which is told in peace; then it writes down an idea, and kills itself before
its observer has heard of it, or after that and before this is noted.
"""

import os
import signal
import sys
from pathlib import Path

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import SubmitItem
from partizipation_core.platform import Platform
from partizipation_core.store.keys import FileKeys
from partizipation_core.values import Actor, Role


def main(url, keys, now, moment, heard):
    platform = Platform(url, clock=FrozenClock(Instant(int(now))), keys=FileKeys(Path(keys)))

    def observe(_municipality, _procedure, recorded, _notices):
        dying = recorded[0].seq > 1
        if dying and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        with Path(heard).open("a", encoding="utf-8") as file:
            file.writelines(f"{one.seq}\n" for one in recorded)
        if dying:
            os.kill(os.getpid(), signal.SIGKILL)

    platform.subscribe("mail", observe)
    budget = platform.municipality("12060052").open(
        "budget-2027",
        "buergerhaushalt",
        actor=Actor.of("officer-1", Role.OFFICER),
        settings={"pot": "1000 EUR", "misfit": "skip"},
    )
    anna = Actor.of("anna", Role.RESIDENT)
    budget.execute(SubmitItem(item="fountain", title="Trinkbrunnen am Markt"), actor=anna)


if __name__ == "__main__":
    main(*sys.argv[1:])
