"""A fund whose jury decides: quorum, two thirds with a named base, bias, substitutes.

Modelled on the funds of neighbourhood management (Quartiersmanagement): 28 seats in the
Kosmosviertel, two thirds of the members for a quorum, two thirds for a grant, and a member with a
conflict of interest may debate and not vote (source: kosmosviertel.de).
"""

import pytest

from partizipation_core import Actor, Money, Platform, Role, Stage, StageKind
from partizipation_core.commands import (
    AcceptInvitation,
    AdmitItem,
    AdvanceStage,
    AwardItems,
    CloseSitting,
    DecideInBody,
    DeclareConflict,
    InviteCoauthor,
    OpenSitting,
    ReplaceMember,
    SeatBody,
    ShortlistItem,
    SubmitItem,
    VoteInBody,
)
from partizipation_core.kernel.decision.voting import BodyDecided
from partizipation_core.kernel.sitting import Poll
from partizipation_core.plugins import deciding, hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_kiezkasse import KIEZKASSE

MEMBER = "member"

QM_FUND = KIEZKASSE.derive(
    key="qm_fund",
    title="Projektfonds",
    replace=[
        Stage(
            "assembly",
            kind=StageKind.VOTE,
            title="Sitzung der Jury",
            puts_on_ballot="shortlisted",
            allows={
                SeatBody: [Role.OFFICER],
                ReplaceMember: [Role.OFFICER],
                OpenSitting: [Role.STEWARD],
                DeclareConflict: [MEMBER, Role.STEWARD],
                VoteInBody: [MEMBER],
                DecideInBody: [Role.STEWARD],
                CloseSitting: [Role.STEWARD],
            },
        )
    ],
    rules={
        "quorum": "core/two_thirds_present",
        "resolution": "core/resolved_by_two_thirds_of_present",
        "conflict": "core/own_item",
    },
)

OFFICER = Actor.of("officer-1", Role.OFFICER)
CHAIR = Actor.of("chair", Role.STEWARD)
SEATS = tuple(f"m{n:02}" for n in range(1, 29))
SUBSTITUTES = ("s1", "s2")


class Jury:
    """A jury of 28 on two projects, played move by move."""

    def __init__(self, town, key="fund-2027", *, seated=True, together=None):
        self.town = town
        settings = {"pot": "10000 EUR", "region": "Kosmosviertel"}
        self.handle = town.open(key, "qm_fund", actor=OFFICER, settings=settings)
        authors = {"trees": Actor.of("m28", Role.RESIDENT), "books": Actor.of("r", Role.RESIDENT)}
        for ref, author in authors.items():
            self.do(SubmitItem(item=ref, title=ref, cost=Money.euro(4000)), author)
        for ref, person in (together or {}).items():
            self.do(InviteCoauthor(item=ref, person=person), authors[ref])
            self.do(AcceptInvitation(item=ref), Actor.of(person, Role.RESIDENT))
        self.do(AdvanceStage(), OFFICER)
        for ref in authors:
            self.do(AdmitItem(item=ref), OFFICER)
            self.do(ShortlistItem(item=ref), OFFICER)
        self.do(AdvanceStage(), OFFICER)
        if seated:
            self.do(SeatBody(members=SEATS, substitutes=SUBSTITUTES), OFFICER)

    def do(self, command, actor=CHAIR):
        self.handle.execute(command, actor=actor)
        return self.handle.journal()[-1].event

    def codes(self, command, actor=CHAIR):
        return [one.code for one in self.handle.why(command, actor=actor)]

    def vote(self, item, yes=(), no=(), abstain=()):
        for choice, who in {"yes": yes, "no": no, "abstain": abstain}.items():
            for one in who:
                self.do(VoteInBody(item=item, choice=choice), Actor.of(one, MEMBER))


@pytest.fixture
def jury():
    contributed = type("Fund", (), {"register_formats": hookimpl(lambda _: [QM_FUND])})()
    found = PluginHost.discover()
    plugins = [
        Plugin(origin, found._manager.get_plugin(origin.plugin))
        for origin in found.plugins
        if origin.plugin != "core"
    ]
    host = PluginHost([*plugins, Plugin(Origin("fund", "dist-fund", "1.0"), contributed)])
    with Platform(host=host) as platform:
        yield Jury(platform.municipality("12060052"))


