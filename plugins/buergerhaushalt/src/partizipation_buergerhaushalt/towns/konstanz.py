"""Konstanz: no public vote, 20 citizens drawn by lot decide in one day, and the council confirms.

Published: groups from 14 years hand in, 100,000 euros, at most 15,000 for a proposal; the
administration checks the form only (konstanz.de 2019); 20 citizens drawn by lot put proposals in
order in one day, about half of them unanimously in the first round (luebbers-journalistin.de);
whoever received money is barred for three years (konstanz.de 2024). With which majority they
decide was not found, nor how many must be there: more than half is an example for both, and the
file of the town names the rules. How they are drawn is the business of a Bürgerrat; their
pseudonyms take the seats.
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
        "quorum": "core/more_than_half_present",
        "resolution": "core/resolved_by_majority_of_present",
        "conflict": "core/own_item",
    },
    without=["review"],
    insert_before={"vote": FORM_CHECK},
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
