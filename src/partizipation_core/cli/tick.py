"""``partizipation tick``: everything that is due, in all procedures, in its order."""

from __future__ import annotations

import click

from partizipation_core.cli.house import database_option, house
from partizipation_core.cli.output import ExitCode, emit, emit_json, talk
from partizipation_core.cli.speaking import lang_option

__all__ = ["tick"]


@click.command()
@database_option
@click.option("--municipality", default="", help="Only the procedures of this municipality.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
def tick(database: str, municipality: str, as_json: bool, lang: str) -> int:
    """Do all that is due: begin and end stages, in the order of their time.

    May run as often as you like, such as every minute; nothing is done twice.
    """
    from partizipation_core.texts.wording import Wording

    say = Wording(lang=lang).sentence
    with house(database) as platform:
        done = (platform.municipality(municipality) if municipality else platform).tick()
    rows = [
        {
            "municipality": one.municipality,
            "procedure": one.procedure,
            "events": [type(told.event).__name__ for told in one.recorded],
            "failure": one.failure,
        }
        for one in done
    ]
    if as_json:
        emit_json(rows)
        return ExitCode.FAILED if any(one.failure for one in done) else ExitCode.OK
    for one in done:
        params = {"procedure": one.procedure, "municipality": one.municipality}
        if one.failure:
            talk(say("tick.failed", {**params, "failure": one.failure}))
        else:
            emit(say("tick.moved", {**params, "events": len(one.recorded)}))
    if not done:
        talk(say("tick.nothing"))
    return ExitCode.FAILED if any(one.failure for one in done) else ExitCode.OK
