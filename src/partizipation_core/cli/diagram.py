"""``partizipation formats diagram``: stages and items of a format, drawn or as a table."""

from __future__ import annotations

import click

from partizipation_core.cli.output import emit_csv, emit_json
from partizipation_core.cli.speaking import lang_option

__all__ = ["diagram"]

_COLUMNS = ("start", "name", "to", "by", "rules")


@click.command()
@click.argument("key")
@click.option(
    "--of",
    "kind",
    type=click.Choice(["stages", "items"]),
    default="stages",
    show_default=True,
    help="The way of the procedure or that of an item.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["mermaid", "dot", "svg", "csv"]),
    default="mermaid",
    show_default=True,
    help="svg needs Graphviz.",
)
@click.option("--json", "as_json", is_flag=True, help="Write all ways as JSON.")
@lang_option
def diagram(key: str, *, kind: str, form: str, as_json: bool, lang: str) -> None:
    """Write stages or items of a format as a diagram or a table."""
    from partizipation_core.exchange import diagram as drawing
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.wording import Wording

    host = PluginHost.discover()
    registry = host.registry
    facts = {name: offer.thing for name, offer in registry.deciders.items()}
    graph = drawing.graph_of(
        registry.format(key).thing,
        "items" if kind == "items" else "stages",
        facts,
        Wording(lang=lang, catalogues=host.texts(lang)),
    )
    if as_json:
        emit_json(drawing.to_rows(graph))
    elif form == "csv":
        emit_csv(drawing.to_rows(graph), _COLUMNS)
    else:
        draw = {"mermaid": drawing.to_mermaid, "dot": drawing.to_dot, "svg": drawing.to_svg}
        click.echo(draw[form](graph), nl=False)
