"""Many who tick at once tell a line once; who dies while telling is taken over from."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import ForwardItem
from partizipation_core.execution import Execution
from partizipation_core.store import Unit
from partizipation_core.store.deliveries import LEASE
from partizipation_core.values import Actor, Role

MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
MINUTE = 60_000_000
TOLD_TWICE = (
    "subscription 'mail': another process told lines 1 to 3 as well; telling them took longer "
    "than 10 minutes, or the clocks of the two differ by as much"
)


class House:
    """A worker of the application: a platform, and what its observer was told.

    While it tells, it does what `meanwhile` says, once.
    """

    def __init__(self, platform):
        self.platform, self.told, self.meanwhile = platform, [], None
        platform.subscribe("mail", self.observe)

    def observe(self, _municipality, _procedure, recorded, _notices):
        self.told += [one.seq for one in recorded]
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()

    def tick(self):
        return self.platform.tick()


@pytest.fixture
def new_house(open_platform):
    return lambda **other: House(open_platform(**other))


@pytest.fixture
def houses(new_house):
    return new_house(), new_house()


@pytest.fixture
def owed(houses, new_budget, monkeypatch):
    """A budget, of whose lines nobody was told, as if their writer had been killed."""
    with monkeypatch.context() as patch:
        patch.setattr(Execution, "tell", lambda *_: None)
        budget = new_budget(houses[0].platform.municipality("12060052"))
        budget.idea("fountain")
    return budget


def lines(budget):
    return [one.seq for one in budget.journal()]


def cursor(budget, name="mail"):
    with budget.handle._unit() as unit:
        return unit.deliveries.cursors()[name]


def test_who_ticks_while_another_tells_leaves_the_lines_alone(houses, owed):
    first, second = houses
    first.meanwhile = second.tick
    first.tick()
    assert (first.told, second.told) == (lines(owed), [])
    assert cursor(owed).due == 0
    second.tick()
    assert second.told == []


def test_what_is_committed_meanwhile_is_told_by_whoever_is_at_it(houses, owed):
    first, second = houses
    handle = second.platform.municipality("12060052").procedure("budget-2027")

    def idea():
        owed.handle = handle
        owed.idea("bench")

    first.meanwhile = idea
    first.tick()
    assert (first.told, second.told) == (lines(owed), [])


def test_threads_of_one_house_tell_each_line_once(houses, owed):
    first, _ = houses
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: first.tick(), range(8)))
    assert first.told == lines(owed)
    assert owed.failures() == []


WORKERS = 4


@pytest.fixture
def told_by_processes(houses, owed, new_budget, monkeypatch, workers):
    """Have processes tick at the same moment; gives what each budget's observers were told."""

    def tell(double="as_it_should_be"):
        with monkeypatch.context() as patch:
            patch.setattr(Execution, "tell", lambda *_: None)
            town = houses[0].platform.municipality("12060052")
            budgets = [owed, *(new_budget(town, f"budget-{n}") for n in range(5))]
        team = workers(*[("tell_all", 3, double)] * WORKERS)
        said = sorted(line for one in team for line in one.ended())
        all_lines = [[str(one.handle.ref), str(seq)] for one in budgets for seq in lines(one)]
        return said, sorted(all_lines)

    return tell


def test_processes_that_tick_at_once_tell_each_line_once(told_by_processes, owed, tell):
    said, all_lines = told_by_processes()
    assert said == all_lines
    assert owed.failures() == []
    tell(workers=WORKERS, lines=len(said), told_twice=0)


def test_telling_without_a_claim_is_caught(told_by_processes):
    """The known bug: whoever finds that lines are owed tells them."""
    said, all_lines = told_by_processes("no_claim")
    assert len(said) > len(all_lines)


# --- a claim ends -----------------------------------------------------------------------------


def test_an_observer_slower_than_a_claim_is_told_twice_and_not_more(houses, owed, clock):
    first, second = houses

    def late():
        clock.set(clock.now() + LEASE)
        second.tick()

    first.meanwhile = late
    first.tick()
    assert first.told == second.told == lines(owed)
    assert cursor(owed).seq == lines(owed)[-1]
    assert owed.failures() == [TOLD_TWICE]
    first.tick()
    second.tick()
    assert first.told == second.told == lines(owed)


def test_who_is_done_first_moves_the_cursor_and_says_that_it_was_slow(houses, owed, clock):
    first, second = houses
    begun, claimed, done = Event(), Event(), Event()
    first.meanwhile = lambda: begun.set() or claimed.wait(20)
    second.meanwhile = lambda: claimed.set() or done.wait(20)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(first.tick)
        assert begun.wait(20)
        clock.set(clock.now() + LEASE)
        other = pool.submit(second.tick)
        slow.result()
        assert cursor(owed).seq == lines(owed)[-1]
        done.set()
        other.result()
    assert first.told == second.told == lines(owed)
    assert (cursor(owed).seq, cursor(owed).due) == (lines(owed)[-1], 0)
    assert owed.failures() == [TOLD_TWICE] * 2


