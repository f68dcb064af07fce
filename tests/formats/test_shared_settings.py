"""What every procedure is asked also holds where a format asks for more."""

import pytest

from partizipation_core.formats.settings import (
    ProcedureSettings,
    RankingSettings,
    SharesSettings,
    VoteSettings,
)

NEEDED = {
    ProcedureSettings: {},
    RankingSettings: {},
    VoteSettings: {"misfit": "skip"},
    SharesSettings: {"shares_utility": "cost", "shares_completion": ()},
}


@pytest.mark.parametrize(
    "wrong",
    [{"mixed_votes": "weights"}, {"assembly_percent": 60}],
    ids=["weights without a percentage", "a percentage without weights"],
)
@pytest.mark.parametrize("kind", NEEDED, ids=lambda kind: kind.__name__)
def test_a_percentage_belongs_to_weights_in_all_settings(kind, wrong):
    with pytest.raises(ValueError, match="assembly_percent is named just where"):
        kind(**NEEDED[kind], **wrong)


@pytest.mark.parametrize("kind", [VoteSettings, SharesSettings], ids=lambda kind: kind.__name__)
def test_weights_are_points_in_all_settings(kind):
    weights = {**NEEDED[kind], "mixed_votes": "weights", "assembly_percent": 60}
    with pytest.raises(ValueError, match="needs rank_by = 'points'"):
        kind(**weights)
    assert kind(**weights, rank_by="points").assembly_percent == 60
