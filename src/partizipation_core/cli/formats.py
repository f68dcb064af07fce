"""``partizipation formats``: which formats there are, what they are made of, whether TOML fits."""

from __future__ import annotations

from pathlib import Path

import click

from partizipation_core.cli.definitions import export, import_
from partizipation_core.cli.diagram import diagram
from partizipation_core.cli.lint import lint
from partizipation_core.cli.output import ExitCode, emit, emit_json, table
from partizipation_core.cli.rights import rights
from partizipation_core.cli.speaking import lang_option

__all__ = ["formats"]


@click.group()
def formats() -> None:
    """Show and check formats."""


@formats.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def list_(*, as_json: bool) -> None:
    """List all installed formats."""
    from partizipation_core.plugins.host import PluginHost

    offers = PluginHost.discover().registry.formats
    rows = [
        {
            "key": key,
            "title": offer.thing.title,
            "distribution": offer.origin.distribution,
            "version": offer.origin.version,
        }
        for key, offer in sorted(offers.items())
    ]
    if as_json:
        emit_json(rows)
    else:
        emit(table(("Format", "Version", "Paket", "Titel"), [_line(row) for row in rows]))


def _line(row: dict[str, str]) -> tuple[str, ...]:
    return (row["key"], row["version"], row["distribution"], row["title"])


@formats.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def show(key: str, *, as_json: bool, lang: str) -> None:
    """Show stages, rights and rules of a format."""
    from partizipation_core.formats.rules import Rule
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.titles import with_titles
    from partizipation_core.texts.wording import Wording

    host = PluginHost.discover()
    form = host.registry.format(key).thing
    rules = {
        slot: [one.ref if isinstance(one, Rule) else one for one in answers]
        for slot, answers in form.rules.items()
    }
    stages = [(stage.key, str(stage.kind), stage.allows) for stage in form.stages]
    rights = [
        {"stage": stage, "kind": kind, "command": name, "roles": sorted(roles)}
        for stage, kind, allows in [*stages, ("", "", form.anytime)]
        for name, roles in allows.items()
    ]
    if as_json:
        emit_json({"key": form.key, "title": form.title, "rules": rules, "rights": rights})
        return
    word = Wording(lang=lang, catalogues=with_titles(form.stages, host.texts(lang)))
    anytime = word.label("handbook", "anytime")
    lines = [
        (
            word.label("stage", right["stage"]) if right["stage"] else anytime,
            word.label("command", right["command"]),
            word.labels("role", right["roles"]),
        )
        for right in rights
    ]
    emit(f"{form.title} ({form.key})\n")
    emit(table([word.label("table", name) for name in ("stage", "command", "role")], lines))
    answers = [(slot, ", ".join(names)) for slot, names in rules.items()]
    emit("\n" + table([word.label("handbook", name) for name in ("slot", "rules")], answers))


@formats.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> int:
    """Check that a town's TOML file fits the formats; every error with its place."""
    from partizipation_core.configuration import read_configuration, resolve
    from partizipation_core.errors import PartizipationError
    from partizipation_core.plugins.host import PluginHost

    registry = PluginHost.discover().registry
    text = file.read_bytes().decode("utf-8", errors="surrogateescape")
    problems: list[str] = []
    for ref, config in read_configuration(text, source=str(file)).items():
        try:
            resolve(registry, config)
        except PartizipationError as error:
            problems += (f"{file}: procedure.{ref}.{line}" for line in str(error).splitlines())
    for problem in problems:
        click.echo(problem, err=True)
    return ExitCode.FAILED if problems else ExitCode.OK


for command in (diagram, export, import_, lint, rights):
    formats.add_command(command)
