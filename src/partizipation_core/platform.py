"""Platform: the door. Opens the house, hands out municipalities and procedures.

.. code-block:: python

    platform = Platform("sqlite:///town.db")
    town = platform.municipality("12060052")
    budget = town.open("budget-2027", "buergerhaushalt", settings={...}, actor=officer)
    budget.execute(SubmitItem(item="i-1", title="Trinkbrunnen am Markt"), actor=anna)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from partizipation_core.clock import Clock, SystemClock
from partizipation_core.configuration import ProcedureConfig, resolve, windows_of
from partizipation_core.errors import DefinitionError, NotFound, StorageError
from partizipation_core.execution import Execution, Ticked, tick_all
from partizipation_core.execution.outbox import Observer
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.stages import Timing
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.procedure import OpenProcedure
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import Choice, unpin
from partizipation_core.store import Database, Scope, directory
from partizipation_core.store.keys import FileKeys, KeyRing, MemoryKeys
from partizipation_core.transfer.backup import backup, restore
from partizipation_core.transfer.importing import import_procedure
from partizipation_core.transfer.moving import move
from partizipation_core.transfer.proof import Proof
from partizipation_core.values import (
    Actor,
    MunicipalityRef,
    ParticipantRef,
    ProcedureRef,
    municipality_ref,
    reference,
)

__all__ = ["Municipality", "Platform", "ProcedureHandle"]


class Platform:
    """One installation: a database, its plugins, a clock.

    Args:
        database: ``sqlite:///FILE`` or ``postgresql://USER@HOST/DATABASE``; ``sqlite://`` is gone
            with the process.
        host: the plugins; by default all that are installed.
        clock: tells the time.
        keys: keys for the roll; by default in a folder beside the database file. A database on a
            server has nothing beside it, so there they must be given.

    Raises:
        DefinitionError: two plugins offer the same.
        StorageError: the database is not as our promises need it.
    """

    def __init__(
        self,
        database: str = "sqlite://",
        *,
        host: PluginHost | None = None,
        clock: Clock | None = None,
        keys: KeyRing | None = None,
    ) -> None:
        host = host or PluginHost.discover()
        host.require_sound()
        opened = Database(database)
        keys = keys or _keys_beside(opened)
        self._execution = Execution(opened, host, clock or SystemClock(), keys)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back; a handle that is asked afterwards raises `StorageError`."""
        self._execution.database.close()

    @property
    def host(self) -> PluginHost:
        """The plugins."""
        return self._execution.host

    def municipality(self, key: str) -> Municipality:
        """Return the handle of a municipality; everything it does stays within it.

        Args:
            key: eight-digit municipality key, for a district with a suffix.

        Raises:
            ValueError: the key has another form.
        """
        return Municipality(self._execution, municipality_ref(key))

    def procedures(self) -> tuple[ProcedureHandle, ...]:
        """Return the handles of all procedures of all municipalities."""
        return _procedures(self._execution)

    def tick(self) -> tuple[Ticked, ...]:
        """Let every procedure do what is due, in the order in which it was due.

        Call it as often as you like; what was done is not done again.
        """
        return tuple(tick_all(self._execution))

    def subscribe(self, name: str, observer: Observer) -> None:
        """Have an observer told of everything that is committed, at least once and in order.

        It is told of a procedure from the first line on that is written after it subscribed there
        under this name; later, and after every restart, it goes on where it stopped. What fails is
        kept in `ProcedureHandle.failures`, undoes nothing, and is tried again by `tick`. Of many
        processes that have subscribed under one name, one tells each line. After a crash, or
        where the observer takes ten minutes, a line may come twice; its number tells. Ballots are
        never among it.

        Args:
            name: lasting name of the subscription, as ``search-index``.
            observer: is called as the hook ``after_commit`` is: with the municipality, the
                procedure, what was recorded, and who is to be told of it.

        Raises:
            ValueError: the name has another form.
            Conflict: there is a subscription of this name.
        """
        self._execution.outbox.subscribe(reference(name), observer)

    def import_procedure(self, exported: Path) -> ProcedureHandle:
        """Take in a procedure that was exported whole; see `transfer.importing`.

        Raises:
            InputError: the export is damaged or not whole; names file and line.
            StorageError: a distribution that it needs is not installed here.
            Conflict: there is such a procedure already. In all these cases nothing was written.
        """
        return ProcedureHandle(self._execution, import_procedure(self._execution, exported))

    def backup(self, into: Path, *, exclude_open_secret: bool = False) -> Mapping[str, Any]:
        """Write the whole database as files; see `transfer.backup`.

        Args:
            into: an empty or new folder, or a file ``.zip`` or ``.tar``.
            exclude_open_secret: whether to leave out what links people and their ballots.

        Returns:
            the manifest: every table with its size and SHA-256, and the heads of all journals.

        Raises:
            InputError: there is something already where it is to be written.
        """
        return backup(self._execution, into, exclude_open_secret=exclude_open_secret)

    def restore(self, backed_up: Path) -> Proof:
        """Bring a backup back into this database, which must be empty; see `transfer.backup`.

        Raises:
            InputError: the backup is damaged; names file and line. Nothing was written.
            StorageError: the database is not empty, or the backup contradicts itself.
        """
        return restore(self._execution, backed_up)

    def move_to(
        self, other: Platform, *, municipality: str = "", with_open_votes: bool = False
    ) -> Proof:
        """Copy municipalities into another database, with proof; see `transfer.moving`.

        Args:
            other: where to; must hold nothing of them.
            municipality: which one; empty for all.
            with_open_votes: whether to go ahead while a vote is open.

        Raises:
            NotFound: there is no such municipality here.
            StorageError: why it cannot be; nothing was written.
        """
        return move(
            self._execution,
            other._execution,
            municipality=municipality,
            with_open_votes=with_open_votes,
        )

    def identify(self, claims: Mapping[str, Any]) -> Actor:
        """Turn what the host application knows of a person into an actor.

        Raises:
            NotFound: no plugin knows the person.
        """
        actor = self.host.identify(claims)
        if actor is None:
            msg = "no plugin can tell who this is"
            raise NotFound(msg)
        return actor


