"""Brandenburg an der Havel: the councillors vote, five votes each, until the pot is used up.

Published for 2024: residents hand in, at most 25,000 euros for a proposal, the members of the
council vote with up to five votes each, and what has most is funded until the pot is used up
(stadt-brandenburg.de). The pot and the treatment of a proposal that does not fit are not in the
source: `pot` and `misfit` are mandatory.
"""

from __future__ import annotations

from attrs import field, frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.commands import CastBallot, ChallengeBallot, ReplaceBallot, RevokeBallot
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.values import Money, Role

__all__ = ["BRANDENBURG", "PotNamedSettings"]


@frozen(kw_only=True)
class PotNamedSettings(VoteSettings):
    """Where the pot is not published.

    Args:
        pot: the money to be awarded; mandatory.
    """

    pot: Money = field()


BRANDENBURG = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_brandenburg_an_der_havel",
    title="Bürgerbudget Brandenburg an der Havel",
    settings=published(
        PotNamedSettings, cap=Money.euro(25_000), max_choices=5, channels=("online",)
    ),
    rules={"vote.eligibility": ()},
    guards={"shortlist": ["core/cost_known", "core/within_cap"]},
    replace=[
        Stage(
            "vote",
            kind=StageKind.VOTE,
            title="Abstimmung der Stadtverordneten",
            puts_on_ballot="shortlisted",
            allows={
                CastBallot: [Role.COUNCIL],
                ReplaceBallot: [Role.COUNCIL],
                RevokeBallot: [Role.COUNCIL],
                ChallengeBallot: [Role.COUNCIL],
            },
        ),
    ],
)
