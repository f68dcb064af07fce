"""The plugin host: a typed facade that calls every implementation by itself.

One implementation that fails is named and stops nobody else. There is one manager per host and
none per process, so that two platforms in one program never share plugins.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import pluggy

from partizipation_core.errors import DefinitionError, PartizipationError, PluginError
from partizipation_core.freezing import as_mapping, frozen_through
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.discussion.notices import Notice
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.plugins import loader, standard
from partizipation_core.plugins.answers import checked_result
from partizipation_core.plugins.hookspecs import Hooks
from partizipation_core.plugins.loader import Breakage, Origin, Plugin
from partizipation_core.plugins.registry import Registry
from partizipation_core.plugins.watching import HandedOut, Slow, Watch, told
from partizipation_core.values import Actor, MunicipalityRef, Objection, ProcedureRef

if TYPE_CHECKING:
    import click

    from partizipation_core.plugins.story import Story
    from partizipation_core.store.journal import Recorded

__all__ = ["PluginHost"]

_NO_ENTRY = (
    "command {command} is not registered: no loaded format says in any stage or anytime who may "
    "give it; name it in a format, install the format it was made for, or let its decider say "
    "internal=True"
)


class PluginHost:
    """All loaded plugins behind one typed face.

    Args:
        plugins: what to load besides the core's own contributions.
        options: options for plugins by their names.
        broken: what could not even be imported.
    """

    def __init__(
        self,
        plugins: Iterable[Plugin] = (),
        *,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        broken: Iterable[Breakage] = (),
    ) -> None:
        self.broken = list(broken)
        self.registry = Registry()
        self.watch = Watch()
        self._handed_out = HandedOut()
        self._origins: dict[str, Origin] = {}
        self._manager = pluggy.PluginManager("partizipation")
        self._manager.add_hookspecs(Hooks)
        for plugin in (Plugin(loader.core_origin(), standard), *plugins):
            self._add(plugin)
        self._configure(options or {})
        self._collect()

    @classmethod
    def discover(cls, *, options: Mapping[str, Mapping[str, Any]] | None = None) -> Self:
        """Load what is installed, within the allow-list ``PARTIZIPATION_PLUGINS`` if it is set."""
        found = list(loader.discover(loader.allowed_names()))
        return cls(
            [one for one in found if isinstance(one, Plugin)],
            options=options,
            broken=[one for one in found if isinstance(one, Breakage)],
        )

    @property
    def plugins(self) -> tuple[Origin, ...]:
        """The plugins that are loaded."""
        return tuple(self._origins.values())

    @property
    def slow(self) -> tuple[Slow, ...]:
        """The latest calls that took longer than they should have; nobody was stopped."""
        return self.watch.slow

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong, for the doctor: breakages first, then conflicts."""
        return (*map(str, self.broken), *self.registry.problems)

    def require_sound(self) -> None:
        """Refuse to go on while two plugins offer the same.

        Raises:
            DefinitionError: naming both.
        """
        if self.registry.problems:
            raise DefinitionError(*self.registry.problems)

    @property
    def installed(self) -> tuple[str, ...]:
        """The distributions that plugins came from, each with its version."""
        named = (f"{origin.distribution} {origin.version}" for origin in self.plugins)
        return tuple(dict.fromkeys(named))

    def event_kinds(self) -> tuple[type[Event], ...]:
        """Every event class that a journal may hold."""
        # What was recorded stays readable, whoever may still ask for it.
        offers = (*self.registry.deciders.values(), *self.registry.withheld.values())
        kinds = (kind for offer in offers for kind in offer.thing.events)
        return tuple(dict.fromkeys(kinds))

    def texts(self, lang: str) -> tuple[Mapping[str, str], ...]:
        """Catalogues that plugins bring for a language."""
        results = self._each("register_texts", keep=True)
        return tuple(result.get(lang, {}) for _, result in results)

    def add_commands(self, cli: click.Group) -> None:
        """Let plugins add sub-commands."""
        for _ in self._each("register_commands", cli=cli, keep=True):
            pass

    def stories(self) -> dict[str, Story]:
        """Demonstrations that plugins bring: key of a format → its story."""
        told = self._each("register_stories", keep=True)
        return {key: story for _, stories in told for key, story in stories.items()}

    def objections(self, command: Command, context: Context) -> tuple[Objection, ...]:
        """Collect every plugin's objections.

        Raises:
            PluginError: an implementation failed; what cannot be judged is not done.
        """
        if not self.has("objections"):
            return ()
        during = type(command).__name__
        results = self._each(
            "objections", during=during, command=command, context=self._handed_out(context)
        )
        return tuple(objection for _, result in results for objection in result)

    def follow_ups(
        self,
        municipality: MunicipalityRef,
        procedure: ProcedureRef,
        recorded: Sequence[Recorded],
        *,
        only: str = "",
    ) -> Iterator[FollowUp | PluginError]:
        """Ask all, or one plugin, what is to be handed over; a failure comes as a value."""
        results = self._each(
            "follow_ups",
            only=only,
            failures=True,
            municipality=municipality,
            procedure=procedure,
            recorded=tuple(recorded),
        )
        for _, result in results:
            yield from (result,) if isinstance(result, PluginError) else result

    def after_commit(
        self,
        municipality: MunicipalityRef,
        procedure: ProcedureRef,
        recorded: Sequence[Recorded],
        notices: Sequence[Notice] = (),
        *,
        only: str = "",
    ) -> tuple[PluginError, ...]:
        """Tell everybody, or one plugin, what was committed and return who failed."""
        results = self._each(
            "after_commit",
            only=only,
            failures=True,
            municipality=municipality,
            procedure=procedure,
            recorded=tuple(recorded),
            notices=tuple(notices),
        )
        return tuple(result for _, result in results if isinstance(result, PluginError))

    def identify(self, claims: Mapping[str, Any]) -> Actor | None:
        """Ask who somebody is; the first answer counts, plugins before the core."""
        answers = self._each("identify_participant", claims=frozen_through(claims))
        return next((answer for _, answer in answers if answer is not None), None)

    def render_text(self, code: str, params: Mapping[str, object], lang: str) -> str | None:
        """Ask whether a plugin says a sentence in its own words."""
        answers = self._each("render_text", code=code, params=as_mapping(params), lang=lang)
        return next((answer for _, answer in answers if answer is not None), None)

    def has(self, hook: str) -> bool:
        """Tell whether anybody implements a hook."""
        return bool(getattr(self._manager.hook, hook).get_hookimpls())

    def who(self, hook: str) -> tuple[str, ...]:
        """Name the plugins that implement a hook, in the order in which they are called."""
        found = reversed(getattr(self._manager.hook, hook).get_hookimpls())
        return tuple(one.plugin_name for one in found)

    # --- loading

    def _add(self, plugin: Plugin) -> None:
        origin = plugin.origin
        if origin.plugin in self._origins:
            self.registry.problems.append(
                f"plugin {origin.plugin!r} is offered by {self._origins[origin.plugin]} "
                f"and by {origin}; uninstall one"
            )
            return
        if twin := self._manager.get_name(plugin.code):
            self.broken.append(Breakage(origin, f"is the same code as plugin {twin!r}"))
            return
        try:
            self._manager.register(plugin.code, origin.plugin)
            self._manager.check_pending()
            self._refuse_wrappers(plugin.code)
        except (pluggy.PluginValidationError, ValueError) as error:
            self._manager.unregister(name=origin.plugin)
            self.broken.append(Breakage(origin, "; ".join(str(error).splitlines())))
            return
        self._origins[origin.plugin] = origin

    def _refuse_wrappers(self, code: object) -> None:
        for caller in self._manager.get_hookcallers(code) or ():
            for one in caller.get_hookimpls():
                if one.plugin is code and (one.wrapper or one.hookwrapper):
                    msg = f"hook {caller.name} is a wrapper; wrappers could swallow errors"
                    raise ValueError(msg)

    def _configure(self, options: Mapping[str, Mapping[str, Any]]) -> None:
        for name in self._origins:
            given = frozen_through(options.get(name, {}))
            for _ in self._each("configure", keep=True, only=name, options=given):
                pass
        for name in sorted(set(options) - set(self._origins)):
            self.registry.problems.append(f"options are set for {name!r}, which is not loaded")

    def _collect(self) -> None:
        for origin, rules in self._each("register_rules", keep=True):
            self.registry.add_rules(rules, origin)
        for origin, deciders in self._each("register_deciders", keep=True):
            self.registry.add_deciders(deciders, origin)
        for origin, formats in self._each("register_formats", keep=True):
            self.registry.add_formats(formats, origin)
        self.registry.settle()
        self.registry.withhold(loader.core_origin())
        for name, offer in self.registry.withheld.items():
            self.broken.append(Breakage(offer.origin, _NO_ENTRY.format(command=name)))

    # --- calling

    def _each(
        self,
        hook: str,
        *,
        during: str = "",
        only: str = "",
        keep: bool = False,
        failures: bool = False,
        **arguments: Any,
    ) -> Iterator[tuple[Origin, Any]]:
        """Call the implementations one by one, the latest first.

        A failure is raised, or with ``failures`` yielded in the place of the result, or with
        ``keep`` put down as a breakage.
        """
        for one in reversed(getattr(self._manager.hook, hook).get_hookimpls()):
            if only and one.plugin_name != only:
                continue
            origin = self._origins[one.plugin_name]
            given = {name: arguments[name] for name in one.argnames}
            try:
                result = self._timed(origin, hook, during, one.function, given)
            except KeyboardInterrupt as interrupt:
                interrupt.add_note(f"while {origin} was asked for {hook}")
                raise
            except BaseException as error:
                failure = _failure(origin, hook, during, error)
                if keep:
                    self.broken.append(Breakage(origin, f"{hook} failed: {failure.reason}"))
                elif failures:
                    yield origin, failure
                else:
                    raise failure from error
            else:
                yield origin, result

    def _timed(
        self,
        origin: Origin,
        hook: str,
        during: str,
        function: Callable[..., Any],
        given: Mapping[str, Any],
    ) -> Any:
        began = time.monotonic()
        try:
            return checked_result(hook, function(**given))
        finally:
            self.watch.ended(began, origin, hook, during)


def _failure(origin: Origin, hook: str, command: str, error: BaseException) -> PluginError:
    if isinstance(error, PluginError):
        return error
    ours = isinstance(error, PartizipationError)
    reason = told(error) if ours else f"{type(error).__name__}: {told(error)}"
    return PluginError(origin.distribution, origin.version, hook, command, reason=reason)
