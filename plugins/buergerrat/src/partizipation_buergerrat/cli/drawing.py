"""The public draw: hold a lottery, commit, draw, cancel, verify, replace, erase."""

from __future__ import annotations

import json
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partizipation_buergerrat.cli.examining import OBJECTIVES
from partizipation_buergerrat.cli.group import (
    Asked,
    Watch,
    asked_options,
    has_solver,
    must_have_solver,
    open_question,
    read_asked,
    refuse,
)
from partizipation_buergerrat.cli.group import tell as tell_findings
from partizipation_buergerrat.texts import wrong
from partizipation_core.cli.output import emit, emit_json, talk
from partizipation_core.errors import InputError
from partizipation_core.rows import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from partizipation_buergerrat.files.folder import DrawFolder
    from partizipation_buergerrat.public.protocol import Protocol
    from partizipation_buergerrat.public.pseudonyms import Vault
    from partizipation_buergerrat.sortition.lottery import Lottery
    from partizipation_buergerrat.sortition.plain import PlainLottery
    from partizipation_buergerrat.sortition.problem import Problem

__all__ = ["cancel", "commit", "draw", "erase", "lottery", "replace", "verify"]

_FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
_AT = click.option("--at", "now", help="Instant, such as 2026-11-22T18:00:00Z; else now.")


def _now(given: str | None) -> str:
    from partizipation_buergerrat.public.instants import checked, from_seconds

    return checked(given) if given else from_seconds(time.time())


@click.command()
@asked_options
@click.option(
    "--panels",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Number of numbered panels.",
)
@click.option(
    "--objective",
    type=click.Choice([*OBJECTIVES, "pots", "simple"]),
    default="leximin",
    show_default=True,
    help="Measure of fairness, or as with slips: urns (pots), one urn (simple).",
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the draw; it is made.",
)
@click.option("--override", default="", help="Reason why warnings are passed over.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def lottery(
    *, panels: int, objective: str, folder: Path, override: str, as_json: bool, **options: Any
) -> None:
    """Compute numbered panels, one of which is drawn.

    Every panel fulfils the quotas, and everybody stands on the panels as equally as
    the quotas allow.
    """
    from partizipation_buergerrat.files.folder import DrawFolder
    from partizipation_buergerrat.public.pseudonyms import Vault
    from partizipation_buergerrat.public.publication import publish

    asked, place, watch = read_asked(**options), DrawFolder(folder), Watch()
    place.protocol().must_be_free()
    if objective in OBJECTIVES:
        must_have_solver()
    overridden = _overridden(asked, override) if has_solver() else []
    with open_question(asked.lang):
        held = _hold(asked.problem, panels, objective, watch)
    watch.end()
    ids = [person.id for person in held.problem.pool]
    known = place.vault().nonces
    fresh = Vault.new(id_ for id_ in ids if id_ not in known)
    vault = Vault({**known, **fresh.nonces})
    fixed = [f"{number}" for number, _ in enumerate(asked.problem.seated, start=1)]
    notes = json.dumps({"overridden": overridden, "fixed": fixed}, ensure_ascii=False)
    with place.changing() as kept:
        kept.write("notes.json", notes)
        kept.keep(publish(held, vault), vault)
    _tell_lottery(held, as_json=as_json)


def _hold(problem: Problem, panels: int, objective: str, watch: Watch) -> Lottery | PlainLottery:
    from partizipation_buergerrat.public.inputs import dealing_seed
    from partizipation_buergerrat.sortition.plain import from_one_pot, from_pots
    from partizipation_buergerrat.sortition.stream import Stream

    stream = Stream("deal", dealing_seed(problem))
    if objective == "pots":
        return from_pots(problem, panels=panels, stream=stream)
    if objective == "simple":
        return from_one_pot(problem, panels=panels, stream=stream)
    from partizipation_buergerrat.sortition.lottery import hold_lottery

    return hold_lottery(problem, panels=panels, stream=stream, objective=objective, watch=watch)


def _overridden(asked: Asked, reason: str) -> list[dict[str, str]]:
    """Return the warnings that somebody answers for; without a reason they stop the draw."""
    from partizipation_buergerrat.sortition.examination import examine
    from partizipation_buergerrat.texts import say

    with open_question(asked.lang):
        examined = examine(asked.problem)
    if not examined.feasible or (examined.blocking and not reason.strip()):
        refuse(examined.findings, asked.lang)
    tell_findings(examined.findings, asked.lang)
    return [
        {"code": f.code, "text": say(f.code, f.params), "reason": reason.strip()}
        for f in examined.blocking
    ]


