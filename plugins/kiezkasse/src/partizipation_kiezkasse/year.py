"""A whole year of all 20 regions with made-up residents, on a real platform under a moved clock.

Each Kiez tells its own story (`partizipation_kiezkasse.course`) and says until when it waits; the
year goes from one day on which something happens to the next. The same seed gives the same year.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from attrs import field, frozen

from partizipation_core.clock import FrozenClock, from_wall, start_of_day
from partizipation_core.freezing import as_tuple
from partizipation_core.platform import Municipality, Platform, ProcedureHandle
from partizipation_core.plugins.host import PluginHost
from partizipation_core.reports.documents import Document
from partizipation_core.texts import Wording
from partizipation_core.values import Actor, Money, Role
from partizipation_kiezkasse.allende import AREA as ALLENDE
from partizipation_kiezkasse.allende import AllendeCourse
from partizipation_kiezkasse.course import Course, Kept
from partizipation_kiezkasse.golden import Golden, golden_figures
from partizipation_kiezkasse.hybrid import AREA as HYBRID
from partizipation_kiezkasse.hybrid import CHANNELS, HybridCourse
from partizipation_kiezkasse.population import residents
from partizipation_kiezkasse.programme import TOTAL, Programme
from partizipation_kiezkasse.regions import regions
from partizipation_kiezkasse.statement import Statement, statement

__all__ = ["TOWN", "Played", "planned", "play_year"]

TOWN = "11000000-tk"
"""Key of the district."""

_FIRST_ASSEMBLY = (3, 15)
_ZONE = ZoneInfo("Europe/Berlin")
_EVENING = time(20, 15)
"""When the day is told: assemblies are over by then."""

_OFFICER = Actor.of("spk-1", Role.OFFICER)
_COURSES: dict[str, type[Course]] = {ALLENDE: AllendeCourse, HYBRID: HybridCourse}


@frozen(kw_only=True)
class Played:
    """What came of a year.

    Args:
        programme: the year.
        handles: area → its procedure, to be read until the platform is closed.
        statement: what became of the money.
        golden: published figures beside those that were found.
        kept: what was refused on the way.
        faults: what does not hold: equations of the statement, and each Kiez against itself.
        events: how many events the journals hold.
        papers: name → invitations, attendance lists and letters written on the way.
    """

    programme: Programme
    handles: Mapping[str, ProcedureHandle] = field(repr=False)
    statement: Statement
    golden: tuple[Golden, ...] = field(converter=as_tuple)
    kept: tuple[Kept, ...] = field(converter=as_tuple)
    faults: tuple[str, ...] = field(converter=as_tuple)
    events: int
    papers: Mapping[str, Document] = field(factory=dict, repr=False)


def planned(year: int, total: Money = TOTAL) -> Programme:
    """Return the programme of a made-up year.

    Args:
        year: budget year.
        total: the sum for all regions.
    """
    names = {area.key: area.name for area in regions().areas}
    return Programme.of(
        year,
        total,
        residents(tuple(names)),
        names=names,
        further={HYBRID: {"channels": list(CHANNELS)}},
        patrons={area: (f"kiezpat-{area}-1", f"kiezpat-{area}-2") for area in names},
    )


def play_year(  # noqa: PLR0913 - all that a year depends on
    programme: Programme,
    *,
    database: str = "sqlite://",
    seed: int = 1,
    host: PluginHost | None = None,
    wording: Wording | None = None,
    finish: Callable[[Played], None] = lambda _: None,
    watch: Callable[[Iterator[date]], Iterator[date]] = iter,
) -> Played:
    """Play a year from the first idea to the statement.

    Args:
        programme: the year.
        database: where it is kept; by default it is gone with the process.
        seed: of chance; the same seed gives the same year.
        host: the plugins.
        wording: in which notices are written.
        finish: what is done with the year while its procedures can still be read.
        watch: what looks on while the days go by, such as a bar that shows how far it is.

    Raises:
        PartizipationError: something that the story says was otherwise.
    """
    clock = FrozenClock(start_of_day(date(programme.year, 1, 11), _ZONE))
    with Platform(database, clock=clock, host=host) as platform:
        town = platform.municipality(TOWN)
        courses = _courses(programme, town, clock, seed, wording or Wording())
        for day in watch(_days(courses)):
            clock.set(from_wall(datetime.combine(day, _EVENING), _ZONE))
            town.tick()
        played = _told(programme, town, courses)
        finish(played)
        return played


def _courses(
    programme: Programme, town: Municipality, clock: FrozenClock, seed: int, wording: Wording
) -> list[Course]:
    first = date(programme.year, *_FIRST_ASSEMBLY)
    assemblies = {
        kiez.area: first + timedelta(days=3 * place) for place, kiez in enumerate(programme.kieze)
    }
    handles = programme.open(town, assemblies, actor=_OFFICER)
    return [
        _COURSES.get(kiez.area, Course)(
            kiez=kiez,
            handle=handles[kiez.area],
            clock=clock,
            assembly=assemblies[kiez.area],
            random=Random(f"{seed} {kiez.area}"),  # noqa: S311 - a made-up town
            wording=wording,
        )
        for kiez in programme.kieze
    ]


def _days(courses: Iterable[Course]) -> Iterator[date]:
    """Go through all courses in the order of the days they wait for."""
    waiting: list[tuple[date, int, Iterator[date]]] = []
    for place, course in enumerate(courses):
        story = course.play()
        heapq.heappush(waiting, (next(story), place, story))
    while waiting:
        day, place, story = heapq.heappop(waiting)
        yield day
        later = next(story, None)
        if later is not None:
            heapq.heappush(waiting, (max(day, later), place, story))


def _told(programme: Programme, town: Municipality, courses: Iterable[Course]) -> Played:
    handles = programme.handles(town)
    told = statement(programme, handles)
    wrong = [
        f"{ref}: {fault}"
        for ref, handle in handles.items()
        for check in handle.audit()
        for fault in check.faults
    ]
    return Played(
        programme=programme,
        handles=handles,
        statement=told,
        golden=golden_figures(programme.split, handles[ALLENDE]),
        kept=[one for course in courses for one in course.kept],
        faults=[*told.faults(), *wrong],
        events=sum(len(handle.journal()) for handle in handles.values()),
        papers={name: paper for course in courses for name, paper in course.papers.items()},
    )
