"""Optional stages: what towns put between the first idea and the last vote."""

from __future__ import annotations

from partizipation_buergerhaushalt import (
    BUERGERHAUSHALT,
    CHANNELS,
    DELIVERY,
    ELECTORATE,
    MODERATION,
    ORDERING,
    RESULTS,
)
from partizipation_core.commands import (
    CorrectResult,
    CountBallots,
    EnterTotals,
    PassOverItem,
    ShortlistByVote,
    ShortlistItem,
    TakeOutsideResult,
)
from partizipation_core.formats.stages import Stage, StageKind, allowed
from partizipation_core.values import Role

__all__ = [
    "COMMON_GOOD_CHECK",
    "COUNCIL",
    "DELIVERED",
    "DETAILED_CHECK",
    "FORM_CHECK",
    "MODERATED",
    "OPINIONS",
    "PRESELECTED_UNCHECKED",
    "PRESELECTION",
    "RATING",
    "SHORTLISTED",
]

# What a vote has put on the list needs no officer to put it there again.
_REVIEW = {
    command: roles
    for command, roles in next(
        stage for stage in BUERGERHAUSHALT.stages if stage.key == "review"
    ).allows.items()
    if command != ShortlistItem.__name__
}
_VOTE = {**CHANNELS, **ELECTORATE}
_COUNT = {EnterTotals: [Role.OFFICER], ShortlistByVote: [Role.OFFICER]}

MODERATED = Stage(
    "moderation",
    kind=StageKind.REVIEW,
    title="Sichtung und Zusammenführung",
    allows={**MODERATION, **ORDERING},
)
"""Moderation and merging before people rate."""

RATING = Stage(
    "rating",
    kind=StageKind.VOTE,
    title="Bewertung",
    puts_on_ballot="published",
    allows=_VOTE,
)
"""Everything that was handed in is rated, unchecked."""

PRESELECTION = Stage(
    "preselection",
    kind=StageKind.VOTE,
    title="Vorauswahl",
    puts_on_ballot="feasible",
    allows=_VOTE,
)
"""What passed the coarse check (Grobcheck) is voted down to a shortlist."""

PRESELECTED_UNCHECKED = Stage(
    "preselection",
    kind=StageKind.VOTE,
    title="Vorauswahl",
    puts_on_ballot="published",
    allows=_VOTE,
)
"""Everything that was handed in is voted down to a shortlist, unchecked."""

OPINIONS = Stage(
    "opinions",
    kind=StageKind.REVIEW,
    title="Stellungnahmen",
    allows={**_REVIEW, **allowed(_COUNT)},
)
"""The rating is counted, and offices give their opinions on what goes on."""

SHORTLISTED = Stage(
    "shortlisting",
    kind=StageKind.REVIEW,
    title="Auszählung und Redaktion der Vorauswahl",
    allows={**_COUNT, ShortlistItem: [Role.OFFICER], PassOverItem: [Role.OFFICER], **ORDERING},
)
"""The preliminary vote is counted, and an editorial team puts the list in order."""

FORM_CHECK = Stage(
    "form_check",
    kind=StageKind.REVIEW,
    title="Formale Prüfung",
    allows={
        **MODERATION,
        **ORDERING,
        ShortlistItem: [Role.OFFICER],
        PassOverItem: [Role.OFFICER],
    },
)
"""The administration checks the form only."""

COMMON_GOOD_CHECK = Stage(
    "common_good_check",
    kind=StageKind.REVIEW,
    title="Gemeinwohlcheck",
    allows={**_COUNT, PassOverItem: [Role.OFFICER, Role.STEWARD]},
)
"""An event picks from the shortlist by the common good; who leads it enters what dropped out."""

DETAILED_CHECK = Stage(
    "detailed_check",
    kind=StageKind.REVIEW,
    title="Feinprüfung",
    allows=_REVIEW,
)
"""Offices check what is left in detail, with costs; their opinions are published."""

COUNCIL = Stage(
    "fund",
    kind=StageKind.FUND,
    title="Auszählung und Beratung im Rat",
    allows={
        EnterTotals: [Role.OFFICER],
        TakeOutsideResult: [Role.OFFICER],
        CountBallots: [Role.OFFICER],
        **RESULTS,
    },
)
"""The council decides item by item: adopts, modifies, rejects, notes or passes on."""

DELIVERED = Stage(
    "implement",
    kind=StageKind.IMPLEMENT,
    title="Umsetzung und Rechenschaft",
    allows={**DELIVERY, CorrectResult: [Role.OFFICER]},
)
"""Offices report on what was adopted until it is done; the reports make up the account."""
