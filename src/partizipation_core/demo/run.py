"""Run a demonstration and write what it leaves behind.

The folder then holds the database, the journal, the result for machines and for people, and one
page that stands by itself.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen

from partizipation_core.clock import FrozenClock
from partizipation_core.counting import Election
from partizipation_core.demo.stage import Denial, LiveScene, ProgressBar, start_of_story
from partizipation_core.errors import NotFound, PartizipationError
from partizipation_core.files import together
from partizipation_core.freezing import as_tuple
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.story import Story
from partizipation_core.replay import Check as Audited
from partizipation_core.reports.assemble import assemble, checks_in_words
from partizipation_core.reports.page import render_page
from partizipation_core.reports.report import Refusal, Report
from partizipation_core.reports.tables import ENTRY_COLUMNS, entry_rows, to_csv
from partizipation_core.texts.titles import title_of
from partizipation_core.texts.wording import Wording

__all__ = ["FILES", "Outcome", "default_election", "run"]

T = TypeVar("T")
TOWN = "12345678"
FILES = ("demo.db", "journal.ndjson", "result.json", "result.csv", "index.html")
_LEFT = "files"
_TRACES = (*FILES, _LEFT, "demo.db-wal", "demo.db-shm", "demo.db.keys")
_OURS = {"kiezkasse": "musterkiez.pb"}
_REAL = Path("../shared/data/pabulib/Poland_Warszawa_2023_Wesola.pb")


@frozen(kw_only=True)
class Outcome:
    """What a demonstration came to.

    Args:
        report: everything the page tells.
        audited: the checks, the rebuild among them.
        denials: what was refused on the way.
        notes: codes and parameters of what the story had to say.
        ballots: how many ballots were cast one by one.
        seconds: how long casting them took, on the clock on the wall.
    """

    report: Report
    audited: tuple[Audited, ...] = field(converter=as_tuple)
    denials: tuple[Denial, ...] = field(converter=as_tuple)
    notes: tuple[str, ...] = field(converter=as_tuple)
    ballots: int
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether every check held."""
        return all(check.ok for check in self.audited)


def default_election(form: str) -> Path | None:
    """Find the file that is played when none is named, seen from the working directory.

    Args:
        form: key of the format.
    """
    ours = Path("examples/elections") / _OURS.get(form, "musterstadt.pb")
    places = (ours,) if form in _OURS else (_REAL, ours)
    here = (Path(), Path(__file__).parents[3])
    return next((path for root in here for p in places if (path := root / p).is_file()), None)


def run(
    form: str,
    source: Path,
    folder: Path,
    *,
    wording: Wording,
    progress: ProgressBar,
) -> Outcome:
    """Play the story of a format and write everything into a folder.

    Args:
        form: key of the format.
        source: an election in ``.pb`` format.
        folder: made if need be; an earlier demonstration in it is replaced.
        wording: writes codes for the reader.
        progress: shows how far a long task is.

    Raises:
        NotFound: no plugin has a story for the format.
        InputError: the file is damaged, with its place.
        PartizipationError: the folder holds something else.
    """
    host = PluginHost.discover()
    story = _story(host, form)
    election = Election.from_pb(source)
    _empty(folder)
    clock, timer = FrozenClock(start_of_story()), _Timer(progress)
    with Platform(f"sqlite:///{folder / 'demo.db'}", host=host, clock=clock) as platform:
        scene = LiveScene(platform.municipality(TOWN), clock, election, timer.each)
        story(scene)
        own = evolve(wording, catalogues=_spoken(host, wording))
        outcome = _outcome(scene, source, own, timer)
        _write(outcome.report, scene, folder, own)
    return outcome


def _story(host: PluginHost, form: str) -> Story:
    stories = host.stories()
    if form not in stories:
        raise NotFound(
            Wording().sentence(
                "demo.no_story", {"format": form, "known": ", ".join(sorted(stories)) or "-"}
            )
        )
    return stories[form]