def _tell_lottery(held: Lottery | PlainLottery, *, as_json: bool) -> None:
    counts = held.counts.values()
    summary: dict[str, Any] = {
        "panels": len(held.panels),
        "people": len(counts),
        "fewest": min(counts),
        "most": max(counts),
        "deviation": round(held.deviation, 12),
    }
    if held.chances is not None:
        summary |= {
            "bound": float(held.chances.proof.bound),
            "exact": held.chances.exact,
            "gap": round(held.gap, 12),
        }
    if as_json:
        emit_json(summary)
    else:
        emit(
            f"{summary['panels']} Tafeln, jede Person auf {summary['fewest']} bis "
            f"{summary['most']} davon, größte Abweichung vom Ziel {summary['deviation']:.4f}."
        )


@click.command()
@_FOLDER
@click.option("--procedure", required=True, help="Reference of the procedure.")
@click.option(
    "--source",
    required=True,
    help="Source of chance as JSON or @FILE, such as "
    '\'{"kind":"digits","count":3,"event":"Ziehung im Rathaus","at":"…"}\'.',
)
@_AT
def commit(*, folder: Path, procedure: str, source: str, now: str | None) -> None:
    """Commit to panels and source of chance before the event takes place.

    The checksum that is written ought to be published.
    """
    from partizipation_buergerrat.files.folder import DrawFolder
    from partizipation_buergerrat.public.canonical import digest
    from partizipation_buergerrat.public.ceremony import commit as commit_to
    from partizipation_buergerrat.public.publication import Publication, pool_digest

    place = DrawFolder(folder)
    held = Publication(
        panels=place.read("panels.json"),
        pool=place.data("pool.json"),
        claims=place.data("claims.json"),
    )
    if held.claims["panels_sha256"] != digest(held.panels) or held.claims[
        "pool_sha256"
    ] != pool_digest(held.pool):
        raise wrong(InputError, "draw.lists_changed")
    notes = place.data("notes.json")
    protocol = commit_to(
        place.protocol(),
        held,
        procedure=procedure,
        now=_now(now),
        source=_json(source),
        tool=_tool(),
        overridden=notes["overridden"],
        fixed=notes["fixed"],
    )
    with place.changing() as kept:
        kept.keep_protocol(protocol)
    emit(protocol.head)


def _json(text: str) -> Any:
    try:
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise wrong(InputError, "draw.no_json", found=text[:80]) from error