def test_a_failure_after_the_claim_has_ended_sets_nothing_back(houses, owed, clock):
    first, second = houses

    def late():
        clock.set(clock.now() + LEASE)
        second.tick()
        raise OSError("the mail server hung up")

    first.meanwhile = late
    first.tick()
    assert second.told == lines(owed)
    stands = cursor(owed)
    assert (stands.seq, stands.attempts) == (lines(owed)[-1], 0)
    assert owed.failures() == ["subscription 'mail': OSError: the mail server hung up"]


def test_a_failure_gives_the_claim_back(houses, owed):
    first, second = houses

    def fail():
        raise OSError("the mail server is down")

    first.meanwhile = fail
    first.tick()
    second.tick()
    assert second.told == lines(owed)


def test_who_is_stopped_by_hand_gives_the_claim_back(houses, owed):
    first, second = houses

    def stop():
        raise KeyboardInterrupt

    first.meanwhile = stop
    with pytest.raises(KeyboardInterrupt):
        first.tick()
    second.tick()
    assert second.told == lines(owed)


# --- clocks that differ -----------------------------------------------------------------------

APART = {
    "9 minutes behind": (-9, []),
    "a second behind": (-1 / 60, []),
    "a second ahead": (1 / 60, []),
    "9 minutes ahead": (9, []),
    "further behind than a claim lasts": (-11, [1, 2, 3]),
    "further ahead than a claim lasts": (11, [1, 2, 3]),
}


@pytest.mark.parametrize(("minutes", "told_as_well"), APART.values(), ids=APART)
def test_clocks_may_differ_by_less_than_a_claim_lasts(  # noqa: PLR0917 - fixtures
    houses, owed, new_house, clock, minutes, told_as_well
):
    first, _ = houses
    other = new_house(clock=FrozenClock(Instant(clock.now() + int(minutes * MINUTE))))
    first.meanwhile = other.tick
    first.tick()
    assert first.told == lines(owed)
    assert other.told == told_as_well  # at least once; never lost, whatever the clocks show
    assert cursor(owed).seq == lines(owed)[-1]


def test_nobody_waits_for_a_claim_of_a_clock_that_was_wrong(houses, owed, new_house, clock):
    astray = new_house(clock=FrozenClock(Instant(clock.now() + 365 * 24 * 60 * MINUTE)))
    left = cursor(owed).claimed(astray.platform._execution.now())
    with owed.handle._execution.database.writing() as connection:
        unit = Unit(connection, owed.handle._scope)
        assert unit.deliveries.exchange(cursor(owed), left)  # and then it was killed
    first, _ = houses
    first.tick()
    assert first.told == lines(owed)


# --- handing over -----------------------------------------------------------------------------


@pytest.fixture
def forwarded(owed, new_budget, houses, monkeypatch):
    """An idea that belongs to another budget, which has not heard of it."""
    second = new_budget(houses[0].platform.municipality("12060052"), "budget-2028")
    moved = ForwardItem(item="fountain", procedure="budget-2028", reason="Gehört dorthin")
    with monkeypatch.context() as patch:
        patch.setattr(Execution, "tell", lambda *_: None)
        owed.execute(moved, actor=MODERATOR)
    return second


@pytest.fixture
def gives(houses, monkeypatch):
    """Listen to what a house gives to others: `meanwhile` happens just before."""

    def listen(house, meanwhile=None):
        handing, given = house.platform._execution.outbox._handing, []
        give = handing._give

        def listening(scope, one):
            given.append(one.key)
            if meanwhile:
                meanwhile()
            return give(scope, one)

        monkeypatch.setattr(handing, "_give", listening)
        return given

    return listen


def test_two_that_hand_over_at_once_give_each_command_once(houses, forwarded, gives):
    first, second = houses
    others = gives(second)
    own = gives(first, second.tick)
    first.tick()
    assert (len(own), others) == (1, [])
    assert list(forwarded.states().values()) == ["published"]


def test_a_hand_over_slower_than_a_claim_arrives_once(houses, forwarded, gives, clock):
    first, second = houses

    def late():
        clock.set(clock.now() + LEASE)
        second.tick()

    others = gives(second)
    own = gives(first, late)
    first.tick()
    assert own == others  # given twice, with one key
    assert list(forwarded.states().values()) == ["published"]
    assert len(forwarded.journal()) == 3
    assert forwarded.faults() == []
