"""Konstanz: no public vote, 20 citizens drawn by lot decide in one day, and the council confirms.

Published: groups from 14 years hand in, 100,000 euros, at most 15,000 for a proposal; the
administration checks the form only (konstanz.de 2019); 20 citizens drawn by lot put proposals in
order in one day, about half of them unanimously in the first round (luebbers-journalistin.de);
whoever received money is barred for three years (konstanz.de 2024). With which majority they
decide was not found, nor how many must be there: more than half is an example for both, and the
file of the town names the rules. They are drawn in public with the commands and the slot ``draw``
of the plugin `partizipation_buergerrat`, which this format needs beside it; quotas were not found,
so everybody has the same chance. Those who are drawn take the seats under their pseudonyms.
"""

from __future__ import annotations

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.path import PATH
from partizipation_buergerhaushalt.stages import FORM_CHECK
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.commands import (
    CloseSitting,
    DecideInBody,
    DeclareConflict,
    OpenSitting,
    ReplaceMember,
    SeatBody,
    VoteInBody,
)
from partizipation_core.formats.grants import CoolingOff
from partizipation_core.formats.settings import RankingSettings
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.values import Money, Role

__all__ = ["KONSTANZ"]

CITIZEN = "lot_citizen"
_OFFICE = [Role.OFFICER]
_DRAWN = [Role.RESIDENT, Role.OFFICER]

DRAW = Stage(
    "draw",
    kind=StageKind.REVIEW,
    title="Auslosung der Bürgerinnen und Bürger",
    allows={
        "CommitToDraw": _OFFICE,
        "CancelDraw": _OFFICE,
        "HoldDraw": _OFFICE,
        "ConfirmSeat": _DRAWN,
        "LeaveSeat": _DRAWN,
        "ReplaceSeat": _OFFICE,
        "ErasePeople": _OFFICE,
    },
)
"""The public draw of the plugin `partizipation_buergerrat`, by the names of its commands."""

KONSTANZ = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_konstanz",
    title="Bürgerbudget Konstanz",
    settings=published(
        RankingSettings,
        pot=Money.euro(100_000),
        cap=Money.euro(15_000),
        min_age=14,
        cooling_off=CoolingOff(years=3),
    ),
    rules={
        "count": "core/ranked_list",
        "draw": "buergerrat/simple",
        "quorum": "core/more_than_half_present",
        "resolution": "core/resolved_by_majority_of_present",
        "conflict": "core/own_item",
    },
    without=["review"],
    insert_before={"vote": [FORM_CHECK, DRAW]},
    replace=[
        Stage(
            "vote",
            kind=StageKind.VOTE,
            title="Tag der ausgelosten Bürgerinnen und Bürger",
            puts_on_ballot="shortlisted",
            allows={
                SeatBody: [Role.OFFICER],
                ReplaceMember: [Role.OFFICER],
                OpenSitting: [Role.STEWARD],
                DeclareConflict: [CITIZEN, Role.STEWARD],
                VoteInBody: [CITIZEN],
                DecideInBody: [Role.STEWARD],
                CloseSitting: [Role.STEWARD],
            },
        ),
    ],
    guards={"shortlist": ["core/cost_known", "core/within_cap"]},
    lifecycle=PATH,
)
