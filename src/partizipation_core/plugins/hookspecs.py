"""The hooks: what plugins contribute, and what they may object to.

Hooks contribute things or add objections. What is decided by rules that a procedure must freeze
is a rule slot, not a hook. An implementation may leave out arguments it does not need.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pluggy

from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.rules import Rule
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command
from partizipation_core.values import Actor, MunicipalityRef, Objection, ProcedureRef

if TYPE_CHECKING:
    import click

    from partizipation_core.kernel.discussion.notices import Notice
    from partizipation_core.kernel.followup import FollowUp
    from partizipation_core.plugins.story import Story
    from partizipation_core.store.journal import Recorded

__all__ = ["Hooks"]

hookspec = pluggy.HookspecMarker("partizipation")


class Hooks:
    """Every hook with its arguments."""

    @hookspec
    def configure(self, options: Mapping[str, Any]) -> None:
        """Take the options that the embedding application set for this plugin.

        Args:
            options: the options under the plugin's name, empty where none were set.
        """

    @hookspec
    def register_formats(self) -> Iterable[ProcedureFormat]:
        """Contribute formats."""

    @hookspec
    def register_rules(self) -> Iterable[Rule]:
        """Contribute rules that TOML may name; rules used by an own format come by themselves."""

    @hookspec
    def register_deciders(self) -> Iterable[Decider]:
        """Contribute commands and how they are decided."""

    @hookspec
    def register_texts(self) -> Mapping[str, Mapping[str, str]]:
        """Contribute sentences: language → code → text."""

    @hookspec
    def register_commands(self, cli: click.Group) -> None:
        """Add sub-commands to the command line.

        Args:
            cli: the group ``partizipation``.
        """

    @hookspec
    def register_stories(self) -> Mapping[str, Story]:
        """Contribute demonstrations: key of a format → what ``partizipation demo`` plays."""

    @hookspec
    def objections(self, command: Command, context: Context) -> Iterable[Objection]:
        """Object to a command. Pure, called before anything is written; nothing means consent.

        Args:
            command: what is asked.
            context: everything the decision may see.
        """

    @hookspec
    def follow_ups(
        self,
        municipality: MunicipalityRef,
        procedure: ProcedureRef,
        recorded: Sequence[Recorded],
    ) -> Iterable[FollowUp]:
        """Hand over to another procedure. Pure; the commands run as transactions of their own.

        Args:
            municipality: where it happened.
            procedure: in which procedure.
            recorded: what was just committed.
        """

    @hookspec(firstresult=True)
    def identify_participant(self, claims: Mapping[str, Any]) -> Actor | None:
        """Turn what the host application knows of a person into an actor.

        Args:
            claims: as the application passes them to `Platform.identify`; from
                `ProcedureHandle.recognise` the person's pseudonym as ``ref``, the ``roles``, the
                ``assertion``, and as ``registered`` what the register says of the person.
        """

    @hookspec(firstresult=True)
    def render_text(self, code: str, params: Mapping[str, object], lang: str) -> str | None:
        """Say a sentence otherwise than the catalogues do.

        Args:
            code: names the sentence.
            params: fills it.
            lang: ``de`` or ``en``.
        """

    @hookspec
    def after_commit(
        self,
        municipality: MunicipalityRef,
        procedure: ProcedureRef,
        recorded: Sequence[Recorded],
        notices: Sequence[Notice],
    ) -> None:
        """Observe what was committed. Failures are kept in the store and undo nothing.

        Args:
            municipality: where it happened.
            procedure: in which procedure.
            recorded: the events, never ballots, supports, ratings or reports.
            notices: who is to be told of it, for whoever sends messages.
        """
