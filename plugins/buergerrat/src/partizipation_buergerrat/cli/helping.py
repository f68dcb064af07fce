"""``tables``, ``letters`` and ``invent``: what is needed around a draw."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from partizipation_buergerrat.cli.group import FILE, Watch
from partizipation_buergerrat.texts import wrong
from partizipation_core.cli.output import emit, emit_csv, emit_json
from partizipation_core.errors import InputError
from partizipation_core.files import together
from partizipation_core.rows import csv_text

__all__ = ["invent", "letters", "tables"]


@click.command()
@click.argument("people", type=FILE)
@click.option(
    "--size",
    type=click.IntRange(min=2),
    default=8,
    show_default=True,
    help="Most people at a table.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=6,
    show_default=True,
    help="How often tables change.",
)
@click.option(
    "--mix",
    multiple=True,
    metavar="SPALTE",
    help="Column by which tables are mixed; may be repeated.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def tables(  # noqa: PLR0913 - one for each option
    *, people: Path, size: int, rounds: int, mix: tuple[str, ...], seed: int, as_json: bool
) -> None:
    """Table plans for several rounds, so that everybody meets as many as possible.

    PEOPLE is a table; its first column names the people.
    """
    from partizipation_buergerrat.files.faults import BadTable
    from partizipation_buergerrat.files.tables import plain, read_table
    from partizipation_buergerrat.seating import plan_tables

    read, watch = read_table(people), Watch()
    missing = [table_name for table_name in mix if plain(table_name) not in read.places]
    if missing:
        raise BadTable([read.fault("table.column_missing", heading=name) for name in missing])
    places = [read.places[plain(name)] for name in mix]
    plan = plan_tables(
        [row.cell(0) for row in read.rows],
        size=size,
        rounds=rounds,
        features=[[row.cell(place) for place in places] for row in read.rows] if places else (),
        seed=seed,
        watch=lambda done, total: watch("tables", done / total),
    )
    watch.end()
    if as_json:
        emit_json(
            {
                "met": plan.met,
                "possible": plan.possible,
                "imbalance": plan.imbalance,
                "rounds": [[list(table) for table in each] for each in plan.rounds],
            }
        )
        return
    rows = [
        {"round": number, "table": table, "person": person}
        for number, each in enumerate(plan.rounds, start=1)
        for table, seated in enumerate(each, start=1)
        for person in seated
    ]
    emit_csv(rows, ["round", "table", "person"])


@click.command()
@click.option("--seats", type=click.IntRange(min=1), required=True, help="Number of seats.")
@click.option("--rate", required=True, help="Expected response, such as 5% or 0.05.")
@click.option(
    "--choice",
    default="1",
    show_default=True,
    help="How many willing people there are to be for each seat.",
)
@click.option(
    "--delivered",
    default="100%",
    show_default=True,
    help="Share of letters that can be delivered.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def letters(*, seats: int, rate: str, choice: str, delivered: str, as_json: bool) -> None:
    """Plan how many invitations are needed."""
    from partizipation_buergerrat.letters import plan_letters

    plan = plan_letters(seats, _share(rate), choice=_share(choice), delivered=_share(delivered))
    if as_json:
        emit_json({"letters": plan.letters, "replies": plan.replies, "seats": plan.seats})
    else:
        emit(f"{plan.letters} Briefe für etwa {plan.replies} Bereite und {plan.seats} Plätze.")


def _share(text: str) -> Fraction:
    number = text.strip().replace(",", ".")
    try:
        return Fraction(number[:-1]) / 100 if number.endswith("%") else Fraction(number)
    except (ValueError, ZeroDivisionError) as error:
        raise wrong(InputError, "draw.no_share", found=text) from error


@click.command()
@click.option("--people", type=click.IntRange(min=1), required=True, help="Size of the pool.")
@click.option("--seats", type=click.IntRange(min=1), required=True, help="Number of seats.")
@click.option(
    "--features", default="2,4,5,3", show_default=True, help="Number of features of each category."
)
@click.option(
    "--households",
    type=click.IntRange(0, 100),
    default=20,
    show_default=True,
    help="Share of people in common households, in percent.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for respondents.csv and categories.csv.",
)
def invent(  # noqa: PLR0913 - one for each option
    *, people: int, seats: int, features: str, households: int, seed: int, out: Path
) -> None:
    """Invent a pool for practice and show: nobody in it exists."""
    from partizipation_buergerrat.synthetic import Recipe
    from partizipation_buergerrat.synthetic import invent as invent_pool

    widths = [int(width) if width.strip().isdigit() else 0 for width in features.split(",")]
    if min(widths) < 1:
        raise click.UsageError("--features nennt Zahlen ab 1, mit Komma getrennt")
    problem = invent_pool(
        Recipe(
            people=people, seats=seats, features=tuple(widths), households=households, seed=seed
        )
    )
    out.mkdir(parents=True, exist_ok=True)
    quotas = [[q.category, q.feature, q.least, q.most] for q in problem.categories.quotas]
    names = [category.name for category in problem.categories]
    rows = [[person.id, *person.features, person.household] for person in problem.pool]
    with together() as drafts:
        heads = ["category", "feature", "min", "max"]
        drafts.put(out / "categories.csv", csv_text([heads, *quotas]))
        drafts.put(out / "respondents.csv", csv_text([["id", *names, "household"], *rows]))
