"""``tables``, ``letters`` and ``invent``: what is needed around a draw."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from partizipation_buergerrat.cli.group import FILE, Watch
from partizipation_buergerrat.texts import wrong
from partizipation_core.cli.output import emit, emit_csv, emit_json
from partizipation_core.errors import InputError
from partizipation_core.rows import csv_text

__all__ = ["invent", "letters", "tables"]


@click.command()
@click.argument("people", type=FILE)
@click.option(
    "--size", type=click.IntRange(min=2), default=8, show_default=True, help="Höchstzahl je Tisch."
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=6,
    show_default=True,
    help="Wie oft die Tische wechseln.",
)
@click.option(
    "--mix",
    multiple=True,
    metavar="SPALTE",
    help="Spalte, nach der Tische gemischt werden; mehrfach möglich.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Startwert.")
@click.option("--json", "as_json", is_flag=True, help="Als JSON ausgeben.")
def tables(  # noqa: PLR0913 - one for each option
    *, people: Path, size: int, rounds: int, mix: tuple[str, ...], seed: int, as_json: bool
) -> None:
    """Tischpläne für mehrere Runden, damit alle möglichst vielen begegnen.

    PEOPLE ist eine Tabelle; ihre erste Spalte nennt die Personen.
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
@click.option("--seats", type=click.IntRange(min=1), required=True, help="Zahl der Plätze.")
@click.option("--rate", required=True, help="Erwarteter Rücklauf, etwa 5% oder 0.05.")
@click.option(
    "--choice", default="1", show_default=True, help="Wie viele Bereite es je Platz geben soll."
)
@click.option("--delivered", default="100%", show_default=True, help="Anteil zustellbarer Briefe.")
@click.option("--json", "as_json", is_flag=True, help="Als JSON ausgeben.")
def letters(*, seats: int, rate: str, choice: str, delivered: str, as_json: bool) -> None:
    """Planen, wie viele Einladungen nötig sind."""
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
@click.option("--people", type=click.IntRange(min=1), required=True, help="Größe des Lostopfs.")
@click.option("--seats", type=click.IntRange(min=1), required=True, help="Zahl der Plätze.")
@click.option(
    "--features", default="2,4,5,3", show_default=True, help="Zahl der Merkmale je Kategorie."
)
@click.option(
    "--households",
    type=click.IntRange(0, 100),
    default=20,
    show_default=True,
    help="Anteil in gemeinsamen Haushalten, in Prozent.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Startwert.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Ordner für respondents.csv und categories.csv.",
)
def invent(  # noqa: PLR0913 - one for each option
    *, people: int, seats: int, features: str, households: int, seed: int, out: Path
) -> None:
    """Einen Lostopf erfinden, zum Üben und Vorführen: Niemand darin existiert."""
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
    _write(out / "categories.csv", ["category", "feature", "min", "max"], quotas)
    names = [category.name for category in problem.categories]
    rows = [[person.id, *person.features, person.household] for person in problem.pool]
    _write(out / "respondents.csv", ["id", *names, "household"], rows)


def _write(path: Path, headings: list[str], rows: list[list[object]] | list[list[str]]) -> None:
    path.write_text(csv_text([headings, *rows]), encoding="utf-8", newline="")
