"""The granting office at work: from the application to the settled account, with four eyes."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from partizipation_core.commands import (
    ApplyForGrant,
    ConfirmPayment,
    CostLine,
    DraftNotice,
    FileAccounts,
    FinancingPlan,
    OrderPayment,
    Payee,
    QueryAccounts,
    RecordRepayment,
    ReleasePayment,
    RequestDocuments,
    SettleGrant,
    SignNotice,
    StartDelivery,
    SupplyDocuments,
)
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.state import Item
from partizipation_core.platform import ProcedureHandle
from partizipation_core.reports.notice import notice_text
from partizipation_core.texts import Wording
from partizipation_core.values import Actor, Money, Role

__all__ = ["COLLEAGUE", "OFFICER", "PAYEE", "GrantOffice"]

OFFICER = Actor.of("spk-1", Role.OFFICER)
COLLEAGUE = Actor.of("spk-2", Role.OFFICER)

PAYEE = Payee(name="Musterverein", iban="DE89 3704 0044 0532 0130 00")
"""The example account of the IBAN registry."""


@frozen(kw_only=True)
class GrantOffice:
    """The office (SPK) of one Kiez.

    Args:
        handle: the procedure.
        wording: in which notices are written.
        asked: told of every item whose applicants are asked for something.
    """

    handle: ProcedureHandle
    wording: Wording
    asked: Callable[[Item], None] = lambda _: None

    def grant(self, item: Item, *, asks: bool = False) -> None:
        """Take an item from the application to the payment and let it begin.

        Args:
            item: awarded.
            asks: whether documents are missing at first.
        """
        applicant, award = Actor.of(item.author, Role.RESIDENT), item.award or Money(0)
        plan = _plan(item)
        self._do(ApplyForGrant(item=item.ref, plan=plan, payee=PAYEE), applicant)
        if asks:
            self._do(RequestDocuments(item=item.ref, wanted=["Kostenvoranschlag"]), OFFICER)
            self.asked(item)
            self._do(SupplyDocuments(item=item.ref, note="Liegt bei"), applicant)
        applied = self.handle.item(item.ref)
        text = self.completed(
            notice_text(applied, award, self.handle.settings().grants, self.wording)
        )
        self._do(DraftNotice(item=item.ref, amount=award, text=text), OFFICER)
        self._do(SignNotice(item=item.ref), COLLEAGUE)
        self._do(OrderPayment(item=item.ref), OFFICER)
        self._do(ReleasePayment(item=item.ref), COLLEAGUE)
        self._do(ConfirmPayment(item=item.ref), OFFICER)
        self._do(StartDelivery(item=item.ref), applicant)

    def completed(self, text: str) -> str:
        """Put legal basis and instruction on remedies where a drafted notice leaves room.

        Args:
            text: as it was drafted.
        """
        room = self.wording.sentence("letter.complete")
        return text.replace(room, self.wording.sentence("kiezkasse.notice_completed"))

    def settle(self, item: Item, saved: Money, *, asks: bool = False) -> None:
        """Take accounts in and accept them; what was saved is paid back.

        Args:
            item: granted and paid.
            saved: what was not needed; at most half of the award.
            asks: whether there is a question about a receipt at first.
        """
        applicant, plan, award = (
            Actor.of(item.author, Role.RESIDENT),
            _plan(item),
            item.award or Money(0),
        )
        saved = min(saved, Money(award.cents // 2))
        proof = FileAccounts(
            item=item.ref,
            report="Umgesetzt wie beantragt.",
            receipts=[CostLine(type="material", amount=plan.total - saved)],
            own=plan.own,
        )
        self._do(proof, applicant)
        if asks:
            self._do(QueryAccounts(item=item.ref, questions=["Welcher Beleg?"]), OFFICER)
            self.asked(item)
            self._do(proof, applicant)
        self._do(SettleGrant(item=item.ref), OFFICER)
        if saved:
            self._do(RecordRepayment(item=item.ref, amount=saved), OFFICER)

    def _do(self, command: Command, actor: Actor) -> None:
        self.handle.execute(command, actor=actor)


def _plan(item: Item) -> FinancingPlan:
    """Plan the whole cost; what the assembly cut, the applicants bring themselves."""
    award = item.award or Money(0)
    total = max(item.cost or award, award)
    lines = [CostLine(type="material", amount=total)]
    return FinancingPlan(costs=lines, own=total - award, requested=award)
