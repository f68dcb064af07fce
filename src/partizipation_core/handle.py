"""One procedure: what an application does with it and reads of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from partizipation_core.clock import to_wall
from partizipation_core.counting import Result, Tally
from partizipation_core.errors import NotFound
from partizipation_core.execution import Execution, Receipt
from partizipation_core.execution.discussing import (
    comments_on,
    counted,
    took_part,
    waiting_for_moderation,
)
from partizipation_core.execution.issuing import BEARER, FreshCodes, cast_with, issue
from partizipation_core.execution.paying import (
    PaymentOrder,
    late_grants,
    payee_of,
    payment_orders,
)
from partizipation_core.execution.recognising import Extract, import_of, recognise
from partizipation_core.execution.reconciling import (
    PaperDifferences,
    paper_differences,
    reconciliation,
    votes_of,
    waiting_papers,
)
from partizipation_core.execution.resulting import draft_of, opened_ballots, results_of
from partizipation_core.execution.telling import told
from partizipation_core.formats.advice import Finding
from partizipation_core.formats.ballots import BallotLimits, BallotPaper
from partizipation_core.formats.deadlines import state_of
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.identity import Assertion
from partizipation_core.inspection import inspect_procedure
from partizipation_core.kernel.award import ItemsAwarded
from partizipation_core.kernel.channels.codes import IssueCodes
from partizipation_core.kernel.channels.reconciliation import Reconciliation
from partizipation_core.kernel.discussion.counts import Counts
from partizipation_core.kernel.discussion.moderation import Reported
from partizipation_core.kernel.discussion.notices import Notice
from partizipation_core.kernel.discussion.participation import Participation
from partizipation_core.kernel.electorate.fields import about_people, wanted
from partizipation_core.kernel.electorate.strengths import StrengthReport, strength_report
from partizipation_core.kernel.grant.extension import MissedPeriod
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.payee import Payee
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.results.vote_result import VoteResult
from partizipation_core.kernel.state import Comment, Item, Procedure, stage_of
from partizipation_core.kernel.voices import Held
from partizipation_core.money.books import Ledger
from partizipation_core.plugins.pinning import missing_parts, unpin
from partizipation_core.replay import Check, audit, rebuild
from partizipation_core.store import Scope, Unit, speaking
from partizipation_core.store.counts import Opened
from partizipation_core.store.journal import Recorded
from partizipation_core.values import (
    Actor,
    ItemRef,
    MunicipalityRef,
    Objection,
    ParticipantRef,
    ProcedureRef,
    RecordRef,
    Role,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

T = TypeVar("T")
R = TypeVar("R", bound=Record)

__all__ = ["ProcedureHandle"]

_KEPT = ("awarded", "in_progress", "changed", "done")


class ProcedureHandle:
    """One procedure; made by `Municipality.open` and `Municipality.procedure`."""

    def __init__(self, execution: Execution, scope: Scope) -> None:
        self._execution = execution
        self._scope = scope

    @property
    def ref(self) -> ProcedureRef:
        """Its reference."""
        return self._scope.procedure

    @property
    def municipality(self) -> MunicipalityRef:
        """Whose it is."""
        return self._scope.municipality

    def execute(self, command: Command, *, actor: Actor, key: str = "") -> Receipt:
        """Do what a command asks, or refuse it with every reason.

        Args:
            command: what is asked.
            actor: who asks.
            key: idempotency key; asking twice with one key gives the first answer again.

        Raises:
            Refused: with every reason; nothing was written.
            Conflict: the key was used for something else.
            NotFound: no such procedure or command.
            PluginError: a plugin failed; nothing was written.
        """
        return self._execution.execute(self._scope, command, actor, key)

    def why(self, command: Command, *, actor: Actor) -> tuple[Objection, ...]:
        """Return every reason why a command would be refused now; empty if it would not."""
        return self._execution.why(self._scope, command, actor)

    def tick(self) -> Sequence[Recorded]:
        """Enter every stage whose time has come, in order, whatever the downtime."""
        return self._execution.tick(self._scope)

    def state(self) -> Procedure:
        """Return the procedure's present state.

        Raises:
            NotFound: it was never opened.
        """
        with self._unit() as unit:
            return _known(unit.procedure(), f"procedure {self._scope.procedure!r}")

    def definition(self) -> Definition:
        """Return what the procedure pinned when it opened."""
        with self._unit() as unit:
            return _known(unit.definition(), f"procedure {self._scope.procedure!r}")

    def settings(self) -> ProcedureSettings:
        """Return its settings."""
        return unpin(self._execution.host.registry, self.definition()).settings

    def item(self, ref: str) -> Item:
        """Return one item.

        Raises:
            NotFound: there is none of that reference.
        """
        with self._unit() as unit:
            return _known(unit.item(ItemRef(ref)), f"item {ref!r}")

    def items(self) -> tuple[Item, ...]:
        """Return all items in the order of their references."""
        with self._unit() as unit:
            return tuple(unit.items())

    def journal(self) -> tuple[Recorded, ...]:
        """Return everything that was decided."""
        with self._unit() as unit:
            return tuple(self._execution.codec.read(line) for line in unit.lines())

    def journal_lines(self) -> Iterator[bytes]:
        """Return the journal as it is stored, one canonical JSON line each (NDJSON)."""
        with self._unit() as unit:
            lines = list(unit.lines())
        for line in lines:
            yield line.body + b"\n"

    def records(self, kind: type[R]) -> Mapping[RecordRef, R]:
        """Return what the procedure keeps of a kind besides items: reference → record."""
        with self._unit() as unit:
            return unit.records.all(kind)

    def record_refs(self) -> Mapping[str, tuple[RecordRef, ...]]:
        """Name everything that the procedure keeps besides items: kind → references."""
        with self._unit() as unit:
            return unit.records.refs()

    def result(self, vote: str) -> Result:
        """Return the protocol of the count of a vote, as it is valid now.

        Raises:
            NotFound: no ballots were counted in it.
            Refused: it is not public yet.
        """
        return _known(self.vote_result(vote).count, f"counted vote {vote!r}")

    def vote_result(self, vote: str) -> VoteResult:
        """Return the result of a vote: the one object that every number comes from.

        Raises:
            NotFound: there is no such vote.
            Refused: it is not public yet, with the reason and from when it may be.
        """
        return self.vote_results(vote)[-1]

    def vote_results(self, vote: str) -> tuple[VoteResult, ...]:
        """Return every result of a vote that was published, those that were corrected first.

        Raises:
            NotFound: there is no such vote.
            Refused: it is not public yet.
        """
        return results_of(self._execution, self._scope, vote)

    def draft(self, vote: str, *, actor: Actor) -> VoteResult:
        """Return a result that is not public yet, to those who certify or publish it.

        Raises:
            NotFound: there is no draft.
            Refused: the actor has nothing to do with it.
        """
        return draft_of(self._execution, self._scope, vote, actor)

    def opened_ballots(self, vote: str) -> tuple[Opened, ...]:
        """Return the ballots of a published vote with what opens their commitments.

        Whoever has them can prove how a ballot was filled in: they are for auditors alone.

        Raises:
            NotFound: there is no such vote.
            Refused: its result is not public yet.
        """
        return opened_ballots(self._execution, self._scope, vote)

    def paper(self, vote: str) -> BallotPaper:
        """Return a ballot paper: what may be voted on, at which price, within which money.

        Raises:
            NotFound: there is no such procedure or vote.
        """
        with self._unit() as unit:
            present, _ = self._execution.present(unit, self._scope)
            return _known(present.paper(vote), f"paper of vote {vote!r}")

    def limits(self, vote: str) -> BallotLimits:
        """Return the limits that the ballots of a vote keep, for whoever draws a ballot.

        Raises:
            NotFound: there is no such procedure.
        """
        return self.settings().limits(stage_of(vote))

    def ledger(self) -> Ledger:
        """Return the books: every booking, and what they add up to.

        Raises:
            NotFound: the procedure was never opened.
        """
        with self._unit() as unit:
            _known(unit.present().body, f"procedure {self._scope.procedure!r}")
            return Ledger(unit.books.all())

    def winners(self) -> dict[ParticipantRef, int]:
        """Return who was awarded money and has not given it up → the year of the award."""
        items = {item.ref: item for item in self.items()}
        kept = {ref for ref, item in items.items() if item.award and item.state in _KEPT}
        zone = self.settings().timezone
        return {
            items[ref].author: to_wall(one.at, zone).year
            for one in self.journal()
            if isinstance(one.event, ItemsAwarded)
            for ref in one.event.amounts
            if ref in kept
        }

    def payment_orders(self) -> tuple[PaymentOrder, ...]:
        """Return what was released to be paid, with accounts: for the treasury only.

        Raises:
            NotFound: the details of a payee are gone.
            StorageError: they are not those that were applied with.
        """
        return payment_orders(self._execution, self._scope)

    def payee(self, ref: str) -> Payee:
        """Return who is paid for an item: for the granting office only.

        Raises:
            NotFound: nobody applied, or the data were erased.
            StorageError: they are not those that were applied with.
        """
        return payee_of(self._execution, self._scope, ItemRef(ref))

    def late_grants(self) -> tuple[MissedPeriod, ...]:
        """Return the grants whose money should have been used or accounted for by now."""
        return late_grants(self._execution, self._scope)

    def turnout(self, vote: str) -> Mapping[str, int]:
        """Count people by channel; how many there are is no secret, what they say is."""
        return self.reconciliation(vote).turnout

    def reconciliation(self, vote: str) -> Reconciliation:
        """Say what came in to a vote by each channel, and what became of it."""
        return reconciliation(self._execution, self._scope, vote)

    def votes_by_channel(self, vote: str) -> Mapping[str, Mapping[ItemRef, Tally] | None]:
        """Count a vote by channel; None stands for channels too small to be told apart.

        Raises:
            Refused: the vote has not been counted.
        """
        return votes_of(self._execution, self._scope, vote)

    def issue_codes(  # noqa: PLR0913 - everything a batch is issued with
        self,
        *,
        batch: str,
        vote: str,
        actor: Actor,
        count: int = 0,
        people: Iterable[str] = (),
        purpose: str = "",
        test: bool = False,
    ) -> FreshCodes:
        """Draw a batch of codes and issue them; see `IssueCodes`.

        Args:
            batch: name of the batch, new in this vote.
            vote: which vote they are for.
            actor: who issues them.
            count: how many, where they belong to whoever holds one.
            people: pseudonyms on the register, one code each.
            purpose: what they are for.
            test: whether ballots cast with them never count.

        Returns:
            the codes; they are handed over once and kept nowhere.

        Raises:
            Refused: with every reason; nothing was issued.
        """
        return issue(
            self._execution,
            self._scope,
            IssueCodes(
                vote=vote,
                batch=batch,
                digests=(),
                purpose=purpose,
                test=test,
                voters=tuple(map(ParticipantRef, people)),
            ),
            count=count,
            actor=actor,
        )

    def cast_by_code(
        self, code: str, choices: Mapping[ItemRef, int], *, replace: bool = False, key: str = ""
    ) -> Receipt:
        """Cast a ballot with a code, without an account.

        Args:
            code: as it was typed; small letters, blanks and hyphens do not matter.
            choices: as in `CastBallot`.
            replace: whether it takes the place of the one cast with the same code.
            key: idempotency key, as in `execute`.

        Raises:
            Refused: with every reason. A code that does not exist, was withdrawn or was used
                gets one and the same answer.
        """
        command = cast_with(self._execution, self._scope, code, choices, replace=replace)
        return self.execute(command, actor=BEARER, key=key)

    def papers_waiting(self) -> Mapping[str, str]:
        """Name the papers of the present vote that wait: ``entered`` once, or ``differs``."""
        return waiting_papers(self._execution, self._scope)

    def paper_differences(self, paper: str, *, actor: Actor) -> PaperDifferences:
        """Show what two people read differently on a paper, to one of these two.

        Raises:
            NotFound: there is no such paper, or the actor is not one of them.
        """
        return paper_differences(self._execution, self._scope, paper, actor.ref)

    def supports(self, ref: str) -> Counts:
        """Count the supports of an item.

        Raises:
            NotFound: there is no such item.
            Refused: the numbers are not public before the stage is over.
        """
        return counted(self._execution, self._scope, "support", ItemRef(ref))

    def ratings(self, ref: str) -> Counts:
        """Count the ratings for and against an item; raises as `supports` does."""
        return counted(self._execution, self._scope, "rating", ItemRef(ref))

    def held(self, actor: Actor) -> tuple[Held, ...]:
        """Return what somebody has supported, rated and reported; for nobody but themselves."""
        with self._unit() as unit:
            return speaking.held(unit, self._execution.keys, self._scope, actor.ref)

    def recognise(self, assertion: Assertion, *roles: str) -> Actor:
        """Turn what a host application was told of a person into an actor in this procedure.

        Whoever was once recognised comes back as the same person, whatever became of an account;
        whoever is in the register comes with what it says.

        Args:
            assertion: who it is, and how that was proved.
            roles: what the person is in this procedure; by default a resident.

        Raises:
            NotFound: no plugin knows the person.
        """
        return recognise(self._execution, self._scope, assertion, roles or (Role.RESIDENT,))

    def import_register(self, extract: Extract, *, actor: Actor, complete: bool = True) -> Receipt:
        """Take in an extract from the population register.

        Args:
            extract: as `exchange.register.read_register` reads it.
            actor: who hands it in.
            complete: whether it names everybody; whoever is missing is then taken to have left.

        Raises:
            Refused: with every reason; nothing was written.
        """
        command = import_of(self._execution, self._scope, extract, complete=complete)
        return self.execute(command, actor=actor)

    def needed_facts(self) -> frozenset[str]:
        """Return the facts about people that its rules need; no others are kept."""
        pinned = unpin(self._execution.host.registry, self.definition())
        return frozenset(wanted(about_people(pinned.rules), pinned.settings))

    def registered(self, actor: Actor) -> Mapping[str, str]:
        """Return what the register holds of somebody, for nobody but themselves (Auskunft)."""
        with self._unit() as unit:
            found = unit.electorate.registered(actor.ref)
        return found.facts if found else {}

    def strengths(self, vote: str) -> StrengthReport:
        """Tell how strongly the voters of a vote were recognised, of nobody by name."""
        with self._unit() as unit:
            known, voted = unit.electorate.strengths(vote), unit.channels(vote)
        unknown = sum(voted.values()) - sum(known.values())
        return strength_report({**known, "none": known.get("none", 0) + unknown})

    def comments(self, ref: str) -> tuple[Comment, ...]:
        """Return the comments on an item, the oldest first; hidden ones without their text.

        Raises:
            NotFound: there is no such item.
        """
        return comments_on(self._execution, self._scope, ItemRef(ref))

    def moderation(self) -> tuple[Reported, ...]:
        """Return what was reported and waits for moderation, with its text: for staff only."""
        return waiting_for_moderation(self._execution, self._scope)

    def participation(self) -> Participation:
        """Count who took part, whatever they did: the one source of such numbers."""
        return took_part(self._execution, self._scope)

    def notices(self, after: int = 0) -> tuple[Notice, ...]:
        """Say who is to be told of what happened since a journal line.

        Args:
            after: number of the last line that was dealt with; keep the ``seq`` of the last
                notice sent, and nothing is lost however long you were away.
        """
        recorded = [one for one in self.journal() if one.seq > after]
        with self._unit() as unit:
            return told(unit, recorded)

    def failures(self) -> list[str]:
        """List hooks that failed after a commit."""
        with self._unit() as unit:
            return unit.failures()

    def lint(self) -> tuple[Finding, ...]:
        """Say what is questionable about the procedure as it stands; see `formats.advice`."""
        return inspect_procedure(
            self.definition(),
            self.settings(),
            schedule=self.state().schedule,
            items=self.items(),
            registry=self._execution.host.registry,
            state=state_of(self.municipality),
        )

    def missing(self) -> Mapping[str, str]:
        """Tell what it pinned and is not installed, and which distribution would bring it.

        While anything is missing, the procedure can only be read.
        """
        return missing_parts(self._execution.host.registry, self.definition())

    def audit(self) -> tuple[Check, ...]:
        """Check the procedure against itself: journal, state, boxes and results."""
        return audit(self._execution, self._scope)

    def rebuild(self) -> int:
        """Drop the present state and bring it back from the journal; returns the events."""
        return rebuild(self._execution, self._scope)

    def _unit(self) -> AbstractContextManager[Unit]:
        return self._execution.reading(self._scope)


def _known(thing: T | None, what: str) -> T:
    if thing is None:
        msg = f"there is no {what} here"
        raise NotFound(msg)
    return thing
