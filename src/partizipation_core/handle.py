"""One procedure: what an application does with it and reads of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from partizipation_core.execution.exporting import checkpoint, export
from partizipation_core.execution.request import Receipt
from partizipation_core.formats.advice import Finding
from partizipation_core.formats.deadlines import state_of
from partizipation_core.handles.people import People
from partizipation_core.handles.purse import Purse
from partizipation_core.handles.talk import Talk
from partizipation_core.handles.votes import Votes
from partizipation_core.inspection import inspect_procedure
from partizipation_core.kernel.procedure import AmendProcedure
from partizipation_core.plugins.pinning import missing_parts, repin
from partizipation_core.replay import Check, audit, rebuild
from partizipation_core.store.checkpoint import Checkpoint
from partizipation_core.values import Actor

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["ProcedureHandle"]


class ProcedureHandle(Votes, Purse, People, Talk):
    """One procedure; made by `Municipality.open` and `Municipality.procedure`."""

    def amend(
        self,
        *,
        settings: Mapping[str, object] = MappingProxyType({}),
        rules: Mapping[str, str | Sequence[str]] = MappingProxyType({}),
        reason: str,
        actor: Actor,
        key: str = "",
    ) -> Receipt:
        """Change settings and rules of the running procedure, as long as nobody has voted.

        What is not named stays as it was pinned at the opening, versions included.

        Args:
            settings: those that change, as written by people, such as in TOML.
            rules: slots that are answered otherwise from now on → names of the rules.
            reason: why; it stands in the journal.
            actor: who changes it.
            key: the request's idempotency key.

        Raises:
            DefinitionError: every fault in settings and rules, each with its path.
            Refused: it may not be changed, or no more.
        """
        definition = repin(
            self._execution.host.registry, self.definition(), settings=settings, rules=rules
        )
        return self.execute(
            AmendProcedure(definition=definition, reason=reason), actor=actor, key=key
        )

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

    def checkpoint(self, size: int = 0) -> Checkpoint:
        """Return a short text that pins down the journal, to be kept outside, as in the minutes.

        Args:
            size: of how many lines; 0 for all there are.

        Raises:
            NotFound: the procedure was never opened.
            InputError: the journal has fewer lines.
        """
        return checkpoint(self._execution, self._scope, size)

    def export(
        self, into: Path, *, ballots: bool = True, texts: bool = True, whole: bool = False
    ) -> Mapping[str, Any]:
        """Write the whole procedure as files that ``verifier/verify.py`` checks by itself.

        Args:
            into: a folder that is empty or not there yet, or a file ``.tar`` or ``.zip``.
            ballots: whether the opened ballots go with it; they are for auditors alone.
            texts: whether the texts go with it that its journal is committed to; not where they
                are none of the reader's business, and what is erased later shall be gone.
            whole: whether all goes with it that `Platform.import_procedure` needs to go on with
                the procedure elsewhere, among it personal data; it is for nobody else.

        Returns:
            the manifest: every file with its size and SHA-256.

        Raises:
            NotFound: the procedure was never opened.
            Refused: ballots are asked for, and the result of a vote is not public yet.
            InputError: there is something already where it is to be written.
        """
        kinds = {"ballots": ballots, "texts": texts, "whole": whole}
        return export(self._execution, self._scope, into, **kinds)
