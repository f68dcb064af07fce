"""Programme (Jahresprogramm): one sum a year, split over the regions, a Kiezkasse in each.

Treptow-Köpenick splits by residents, with a floor of 2,600 and in steps of 100; 100,000 a year
from 2018, 75,000 in 2025 (berlin.de/ba-treptow-koepenick, Kiezkassen; press release of 2 April
2025). Two Kiezpat:innen for each region inform about its assembly and hold it (mein.berlin.de,
Kiezkasse Baumschulenweg 2025).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from attrs import field, frozen

from partizipation_core.errors import DefinitionError
from partizipation_core.formats.stages import Timing
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.money.split import AreaShare, Split, SplitTie, split
from partizipation_core.platform import Municipality, ProcedureHandle
from partizipation_core.values import Actor, Money, ParticipantRef, ProcedureRef, Role

__all__ = ["FLOOR", "PATRONS", "STEP", "TOTAL", "Kiez", "Programme", "schedule"]

FLOOR = Money.euro(2_600)
"""The least that a region gets."""

STEP = Money.euro(100)
"""What all published shares are multiples of."""

TOTAL = Money.euro(100_000)
"""What the regions shared from 2018 on."""

PATRONS = 2
"""How many Kiezpat:innen a region has."""

_CHECKED_BEFORE = timedelta(days=28)
_CARRIED_OUT_AFTER = timedelta(days=35)


@frozen(kw_only=True)
class Kiez:
    """One region in one year, with its share and its Kiezpat:innen.

    Args:
        year: budget year.
        share: what it gets, and why just that.
        name: name of the region.
        patrons: pseudonyms of its Kiezpat:innen.
    """

    year: int
    share: AreaShare
    name: str
    patrons: tuple[ParticipantRef, ...] = field(converter=as_tuple)

    @property
    def area(self) -> str:
        """Key of the region."""
        return self.share.area

    @property
    def ref(self) -> ProcedureRef:
        """Reference of its procedure."""
        return ProcedureRef(f"kiezkasse-{self.year}-{self.area}")

    def stewards(self) -> tuple[Actor, ...]:
        """Return its Kiezpat:innen as actors; they may act on items of their region only."""
        role, areas = frozenset({Role.STEWARD}), frozenset({self.area})
        return tuple(Actor(ref=one, roles=role, areas=areas) for one in self.patrons)

    def settings(self) -> dict[str, object]:
        """Return the settings of its procedure, as in TOML."""
        return {"pot": str(self.share.amount), "region": self.name, "areas": [self.area]}


@frozen(kw_only=True)
class Programme:
    """The Kiezkassen of one year.

    Args:
        year: budget year.
        split: the sum and its shares.
        names: area → name of the region.
        patrons: area → pseudonyms of its two Kiezpat:innen.
        further: area → settings in which its procedure differs, as in TOML.
        format: key of the format that the procedures are opened with.

    Raises:
        DefinitionError: every region without a name or without two Kiezpat:innen, and everybody
            who has two regions.
    """

    year: int
    split: Split
    names: Mapping[str, str] = field(converter=as_mapping)
    patrons: Mapping[str, Sequence[str]] = field(converter=as_mapping)
    further: Mapping[str, Mapping[str, object]] = field(factory=dict, converter=as_mapping)
    format: str = "kiezkasse"

    def __attrs_post_init__(self) -> None:
        if problems := list(self._problems()):
            raise DefinitionError(*problems)

    @classmethod
    def of(  # noqa: PLR0913 - each is something in which years differ
        cls,
        year: int,
        total: Money,
        residents: Mapping[str, int],
        *,
        names: Mapping[str, str],
        patrons: Mapping[str, Sequence[str]],
        floor: Money = FLOOR,
        step: Money = STEP,
        tie: SplitTie = "larger_weight",
        further: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
    ) -> Programme:
        """Split a sum by residents and make a programme of it.

        Args:
            year: budget year.
            total: the sum for all regions.
            residents: area → number of residents.
            names: area → name of the region.
            patrons: area → pseudonyms of its two Kiezpat:innen.
            floor: the least that each region gets.
            step: what all shares are multiples of.
            tie: which of several equal remainders gets the last step.
            further: area → settings in which its procedure differs.

        Raises:
            Unsplittable: the sum cannot be split so, with every reason.
            DefinitionError: as for the class.
        """
        shares = split(total, residents, floor=floor, step=step, tie=tie)
        return cls(year=year, split=shares, names=names, patrons=patrons, further=further)

    @property
    def kieze(self) -> tuple[Kiez, ...]:
        """The regions in the order in which they were listed."""
        return tuple(
            Kiez(
                year=self.year,
                share=share,
                name=self.names[share.area],
                patrons=[ParticipantRef(one) for one in self.patrons[share.area]],
            )
            for share in self.split.shares
        )

    def open(
        self, town: Municipality, assemblies: Mapping[str, date], *, actor: Actor
    ) -> dict[str, ProcedureHandle]:
        """Open the procedures of all regions.

        Args:
            town: where; the district.
            assemblies: area → day of its assembly; a region without one is moved on by hand.
            actor: who opens them.

        Raises:
            Refused: one may not be opened; those before it are.
        """
        return {
            kiez.area: town.open(
                kiez.ref,
                self.format,
                actor=actor,
                settings={**kiez.settings(), **self.further.get(kiez.area, {})},
                schedule=schedule(assemblies[kiez.area]) if kiez.area in assemblies else {},
            )
            for kiez in self.kieze
        }

    def handles(self, town: Municipality) -> dict[str, ProcedureHandle]:
        """Return the procedures of all regions: area → handle."""
        return {kiez.area: town.procedure(kiez.ref) for kiez in self.kieze}

    def _problems(self) -> Iterator[str]:
        seats: dict[str, str] = {}
        for share in self.split.shares:
            area, named = share.area, tuple(self.patrons.get(share.area, ()))
            if not self.names.get(area, "").strip():
                yield f"names.{area}: the region has no name"
            if len(set(named)) != PATRONS or len(named) != PATRONS:
                yield f"patrons.{area}: {PATRONS} different people, not {', '.join(named) or '-'}"
            for one in named:
                if seats.setdefault(one, area) != area:
                    yield f"patrons.{area}: {one} has the region {seats[one]} already"


def schedule(assembly: date) -> dict[str, Timing]:
    """Return the stages of a Kiezkasse around the day of its assembly.

    Ideas come in until that day; offices look at them from four weeks before it; what it fixed is
    awarded from the day after, and carried out from five weeks after it.

    Args:
        assembly: the day.
    """
    return {
        "precheck": assembly - _CHECKED_BEFORE,
        "assembly": assembly,
        "fund": assembly + timedelta(days=1),
        "implement": assembly + _CARRIED_OUT_AFTER,
    }
