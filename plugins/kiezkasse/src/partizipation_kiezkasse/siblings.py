"""Funds of other Berlin districts: the Kiezkasse with another body, other caps, other dates.

Each is one `derive` call; its docstring names what is published. Where a source is silent, a
setting has no default that would pass for a rule of the town, and the text says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen
from attrs.validators import ge, le

from partizipation_core.commands import (
    AwardItems,
    ChooseMethod,
    CloseSitting,
    DecideInBody,
    DeclareConflict,
    OpenSitting,
    PutOnBallot,
    RecordAssembly,
    ReplaceMember,
    SeatBody,
    VoteInBody,
)
from partizipation_core.formats.ballots import positive
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.grants import GrantSettings
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.formats.rules import Rule, View, rule
from partizipation_core.formats.stages import Edge, Mover, Stage, StageKind
from partizipation_core.values import Money, Objection, Role
from partizipation_kiezkasse import INTAKE, KIEZKASSE, ONGOING, PRECHECK, PREPARATION
from partizipation_kiezkasse.caps import FundSettings, least_cost, pot_used_up, soft_cap
from partizipation_kiezkasse.jury import AnnounceJury, DrawJury, lot_from_pots

__all__ = [
    "JUROR",
    "KIEZFONDS",
    "PROJEKTFONDS",
    "RATHAUSBLOCK_KIEZFONDS",
    "RATHAUSBLOCK_KIEZKASSE",
    "SIBLINGS",
    "STADTTEILKASSE",
    "STRAW_POLL",
    "jury_seats",
]

JUROR = "juror"
"""Role of those who hold a seat in a jury (Bürgerjury, Quartiersrat)."""

Allowances = dict[type, list[Role]]

SEATING: Allowances = {SeatBody: [Role.OFFICER], ReplaceMember: [Role.OFFICER]}
SITTING: dict[type, list[str]] = {
    OpenSitting: [Role.STEWARD],
    DeclareConflict: [JUROR, Role.STEWARD],
    VoteInBody: [JUROR],
    DecideInBody: [Role.STEWARD],
    CloseSitting: [Role.STEWARD],
}
CHECKING: Allowances = {**INTAKE, **PRECHECK, **PREPARATION, **SEATING}
AWARDING: Allowances = {AwardItems: [Role.OFFICER], **ONGOING}
WALK_IN: Allowances = {**INTAKE, **PRECHECK, PutOnBallot: [Role.STEWARD]}
AGAIN = Edge("assembly", by=[Mover.COMMAND])


# --- Lichtenberg


def jury_seats(residents: int) -> int:
    """Return how many seats the jury of a Stadtteil in Lichtenberg has.

    One for each 1,000 residents, at least 10 and at most 15; at least 60 % of them are drawn from
    the population register, at most 40 % are held by organisations (2010,
    buergerhaushalt-lichtenberg.de).

    Args:
        residents: of the Stadtteil.
    """
    return min(15, max(10, residents // 1000))


def _sitting(title: str, *, rolling: bool, on_ballot: str = "shortlisted") -> Stage:
    intake = WALK_IN if rolling else {}
    return Stage(
        "assembly",
        kind=StageKind.VOTE,
        title=title,
        puts_on_ballot=on_ballot,
        allows={**intake, **SEATING, **SITTING, **ONGOING},
    )


def _stage(key: str, allows: Mapping[type, Sequence[str]], **edges: Edge) -> Stage:
    """Take a stage of the Kiezkasse and let other things be done in it."""
    like = next(stage for stage in KIEZKASSE.stages if stage.key == key)
    return Stage(key, kind=like.kind, title=like.title, allows=allows, edges=edges)


def _rolling(sitting: Stage) -> tuple[Stage, ...]:
    """Let ideas come in in every stage, and the jury sit again after the last one."""
    always = {**INTAKE, **PRECHECK, **PREPARATION, **AWARDING}
    return (
        _stage("precheck", CHECKING),
        sitting,
        _stage("fund", always, next_sitting=AGAIN),
        _stage(
            "implement",
            always,
            next_sitting=AGAIN,
            pot_used_up=Edge("settle", by=[Mover.CONDITION]),
        ),
    )


SETTLE: dict[str, Stage] = {
    "implement": Stage(
        "settle",
        kind=StageKind.IMPLEMENT,
        title="Abrechnung",
        allows=AWARDING,
        edges={"reopen": Edge("implement", by=[Mover.COMMAND])},
    )
}
"""Intake that rolls ends when the pot is empty, or when the office says that the year is over."""

USED_UP: dict[str, Rule | str] = {"implement.pot_used_up": pot_used_up}


def _yearly(sitting: Stage) -> tuple[Stage, ...]:
    """Let ideas come in until the one sitting of the year."""
    return (
        _stage("precheck", CHECKING),
        sitting,
        _stage("fund", AWARDING),
        _stage("implement", AWARDING),
    )


@rule("quorum", name="kiezkasse/any_number_present")
def any_number_present(_present: int, _members: int, _view: View) -> Iterator[Objection]:
    """Ask for no quorum, where a town has published none."""
    yield from ()


BY_JURY: dict[str, Rule | str] = {
    "quorum": any_number_present,
    "resolution": "core/resolved_by_majority_of_votes",
    "conflict": "core/own_item",
}


@frozen(kw_only=True)
class KiezfondsSettings(FundSettings):
    """Settings of the Kiezfonds of one Stadtteil.

    Args:
        soft_cap: 1,000 for a project without a reason („grundsätzlich“).
        jury_residents_percent: so many percent of the seats, at least, go to residents drawn from
            the population register (2010).
    """

    soft_cap: Money | None = field(default=Money.euro(1_000), validator=positive)
    jury_residents_percent: int = field(default=60, validator=[ge(0), le(100)])


KIEZFONDS = KIEZKASSE.derive(
    key="kiezfonds",
    title="Kiezfonds",
    settings=KiezfondsSettings,
    replace=(
        _stage("precheck", {**CHECKING, AnnounceJury: [Role.OFFICER], DrawJury: [Role.OFFICER]}),
        *_rolling(_sitting("Sitzung der Bürgerjury", rolling=True))[1:],
    ),
    insert_after=SETTLE,
    conditions=USED_UP,
    rules={
        **BY_JURY,
        "draw": lot_from_pots,
        "award": ["core/as_proposed", soft_cap],
    },
)
"""Lichtenberg: a jury decides alone, about once a month, until the pot is empty.

