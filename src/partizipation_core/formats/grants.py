"""Grants (Zuwendungen): what a town asks of those who carry out an item with its money.

Nothing here is law; the values of a Land or a fund are settings. What is set by default was found
for the Berlin Kiezkassen: two months for the use of money (AV 7.2 on § 44 LHO) and the Merkblatt's
list of costs that are not paid.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from attrs import Attribute, field, frozen
from attrs.validators import and_, ge, le

from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.money.costs import COST_TYPES, EXCLUDED

__all__ = ["CoolingOff", "GrantSettings"]

_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _day_of_year(_: object, __: Attribute[str], value: str) -> None:
    if value and (not _DAY.fullmatch(value) or value in ("02-29", "02-30", "02-31")):
        msg = f"a day of every year as month and day, such as '12-10', not {value!r}"
        raise ValueError(msg)


def _known_types(_: object, __: Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
    if lost := sorted(set(value) - set(COST_TYPES)):
        msg = f"unknown cost types {', '.join(lost)}; known are {', '.join(COST_TYPES)}"
        raise ValueError(msg)


@frozen(kw_only=True)
class GrantSettings:
    """How money is granted to those who carry out an item.

    Args:
        required: whether money is granted by notice to an applicant; otherwise the town carries
            items out itself and no application follows an award.
        start_needs_notice: whether an item may be begun only after the notice (Verbot des
            vorzeitigen Maßnahmebeginns).
        payout: whether money is paid in ``advance``, or after the accounts were accepted
            (``reimbursement``).
        use_within_months: months after the payment within which the money must be used; 0 for
            no such period.
        proof_within_months: months after the payment within which the accounts
            (Verwendungsnachweis) are due; 0 for no such period.
        cut_off: the last day of every year for accounts, as month and day such as ``12-10``;
            empty for none. The earlier of both days counts.
        own_share_percent: the least share of all costs that comes from own funds or third parties.
        excluded_costs: codes of the cost types that are not paid.
    """

    required: bool = True
    start_needs_notice: bool = True
    payout: Literal["advance", "reimbursement"] = "advance"
    use_within_months: int = field(default=2, validator=ge(0))
    proof_within_months: int = field(default=0, validator=ge(0))
    cut_off: str = field(default="", validator=_day_of_year)
    own_share_percent: int = field(default=0, validator=and_(ge(0), le(100)))
    excluded_costs: tuple[str, ...] = field(
        default=EXCLUDED, converter=as_tuple, validator=_known_types
    )


@frozen(kw_only=True)
class CoolingOff:
    """How long those who were awarded money sit out (Sperrfrist).

    Eberswalde bars them for three years, except the town itself.

    Args:
        years: number of years after the one of the award; 0 for no bar.
        winners: pseudonym → year in which money was awarded, as `Municipality.winners` finds them
            in earlier procedures.
        exempt: pseudonyms that are never barred, such as those of the town's own bodies.
    """

    years: int = field(default=0, validator=ge(0))
    winners: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    exempt: tuple[str, ...] = field(default=(), converter=as_tuple)

    def barred_until(self, person: str, year: int) -> int | None:
        """Return the first year in which somebody may take part again; None where they may now.

        Args:
            person: pseudonym.
            year: the present one.
        """
        last = self.winners.get(person)
        if last is None or person in self.exempt or year > last + self.years:
            return None
        return last + self.years + 1 if self.years else None