def _tool() -> dict[str, str]:
    found = {}
    for name in ("partizipation-buergerrat", "highspy", "numpy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "?"
    return found


@click.command()
@_FOLDER
@click.option(
    "--value",
    required=True,
    help="What the source gave; for deposited secrets JSON of name to secret.",
)
@click.option("--witness", "witnesses", multiple=True, help="Who witnesses it; may be repeated.")
@_AT
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def draw(
    *, folder: Path, value: str, witnesses: tuple[str, ...], now: str | None, as_json: bool
) -> None:
    """Draw the panel: exactly once, after the announced event."""
    from partizipation_buergerrat.files.folder import DrawFolder
    from partizipation_buergerrat.public import ceremony

    place = DrawFolder(folder)
    _, said = place.protocol().open_commitment()
    raw = _json(value) if said["source"]["kind"] == "reveal" else value
    panels = place.data("panels.json")
    protocol = ceremony.draw(place.protocol(), panels, raw=raw, now=_now(now), witnesses=witnesses)
    protocol = ceremony.alternates(protocol, panels)
    with place.changing() as kept:
        _write_people(kept, protocol)
        kept.keep_protocol(protocol)
    _, drawn = protocol.last("draw")
    if as_json:
        emit_json({"index": drawn["index"], "panel": drawn["panel"], "head": protocol.head})
    else:
        emit(f"Gezogen ist Tafel {drawn['index']}.")


def _write_people(place: DrawFolder, protocol: Protocol, vault: Vault | None = None) -> None:
    """Write who sits and who is on the list of alternates, by identifier, for the office alone."""
    from partizipation_buergerrat.public.ceremony import sitting

    names = _names(place.vault() if vault is None else vault)
    seated = sitting(protocol)
    order = [name for name in protocol.last("alternates")[1]["order"] if name not in seated]
    for file, people in (("selected.csv", seated), ("remaining.csv", order)):
        rows = [[names[name], name] for name in people if name in names]
        place.write(file, csv_text([["id", "pseudonym"], *rows]), private=True)
    place.write("report.csv", csv_text(_report(place, protocol, seated)))


def _report(
    place: DrawFolder, protocol: Protocol, seated: Sequence[str]
) -> Iterator[Sequence[object]]:
    """Count for each quota what was asked for, what there was, and what was drawn."""
    quotas, pool = protocol.last("commitment")[1]["quotas"], place.data("pool.json")
    categories = list(dict.fromkeys(category for category, *_ in quotas))
    yield ["category", "feature", "min", "max", "pool", "selected"]
    for category, feature, least, most in quotas:
        number = categories.index(category)
        having = {
            name
            for name, row in pool.items()
            if "features" in row and row["features"][number] == feature
        }
        yield [category, feature, least, most, len(having), len(having.intersection(seated))]


def _names(vault: Vault) -> dict[str, str]:
    return {vault.pseudonym(id_): id_ for id_ in vault.nonces}


@click.command()
@_FOLDER
@click.option("--reason", required=True, help="Why the commitment is cancelled.")
@_AT
def cancel(*, folder: Path, reason: str, now: str | None) -> None:
    """Cancel a commitment; it stays in the journal with the reason."""
    from partizipation_buergerrat.files.folder import DrawFolder
    from partizipation_buergerrat.public import ceremony

    place = DrawFolder(folder)
    with place.changing() as kept:
        kept.keep_protocol(ceremony.cancel(place.protocol(), reason=reason, now=_now(now)))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def verify(*, paths: Sequence[Path]) -> int:
    """Check a draw: the folder, or journal, panels and list of features.

    The file verifier.py does the same by itself.
    """
    from partizipation_buergerrat.public.verifier import main

    if len(paths) == 1 and paths[0].is_dir():
        names = ("losprotokoll.jsonl", "panels.json", "pool.json")
        there = [paths[0] / name for name in names if (paths[0] / name).exists()]
        return main([str(path) for path in there])
    return main([str(path) for path in paths])


@click.command()
@_FOLDER
@click.option("--leaving", required=True, metavar="ID", help="Who drops out.")
@click.option(
    "--declined",
    multiple=True,
    metavar="ID",
    help="Who was asked and declined; may be repeated.",
)
@click.option("--override", default="", help="Reason, if quotas may be missed.")
@_AT
def replace(
    *, folder: Path, leaving: str, declined: tuple[str, ...], override: str, now: str | None
) -> None:
    """Fill a seat again: with the first person of the reserve list who fits the quotas."""
    from partizipation_buergerrat.files.folder import DrawFolder
    from partizipation_buergerrat.public import ceremony
    from partizipation_buergerrat.public.publication import is_pool

    place = DrawFolder(folder)
    vault = place.vault()
    if vault.pseudonym(leaving) not in ceremony.sitting(place.protocol()):
        raise wrong(InputError, "draw.no_seat", person=leaving)
    pool = place.data("pool.json")
    if not is_pool(pool, place.protocol()):
        raise wrong(InputError, "draw.pool_changed")
    protocol = ceremony.replace(
        place.protocol(),
        pool,
        leaving=vault.pseudonym(leaving),
        declined=[vault.pseudonym(id_) for id_ in declined],
        now=_now(now),
        override=override,
    )
    with place.changing() as kept:
        _write_people(kept, protocol)
        kept.keep_protocol(protocol)
    entering = protocol.last("replacement")[1]["entering"]
    emit(_names(vault).get(entering, entering))


@click.command()
@_FOLDER
@click.argument("ids", nargs=-1, required=True)
@_AT
def erase(*, folder: Path, ids: tuple[str, ...], now: str | None) -> None:
    """Erase people: secret, features and reference; the draw can still be checked."""
    from partizipation_buergerrat.files.folder import DrawFolder
    from partizipation_buergerrat.public import ceremony

    place = DrawFolder(folder)
    vault, pool = place.vault(), place.data("pool.json")
    names = [vault.pseudonym(id_) for id_ in ids]
    protocol, left = ceremony.erased(place.protocol(), pool, names, now=_now(now))
    kept_vault = vault.without(ids)
    with place.changing() as kept:
        kept.keep_pool(left)
        if any(entry["kind"] == "draw" for _, entry in protocol.entries()):
            _write_people(kept, protocol, kept_vault)
        kept.keep_protocol(protocol)
        kept.keep_vault(kept_vault)  # last: without it nobody can be erased a second time
    talk("Gelöscht. Die Tabelle der Personen liegt nicht in diesem Ordner; löschen Sie sie dort.")