def test_kosmosviertel_28_members_quorum_19_and_13_yes_of_19_present(jury):
    # given 18 of 28 members: the jury may debate and not decide
    jury.do(OpenSitting(present=SEATS[:18]))
    (objection,) = jury.handle.why(DecideInBody(item="books"), actor=CHAIR)
    assert (objection.code, dict(objection.params)) == (
        "not_quorate",
        {"present": 18, "needed": 19, "members": 28},
    )

    # when a nineteenth comes, 12 votes are too few and 13 are enough
    present = SEATS[:19]
    jury.do(OpenSitting(present=present))
    jury.vote("books", yes=present[:12], no=present[12:15], abstain=present[15:])
    refused = jury.do(DecideInBody(item="books", sum=Money.euro(4000)))
    assert (refused.agreed, refused.sum) == (False, None)
    assert refused.reasons[0]["params"] == {
        "yes": 12,
        "needed": 13,
        "whole": 19,
        "base": "present",
    }
    jury.vote("trees", yes=present[:13], no=present[13:])
    assert jury.do(DecideInBody(item="trees", sum=Money.euro(3500))).agreed

    # then what was agreed on is proposed, awarded, and shown with its votes
    jury.do(CloseSitting())
    result = jury.handle.vote_result("assembly")
    told = {line.item: (line.votes, line.outcome) for line in result.lines}
    assert told == {"trees": (13, "agreed"), "books": (12, "not_agreed")}
    assert (result.shares.base, result.shares.whole) == ("present", 19)
    jury.do(AdvanceStage(), OFFICER)
    jury.do(AwardItems(amounts={"trees": Money.euro(3500)}), OFFICER)
    assert jury.handle.item("books").state == "not_awarded"
    assert all(check.ok for check in jury.handle.audit())
    jury.handle.rebuild()
    assert all(check.ok for check in jury.handle.audit())


def test_a_biased_member_debates_and_counts_in_no_base_of_that_item_alone(jury):
    # given 19 present of whom one has declared a conflict of interest in one item
    present = SEATS[:19]
    jury.do(OpenSitting(present=present))
    jury.vote("books", yes=present[:12])
    jury.do(DeclareConflict(item="books", member="m01"))
    assert jury.codes(VoteInBody(item="books", choice="yes"), Actor.of("m01", MEMBER)) == [
        "biased"
    ]

    # then the quorum stands, the vote she had given is gone, and 18 are the base
    decided = jury.do(DecideInBody(item="books", sum=Money.euro(100)))
    assert isinstance(decided, BodyDecided)
    assert decided.poll == Poll(yes=11, no=0, abstain=0, members=27, present=18, biased=1)
    assert decided.reasons[0]["params"]["needed"] == 12

    # and of the other item she is no less a member
    jury.vote("trees", yes=present[:13])
    assert jury.do(DecideInBody(item="trees")).poll.present == 19


def test_whoever_handed_an_item_in_is_biased_by_rule(jury):
    jury.do(OpenSitting(present=SEATS[9:]))
    own = VoteInBody(item="trees", choice="yes")
    assert jury.codes(own, Actor.of("m28", MEMBER)) == ["biased"]
    assert jury.codes(VoteInBody(item="books", choice="yes"), Actor.of("m28", MEMBER)) == []
    jury.vote("trees", yes=SEATS[9:21])
    poll = jury.do(DecideInBody(item="trees", sum=Money.euro(100))).poll
    assert (poll.present, poll.members, poll.biased) == (18, 27, 1)


def test_whoever_handed_an_item_in_with_others_is_biased_by_rule(jury):
    """A co-author profits from the item as its author does."""
    shared = Jury(jury.town, "fund-2028", together={"trees": "m27"})
    shared.do(OpenSitting(present=SEATS[9:]))
    own = VoteInBody(item="trees", choice="yes")
    assert shared.codes(own, Actor.of("m27", MEMBER)) == ["biased"]
    assert shared.codes(VoteInBody(item="books", choice="yes"), Actor.of("m27", MEMBER)) == []
    shared.vote("trees", yes=SEATS[9:21])
    poll = shared.do(DecideInBody(item="trees", sum=Money.euro(100))).poll
    assert (poll.present, poll.members, poll.biased) == (17, 26, 2)


def test_substitutes_sit_in_for_those_who_are_absent_and_take_seats_that_fall_free(jury):
    all_and_one = OpenSitting(present=(*SEATS, "s1"))
    assert jury.codes(all_and_one) == ["too_many_substitutes"]
    jury.do(OpenSitting(present=(*SEATS[:18], "s1")))
    jury.vote("books", yes=["s1"])
    assert jury.codes(VoteInBody(item="books", choice="no"), Actor.of("m28", MEMBER)) == [
        "not_present"
    ]
    jury.do(ReplaceMember(member="m01", reason="Weggezogen."), OFFICER)
    body = jury.handle.state().body
    assert (body.members[0], body.substitutes) == ("s1", ("s2",))
    jury.do(ReplaceMember(member="m02", reason="Weggezogen."), OFFICER)
    nobody_left = ReplaceMember(member="m03", reason=" ")
    assert jury.codes(nobody_left, OFFICER) == ["reason_missing", "no_substitute"]


