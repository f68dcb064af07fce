"""``partizipation formats lint``: what is questionable about a format or a town's file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partizipation_core.cli.output import ExitCode, emit, emit_json, table, talk
from partizipation_core.cli.speaking import lang_option

if TYPE_CHECKING:
    from partizipation_core.formats.advice import Finding

__all__ = ["finding_row", "lint", "tell_findings"]


@click.command()
@click.argument("target", metavar="KEY|DATEI")
@click.option("--state", default="", help="State whose holidays count, such as BE.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def lint(target: str, *, state: str, as_json: bool, lang: str) -> int:
    """Say what is doubtful in a format or in a town's TOML file.

    Dead stages, a vote without items, a step that nobody may take, an empty
    period, a deadline on a holiday.
    """
    found = _found(target, state)
    if as_json:
        emit_json([finding_row(one) for one in found])
    else:
        tell_findings(found, lang)
    return ExitCode.FAILED if any(one.level == "error" for one in found) else ExitCode.OK


def _found(target: str, state: str) -> Sequence[Finding]:
    from partizipation_core.cli.definitions import read_file
    from partizipation_core.inspection import inspect_format, inspect_town
    from partizipation_core.plugins.host import PluginHost

    registry = PluginHost.discover().registry
    file = Path(target)
    if not file.is_file():
        return inspect_format(registry.format(target).thing, registry)
    text = file.read_bytes().decode("utf-8", errors="surrogateescape")
    if "partizipation/" in text.partition("\n\n")[0]:
        return read_file(text, target, registry)[0]
    return inspect_town(text, registry, source=target, state=state)


def tell_findings(found: Sequence[Finding], lang: str) -> None:
    """Write findings as a table, or say that there are none."""
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.wording import Wording

    word = Wording(lang=lang, catalogues=PluginHost.discover().texts(lang))
    rows = [
        (
            word.label("level", one.level),
            one.place,
            word.sentence(f"lint.{one.code}", one.params),
        )
        for one in found
    ]
    if rows:
        emit(table([word.sentence(f"lint.head.{name}") for name in _HEADINGS], rows))
    else:
        talk(word.sentence("lint.sound"))


def finding_row(finding: Finding) -> dict[str, object]:
    """Turn a finding into plain data."""
    return {
        "place": finding.place,
        "level": finding.level,
        "code": finding.code,
        "params": dict(finding.params),
    }


_HEADINGS = ("level", "place", "told")
