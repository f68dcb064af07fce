"""What a town sets for its Bürgerrat."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Attribute, field, frozen
from attrs.validators import ge, in_, optional

from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.freezing import as_mapping

__all__ = ["BuergerratSettings"]


def _seats(_: object, __: Attribute[Mapping[str, int]], value: Mapping[str, int]) -> None:
    if "lot" in value or any(seats < 1 for seats in value.values()):
        msg = 'groups besides the lot with at least one seat each, such as {"stakeholders": 29}'
        raise ValueError(msg)


@frozen(kw_only=True)
class BuergerratSettings(ProcedureSettings):
    """Settings of a Bürgerrat.

    Args:
        seats: how many seats are drawn.
        other_seats: group → seats that it appoints without a lot, in mixed bodies.
        min_age: least age in years of those who are invited.
        panels: how many numbered panels there are to draw from; 1,000 for three digits.
        reply_permille: hoped-for replies to a thousand letters; towns report 30 to 60, the
            Bundestag had 115.
        consensus_percent: share of votes from which a recommendation counts as consensus; it is
            shown, and decides nothing.
        keep_sample_days: days after the first session within which names and addresses of those
            who did not register are deleted; None where nothing was decided.
        keep_replies_days: days after the vote began within which the declarations of those
            without a seat are deleted.
        keep_contacts_days: days after implementation began within which all else is deleted.
    """

    seats: int = field(default=30, validator=ge(1))
    other_seats: Mapping[str, int] = field(factory=dict, converter=as_mapping, validator=_seats)
    min_age: int = field(default=16, validator=ge(0))
    panels: int = field(default=1000, validator=ge(1))
    reply_permille: int = field(default=50, validator=in_(range(1, 1001)))
    consensus_percent: int = field(default=80, validator=in_(range(1, 101)))
    keep_sample_days: int | None = field(default=None, validator=optional(ge(0)))
    keep_replies_days: int | None = field(default=None, validator=optional(ge(0)))
    keep_contacts_days: int | None = field(default=None, validator=optional(ge(0)))
