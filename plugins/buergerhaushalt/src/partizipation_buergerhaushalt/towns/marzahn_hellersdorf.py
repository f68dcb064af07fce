"""Marzahn-Hellersdorf: one list for each category; up to 20,000 euros binds, above it advises.

Published: 200,000 euros a year, residents including children vote; category A up to 20,000 euros
is binding, category B above it is advice to the district assembly; there is one list per category;
only what the district is competent for, others are passed on (die-hellersdorfer.berlin 2022). How
a proposal that does not fit is treated is not published: `misfit` stays for the district to say.
"""

from __future__ import annotations

from attrs import field, frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.rules import binding_only, one_list_each
from partizipation_buergerhaushalt.towns.published import published
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.values import Money

__all__ = ["MARZAHN_HELLERSDORF", "BindingSettings"]


@frozen(kw_only=True)
class BindingSettings(VoteSettings):
    """What is asked where small proposals bind and large ones advise.

    Args:
        binding_up_to: up to which cost a vote is binding.
    """

    binding_up_to: Money = field(default=Money.euro(20_000))


MARZAHN_HELLERSDORF = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_marzahn_hellersdorf",
    title="Bürgerhaushalt Marzahn-Hellersdorf",
    settings=published(BindingSettings, pot=Money.euro(200_000), categories=("A", "B")),
    rules={"count": one_list_each},
    guards={"award": binding_only},
)