def test_nobody_sits_before_the_jury_is_seated(jury):
    other = Jury(jury.town, "fund-2028", seated=False)
    assert other.codes(OpenSitting(present=["m01"])) == ["no_body"]


def test_a_vote_may_be_changed_until_the_item_is_decided(jury):
    present = SEATS[:19]
    jury.do(OpenSitting(present=present))
    jury.vote("books", no=present)
    jury.vote("books", yes=present)
    assert jury.do(DecideInBody(item="books", sum=Money.euro(1))).poll.yes == 19
    late = VoteInBody(item="books", choice="no")
    assert jury.codes(late, Actor.of("m02", MEMBER)) == ["decided_already"]


REFUSED = {
    "nobody": (SeatBody(members=[]), OFFICER, "no_members"),
    "on both lists": (
        SeatBody(members=["a"], substitutes=["a"]),
        OFFICER,
        "member_and_substitute",
    ),
    "a stranger": (OpenSitting(present=["stranger"]), CHAIR, "not_a_member"),
    "no sitting": (CloseSitting(), CHAIR, "no_sitting"),
    "no sitting to vote in": (
        VoteInBody(item="books", choice="yes"),
        Actor.of("m01", MEMBER),
        "no_sitting",
    ),
    "a stranger's bias": (DeclareConflict(item="books", member="x"), CHAIR, "not_a_member"),
    "a stranger's seat": (ReplaceMember(member="x", reason="x"), OFFICER, "not_a_member"),
}


@pytest.mark.parametrize(("command", "actor", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_its_reason(jury, command, actor, code):
    assert code in jury.codes(command, actor)


def test_after_the_sitting_nothing_is_decided_any_more(jury):
    jury.do(OpenSitting(present=SEATS))
    jury.do(DeclareConflict(item="books", member="m01"))
    twice = DeclareConflict(item="books", member="m01")
    assert jury.codes(twice) == ["conflict_declared_already"]
    assert jury.codes(SeatBody(members=["x"]), OFFICER) == ["body_has_sat"]
    more = DecideInBody(item="trees", sum=Money.euro(20_000))
    jury.vote("trees", yes=SEATS[:27])
    assert jury.codes(more) == ["over_the_pot"]
    jury.do(CloseSitting())
    assert "already_counted" in jury.codes(CloseSitting())
    assert "already_counted" in jury.codes(OpenSitting(present=SEATS))


# --- majorities, by their base: 28 seats, 19 present, 12 for, 4 against

POLL = {"yes": 12, "no": 4, "abstain": 3, "members": 28, "present": 19}
MAJORITIES = {
    "core/resolved_by_majority_of_votes": (16, 9),
    "core/resolved_by_majority_of_present": (19, 10),
    "core/resolved_by_majority_of_members": (28, 15),
    "core/resolved_by_two_thirds_of_votes": (16, 11),
    "core/resolved_by_two_thirds_of_present": (19, 13),
    "core/resolved_by_two_thirds_of_members": (28, 19),
}


@pytest.mark.parametrize(("name", "told"), MAJORITIES.items(), ids=MAJORITIES)
def test_a_majority_names_its_base_and_is_exact_at_its_edge(name, told):
    whole, needed = told
    (rule,) = (one for one in deciding.RULES if one.name == name)
    for yes, agreed in ((needed - 1, False), (needed, True)):
        no = 16 - yes if name.endswith("votes") else POLL["no"]
        found = list(rule(Poll(**{**POLL, "yes": yes, "no": no}), None))
        assert (found == []) == agreed
        assert all((one.params["needed"], one.params["whole"]) == (needed, whole) for one in found)


def test_nobody_votes_and_nothing_is_agreed():
    none = Poll(yes=0, no=0, abstain=0, members=0, present=0)
    for rule in deciding.RULES:
        if rule.slot == "resolution":
            assert [one.code for one in rule(none, None)] == ["not_resolved"]


QUORA = {
    "two thirds of 28": ("core/two_thirds_present", 28, 19),
    "two thirds of 27": ("core/two_thirds_present", 27, 18),
    "more than half of 28": ("core/more_than_half_present", 28, 15),
    "more than half of 15": ("core/more_than_half_present", 15, 8),
}


@pytest.mark.parametrize(("name", "members", "needed"), QUORA.values(), ids=QUORA)
def test_a_quorum_is_exact_at_its_edge(name, members, needed):
    (rule,) = (one for one in deciding.RULES if one.name == name)
    assert [one.params["needed"] for one in rule(needed - 1, members, None)] == [needed]
    assert list(rule(needed, members, None)) == []
