"""Stories: given this, when somebody does that, then so it stands; for tests of formats.

A story fails with what happened instead, so that its author sees what to change.
"""

from __future__ import annotations

from partizipation_core.errors import Refused
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.messages import Command
from partizipation_core.texts.wording import GAP, Wording
from partizipation_core.values import Actor, Objection

__all__ = ["Story"]


class Story:
    """Tells of one procedure: ``Story(handle).given(...).when(...).then("BallotCast")``.

    Args:
        handle: the procedure.
        wording: in which refusals must be said; German by default.
    """

    def __init__(self, handle: ProcedureHandle, wording: Wording | None = None) -> None:
        self._handle, self._wording = handle, wording or Wording()
        self._told = "nothing was done yet"
        self._events: tuple[str, ...] = ()
        self._refused: tuple[Objection, ...] | None = None

    def given(self, actor: Actor, *commands: Command) -> Story:
        """Do what the story takes for granted; each command must be accepted.

        Args:
            actor: who gives them.
            commands: in their order.
        """
        for command in commands:
            self.when(actor, command)
            assert self._refused is None, f"given {self._told}"
        return self

    def when(self, actor: Actor, command: Command) -> Story:
        """Give a command and remember what came of it.

        Args:
            actor: who gives it.
            command: what is given.
        """
        before = len(self._handle.journal())
        name = f"{type(command).__name__} by {actor.ref}"
        try:
            self._handle.execute(command, actor=actor)
        except Refused as refused:
            self._events, self._refused = (), refused.objections
            codes = ", ".join(sorted(one.code for one in refused.objections))
            self._told = f"{name} was refused: {codes}"
        else:
            lines = self._handle.journal()[before:]
            self._events = tuple(type(one.event).__name__ for one in lines)
            self._refused = None
            self._told = f"{name} led to {', '.join(self._events) or 'nothing'}"
        return self

    def then(self, *events: str) -> Story:
        """Ask that the last command led to just these events.

        Args:
            events: names of their classes.
        """
        assert self._events == events, f"then {', '.join(events)}; but {self._told}"
        return self

    def then_refused(self, *codes: str) -> Story:
        """Ask that the last command was refused for just these reasons, each in plain words.

        Args:
            codes: of the objections, in any order.
        """
        found = self._refused
        assert found is not None, f"then refused; but {self._told}"
        told = sorted(one.code for one in found)
        assert told == sorted(codes), f"then refused for {sorted(codes)}; but {self._told}"
        for one in found:
            sentence = self._wording.objection(one)
            assert self._wording.find(f"objection.{one.code}") and GAP not in sentence, (  # noqa: PT018
                f"objection.{one.code}: has no whole sentence; contribute it with register_texts"
            )
        return self

    def then_stands(self, item: str, state: str) -> Story:
        """Ask where an item stands.

        Args:
            item: its reference.
            state: of the lifecycle.
        """
        found = self._handle.item(item).state
        assert found == state, f"then {item} is {state}; but it is {found}, since {self._told}"
        return self
