"""The group ``partizipation``: finds sub-commands lazily and turns errors into exit codes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from partizipation_core.cli.speaking import language_of, speaking
from partizipation_core.errors import (
    Conflict,
    DefinitionError,
    InputError,
    NotFound,
    PartizipationError,
    PluginError,
    Refused,
)

__all__ = ["cli", "run"]

COMMANDS: Mapping[str, tuple[str, str]] = {
    "areas": ("areas:areas", "Check maps and find the area of a place."),
    "calendar": ("calendar:calendar", "Write all dates of a procedure as iCalendar."),
    "count": ("count:count", "Count and check election files (.pb)."),
    "databases": ("databases:databases", "Back up, restore and move databases."),
    "demo": ("demo:demo", "Show a whole procedure, with real ballots."),
    "formats": ("formats:formats", "Show and check formats."),
    "people": ("people:people", "Show personal data, give access to it and erase it."),
    "plugins": ("plugins:plugins", "Show and examine installed plugins."),
    "procedures": (
        "procedures:procedures",
        "Export, import, audit and rebuild procedures, print checkpoints, seal ballot boxes.",
    ),
    "register": (
        "register:register",
        "Check, import and erase extracts of the population register.",
    ),
    "results": ("results:results", "Show, certify and recount results."),
    "tick": ("tick:tick", "Do all that is due in the procedures."),
    "why": ("why:why", "Say why something is allowed or not, and from when."),
}
"""Name → where it lives in this room, and what help says without loading it."""

MORE = "Plugins bring further commands; 'partizipation plugins list' names them."


class LazyGroup(click.Group):
    """A group whose own commands are imported when they are called, plugins' after that."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands; plugins' only once they have been added."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, or look for it among those of plugins."""
        if cmd_name in COMMANDS:
            module, name = COMMANDS[cmd_name][0].split(":")
            found = importlib.import_module(f"partizipation_core.cli.{module}")
            return speaking(getattr(found, name))
        if cmd_name not in self.commands:
            from partizipation_core.plugins.host import PluginHost

            PluginHost.discover().add_commands(self)
        command = super().get_command(ctx, cmd_name)
        return speaking(command) if command else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the list of commands from the table above, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in sorted(COMMANDS.items())])
        formatter.write_paragraph()
        formatter.write_text(MORE)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="partizipation-core", prog_name="partizipation")
def cli() -> None:
    """Participation procedures: run them, count them, check them."""


EXITS: tuple[tuple[type[PartizipationError], int], ...] = (
    (NotFound, 4),
    (Conflict, 5),
    (PluginError, 7),
    (DefinitionError, 1),
    (InputError, 1),
)


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with an exit code that means something."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        done: Any = cli.main(arguments, prog_name="partizipation", standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Refused as refusal:
        return _refused(refusal, language_of(sys.argv[1:] if arguments is None else arguments))
    except PartizipationError as error:
        click.echo(str(error), err=True)
        return next((code for kind, code in EXITS if isinstance(error, kind)), 1)
    except OSError as error:  # such as a full disk that what is told is led to
        click.echo(str(error), err=True)
        return 1
    return done if isinstance(done, int) else 0


def _refused(refusal: Refused, lang: str) -> int:
    """Say why in sentences; commands that know the procedure do it with its own titles."""
    from partizipation_core.texts.wording import Wording

    word = Wording(lang=lang)
    for objection in refusal.objections:
        click.echo(word.objection(objection), err=True)
    return 3
