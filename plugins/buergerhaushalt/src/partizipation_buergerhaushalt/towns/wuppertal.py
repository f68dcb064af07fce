"""Wuppertal: coarse check, 100 by votes, 30 by an event, detailed check, five votes in the end.

Published: 210,000 euros, 100,000 of the city and 110,000 of sponsors, at most 50,000 for a project
(Bürgerbudget, bergischeblaetter.de); any number of projects may be voted into the first 100, a tie
at the edge is decided by lot, the Gemeinwohlcheck picks 30, and the final vote has at most five
votes for five different projects (talbeteiligung.de/page/page5092; 2025). The council confirms,
and beneficiaries of the last round are excluded. What happens to a winner that does not fit is not
published: `misfit` stays for the town to say.
"""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import ge

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.path import PATH
from partizipation_buergerhaushalt.rules import event_has_chosen, ready_for_ballot
from partizipation_buergerhaushalt.stages import COMMON_GOOD_CHECK, DETAILED_CHECK, PRESELECTION
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.ballots import BallotLimits
from partizipation_core.formats.grants import CoolingOff
from partizipation_core.formats.pots import PotSettings
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.values import Money

__all__ = ["WUPPERTAL", "EventSettings"]


@frozen(kw_only=True)
class EventSettings(VoteSettings):
    """What an event asks that picks from a shortlist.

    Args:
        event_places: how many it leaves.
    """

    event_places: int = field(default=30, validator=ge(1))


(_VOTE,) = (stage for stage in BUERGERHAUSHALT.stages if stage.key == "vote")

WUPPERTAL = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_wuppertal",
    title="Bürgerbudget Wuppertal",
    settings=published(
        EventSettings,
        pot=Money.euro(100_000),
        pots=(
            PotSettings(
                key="sponsors",
                title="Mittel von Dritten",
                amount=Money.euro(110_000),
                sponsor="Sponsorinnen und Sponsoren",
            ),
        ),
        cap=Money.euro(50_000),
        shortlist_size=100,
        votes={"vote": BallotLimits(max_choices=5)},
        cooling_off=CoolingOff(years=1),
    ),
    rules={"shortlist": "core/best", "preselection.tie": "core/lot"},
    guards={"shortlist": ()},
    insert_before={"vote": [PRESELECTION, COMMON_GOOD_CHECK, DETAILED_CHECK]},
    replace=[
        Stage(
            "vote",
            kind=StageKind.VOTE,
            title="Abstimmung",
            puts_on_ballot="feasible",
            allows=_VOTE.allows,
        ),
    ],
    conditions={
        "common_good_check.advance": event_has_chosen,
        "detailed_check.advance": ready_for_ballot,
    },
    lifecycle=PATH,
)
