"""What plugins may do to a running procedure: object and observe; never break, never change it."""

import pytest

from partizipation_core.commands import AdvanceStage, CastBallot, SubmitItem
from partizipation_core.errors import PluginError, Refused
from partizipation_core.formats.rules import rule
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.plugins import hookimpl
from partizipation_core.values import Actor, Objection, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)


class Rules:
    """A distribution with one eligibility rule in the version it is asked for."""

    def __init__(self, *versions):
        self.rules = versions

    @hookimpl
    def register_rules(self):
        return self.rules


@rule("eligibility", name="town/residents", version=1)
def everybody(_actor, _view):
    return ()


@rule("eligibility", name="town/residents", version=2)
def nobody(_actor, _view):
    yield Objection("too_young", {"min_age": 200})


def test_a_rule_that_is_gone_makes_the_procedure_read_only(with_plugin, new_budget, stored):
    budget = open_with(with_plugin(Rules(everybody)), new_budget)
    budget.to_the_vote(fountain=600)
    budget.cast("anna", "fountain")

    budget.handle = with_plugin(Rules()).procedure("budget-2027")
    before = stored()
    with pytest.raises(Refused) as refusal:
        budget.cast("ben", "fountain")
    (objection,) = refusal.value.objections
    assert (objection.code, objection.params["rules"]) == (
        "rule_missing",
        "rule town/residents@1 of town-rules 1.0",
    )
    with pytest.raises(Refused, match="rule_missing"):
        budget.execute(AdvanceStage(), actor=OFFICER)
    assert stored() == before
    assert budget.state().stage == "vote"
    assert budget.turnout("vote") == {"online": 1}
    assert budget.faults() == []

    budget.handle = with_plugin(Rules(everybody)).procedure("budget-2027")
    budget.cast("ben", "fountain")


def open_with(town, new_budget):
    return new_budget(town, rules={"eligibility": "town/residents"})


def test_a_missing_format_is_named_with_its_distribution(with_plugin, new_budget):
    new_budget(with_plugin(Rules()))
    without = with_plugin(Rules(), without=("buergerhaushalt",)).procedure("budget-2027")
    (objection,) = without.why(AdvanceStage(), actor=OFFICER)
    assert objection.code == "rule_missing"
    assert "format buergerhaushalt of partizipation-buergerhaushalt" in objection.params["rules"]


def test_the_vote_still_closes_in_time_while_a_rule_is_missing(with_plugin, new_budget):
    budget = open_with(with_plugin(Rules(everybody)), new_budget)
    budget.to_the_vote(fountain=600)
    budget.handle = with_plugin(Rules()).procedure("budget-2027")
    budget.until("fund")
    assert budget.state().closed_votes == {"vote": 0}


def test_a_result_whose_counting_rule_is_gone_is_not_passed_off_as_checked(
    with_plugin, new_budget, host
):
    greedy = host.registry.rule("core/greedy").thing.function
    town_count = rule("count", name="town/count")(greedy)
    budget = new_budget(with_plugin(Rules(town_count)), rules={"count": "town/count"})
    budget.to_the_vote(fountain=600)
    budget.cast("anna", "fountain")
    budget.until("fund").count()
    assert budget.faults() == []
    budget.handle = with_plugin(Rules()).procedure("budget-2027")
    assert [fault.partition(": ")[0] for fault in budget.faults()] == ["vote vote"]
    assert "cannot be counted again" in budget.faults()[0]


def test_an_upgrade_changes_nothing_in_a_running_procedure(with_plugin, new_budget):
    budget = open_with(with_plugin(Rules(everybody)), new_budget)
    budget.to_the_vote(fountain=600)
    upgraded = with_plugin(Rules(everybody, nobody), version="2.0")
    budget.handle = upgraded.procedure("budget-2027")
    budget.cast("anna", "fountain")
    assert budget.definition().rules["eligibility"] == ("town/residents@1",)

    late = new_budget(upgraded, "budget-2028", rules={"eligibility": "town/residents"})
    assert late.definition().rules["eligibility"] == ("town/residents@2",)
    budget.clock.set(new_budget.start)
    with pytest.raises(Refused, match="too_young"):
        late.idea("fountain")


class Veto:
    """Objects to every ballot."""

    @hookimpl
    def objections(self, command):
        if isinstance(command, CastBallot):
            yield Objection("town_veto", {"because": "holiday"})


def test_a_plugins_objection_stops_a_command_and_joins_the_others(with_plugin, new_budget, stored):
    budget = new_budget(with_plugin(Veto())).to_the_vote(fountain=600)
    before = stored()
    with pytest.raises(Refused) as refusal:
        budget.cast("anna", "moon")
    codes = {objection.code for objection in refusal.value.objections}
    assert codes == {"town_veto", "not_on_ballot"}
    assert stored() == before


def test_silence_of_a_plugin_lifts_no_objection_of_the_core(with_plugin, new_budget):
    class Generous:
        @hookimpl
        def objections(self):
            return ()

    budget = new_budget(with_plugin(Generous()))
    with pytest.raises(Refused, match="stage_not_yet"):
        budget.cast("anna", "moon")


