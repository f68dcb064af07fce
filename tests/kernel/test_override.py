"""Overrides: staff act outside a stage by name and with a reason, never in anybody's voice."""

import pytest
from attrs import evolve

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, Role
from partizipation_core.commands import (
    CastBallot,
    ConfirmSupport,
    OpenProcedure,
    Override,
    PublishItem,
    RateItem,
    RefuseItem,
    ReplaceBallot,
    ReportItem,
    RetractSupport,
    ReviewItem,
    RevokeBallot,
    SupportItem,
)
from partizipation_core.errors import DefinitionError
from partizipation_core.kernel.override import StageOverridden, overridable
from partizipation_core.kernel.steps import ItemMoved

LATE = Override(command=PublishItem(item="i-1"), reason="Lag im Briefkasten")


@pytest.fixture
def late(budget):
    """Return a budget in its vote, with an idea that nobody has screened in time."""
    budget.put("i-1", state="submitted")
    budget.advance("vote")
    return budget


def test_given_a_late_idea_when_overridden_then_the_reason_stands_before_what_was_done(late):
    assert late.codes(PublishItem(item="i-1"), "moderator") == ["stage_over"]
    assert late.do(LATE, "officer") == (
        StageOverridden(command="PublishItem", stage="vote", reason="Lag im Briefkasten"),
        ItemMoved(item="i-1", trigger="publish", state="published"),
    )
    assert late.state("i-1") == "published"


@pytest.mark.parametrize(
    ("command", "reason", "who", "codes"),
    [
        (PublishItem(item="i-1"), " ", "officer", ["reason_missing"]),
        (PublishItem(item="i-1"), "x", "moderator", ["role_forbids", "role_forbids"]),
        (PublishItem(item="z"), "x", "officer", ["item_unknown"]),
        (RefuseItem(item="i-1", reason=""), "x", "officer", ["reason_missing"]),
        (ReviewItem(item="i-1", outcome="feasible"), "x", "officer", ["state_forbids"]),
        (ConfirmSupport(item="i-1"), "x", "officer", ["override_never"]),
        (LATE, "x", "officer", ["override_never"]),
    ],
    ids=lambda value: (
        getattr(type(value), "__name__", "") if not isinstance(value, str) else value
    ),
)
def test_what_speaks_against_an_override(late, command, reason, who, codes):
    assert late.codes(Override(command=command, reason=reason), who) == codes


def test_what_the_stage_allows_anyway_is_no_exception(budget):
    budget.put("i-1", state="submitted")
    assert budget.codes(LATE, "officer") == ["override_needless"]


def test_an_ended_stage_can_be_overridden_but_not_a_closed_procedure(budget):
    budget.put("i-1", state="submitted")
    budget.become(ended=True)
    assert budget.codes(LATE, "officer") == []
    budget.become(status="closed")
    assert "procedure_closed" in budget.codes(LATE, "officer")


VOICES = [
    CastBallot(choices={"i-1": 1}),
    ReplaceBallot(choices={"i-1": 1}),
    RevokeBallot(),
    SupportItem(item="i-1"),
    RetractSupport(item="i-1"),
    RateItem(item="i-1", value=1),
    ReportItem(item="i-1", reason="spam"),
]


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: type(voice).__name__)
def test_nobody_gives_or_takes_a_voice_by_an_override(late, voice):
    """Even where a format were tampered with, the kernel itself refuses."""
    name = type(voice).__name__
    late.definition = evolve(late.definition, overrides={name: ["officer"]})
    wanted = Override(command=voice, reason="x")
    assert late.codes(wanted, Actor.of("o", *Role)) == ["override_never"]


def test_nothing_that_stays_out_of_the_journal_can_be_overridden(host):
    for offer in host.registry.deciders.values():
        silent = not offer.thing.events
        assert not (silent and overridable(offer.thing)), offer.thing.name


def test_opening_is_never_an_exception(host):
    deciders = host.registry.deciders
    assert not overridable(deciders[OpenProcedure.__name__].thing)
    assert not overridable(deciders[Override.__name__].thing)


@pytest.mark.parametrize("role", ["resident", "auditor", "dog_council"])
def test_a_format_lets_only_staff_override(role):
    with pytest.raises(DefinitionError, match=f"overrides.PublishItem: '{role}' is no role of"):
        BUERGERHAUSHALT.derive(key="x", overrides={PublishItem: [role]})


def test_a_format_that_lets_ballots_be_overridden_cannot_be_opened(host_with, play):
    form = BUERGERHAUSHALT.derive(key="x", overrides={CastBallot: ["officer"]})
    with pytest.raises(DefinitionError, match=r"overrides\.CastBallot: can never be overridden"):
        play("x", host=host_with(form))