13 Stadtteile with 5,000 each in 2010, 10,000 from 2017 to 2020, 13,000 in 2023 and 2025; as a rule
(„grundsätzlich“) at most 1,000 for a project, so beyond that with a reason; what is left is not
transferred to the next year. Sources: buergerhaushalt-lichtenberg.de (Informationen; 25000 mal
Post aus dem Rathaus, 2010), berlin.de/ba-lichtenberg (artikel.586132), stk-lichtenbergmitte.de,
BVV Lichtenberg DS/0250/VII. Not found: quorum and majority of the jury; no quorum is asked for
here, and more votes for than against agree.
"""


# --- Mitte


@frozen(kw_only=True)
class StadtteilkasseSettings(FundSettings):
    """Settings of one Stadtteilkasse of Mitte.

    Args:
        pot: 5,000 for each of 10 Bezirksregionen.
        cap: 500 for a project.
        grants: one may begin as soon as the jury has agreed.
    """

    pot: Money = field(default=Money.euro(5_000), validator=positive)
    cap: Money | None = field(default=Money.euro(500), validator=positive)
    grants: GrantSettings = field(factory=lambda: GrantSettings(start_needs_notice=False))


STADTTEILKASSE = KIEZKASSE.derive(
    key="stadtteilkasse",
    title="Stadtteilkasse",
    settings=StadtteilkasseSettings,
    replace=_rolling(_sitting("Sitzung der Bürgerjury", rolling=True)),
    insert_after=SETTLE,
    conditions=USED_UP,
    rules=BY_JURY,
)
"""Mitte: 10 Bezirksregionen with 5,000 each, at most 500 for a project, quick and for everybody.

The jury (8 people in one region) agrees by criteria of its own, and one may begin right away.
Sources: berlin.de/stk-mitte (Brunnenstraße Süd, Brunnenstraße Nord). Not found: quorum and
majority of the jury, cut-off day for accounts.
"""


# --- Friedrichshain-Kreuzberg, Rathausblock


@frozen(kw_only=True)
class RathausblockKasseSettings(FundSettings):
    """Settings of the Kiezkasse of the Rathausblock.

    Args:
        pot: 10,000.
        cap: 2,000 for a project, without own funds.
        grants: no cut-off day is published.
    """

    pot: Money = field(default=Money.euro(10_000), validator=positive)
    cap: Money | None = field(default=Money.euro(2_000), validator=positive)
    grants: GrantSettings = field(factory=GrantSettings)


@frozen(kw_only=True)
class RathausblockFondsSettings(FundSettings):
    """Settings of the Kiezfonds of the Rathausblock.

    Args:
        cap: 4,000 for a project.
        grants: at least half of the cost comes from own funds or third parties.
    """

    cap: Money | None = field(default=Money.euro(4_000), validator=positive)
    grants: GrantSettings = field(factory=lambda: GrantSettings(own_share_percent=50))


RATHAUSBLOCK_KIEZKASSE = KIEZKASSE.derive(
    key="rathausblock_kiezkasse",
    title="Kiezkasse Rathausblock",
    settings=RathausblockKasseSettings,
    replace=_rolling(_sitting("Sitzung des Gremiums", rolling=True)),
    insert_after=SETTLE,
    conditions=USED_UP,
    rules=BY_JURY,
)
"""Rathausblock in Friedrichshain-Kreuzberg: 10,000, at most 2,000 for a project, no own share.