class Municipality:
    """A tenant; made by `Platform.municipality`."""

    def __init__(self, execution: Execution, key: MunicipalityRef) -> None:
        self._execution = execution
        self.key = key

    def open(  # noqa: PLR0913 - everything a procedure is opened with
        self,
        ref: str,
        format: str,  # noqa: A002 - the word of the field
        *,
        actor: Actor,
        settings: Mapping[str, object] | None = None,
        rules: Mapping[str, Choice] | None = None,
        schedule: Mapping[str, Timing] | None = None,
    ) -> ProcedureHandle:
        """Open a procedure and pin everything it is made of.

        Args:
            ref: its reference, new in this municipality.
            format: key of the format.
            actor: who opens it.
            settings: as in TOML, amounts as text.
            rules: slot → names of the rules that answer it instead of the format's.
            schedule: stage → local day, local time or instant at which it begins, or ``from``
                and ``until``; a day named as the last one is meant whole.

        Raises:
            NotFound: no such format.
            DefinitionError: every fault in settings, rules and schedule, with its path.
            Refused: it may not be opened.
            ValueError: the reference has another form.
        """
        config = ProcedureConfig(
            ref=ProcedureRef(reference(ref)),
            format=format,
            settings=settings or {},
            rules=rules or {},
            schedule=schedule or {},
        )
        return self._open(config, actor)

    def open_configured(self, config: ProcedureConfig, *, actor: Actor) -> ProcedureHandle:
        """Open a procedure as a town's TOML describes it; raises as `open` does."""
        try:
            return self._open(config, actor)
        except DefinitionError as error:
            place = f"procedure.{config.ref}"
            raise DefinitionError(*(f"{place}.{told}" for told in error.problems)) from error

    def _open(self, config: ProcedureConfig, actor: Actor) -> ProcedureHandle:
        handle = self.procedure(config.ref)
        handle.execute(resolve(self._execution.host.registry, config), actor=actor)
        return handle

    def open_definition(
        self,
        ref: str,
        definition: Definition,
        *,
        actor: Actor,
        schedule: Mapping[str, Timing] | None = None,
    ) -> ProcedureHandle:
        """Open a procedure from a definition that is pinned already, such as a copied one.

        Args:
            ref: its reference, new in this municipality.
            definition: of another procedure, or read from a file; nothing but it comes along.
            actor: who opens it.
            schedule: as in `open`; dates are no part of a definition.

        Raises:
            DefinitionError: every fault in the schedule, with its path.
            Refused: it may not be opened, for instance because a rule is not installed here.
            ValueError: the reference has another form.
        """
        handle = self.procedure(reference(ref))
        zone = unpin(self._execution.host.registry, definition).settings.timezone
        windows = windows_of(schedule or {}, definition, zone)
        opening = OpenProcedure(ref=ProcedureRef(ref), definition=definition, schedule=windows)
        handle.execute(opening, actor=actor)
        return handle

    def winners(self) -> dict[ParticipantRef, int]:
        """Return who was awarded money in any procedure → the last year in which that was.

        Whoever gave it up or was refused the grant is not counted. Meant for the setting
        ``cooling_off.winners`` of the next procedure.
        """
        found: dict[ParticipantRef, int] = {}
        for handle in self.procedures():
            for person, year in handle.winners().items():
                found[person] = max(year, found.get(person, year))
        return found

    def procedures(self) -> tuple[ProcedureHandle, ...]:
        """Return the handles of all procedures of this municipality."""
        return _procedures(self._execution, self.key)

    def tick(self) -> tuple[Ticked, ...]:
        """Let every procedure of this municipality do what is due; see `Platform.tick`."""
        return tuple(tick_all(self._execution, self.key))

    def procedure(self, ref: str) -> ProcedureHandle:
        """Return the handle of a procedure, whether or not it exists yet."""
        return ProcedureHandle(self._execution, Scope(self.key, ProcedureRef(ref)))


def _procedures(execution: Execution, municipality: str = "") -> tuple[ProcedureHandle, ...]:
    with execution.database.reading() as connection:
        found = directory.procedures(connection, municipality)
    return tuple(ProcedureHandle(execution, scope) for scope in found)


def _keys_beside(database: Database) -> KeyRing:
    """Keep keys beside the database file; a database in memory needs them only in memory.

    Raises:
        StorageError: there is no such place; with keys that are lost everybody could vote again.
    """
    if database.in_memory:
        return MemoryKeys()
    if database.file is None:
        database.close()
        msg = (
            f"{database.name}: say where the keys of the roll are kept, outside the database and "
            "the same for every process: Platform(..., keys=FileKeys(folder)), "
            "or the variable PARTIZIPATION_KEYS for commands of the terminal"
        )
        raise StorageError(msg)
    return FileKeys(Path(f"{database.file}.keys"))
