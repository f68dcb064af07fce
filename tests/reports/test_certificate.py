"""A certificate stands for one result, and whoever keeps it can have the vote counted again."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from partizipation_core import Actor, FrozenClock, Money, Platform, PluginHost, Refused, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CertifyResult,
    CorrectResult,
    CountBallots,
    PublishResult,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.errors import NotFound
from partizipation_core.reports.certificate import Certificate, certify
from partizipation_core.reports.minutes import SIGNATURES, minutes
from partizipation_core.reports.verification import ballot_lines, read_ballots, verify
from partizipation_core.texts.wording import Wording

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER, SECOND = (Actor.of(name, Role.OFFICER) for name in ("officer-1", "officer-2"))
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
ANNA = Actor.of("anna", Role.RESIDENT)
ISSUED = start_of_day(date(2027, 7, 1), BERLIN)


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


@pytest.fixture(scope="module")
def budget(host):
    """Return a Bürgerhaushalt whose result was published and then corrected."""
    clock = FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))
    with Platform(host=host, clock=clock) as platform:
        settings = {"pot": "600 EUR", "misfit": "skip", "results": "certified"}
        budget = platform.municipality("12060052").open(
            "b-1", "buergerhaushalt", actor=OFFICER, settings=settings
        )
        do = budget.execute
        for ref in ("bench", "swing"):
            do(SubmitItem(item=ref, title=ref.title(), cost=Money.euro(500)), actor=ANNA)
        do(AdvanceStage(), actor=OFFICER)
        for ref in ("bench", "swing"):
            do(TakeUpReview(item=ref), actor=REVIEWER)
            do(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
            do(ShortlistItem(item=ref), actor=OFFICER)
        do(AdvanceStage(), actor=OFFICER)
        for number in range(6):
            ref = ("bench", "swing")[number % 2]
            do(CastBallot(choices={ref: 1}), actor=Actor.of(f"p{number}", Role.RESIDENT))
        do(AdvanceStage(), actor=OFFICER)
        do(CountBallots(vote="vote", seed="4 8 15"), actor=OFFICER)
        with pytest.raises(Refused, match="result_not_published"):
            certify(budget, "vote", issued_at=ISSUED)
        do(CertifyResult(vote="vote"), actor=SECOND)
        do(PublishResult(vote="vote"), actor=OFFICER)
        right = CorrectResult(vote="vote", seed="16 23 42", reason="Losziffern vertauscht.")
        do(right, actor=SECOND)
        yield budget


@pytest.fixture
def certificate(budget):
    return certify(budget, "vote", issued_at=ISSUED)


@pytest.fixture
def checked(budget, host):
    """Verify a certificate against the export: ``checked(certificate)`` → faults."""

    def check(certificate, *, journal=None, ballots=None):
        lines = list(budget.journal_lines()) if journal is None else journal
        opened = list(ballot_lines(budget.opened_ballots("vote"))) if ballots is None else ballots
        found = verify(certificate, lines, read_ballots(opened), host)
        return [fault for one in found for fault in one.faults]

    return check


@pytest.mark.parametrize("revision", [1, 2])
def test_counted_again_from_the_export_every_revision_gives_the_same(budget, checked, revision):
    assert checked(certify(budget, "vote", issued_at=ISSUED, revision=revision)) == []


def test_it_says_what_was_counted_from_what_by_which_rules(budget, certificate):
    assert certificate.rules["tie"] == ["core/lower_cost@1", "core/lot@1"]
    assert certificate.box["ballots"] == 6
    assert certificate.seed == "16 23 42"
    assert certificate.result["ties"][0]["mattered"]
    assert certificate.settings["pot"] == 60_000
    assert "partizipation-core" in certificate.versions
    assert certificate.revision == 2


def test_its_bytes_are_the_same_wherever_it_is_written(budget, certificate):
    again = Certificate.from_bytes(certificate.to_bytes())
    assert again.to_bytes() == certificate.to_bytes()
    assert again.digest == certify(budget, "vote", issued_at=ISSUED).digest
    assert evolve(certificate, seed="1").digest != certificate.digest


def forged_votes(told):
    lines = [dict(line) for line in told.result["lines"]]
    lines[0]["votes"] += 1
    return evolve(told, result={**told.result, "lines": lines})


def forged_winner(told):
    (other,) = {"bench", "swing"} - set(told.protocol["funded"])
    return evolve(told, protocol={**told.protocol, "funded": [other]})


FORGED = {
    "a vote more": (forged_votes, "the numbers are other ones"),
    "another winner": (forged_winner, "the protocol is another one"),
    "another rule": (lambda told: evolve(told, rules={"count": ["core/mine@1"]}), "the rules"),
    "another box": (lambda told: evolve(told, box={**told.box, "ballots": 7}), "another"),
    "other totals": (lambda told: evolve(told, inputs="00"), "other totals"),
    "another line": (lambda told: evolve(told, journal={"seq": 3, "digest": "00"}), "line 3"),
}


@pytest.mark.parametrize(("forge", "told"), FORGED.values(), ids=FORGED)
def test_a_forged_certificate_is_found(certificate, checked, forge, told):
    assert any(told in fault for fault in checked(forge(certificate)))


def test_an_export_that_was_changed_is_found(budget, certificate, checked):
    ballots = list(ballot_lines(budget.opened_ballots("vote")))
    stuffed = [line.replace(b'"bench":1', b'"swing":1') for line in ballots]
    assert any("committed" in fault for fault in checked(certificate, ballots=stuffed))
    assert any("box" in fault for fault in checked(certificate, ballots=ballots[1:]))
    journal = list(budget.journal_lines())
    assert checked(certificate, journal=[*journal[:4], *journal[5:]]) != []


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"form":"partizipation/certificate/1"}', b'{"form":"x"}']
)
def test_what_is_no_certificate_is_said_to_be_none(body):
    with pytest.raises(ValueError, match="certificate"):
        Certificate.from_bytes(body)


def test_there_is_none_of_a_result_that_never_was(budget):
    with pytest.raises(NotFound, match="2 results"):
        certify(budget, "vote", issued_at=ISSUED, revision=3)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_minutes_hold_every_number_and_lines_to_sign(certificate, lang):
    word = Wording(lang=lang)
    text = minutes(certificate, word)
    for line in certificate.result["lines"]:
        assert word.share(line["share"]) in text
    for told in (certificate.digest, certificate.inputs, certificate.box["root"], "16 23 42"):
        assert told in text
    assert text.count("_" * 40) == len(SIGNATURES)
    assert "Losziffern vertauscht." in text
    assert "minutes." not in text
