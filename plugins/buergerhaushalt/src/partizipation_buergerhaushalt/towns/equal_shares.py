"""Equal shares, as in Assen and Aarau: what groups of voters can pay for from equal shares.

Assen (2024) and Aarau award by the Method of Equal Shares with the utility of cost. One documented
configuration reproduces the official outcome of Assen 2024 (page on equal shares): utility of
cost, and Add1 until the budget would be overrun. Pot, cap and limits of the ballot differ from
town to town and are for its own file; so are utility and completion, because "Add1" is not one
rule.
"""

from __future__ import annotations

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core.formats.settings import SharesSettings

__all__ = ["EQUAL_SHARES"]

EQUAL_SHARES = BUERGERHAUSHALT.derive(
    key="buergerhaushalt_equal_shares",
    title="Bürgerbudget mit gleichen Anteilen",
    settings=SharesSettings,
    rules={"count": "core/equal_shares"},
)