class _Timer:
    """Takes the time of the longest task: casting the ballots."""

    def __init__(self, progress: ProgressBar) -> None:
        self._progress = progress
        self.count, self.seconds = 0, 0.0

    def each(self, things: Iterable[T], label: str) -> Iterator[T]:
        start, done = time.perf_counter(), 0
        for thing in self._progress(things, label):
            yield thing
            done += 1
        if label == "demo.ballots":
            self.count, self.seconds = done, time.perf_counter() - start


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    present = {path.name for path in folder.iterdir()}
    if present - set(_TRACES):
        text = Wording().sentence("demo.folder_in_use", {"folder": str(folder)})
        raise PartizipationError(text)
    for name in present:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _outcome(scene: LiveScene, source: Path, wording: Wording, timer: _Timer) -> Outcome:
    handle = scene.handle
    before = (handle.state(), handle.items())
    counted = handle.rebuild()
    same = (handle.state(), handle.items()) == before
    rebuilt = Audited("rebuilt", counted, () if same else ("the state differs",))
    audited = (*handle.audit(), rebuilt)
    description = scene.election.meta.get("description", source.stem)
    told: Mapping[str, object] = {"file": source.name, "description": description}
    title_code, source_code = "", "demo.source"
    if scene.introduction is not None:
        title_code, source_code, told = scene.introduction
    own = Wording(
        lang=wording.lang,
        currency=handle.settings().currency,
        zone=handle.settings().zone,
        catalogues=(_titles(scene, wording.catalogues), *wording.catalogues),
    )
    notes = [own.sentence(code, params) for code, params in scene.notes]
    report = assemble(
        handle,
        own,
        title=own.sentence(title_code, told) if title_code else description,
        municipality=_place(scene),
        generated_at=scene.clock.now(),
        refusals=[_refusal(denial, own) for denial in scene.denials],
        checks=checks_in_words(audited, own),
        source=" ".join([own.sentence(source_code, told), *notes]),
    )
    return Outcome(
        report=report,
        audited=audited,
        denials=scene.denials,
        notes=notes,
        ballots=timer.count,
        seconds=timer.seconds,
    )


def _place(scene: LiveScene) -> str:
    if scene.introduction is not None:
        return str(scene.introduction[2].get("place", ""))
    return scene.election.meta.get("unit", "Musterstadt")


def _spoken(host: PluginHost, wording: Wording) -> tuple[Mapping[str, str], ...]:
    """Return every catalogue that the reader's language may need, those of plugins first."""
    return (*host.texts(wording.lang), *host.texts("de"), *wording.catalogues)


def _titles(scene: LiveScene, texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Let sentences name stages and items by their titles."""
    known = scene.handle.definition().stages
    stages = {f"stage.{one.key}": title_of(one.title, texts) for one in known}
    return {**stages, **{f"item.{ref}": item.title for ref, item in scene.items().items()}}


def _refusal(denial: Denial, wording: Wording) -> Refusal:
    sentences = [wording.objection(objection) for objection in denial.objections]
    return Refusal(
        who=wording.labels("role", sorted(denial.actor.roles)),
        what=wording.label("command", denial.command),
        sentence=" ".join(sentences),
    )


def _write(report: Report, scene: LiveScene, folder: Path, wording: Wording) -> None:
    rows = entry_rows(report)
    data = {
        "procedure": "demo",
        "format": scene.handle.definition().format,
        "currency": report.currency,
        "pot": report.pot,
        "awarded": report.awarded,
        "rest": report.rest,
        "ballots": report.ballots,
        "items": rows,
        "result": _counted(scene),
        "numbers": report.result.to_data() if report.result else None,
    }
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    table = to_csv(rows, ENTRY_COLUMNS, audience="machine")
    page = render_page(report, wording.lang, catalogues=wording.catalogues)
    if scene.files:
        (folder / _LEFT).mkdir(exist_ok=True)
    with together() as drafts:
        drafts.put(folder / "journal.ndjson", scene.handle.journal_lines())
        drafts.put(folder / "result.json", text + "\n")
        drafts.put(folder / "result.csv", table)
        for name, left in scene.files.items():
            drafts.put(folder / _LEFT / name, left)
        drafts.put(folder / "index.html", page)


def _counted(scene: LiveScene) -> object:
    votes = scene.handle.state().counted
    try:
        return scene.handle.result(votes[0]).to_data() if votes else None
    except NotFound:
        return None
