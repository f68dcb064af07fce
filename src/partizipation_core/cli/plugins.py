"""``partizipation plugins``: where everything comes from, and what is broken."""

from __future__ import annotations

import click

from partizipation_core.cli.output import ExitCode, emit, emit_json, table

__all__ = ["plugins"]


@click.group()
def plugins() -> None:
    """Installierte Plugins zeigen und untersuchen."""


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="Als JSON ausgeben.")
def list_(*, as_json: bool) -> None:
    """Alle geladenen Plugins auflisten."""
    from partizipation_core.plugins.host import PluginHost

    origins = PluginHost.discover().plugins
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


@plugins.command()
@click.option("--json", "as_json", is_flag=True, help="Als JSON ausgeben.")
def doctor(*, as_json: bool) -> int:
    """Sagen, was mit den Plugins nicht stimmt und was zu tun ist."""
    from partizipation_core.plugins.host import PluginHost

    problems = PluginHost.discover().problems
    if as_json:
        emit_json(list(problems))
    else:
        emit("\n".join(problems) if problems else "Alle Plugins sind in Ordnung.")
    return ExitCode.FAILED if problems else ExitCode.OK
