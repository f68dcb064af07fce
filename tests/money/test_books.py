"""Books: whatever is booked, every cent is somewhere, and the pot is what was put into it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_core.kernel.ledger.spending import settled, spend
from partizipation_core.money.books import ACTS, MAIN, Account, Booking, Ledger
from partizipation_core.values import ItemRef, Money

ITEMS = [ItemRef(ref) for ref in "abcde"]


def booking(act, source, target, cents, *, item="", pot=MAIN):
    return Booking(
        pot=pot, act=act, source=source, target=target, amount=Money(cents), item=ItemRef(item)
    )


WAYS = [(act, source, target) for act, ways in ACTS.items() for source, target in sorted(ways)]


@pytest.mark.parametrize(("act", "source", "target"), WAYS, ids=str)
def test_every_way_moves_one_sum_from_one_account_to_another(act, source, target):
    ledger = Ledger([booking(act, source, target, 700)])
    balances = {account: ledger.balance(account).cents for account in Account}
    assert balances == {**dict.fromkeys(Account, 0), source: -700, target: 700}


def test_there_are_no_other_ways():
    known = {(source, target) for _, source, target in WAYS}
    for source in Account:
        for target in Account:
            if (source, target) not in known:
                with pytest.raises(ValueError, match="moves no money"):
                    booking("commit", source, target, 1)


@pytest.mark.parametrize("cents", [0, -1], ids=["nothing", "less than nothing"])
def test_a_booking_moves_more_than_nothing(cents):
    with pytest.raises(ValueError, match="above zero"):
        booking("fund", "outside", "available", cents)


def test_money_of_two_pots_moves_on_pot_by_pot():
    ledger = Ledger(
        [
            booking("fund", "outside", "available", 500),
            booking("fund", "outside", "available", 300, pot="sponsor"),
            booking("commit", "available", "committed", 300, pot="sponsor", item="a"),
            booking("commit", "available", "committed", 200, item="a"),
        ]
    )
    moved = ledger.move("pay", Account.COMMITTED, Account.PAID, ItemRef("a"), Money(350))
    assert [(one.pot, one.amount.cents) for one in moved] == [("main", 200), ("sponsor", 150)]
    with pytest.raises(ValueError, match="less in committed"):
        ledger.move("pay", Account.COMMITTED, Account.PAID, ItemRef("a"), Money(501))


def test_what_was_told_too_high_is_corrected_and_what_is_left_is_free():
    ledger = Ledger(
        [
            booking("fund", "outside", "available", 1000),
            booking("commit", "available", "committed", 600, item="a"),
        ]
    )
    ledger = Ledger([*ledger.bookings, *spend(ledger, ItemRef("a"), Money(400))])
    assert ledger.balance(Account.PAID) == Money(400)
    ledger = Ledger([*ledger.bookings, *settled(ledger, ItemRef("a"), Money(250))])
    assert ledger.balance(Account.PAID) == Money(250)
    assert ledger.available() == Money(750)


# --- a random budget, from the first cent to the last


@st.composite
def budgets(draw):
    """Fill two pots, then try moves of any size; what is not covered is left out."""
    amount = st.integers(1, 10**9)
    bookings = [
        booking("fund", "outside", "available", draw(amount)),
        booking("fund", "outside", "available", draw(amount), pot="sponsor"),
    ]
    wanted = st.tuples(
        st.sampled_from(WAYS), st.sampled_from(ITEMS), st.sampled_from([MAIN, "sponsor"]), amount
    )
    return bookings, draw(st.lists(wanted, max_size=20))


def play(bookings, wanted):
    """Book what is covered, by plain sums that share no code with the books."""
    money = {(pot.pot, "available", ""): pot.amount.cents for pot in bookings}
    put_in = sum(one.amount.cents for one in bookings)
    for (act, source, target), item, pot, cents in wanted:
        of = "" if source in ("available", "outside") else item
        to = "" if target in ("available", "outside") else item
        if source != "outside" and money.get((pot, source, of), 0) < cents:
            continue
        bookings.append(booking(act, source, target, cents, item=item, pot=pot))
        put_in += cents * ((source == "outside") - (target == "outside"))
        money[pot, source, of] = money.get((pot, source, of), 0) - cents
        money[pot, target, to] = money.get((pot, target, to), 0) + cents
    return bookings, money, put_in


def check(budget):
    bookings, money, put_in = play(*budget)
    ledger = Ledger(bookings)
    assert ledger.bound() + ledger.balance(Account.RETURNED) + ledger.available() == Money(put_in)
    assert ledger.total() == Money(put_in)
    assert ledger.available() == Money(
        sum(cents for (_, account, _), cents in money.items() if account == "available")
    )
    for account in Account:
        assert account is Account.OUTSIDE or ledger.balance(account).cents >= 0


@settings(deadline=None, max_examples=300)
@given(budgets())
def test_bookings_and_rest_are_the_pot_to_the_cent(budget):
    check(budget)


@pytest.mark.long
@settings(deadline=None, max_examples=100_000)
@given(budgets())
def test_bookings_and_rest_are_the_pot_in_a_hundred_thousand_budgets(budget):
    check(budget)
