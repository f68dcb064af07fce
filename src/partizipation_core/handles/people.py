"""People: who takes part, as far as the procedure knows, and what it keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partizipation_core.execution import Receipt
from partizipation_core.execution.disclosing import about
from partizipation_core.execution.recognising import Extract, import_of, recognise
from partizipation_core.execution.retaining import Overdue, erase_overdue, overdue
from partizipation_core.handles.base import Base
from partizipation_core.identity import Assertion
from partizipation_core.kernel.electorate.fields import about_people, wanted
from partizipation_core.kernel.electorate.strengths import StrengthReport, strength_report
from partizipation_core.kernel.privacy.forgetting import ForgetPerson
from partizipation_core.kernel.voices import Held
from partizipation_core.plugins.pinning import unpin
from partizipation_core.store import speaking
from partizipation_core.values import (
    Actor,
    Role,
)

__all__ = ["People"]


class People(Base):
    """The part of a handle that is about people."""

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

    def about(self, actor: Actor) -> dict[str, Any]:
        """Return all that is kept of somebody, for nobody but themselves (Art. 15 DSGVO).

        Returns:
            plain data for JSON: register, items, comments, voices, votes, payees and journal
            lines; that somebody voted and not what the ballot says.

        Raises:
            NotFound: there is no such procedure.
            StorageError: a key is missing without which nobody can tell.
        """
        return about(self._execution, self._scope, actor.ref)

    def forget(self, person: Actor, *, actor: Actor) -> Receipt:
        """Erase a person: register, drafts, texts, payees no longer needed (Art. 17 DSGVO).

        Args:
            person: who is forgotten.
            actor: who is responsible for it.

        Raises:
            Refused: nothing is kept of the person, or the actor may not do this.
        """
        return self.execute(ForgetPerson(person=person.ref), actor=actor)

    def overdue(self) -> tuple[Overdue, ...]:
        """List the personal data that are kept beyond their time.

        Raises:
            NotFound: there is no such procedure.
        """
        return overdue(self._execution, self._scope)

    def erase_overdue(self, *, actor: Actor) -> tuple[Overdue, ...]:
        """Erase the personal data that are kept beyond their time; returns what was erased.

        Raises:
            NotFound: there is no such procedure.
            Refused: the actor may not erase its register.
        """
        return erase_overdue(self._execution, self._scope, actor)

    def held(self, actor: Actor) -> tuple[Held, ...]:
        """Return what somebody has supported, rated and reported; for nobody but themselves."""
        with self._unit() as unit:
            return speaking.held(unit, self._execution.keys, self._scope, actor.ref)
