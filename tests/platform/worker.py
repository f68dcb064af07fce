"""A process of its own that works on the town's database until it is done or killed.

Run by the tests of concurrency: ``python worker.py TASK URL KEYS NOW SEED AMOUNT DOUBLE``. What
was acknowledged is written to standard output line by line, so that the test knows it whatever
happens next. A double is a known bug, put back in on purpose: the tests must catch it.
"""

import itertools
import json
import random
import secrets
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import true

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdmitVoters,
    AdvanceStage,
    CastBallot,
    ConfirmPaperBallot,
    EnterPaperBallot,
    ReplaceBallot,
    RevokeBallot,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.errors import Conflict, Refused, StorageError
from partizipation_core.execution import Execution
from partizipation_core.execution.casting import Casting
from partizipation_core.platform import Platform
from partizipation_core.store import Database, Unit, backends, booth, roll
from partizipation_core.store.deliveries import Deliveries
from partizipation_core.store.keys import FileKeys, voter_tag
from partizipation_core.values import Actor, Role

OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)
CHOICES = [{"fountain": 1}, {"bench": 1}, {"fountain": 1, "bench": 1}]


def tell(*words):
    print(*words, flush=True)  # noqa: T201 - the test listens


def resident(number):
    return Actor.of(f"voter-{number}", Role.RESIDENT)


def storm(budget, chance, voters):
    """Ask twice for every voter, in an order of one's own."""
    cast_for(budget, chance, [*range(voters), *range(voters)])


def once(budget, chance, voters):
    """Cast a ballot for every voter, in an order of one's own."""
    cast_for(budget, chance, list(range(voters)))


def cast_for(budget, chance, everybody):
    chance.shuffle(everybody)
    for voter in everybody:
        ballot = CastBallot(choices=chance.choice(CHOICES))
        try:
            receipt = budget.execute(ballot, actor=resident(voter))
            tell("ok", voter, receipt.commitment)
        except Refused as refusal:
            tell("refused", voter, refusal.objections[0].code)


def by_account(handle, voter, choices):
    return handle.execute(CastBallot(choices=choices), actor=resident(voter))


def by_code(handle, voter, choices):
    return handle.cast_by_code(handle.letters[str(voter)], choices)


def on_paper(handle, voter, choices):
    """Type a paper in with the eyes of two people; it counts at the second pair."""
    paper = {"paper": f"P-{secrets.token_hex(8)}", "choices": choices, "voter": f"voter-{voter}"}
    handle.execute(EnterPaperBallot(**paper), actor=OFFICER)
    return handle.execute(ConfirmPaperBallot(**paper), actor=DEPUTY)


def into_the_urn(handle, voter, _choices):
    admit = AdmitVoters(people=[f"voter-{voter}"], channel="urn", place="rathaus")
    return handle.execute(admit, actor=OFFICER)


WAYS = {"online": by_account, "code": by_code, "paper": on_paper, "urn": into_the_urn}


def mixed(budget, chance, voters):
    """Ask for every voter over two channels, in an order of one's own."""
    asked = [(voter, way) for voter in range(voters) for way in chance.sample(sorted(WAYS), 2)]
    chance.shuffle(asked)
    for voter, way in asked:
        try:
            receipt = WAYS[way](budget, voter, chance.choice(CHOICES))
            tell("ok", voter, way, receipt.commitment or "-")
        except Refused as refusal:
            tell("refused", voter, way, refusal.objections[0].code)


def race(budget, chance, closes):
    """Vote in one procedure after the other, by account or on paper, until each is closed."""
    for number in range(closes):
        sister = budget.sister(f"race-{number}")
        for _ in itertools.count():
            way = chance.choice([by_account, by_account, on_paper])
            try:
                receipt = way(sister, secrets.randbits(60), {"fountain": 1})
                tell("ok", number, receipt.commitment)
            except Refused as refusal:
                tell("refused", number, refusal.objections[0].code)
                break


def close_all(budget, chance, closes):
    """Close one procedure after the other as soon as the first ballots are in."""
    for number in range(closes):
        sister = budget.sister(f"race-{number}")
        while not sister.turnout("vote"):
            pass
        time.sleep(chance.random() * 0.01)
        sister.execute(AdvanceStage(), actor=OFFICER)
        tell("closed", number)


def stubborn(budget, chance, first):
    """Cast with idempotency keys, asking again until there is an answer, whatever happens."""
    for voter in itertools.count(first):
        ballot = CastBallot(choices=CHOICES[voter % 3])
        while True:
            try:
                receipt = budget.execute(ballot, actor=resident(voter), key=f"request-{voter}")
                break
            except StorageError:
                time.sleep(0.02)
        tell("ok", voter, receipt.commitment)


def revote(budget, chance, times):
    """Exchange the ballot of one and the same voter again and again."""
    for _ in range(times):
        choices = chance.choice(CHOICES)
        budget.execute(ReplaceBallot(choices=choices), actor=resident(0))
        tell("ok", 0, sorted(choices))


