"""Votes: papers, ballots by every channel, and results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from partizipation_core.counting import Result, Tally
from partizipation_core.execution import Receipt
from partizipation_core.execution.issuing import BEARER, FreshCodes, cast_with, issue
from partizipation_core.execution.outside import (
    OutsideVoting,
    hand_out_roll,
    outside_number,
    take_result,
)
from partizipation_core.execution.reconciling import (
    PaperDifferences,
    paper_differences,
    reconciliation,
    votes_of,
    waiting_papers,
)
from partizipation_core.execution.resulting import draft_of, opened_ballots, results_of
from partizipation_core.execution.sealing import included, seal
from partizipation_core.execution.tallying import LiveTally
from partizipation_core.formats.ballots import BallotLimits, BallotPaper
from partizipation_core.handles.base import Base, known
from partizipation_core.kernel.channels.codes import IssueCodes
from partizipation_core.kernel.channels.reconciliation import Reconciliation
from partizipation_core.kernel.results.vote_result import VoteResult
from partizipation_core.kernel.state import stage_of
from partizipation_core.store.counts import Opened
from partizipation_core.store.inclusion import Inclusion
from partizipation_core.values import (
    Actor,
    ItemRef,
    ParticipantRef,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


__all__ = ["Votes"]


class Votes(Base):
    """The part of a handle that is about votes."""

    def result(self, vote: str) -> Result:
        """Return the protocol of the count of a vote, as it is valid now.

        Raises:
            NotFound: no ballots were counted in it.
            Refused: it is not public yet.
        """
        return known(self.vote_result(vote).count, f"counted vote {vote!r}")

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

    def live_tally(self, vote: str) -> LiveTally:
        """Tell how a vote stands whose secrecy is ``open``, two seconds ago at most.

        Raises:
            NotFound: there is no such vote.
            Refused: its numbers are not public yet.
        """
        return self._execution.tallies.of(self._scope, vote)

    def paper(self, vote: str) -> BallotPaper:
        """Return a ballot paper: what may be voted on, at which price, within which money.

        Raises:
            NotFound: there is no such procedure or vote.
        """
        with self._unit() as unit:
            present, _ = self._execution.present(unit, self._scope)
            return known(present.paper(vote), f"paper of vote {vote!r}")

    def limits(self, vote: str) -> BallotLimits:
        """Return the limits that the ballots of a vote keep, for whoever draws a ballot.

        Raises:
            NotFound: there is no such procedure.
        """
        return self.settings().limits(stage_of(vote))

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

    def included(self, commitment: str, vote: str) -> Inclusion:
        """Prove that the ballot of a receipt lies in a closed box, without telling what it says.

        Args:
            commitment: that of the receipt; of a replaced ballot, only the last one's is there.
            vote: names the vote.

        Raises:
            NotFound: no ballot in the box has it, or there is no such vote.
            Refused: the vote is not over.
        """
        return included(self._execution, self._scope, commitment, vote)

    def hand_out_roll(
        self,
        vote: str,
        *,
        system: OutsideVoting,
        actor: Actor,
        keep: Callable[[bytes], object] | None = None,
    ) -> bytes:
        """Write the electoral roll of a vote for the system outside in which it is held.

        Args:
            vote: which vote; its secrecy is ``external``.
            system: the adapter, such as `exchange.outside.SignedFiles`.
            actor: who hands it over.
            keep: takes the file to a safe place before the journal says that it went out; where
                that fails, nothing is put down. Whoever lost the file hands the roll out again.

        Returns:
            the file; it holds pseudonyms that only the key of the vote turns into people.

        Raises:
            Refused: with every reason; nothing was written down.
        """
        return hand_out_roll(self._execution, self._scope, vote, system, actor, keep)

    def outside_number(self, vote: str, person: Actor) -> str:
        """Return the pseudonym under which somebody is on the roll that was handed over.

        Raises:
            NotFound: the person is not on the roll of this vote.
            StorageError: the key of the vote is gone; nobody can tell any more.
        """
        return outside_number(self._execution, self._scope, vote, person.ref)

    def take_outside_result(
        self, vote: str, report: bytes, *, system: OutsideVoting, actor: Actor
    ) -> Receipt:
        """Take in the signed result of a vote that was held outside.

        Args:
            vote: which vote.
            report: as the system outside has written it.
            system: the adapter that reads it and checks who signed it.
            actor: who takes it in.

        Raises:
            Refused: with every reason; nothing was written.
            InputError: it is not signed by the key that the settings name, or cannot be read.
        """
        return take_result(self._execution, self._scope, vote, report, system, actor)

    def seal(self, vote: str) -> int:
        """Seal a closed box: from then on nothing in the database links ballots with people.

        Sealed ballots still count and are still checked, and nobody who has voted can vote again;
        but a vote that is opened again after that lets nobody replace a sealed ballot.

        Returns:
            the number of ballots.

        Raises:
            NotFound: there is no such vote.
            Refused: the vote is not over.
            StorageError: somebody else uses the database; ask again, so that no old bytes stay.
        """
        return seal(self._execution, self._scope, vote)
