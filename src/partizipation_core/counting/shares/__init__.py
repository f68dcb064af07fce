"""Equal shares: the rule, its completions, and the machinery that counts it fast and exactly."""

from partizipation_core.counting.shares.completions import (
    Add1,
    Add1U,
    Comparison,
    Completion,
    Utilitarian,
)
from partizipation_core.counting.shares.exact import ExactEqualShares
from partizipation_core.counting.shares.groups import Endowments
from partizipation_core.counting.shares.overspending import BoundedOverspending
from partizipation_core.counting.shares.rule import EqualShares, Utility

__all__ = [
    "Add1",
    "Add1U",
    "BoundedOverspending",
    "Comparison",
    "Completion",
    "Endowments",
    "EqualShares",
    "ExactEqualShares",
    "Utilitarian",
    "Utility",
]