What is paid for must be open to the public. Source: berlin.de/rathausblock-fk (Kiezkasse). Not
found: which body decides; a jury sits here.
"""

RATHAUSBLOCK_KIEZFONDS = RATHAUSBLOCK_KIEZKASSE.derive(
    key="rathausblock_kiezfonds",
    title="Kiezfonds Rathausblock",
    settings=RathausblockFondsSettings,
)
"""Rathausblock, money of urban development: at most 4,000 and 50 % of the cost, all year round.

Source: berlin.de/rathausblock-fk (Kiezfonds). Not found: which body decides, the size of the pot.
"""


# --- Quartiersmanagement


@frozen(kw_only=True)
class ProjektfondsSettings(FundSettings):
    """Settings of a Projektfonds.

    Args:
        least: 5,000.
        cap: 50,000.
    """

    least: Money | None = field(default=Money.euro(5_000), validator=positive)
    cap: Money | None = field(default=Money.euro(50_000), validator=positive)


PROJEKTFONDS = KIEZKASSE.derive(
    key="projektfonds",
    title="Projektfonds im Quartiersmanagement",
    settings=ProjektfondsSettings,
    replace=_yearly(_sitting("Sitzung des Quartiersrats", rolling=False)),
    rules={
        "quorum": "core/two_thirds_present",
        "resolution": "core/resolved_by_two_thirds_of_present",
        "conflict": "core/own_item",
    },
    guards={"shortlist": least_cost},
)
"""Quartiersmanagement: a Quartiersrat of 15 to 28, two thirds present, two thirds to agree.

A member with a conflict of interest may debate and not vote; substitutes follow a list; a steering
round looks at eligibility first; sums may be cut. 5,000 to 50,000 for a project (2016, one area).
Sources: kosmosviertel.de, brunnenviertel-ackerstrasse.de. Of what the two thirds are taken is not
said; here it is the members present who are not biased.
"""


# --- Reinickendorf


@rule("majority", name="kiezkasse/straw_poll")
def straw_poll(yes: int, no: int, present: int, _view: View) -> Iterator[Objection]:
    """Let an assembly say what it thinks, and fix no sums: another body decides."""
    yield Objection("straw_poll", {"yes": yes, "no": no, "present": present})


def _reinickendorf() -> ProcedureFormat:
    poll = Stage(
        "straw_poll",
        kind=StageKind.VOTE,
        title="Meinungsbild in der Versammlung",
        puts_on_ballot="shortlisted",
        allows={
            **WALK_IN,
            ChooseMethod: [Role.STEWARD],
            RecordAssembly: [Role.STEWARD],
        },
    )
    sitting = _sitting("Sitzung der Jury", rolling=False, on_ballot="on_ballot")
    again = ITEM_LIFECYCLE.extend(
        key="item_polled", moves={"on_ballot": {"put_on_ballot": "on_ballot"}}
    )
    return KIEZKASSE.derive(
        key="kiezfonds_straw_poll",
        title="Kiezfonds mit Meinungsbild",
        settings=FundSettings,
        lifecycle=again,
        insert_before={"assembly": poll},
        replace=_yearly(sitting),
        rules={**BY_JURY, "majority": straw_poll},
    )


STRAW_POLL = _reinickendorf()
"""Reinickendorf: those present say what they think, then a jury decides.

A motion of 2015: a straw poll in a public meeting, then a jury of the chair of the BVV, the mayor,
the councillor and one member of each group. Source: gruene-fraktion-reinickendorf.de. Not found:
whether it came into force.
"""

SIBLINGS: tuple[ProcedureFormat, ...] = (
    KIEZFONDS,
    STADTTEILKASSE,
    RATHAUSBLOCK_KIEZKASSE,
    RATHAUSBLOCK_KIEZFONDS,
    PROJEKTFONDS,
    STRAW_POLL,
)
"""All of them; the plugin offers each by its key."""
