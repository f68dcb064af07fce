"""``partizipation calendar``: all dates of a procedure, for everybody's own calendar."""

from __future__ import annotations

import click

from partizipation_core.cli.house import house, place_options, wording_of
from partizipation_core.cli.output import ExitCode
from partizipation_core.cli.speaking import lang_option

__all__ = ["calendar"]


@click.command()
@place_options
@lang_option
def calendar(database: str, municipality: str, procedure: str, lang: str) -> int:
    """Write all dates of a procedure as iCalendar (RFC 5545).

    The file can be subscribed to: a changed date replaces the old one.
    """
    from partizipation_core.exchange.icalendar import procedure_calendar

    with house(database) as platform:
        handle = platform.municipality(municipality).procedure(procedure)
        data = procedure_calendar(
            handle.definition(),
            handle.journal(),
            municipality=municipality,
            zone=handle.settings().timezone,
            wording=wording_of(handle, lang),
        )
    click.echo(data, nl=False)
    return ExitCode.OK
