"""``check`` and ``target``: what is possible, and what the fairest chances are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partizipation_buergerrat.cli.group import (
    FILE,
    Watch,
    asked_options,
    must_have_solver,
    open_question,
    read_asked,
    refuse,
    tell,
)
from partizipation_core.cli.output import ExitCode, emit, emit_csv, emit_json, table
from partizipation_core.errors import InputError
from partizipation_core.files import write

if TYPE_CHECKING:
    from partizipation_buergerrat.sortition.examination import Examination
    from partizipation_buergerrat.sortition.fair import Chances
    from partizipation_buergerrat.sortition.problem import Problem
    from partizipation_buergerrat.sortition.quotas import Quota

__all__ = ["OBJECTIVES", "check", "target"]

_DIGITS = 12
OBJECTIVES = ("leximin", "maximin", "nash", "goldilocks", "minimax")
OBJECTIVE = click.option(
    "--objective",
    type=click.Choice(OBJECTIVES),
    default="leximin",
    show_default=True,
    help="Measure of fairness.",
)
_EXACT = click.option(
    "--exact/--quick",
    "exact",
    default=None,
    help="Prove with panels that the target is reached; by default up to 400 groups.",
)


@click.command()
@asked_options
@click.option(
    "--what-if",
    "changes",
    multiple=True,
    metavar="MERKMAL=WERT:MIN-MAX",
    help="Show the effect of other quotas; may be repeated.",
)
@click.option("--chart", type=FILE, help="Write bars of pool and target shares as SVG.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Write quotas and pool as CSV.")
def check(
    *, changes: tuple[str, ...], chart: Path | None, as_json: bool, as_csv: bool, **options: Any
) -> int:
    """Check whether a draw is possible, who can never be drawn and what would help.

    RESPONDENTS is the table of people, CATEGORIES that of quotas.
    """
    must_have_solver()
    from partizipation_buergerrat.charts import pool_bars, stacked
    from partizipation_buergerrat.sortition.examination import examine

    asked = read_asked(**options)
    compared = _compared(asked.problem, changes) if changes else {}
    with open_question(asked.lang):
        examined = examine(asked.problem)
    tell([*examined.findings, *_review(asked.respondents.review)], asked.lang)
    if chart:
        drawn = pool_bars(examined.counts, seats=asked.problem.seats)
        write(chart, stacked(drawn))
    rows = _rows(examined)
    if as_json:
        emit_json(_data(examined, rows, asked.lang) | compared)
    elif as_csv:
        emit_csv(rows, list(rows[0]))
    else:
        emit(_shown(rows))
        if compared:
            _show_compared(compared["what_if"], asked.lang)
    return ExitCode.REFUSED if examined.blocking else ExitCode.OK


def _review(review: Any) -> list[Any]:
    from partizipation_buergerrat.sortition.examination import Finding

    return [
        Finding(code="draw.review_address", params={"written": " / ".join(texts)})
        for texts in review.values()
    ]


def _rows(examined: Examination) -> list[dict[str, object]]:
    return [
        {
            "category": count.quota.category,
            "feature": count.quota.feature,
            "min": count.quota.least,
            "max": count.quota.most,
            "pool": count.pool,
            "seated": count.seated,
        }
        for count in examined.counts
    ]


def _shown(rows: list[dict[str, object]]) -> str:
    headings = ("Min", "Max", "Lostopf", "Gesetzt", "Quote")
    cells = [
        [
            *(str(row[key]) for key in ("min", "max", "pool", "seated")),
            f"{row['category']} = {row['feature']}",
        ]
        for row in rows
    ]
    return table(headings, cells, right=(0, 1, 2, 3))


def _data(examined: Examination, rows: list[dict[str, object]], lang: str) -> dict[str, object]:
    from partizipation_buergerrat.texts import say

    changed = examined.relaxation.changed if examined.relaxation else ()
    return {
        "feasible": examined.feasible,
        "quotas": rows,
        "relaxation": [
            {"category": q.category, "feature": q.feature, "min": q.least, "max": q.most}
            for q in changed
        ],
        "excluded": [
            {
                "people": list(each.people),
                "quotas": [f"{q.category}={q.feature}" for q in each.quotas],
            }
            for each in examined.excluded
        ],
        "findings": [
            {"code": f.code, "blocking": f.blocking, "text": say(f.code, f.params, lang)}
            for f in examined.findings
        ],
    }


def _show_compared(compared: dict[str, Any], lang: str) -> None:
    from partizipation_buergerrat.texts import say

    if not compared["feasible"]:
        emit(say("draw.what_if_infeasible", {}, lang))
        return
    for name, each in compared["features"].items():
        emit(f"{name}: {each['before']:.4f} → {each['after']:.4f}")


def _compared(problem: Problem, changes: tuple[str, ...]) -> dict[str, Any]:
    from partizipation_buergerrat.sortition.examination import what_if

    compared = what_if(problem, [_changed(problem, text) for text in changes])
    return {
        "what_if": {
            "feasible": compared.feasible,
            "before": _figure(compared.before),
            "after": _figure(compared.after),
            "features": {
                "=".join(name): {"before": _figure(now), "after": _figure(then)}
                for name, (now, then) in compared.features.items()
            },
        }
    }


def _changed(problem: Problem, text: str) -> Quota:
    """Read a quota as it was typed; case and blanks make no difference, as in tables."""
    from partizipation_buergerrat.files.tables import plain
    from partizipation_buergerrat.texts import wrong

    found = re.fullmatch(r"(.+):\s*([0-9]{1,9})\s*-\s*([0-9]{1,9})\s*", text, re.DOTALL)
    if found is None or int(found[2]) > int(found[3]):
        raise wrong(InputError, "draw.quota_form", found=text)
    for quota in problem.categories.quotas:
        if plain(f"{quota.category}={quota.feature}") == plain(re.sub(r"\s*=\s*", "=", found[1])):
            least, most = int(found[2]), int(found[3])
            return replace(quota, least=least, most=most, least_flex=0, most_flex=None)
    raise wrong(InputError, "draw.quota_unknown", quota=found[1])


@click.command()
@asked_options
@OBJECTIVE
@_EXACT
@click.option("--chart", type=FILE, help="Write the curve of chances as SVG.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Write everybody's chance as CSV.")
def target(
    *,
    objective: str,
    exact: bool | None,
    chart: Path | None,
    as_json: bool,
    as_csv: bool,
    **options: Any,
) -> None:
    """Compute the fairest chances, with the proof that none are fairer.

    RESPONDENTS is the table of people, CATEGORIES that of quotas.
    """
    must_have_solver()
    from partizipation_buergerrat.sortition.examination import examine
    from partizipation_buergerrat.sortition.fair import fair_chances
    from partizipation_buergerrat.sortition.program import Infeasible

    asked, watch = read_asked(**options), Watch()
    try:
        with open_question(asked.lang):
            chances = fair_chances(asked.problem, objective=objective, exact=exact, watch=watch)
    except Infeasible:
        with open_question(asked.lang):
            refuse(examine(asked.problem).findings, asked.lang)
        return
    watch.end()
    if chart:
        write(chart, _curve(chances))
    data = chances_data(asked.problem, chances)
    if as_json:
        emit_json(data)
    elif as_csv:
        rows = [{"id": id_, "probability": p} for id_, p in data["probabilities"].items()]
        emit_csv(rows, ["id", "probability"])
    else:
        emit(_told(data))
    if chances.excluded:
        tell(examine(asked.problem, nobody=chances.excluded).blocking, asked.lang)


def chances_data(problem: Problem, chances: Chances) -> dict[str, Any]:
    """Return chances as plain data.

    Args:
        problem: the draw, with those who are seated.
        chances: of the others.
    """
    drawn = {id_: _figure(chance) for id_, chance in chances.targeted.items()}
    seated = {person.id: 1.0 for person in problem.seated}
    beside = dict.fromkeys(problem.beside_seated, 0.0)
    nobody = frozenset(chances.excluded)
    reached = (chance for id_, chance in chances.reached.items() if id_ not in nobody)
    bound = chances.proof.bound
    return {
        "objective": chances.objective,
        "seats": problem.seats,
        "people": len(problem.pool) + len(problem.seated),
        "minimum": min(drawn.values()),
        "maximum": max(drawn.values()),
        "bound": float(bound),
        "bound_exact": f"{bound.numerator}/{bound.denominator}",
        "exact": chances.exact,
        "gap": _figure(chances.gap),
        "reached": _figure(min(reached, default=0.0)),
        "kinds": len(chances.kinds),
        "cuts": len(chances.cuts),
        "excluded": list(chances.excluded),
        "beside_seated": list(beside),
        "probabilities": drawn | beside | seated,
    }


def _figure(number: float) -> float:
    return round(number, _DIGITS) + 0.0


def _curve(chances: Chances) -> str:
    from partizipation_buergerrat.charts import chance_curve

    even = chances.problem.seats / len(chances.problem.pool)
    return chance_curve(chances.targeted, even=even, bound=float(chances.proof.bound))


def _told(data: dict[str, Any]) -> str:
    reached = (
        "mit Tafeln belegt"
        if data["exact"]
        else f"mit Tafeln belegt bis auf {data['gap']:.4f}; niemand hat dort weniger als "
        f"{data['reached']:.6f}"
    )
    return (
        f"Kleinste Chance {data['minimum']:.6f}, größte {data['maximum']:.6f}, {reached}.\n"
        f"Kein Verfahren kann allen mehr als {data['bound']:.6f} geben (bewiesen)."
    )
