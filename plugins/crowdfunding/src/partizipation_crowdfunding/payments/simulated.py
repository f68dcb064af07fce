"""A provider that does not exist: it delays, fails, repeats itself and mixes things up.

It moves no money. What it does is decided by one seed, so that whatever goes wrong goes wrong the
same way again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from attrs import frozen

from partizipation_core.values import Money
from partizipation_crowdfunding.payments.facts import Fact, Notice, State, state_of
from partizipation_crowdfunding.payments.port import Line, Unreachable
from partizipation_crowdfunding.payments.webhook import pack, sign

__all__ = ["Sent", "SimulatedProvider", "Trouble"]


@frozen(kw_only=True)
class Trouble:
    """How bad it is, each from 0 to 1.

    Args:
        unanswered: requests without an answer, half of which were carried out.
        delayed: answers that come by webhook only.
        refused: payments that are not held.
        lost: payments that are held and cannot be drawn.
        repeated: messages that are sent twice.
        dropped: messages that never arrive.
    """

    unanswered: float = 0.0
    delayed: float = 0.0
    refused: float = 0.0
    lost: float = 0.0
    repeated: float = 0.0
    dropped: float = 0.0


@frozen(kw_only=True)
class Sent:
    """A message on its way.

    Args:
        header: its signature.
        body: its bytes.
    """

    header: str
    body: bytes


_LATEST_FIRST = tuple(reversed(Fact))


class SimulatedProvider:
    """Keeps its own books, which outlive whoever asks.

    Args:
        secret: signs its messages.
        seed: decides everything.
        trouble: how bad it is; by default nothing goes wrong.
    """

    def __init__(self, secret: bytes, *, seed: int = 0, trouble: Trouble | None = None) -> None:
        self._secret, self._trouble = secret, trouble or Trouble()
        self._random = Random(seed)  # noqa: S311 - a simulation that must come out the same
        self._amounts: dict[str, Money] = {}
        self._facts: dict[str, set[Fact]] = {}
        self._answers: dict[str, Notice] = {}
        self._moved: dict[tuple[str, Fact], int] = {}
        self._waiting: list[Notice] = []
        self._sent = 0

    def authorise(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Hold an amount, unless it was voided before."""
        return self._carried_out(payment, amount, key, self._authorised)

    def capture(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Draw what is held."""
        return self._carried_out(payment, amount, key, self._captured)

    def void(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Let go of what is held, or never hold it."""
        return self._carried_out(payment, amount, key, self._voided)

    def refund(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Give back what was drawn."""
        return self._carried_out(payment, amount, key, self._refunded)

    def statement(self) -> Iterator[Line]:
        """Return what it knows, sorted by payment."""
        for payment in sorted(self._facts):
            yield Line(payment=payment, amount=self._amounts[payment], facts=self._facts[payment])

    def moved(self, payment: str, fact: Fact) -> int:
        """Return how often money was moved for a payment: what must never be two."""
        return self._moved.get((payment, fact), 0)

    def messages(self, now: int) -> list[Sent]:
        """Hand over what waits to be sent: signed, in any order, some twice, some never.

        Args:
            now: seconds since 1970 in UTC, signed with each message.
        """
        row = [one for one in self._waiting if not self._happens(self._trouble.dropped)]
        row += [one for one in row if self._happens(self._trouble.repeated)]
        self._waiting.clear()
        self._random.shuffle(row)
        return [self._message(one, now) for one in row]

    def charge_back(self, payment: str) -> None:
        """Let the backer's bank take back what was drawn."""
        if state_of(self._facts.get(payment, ())) is State.CAPTURED:
            self._waiting.append(self._done(payment, Fact.CHARGED_BACK))

    def _happens(self, chance: float) -> bool:
        return self._random.random() < chance

    def _message(self, notice: Notice, now: int) -> Sent:
        body = pack(f"{notice.payment}/{notice.fact}", notice)
        return Sent(header=sign(self._secret, body, now), body=body)

    def _carried_out(
        self, payment: str, amount: Money, key: str, act: Callable[[str], Notice]
    ) -> Notice | None:
        trouble = self._happens(self._trouble.unanswered)
        if trouble and self._happens(1 / 2):
            raise Unreachable("the request got lost")
        if key not in self._answers:
            self._amounts.setdefault(payment, amount)
            self._facts.setdefault(payment, set())
            self._answers[key] = act(payment)
            self._waiting.append(self._answers[key])
        if trouble:
            raise Unreachable("the answer got lost")
        return None if self._happens(self._trouble.delayed) else self._answers[key]

    def _authorised(self, payment: str) -> Notice:
        if state_of(self._facts[payment]) is State.ENDED:
            return self._told(payment, self._last(payment))
        refused = self._happens(self._trouble.refused)
        return self._done(payment, Fact.REFUSED if refused else Fact.AUTHORISED)

    def _captured(self, payment: str) -> Notice:
        if not self._facts[payment]:
            return self._done(payment, Fact.REFUSED)
        if state_of(self._facts[payment]) is not State.AUTHORISED:
            return self._told(payment, self._last(payment))
        lost = self._happens(self._trouble.lost)
        return self._done(payment, Fact.LOST if lost else Fact.CAPTURED)

    def _voided(self, payment: str) -> Notice:
        if state_of(self._facts[payment]) in (State.CAPTURED, State.ENDED):
            return self._told(payment, self._last(payment))
        return self._done(payment, Fact.VOIDED)

    def _refunded(self, payment: str) -> Notice:
        if state_of(self._facts[payment]) is not State.CAPTURED:
            return self._told(payment, self._last(payment))
        return self._done(payment, Fact.REFUNDED)

    def _last(self, payment: str) -> Fact:
        known = self._facts[payment]
        return next((one for one in _LATEST_FIRST if one in known), Fact.REFUSED)

    def _done(self, payment: str, fact: Fact) -> Notice:
        self._facts[payment].add(fact)
        self._moved[payment, fact] = self.moved(payment, fact) + 1
        return self._told(payment, fact)

    def _told(self, payment: str, fact: Fact) -> Notice:
        return Notice(payment=payment, fact=fact, amount=self._amounts[payment])
