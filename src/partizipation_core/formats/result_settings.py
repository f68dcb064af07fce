"""Settings of results: who must see them before they are known, and how numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen
from attrs.validators import ge, in_, optional

from partizipation_core.freezing import as_mapping

__all__ = ["ResultSettings"]

_WHOLE = 100


@frozen(kw_only=True, slots=False)
class ResultSettings:
    """What a town decides about its results.

    Args:
        results: whether counting publishes a result ``at_count``, or it is a draft until it was
            ``certified`` and then published by an act of its own.
        certify_by_another: whether the one who certifies must not be the one who counted
            (Vier-Augen-Prinzip).
        percent_of: what percentages of votes are taken of: all ``valid`` ballots, all that were
            ``cast``, or all who were ``eligible``.
        smallest_cell: results of a group of voters are shown only where they stand for as many
            ballots as this.
        mixed_votes: whether an assembly and ballots decide together: ``no``, by the ``sum`` of
            hands and votes, or by ``weights``.
        identity: channel → how people who vote by it are identified; the result names it.
        assembly_percent: the weight of the assembly in percent, where there are weights; the
            ballots have the rest.
        result_objection_days: days after a result was made known, or last corrected, within
            which it may be objected to, the last one included (Einspruchsfrist); until then the
            key of its vote is kept.
    """

    results: Literal["at_count", "certified"] = "at_count"
    certify_by_another: bool = True
    percent_of: Literal["valid", "cast", "eligible"] = field(
        default="valid", validator=in_(("valid", "cast", "eligible"))
    )
    smallest_cell: int = field(default=5, validator=ge(1))
    identity: Mapping[str, Literal["none", "account", "code", "register", "in_person"]] = field(
        factory=dict, converter=as_mapping
    )
    mixed_votes: Literal["no", "sum", "weights"] = "no"
    assembly_percent: int | None = field(default=None, validator=optional(in_(range(1, _WHOLE))))
    result_objection_days: int = field(default=30, validator=ge(0))

    def __attrs_post_init__(self) -> None:
        if (self.mixed_votes == "weights") != (self.assembly_percent is not None):
            msg = "assembly_percent is named just where mixed_votes is 'weights'"
            raise ValueError(msg)
        if self.mixed_votes == "weights" and getattr(self, "rank_by", "points") != "points":
            msg = "mixed_votes = 'weights' needs rank_by = 'points': weighted votes are points"
            raise ValueError(msg)
