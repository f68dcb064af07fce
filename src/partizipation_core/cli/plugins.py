"""``partizipation plugins``: where everything comes from, and what is broken."""

from __future__ import annotations

from collections.abc import Iterator

import click

from partizipation_core.cli.house import house
from partizipation_core.cli.output import ExitCode, emit, emit_json, table
from partizipation_core.cli.scaffold import new
from partizipation_core.cli.speaking import lang_option

__all__ = ["plugins"]


@click.group()
def plugins() -> None:
    """Show and examine installed plugins."""


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def list_(*, as_json: bool) -> None:
    """List all loaded plugins and the commands they bring."""
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.wording import Wording

    host = PluginHost.discover()
    origins = host.plugins
    if as_json:
        emit_json(
            [
                {"plugin": o.plugin, "distribution": o.distribution, "version": o.version}
                for o in origins
            ]
        )
        return
    rows = [(o.plugin, o.version, o.distribution) for o in origins]
    emit(table(("Plugin", "Version", "Paket"), rows))
    brought = click.Group()
    host.add_commands(brought)
    if brought.commands:
        emit(
            "\n"
            + Wording().sentence(
                "plugins.commands", {"names": ", ".join(sorted(brought.commands))}
            )
        )


@plugins.command()
@click.option("--database", default="", help="Examine the procedures of this database, too.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def doctor(*, database: str, as_json: bool, lang: str) -> int:
    """Say what is wrong with the plugins and what to do about it.

    With --database also: which procedures lack pinned rules, and which package has them.
    """
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.wording import Wording

    problems = PluginHost.discover().problems
    missing = list(_missing(database)) if database else []
    if as_json:
        emit_json({"problems": list(problems), "missing": missing} if database else list(problems))
    else:
        say = Wording(lang=lang).sentence
        told = [*problems, *(say("doctor.missing", one) for one in missing)]
        emit("\n".join(told) or say("doctor.sound"))
    return ExitCode.FAILED if problems or missing else ExitCode.OK


def _missing(database: str) -> Iterator[dict[str, str]]:
    with house(database) as platform:
        for handle in platform.procedures():
            for what, install in handle.missing().items():
                yield {
                    "municipality": handle.municipality,
                    "procedure": handle.ref,
                    "missing": what,
                    "install": install,
                }


plugins.add_command(new)
