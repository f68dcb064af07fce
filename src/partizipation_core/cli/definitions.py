"""``partizipation formats export`` and ``import``: formats as files that name everything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partizipation_core.cli.lint import finding_row, tell_findings
from partizipation_core.cli.output import ExitCode, emit_json, talk
from partizipation_core.cli.speaking import lang_option

if TYPE_CHECKING:
    from partizipation_core.formats.advice import Finding
    from partizipation_core.plugins.registry import Registry

__all__ = ["export", "import_"]


@click.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of TOML.")
def export(key: str, *, as_json: bool) -> None:
    """Write a format as TOML: stages, ways, rights, states and rules by name."""
    from partizipation_core.exchange.definition import as_json as to_json
    from partizipation_core.exchange.definition import as_toml, format_data
    from partizipation_core.plugins.host import PluginHost

    registry = PluginHost.discover().registry
    data = format_data(registry.format(key).thing, registry)
    click.echo(to_json(data) if as_json else as_toml(data), nl=False)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def import_(file: Path, *, as_json: bool, lang: str) -> int:
    """Read a file of 'export' and say all that bars it or is doubtful.

    Nothing is changed; Municipality.open_definition opens a procedure of it.
    """
    from partizipation_core.plugins.host import PluginHost

    text = file.read_bytes().decode("utf-8", errors="surrogateescape")
    found, name = read_file(text, str(file), PluginHost.discover().registry)
    failed = any(one.level == "error" for one in found)
    if as_json:
        emit_json({"name": name, "findings": [finding_row(one) for one in found]})
    else:
        tell_findings(found, lang)
        if not failed:
            from partizipation_core.texts.wording import Wording

            talk(Wording(lang=lang).sentence("import.sound", {"name": name}))
    return ExitCode.FAILED if failed else ExitCode.OK


def read_file(text: str, source: str, registry: Registry) -> tuple[tuple[Finding, ...], str]:
    """Read an exported file and return what is questionable about it, and its name.

    Raises:
        InputError: it is neither TOML nor JSON.
    """
    from partizipation_core.errors import DefinitionError
    from partizipation_core.exchange import definition as files
    from partizipation_core.inspection import contradictions, inspect_definition, inspect_format

    data: Any = files.read_plain(text, source=source)
    name = str(data.get("key") or data.get("format") or source)
    try:
        if "format" in data:
            return inspect_definition(files.read_definition(data, registry), registry), name
        return inspect_format(files.read_format(data, registry), registry), name
    except DefinitionError as error:
        return contradictions(error), name
