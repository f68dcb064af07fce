"""Thirteen real elections: read, written, read again, and compared with what was decided."""

import pytest

from partizipation_core.counting import Add1, Election, EqualShares, Ties
from partizipation_core.counting.official import check, official
from partizipation_core.counting.pb import parse_pb

FILES = {
    # file: projects, voters, distinct ballots, agreement, codes of the reasons
    "Netherlands_Amsterdam_179": (24, 219, 192, "none", ["official.none"]),
    "Netherlands_Assen_2024": (14, 84, 67, "reproduced", []),
    "Poland_Czestochowa_2025_Mirow": (8, 398, 65, "reproduced", []),
    "Poland_Gdansk_2020_Siedlce": (16, 993, 249, "none", ["official.none"]),
    "Poland_Gdynia_2020_Babie_Doly__small": (5, 306, 23, "reproduced", []),
    "Poland_Gdynia_2020_Orlowo__small": (8, 399, 51, "reproduced", []),
    "Poland_Katowice_2024_Murcki": (14, 1284, 284, "reproduced", []),
    "Poland_Krakow_2021_Bienczyce": (24, 1094, 763, "reproduced", []),
    "Poland_Lodz_2020_Nr_33": (5, 237, 20, "reproduced", []),
    "Poland_Swiecie_2023": (22, 2553, 695, "reproduced", []),
    "Poland_Warszawa_2019_Brodno": (
        24,
        972,
        766,
        "deviates",
        ["official.extra", "official.missing", "official.cause_tie"],
    ),
    "Poland_Warszawa_2023_Wesola": (29, 1181, 932, "reproduced", []),
    "Poland_Warszawa_2026_Brodno": (29, 1446, 1159, "reproduced", []),
}
FINDINGS = {
    "Netherlands_Amsterdam_179": [("pb.leftover_budget", 20)],
    "Poland_Gdynia_2020_Babie_Doly__small": [("pb.funded_otherwise", 28)],
    "Poland_Katowice_2024_Murcki": [("pb.withdrawn", 31), ("pb.funded_otherwise", 38)],
    "Poland_Warszawa_2026_Brodno": [("pb.duplicate_in_vote", 357)],
}


@pytest.fixture(params=FILES)
def name(request):
    return request.param


@pytest.fixture
def folder(shared_data):
    return shared_data / "pabulib"


@pytest.fixture
def election(name, folder):
    return Election.from_pb(folder / f"{name}.pb")


def test_size(name, election):
    found = (len(election.projects), election.num_votes, len(election.ballots))

    assert found == FILES[name][:3]


def test_written_and_read_again_it_is_equal(election):
    assert parse_pb(election.to_pb()) == election


def test_official_outcome(name, election):
    verdict = check(election)

    assert verdict.agreement == FILES[name][3]
    assert [reason.code for reason in verdict.reasons] == FILES[name][4]


def test_findings(name, election):
    found = [(finding.code, finding.line) for finding in election.findings]

    assert found == FINDINGS.get(name, [])


def test_warsaw_2019_decided_a_tie_against_the_smaller_id(folder):
    reasons = check(Election.from_pb(folder / "Poland_Warszawa_2019_Brodno.pb")).reasons

    assert reasons[0].params["projects"].startswith("2091 (")
    assert reasons[1].params["projects"].startswith("2162 (")
    assert reasons[2].params["projects"] == "2091, 2162"


@pytest.mark.parametrize("stop", ["exhaustive", "overrun"])
@pytest.mark.parametrize("name", ["Netherlands_Assen_2024", "Poland_Swiecie_2023"])
def test_one_configuration_of_equal_shares_gives_both_official_outcomes(folder, name, stop):
    """Cost as utility (effective votes), Add1 by one unit of the currency for each voter."""
    election = Election.from_pb(folder / f"{name}.pb")
    rule = EqualShares(utility="cost", completion=Add1(stop=stop, step=1), ties=Ties("id"))

    assert official(election).agrees(rule(election))
