"""Needs: one reader for each thing that a decision may ask to see."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from partizipation_core.execution.destroying import published_at
from partizipation_core.execution.franchise import franchise
from partizipation_core.execution.registering import register_view
from partizipation_core.execution.request import Request
from partizipation_core.kernel.channels.entries import RegisterView
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Need
from partizipation_core.kernel.discussion.counts import open_kinds
from partizipation_core.kernel.messages import ItemCommand
from partizipation_core.kernel.override import asked
from partizipation_core.kernel.privacy.wording import Written
from partizipation_core.kernel.state import Procedure
from partizipation_core.plugins.pinning import Pinned
from partizipation_core.store import Scope, Unit, roll, speaking
from partizipation_core.store.journal import Codec
from partizipation_core.store.keys import KeyRing
from partizipation_core.values import NO_COMMENT

__all__ = ["Asked", "with_needs"]


@frozen
class Asked:
    """What is asked, of which procedure, and what its decision needs to see."""

    request: Request
    keys: KeyRing
    codec: Codec
    present: Procedure
    pinned: Pinned
    needs: frozenset[Need]

    @property
    def unit(self) -> Unit:
        """Return the transaction to read in."""
        return self.request.unit

    @property
    def scope(self) -> Scope:
        """Return municipality and procedure."""
        return self.request.scope

    @property
    def vote(self) -> str:
        """Return the vote the command names, or else the present one."""
        named: str = getattr(asked(self.request.command), "vote", self.present.vote)
        return named

    @property
    def can_be_looked_up(self) -> bool:
        """Tell whether the present vote has been opened, and its key is not destroyed."""
        vote = self.present.vote
        return vote in self.present.papers and vote not in self.present.keyless


def with_needs(context: Context, about: Asked) -> Context:
    """Return a context with everything that its decision needs.

    Args:
        context: with procedure, settings and rules.
        about: what is asked and needed.
    """
    found = {name: read(about) for need, (name, read) in _READERS.items() if need in about.needs}
    # What a voter's earlier ballot says decides what a second one does.
    if found.get("voted"):
        found["register"] = _register(about)
    shown = found.get("register", RegisterView())
    return evolve(
        context,
        franchise=franchise(
            about.request, about.keys, about.present, about.pinned, about.needs, shown=shown
        ),
        municipality=about.scope.municipality,
        **found,
    )


def _voted(about: Asked) -> bool:
    actor, vote = about.request.actor.ref, about.present.vote
    if not about.can_be_looked_up:
        return False
    return roll.has_voted(about.unit, about.keys, about.scope, vote, actor)


def _held(about: Asked) -> object:
    return speaking.held(about.unit, about.keys, about.scope, about.request.actor.ref)


def _reports(about: Asked) -> int:
    command = asked(about.request.command)
    if not isinstance(command, ItemCommand):
        return 0
    return about.unit.voices.reports(command.item, getattr(command, "comment", NO_COMMENT))


def _register(about: Asked) -> RegisterView:
    if not about.can_be_looked_up:
        return RegisterView()
    return register_view(about.unit, about.keys, about.request, about.present.vote)


def _nonce(_about: Asked) -> str:
    return secrets.token_hex(32)


def _written(about: Asked) -> tuple[Written, ...]:
    lines = about.unit.lines()
    return tuple(one for line in lines for one in about.codec.written(line))


_Reader = Callable[[Asked], Any]

_READERS: Mapping[Need, tuple[str, _Reader]] = MappingProxyType(
    {
        Need.MARK: ("voted", _voted),
        Need.BOX: ("box", lambda about: about.unit.box(about.present.vote)),
        Need.BALLOTS: ("ballots", lambda about: tuple(about.unit.ballots(about.vote))),
        Need.HELD: ("held", _held),
        Need.REPORTS: ("reports", _reports),
        Need.VOICES: (
            "voices",
            lambda about: about.unit.voices.summary(
                open_kinds(about.present, about.pinned.definition)
            ),
        ),
        Need.REGISTER: ("register", _register),
        Need.BOX_COUNT: ("box_count", lambda about: about.unit.counts.of(about.vote)),
        Need.NONCE: ("nonce", _nonce),
        Need.WRITTEN: ("written", _written),
        Need.PUBLISHED: ("published", lambda about: published_at(about.unit, about.vote)),
    }
)
"""Need → the name in the context and who reads it."""