class Observer:
    """Keeps what it is told, and fails if it is told to."""

    def __init__(self, failure=None):
        self.told, self.failure = [], failure

    @hookimpl
    def after_commit(self, procedure, recorded):
        self.told += [(procedure, type(one.event).__name__) for one in recorded]
        if self.failure:
            raise self.failure


def test_observers_are_told_what_was_decided_but_never_ballots(with_plugin, new_budget):
    observer = Observer()
    budget = new_budget(with_plugin(observer)).to_the_vote(fountain=600)
    before = list(observer.told)
    budget.cast("anna", "fountain")
    assert observer.told == before
    told = [name for _, name in observer.told]
    assert told == [type(one.event).__name__ for one in budget.journal()]


def test_an_observer_that_fails_undoes_nothing_and_is_remembered(with_plugin, new_budget):
    budget = new_budget(with_plugin(Observer(failure=ValueError("mail server is down"))))
    receipt = budget.idea("fountain")
    assert budget.item("fountain").state == "published"
    assert receipt.last == 3
    (opening, failure) = budget.failures()
    assert "town-rules 1.0" in failure
    assert "after_commit" in failure
    assert "mail server is down" in failure
    assert opening == failure


class ForgetfulMail:
    """Fails the first time, and works from then on."""

    def __init__(self):
        self.told, self.failed = [], False

    @hookimpl
    def after_commit(self, recorded):
        if not self.failed:
            self.failed = True
            raise OSError("the mail server is down")
        self.told += [one.seq for one in recorded]


def test_an_observer_is_told_again_what_it_failed_on(with_plugin, new_budget):
    mail = ForgetfulMail()
    budget = new_budget(with_plugin(mail))
    assert mail.told == []
    budget.tick()
    assert mail.told == [one.seq for one in budget.journal()]


class Hand:
    """Hands every new idea over to another procedure."""

    def __init__(self, target):
        self.target = target

    @hookimpl
    def follow_ups(self, procedure, recorded):
        for one in recorded:
            if type(one.event).__name__ == "ItemSubmitted" and procedure != self.target:
                yield FollowUp(
                    procedure=self.target,
                    command=SubmitItem(item=one.event.item, title=one.event.title),
                    actor=Actor.of("hand", Role.RESIDENT),
                    key=f"from-{procedure}-{one.seq}",
                )


def test_an_idea_is_handed_over_once(with_plugin, new_budget):
    town = with_plugin(Hand("budget-2028"))
    first, second = new_budget(town), new_budget(town, "budget-2028")
    first.idea("fountain")
    assert second.states() == {"fountain": "published"}
    for one in first.journal():
        handing = first.handle._execution.outbox._handing
        handing.hand_over(first.handle._scope, [one], "town")  # once more, as after a crash
    assert len(second.journal()) == 3
    assert first.failures() == []


def test_a_hand_over_that_is_refused_is_remembered_and_undoes_nothing(with_plugin, new_budget):
    budget = new_budget(with_plugin(Hand("budget-1999")))
    budget.idea("fountain")
    assert budget.states() == {"fountain": "published"}
    assert "budget-1999" in budget.failures()[0]


FAILURES = [ZeroDivisionError("in a rule"), KeyboardInterrupt(), SystemExit(3)]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("place", ["eligibility", "objections"])
def test_whatever_a_plugin_throws_nothing_is_half_written(
    with_plugin, new_budget, stored, failure, place
):
    calm = True

    @rule("eligibility", name="town/residents")
    def moody(_actor, _view):
        if place == "eligibility" and not calm:
            raise failure
        return ()

    class Moody(Rules):
        @hookimpl
        def objections(self):
            if place == "objections" and not calm:
                raise failure
            return ()

    budget = open_with(with_plugin(Moody(moody)), new_budget).to_the_vote(fountain=600)
    before, calm = stored(), False
    stopped_by_hand = isinstance(failure, KeyboardInterrupt)
    expected = KeyboardInterrupt if stopped_by_hand else PluginError
    with pytest.raises(expected) as raised:
        budget.cast("anna", "fountain", key="k-1")
    if not stopped_by_hand:
        assert raised.value.distribution == "town-rules"
        assert raised.value.command == "CastBallot"
    assert stored() == before
    calm = True
    budget.cast("anna", "fountain", key="k-1")
    assert budget.faults() == []


def test_a_failing_rule_while_counting_leaves_the_vote_uncounted(with_plugin, new_budget, stored):
    @rule("count", name="town/count")
    def broken(_election, _ties, _view):
        raise KeyError("weights")

    budget = new_budget(with_plugin(Rules(broken)), rules={"count": "town/count"})
    budget.to_the_vote(fountain=600).cast("anna", "fountain")
    budget.until("fund")
    before = stored()
    with pytest.raises(PluginError, match=r"rule town/count@1 during CountBallots: KeyError"):
        budget.count()
    assert stored() == before
