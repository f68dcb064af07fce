"""Unterschleißheim: the 30 best rated, then a basket within the pot that may overshoot once.

Published: 100,000 euros in 2020, from 2022 200,000 every two years; ratings make a top 30; in the
final vote people fill a basket within the pot, may go beyond it with one proposal, and change it
to the end (machmit.unterschleissheim.de 2020); the administration goes down the list until the pot
is used (merkur.de 2022); invoices are refunded (consul.unterschleissheim.de). How a proposal that
does not fit is treated is not published: `misfit` stays for the town to say.
"""

from __future__ import annotations

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.path import PATH
from partizipation_buergerhaushalt.rules import ready_for_ballot
from partizipation_buergerhaushalt.stages import MODERATED, OPINIONS, RATING
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.ballots import BallotLimits
from partizipation_core.formats.grants import GrantSettings
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.values import Money

__all__ = ["UNTERSCHLEISSHEIM"]

(_VOTE,) = (stage for stage in BUERGERHAUSHALT.stages if stage.key == "vote")

UNTERSCHLEISSHEIM = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_unterschleissheim",
    title="Bürgerbudget Unterschleißheim",
    settings=published(
        VoteSettings,
        pot=Money.euro(200_000),
        shortlist_size=30,
        ballot_type="knapsack",
        overshoot="once",
        votes={"rating": BallotLimits(ballot_type="support")},
        grants=GrantSettings(required=False, payout="reimbursement"),
    ),
    rules={"shortlist": "core/best"},
    without=["review"],
    insert_before={"vote": [MODERATED, RATING, OPINIONS]},
    replace=[
        Stage(
            "vote",
            kind=StageKind.VOTE,
            title="Abstimmung",
            puts_on_ballot="feasible",
            allows=_VOTE.allows,
        ),
    ],
    conditions={"opinions.advance": ready_for_ballot},
    lifecycle=PATH,
)