def waver(budget, chance, times):
    """Cast, exchange and take back the ballot of one and the same voter, in any order."""
    for _ in range(times):
        choices = chance.choice(CHOICES)
        wish = chance.choice(
            [CastBallot(choices=choices), ReplaceBallot(choices=choices), RevokeBallot()]
        )
        try:
            budget.execute(wish, actor=resident(0))
            tell("ok", type(wish).__name__)
        except Refused as refusal:
            tell("refused", refusal.objections[0].code)


def requests(budget, chance, first):
    """Cast with idempotency keys for ever, as a client does that goes on after a crash."""
    for voter in itertools.count(first):
        ballot = CastBallot(choices=CHOICES[voter % 3])
        tell("trying", voter)
        receipt = budget.execute(ballot, actor=resident(voter), key=f"request-{voter}")
        tell("ok", voter, receipt.commitment)


def close(budget, chance, wait):
    """Let some ballots pass, then move the procedure on."""
    while sum(budget.turnout("vote").values()) < wait:
        pass
    try:
        budget.execute(AdvanceStage(), actor=OFFICER)
        tell("closed")
    except Refused as refusal:
        tell("refused", refusal.objections[0].code)


def anything(budget, chance, times):
    """Ask for one thing after the other, whether or not it makes sense."""
    for number in range(times):
        who = Actor.of(f"p-{chance.randrange(3)}", Role.RESIDENT)
        item = f"i-{chance.randrange(100)}"
        ask = chance.choice(
            [SubmitItem(item=item, title=f"Idee {number}"), WithdrawItem(item=item)]
        )
        try:
            budget.execute(ask, actor=who)
            tell("ok")
        except (Refused, Conflict):
            tell("refused")


def tell_all(budget, _chance, times):
    """Tell what is owed, as slowly as mail is sent."""

    def observe(_municipality, procedure, recorded, _notices):
        time.sleep(0.05)
        for one in recorded:
            tell(procedure, one.seq)

    budget.house.subscribe("mail", observe)
    for _ in range(times):
        budget.house.tick()


def as_it_should_be():
    """Put no bug in."""


def check_then_insert():
    """Look whether somebody has voted, then write; no unique key stands in the way."""
    seen, execute, put = {}, Execution.execute, Unit.put

    def look_first(self, scope, command, actor, key=""):
        with self.reading(scope) as unit:
            tag = voter_tag(self._keys, scope, "vote", actor.ref)
            seen[actor.ref] = unit.has_voted("vote", tag)
        return execute(self, scope, command, actor, key)

    def put_anyway(self, entry, tag):
        return put(self, entry, tag) or put(self, entry, tag + secrets.token_bytes(4))

    Execution.execute, Unit.put = look_first, put_anyway
    Casting.cast = lambda *_: None  # the short way has no place for this bug
    roll.has_voted = lambda _unit, _keys, _scope, _vote, voter: seen[voter]


def deferred_begin():
    """Begin reading and become a writer later, as the driver would by itself."""

    @contextmanager
    def writing(self, _scope=None):
        with self._transaction("BEGIN") as (connection, driver):
            yield connection
            driver.commit()

    Database.writing = writing
    backends.ATTEMPTS = 1
    Casting.cast = lambda *_: None


def no_guard():
    """Let a ballot in whatever has happened since it was decided."""
    booth._HEAD = true()


def count_then_close():
    """Count the box first and close afterwards, in another transaction."""
    execute = Execution.execute

    def count_first(self, scope, command, actor, key=""):
        with self.reading(scope) as unit:
            counted = unit.box("vote")
        patience = time.monotonic() + 5
        while time.monotonic() < patience:
            with self.reading(scope) as unit:
                if unit.box("vote").ballots > counted.ballots:
                    break
        Unit.box = lambda _self, _vote: counted
        return execute(self, scope, command, actor, key)

    Execution.execute = count_first


def no_claim():
    """Tell whatever is owed, without asking whether somebody is at it."""

    def exchange(deliveries, before, after):
        time.sleep(0.2)  # so that all have looked before the first one tells
        return deliveries.move(before, after)

    Deliveries.exchange = exchange


TASKS = {
    one.__name__: one
    for one in (
        storm,
        mixed,
        once,
        race,
        close_all,
        stubborn,
        revote,
        waver,
        requests,
        close,
        anything,
        tell_all,
    )
}
DOUBLES = {
    one.__name__: one
    for one in (
        as_it_should_be,
        check_then_insert,
        deferred_begin,
        no_guard,
        count_then_close,
        no_claim,
    )
}


def main():
    task, url, folder, now, seed, amount, double = sys.argv[1:]
    DOUBLES[double]()
    clock, keys = FrozenClock(Instant(int(now))), FileKeys(Path(folder))
    with Platform(url, clock=clock, keys=keys) as platform:
        town = platform.municipality("12060052")
        budget = town.procedure("budget-2027")
        budget.sister, budget.house = town.procedure, platform
        letters = Path(folder).with_suffix(".letters")
        if letters.exists():
            budget.letters = json.loads(letters.read_text())
        tell("ready")
        sys.stdin.readline()
        TASKS[task](budget, random.Random(int(seed)), int(amount))  # noqa: S311 - a drill


if __name__ == "__main__":
    main()
