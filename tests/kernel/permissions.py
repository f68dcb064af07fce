"""Prints who may do what, as the kernel answers: every stage, item state, role and command.

The table ``permissions.csv`` beside this file was printed by it and then read line by line against
the formats; `test_walk` compares every cell with it. After a wanted change print it anew

    python tests/kernel/permissions.py > tests/kernel/permissions.csv

and read the difference before committing it. Cells with one answer are folded into one line; ``*``
stands for every state of an item.
"""

import csv
import sys
from collections import defaultdict
from itertools import product
from pathlib import Path
from runpy import run_path

from attrs import evolve

from partizipation_core import Actor, Money, Role
from partizipation_core.commands import (
    AbandonDelivery,
    AcceptInvitation,
    AdmitItem,
    AdvanceStage,
    AmendProcedure,
    AssignReview,
    AwardItems,
    CastBallot,
    ChallengeBallot,
    ChangeDelivery,
    ChooseMethod,
    CloseProcedure,
    CorrectItem,
    CountBallots,
    EndStage,
    EnterItem,
    ExtendStage,
    FinishDelivery,
    FollowRecommendations,
    ForwardItem,
    Hands,
    HideItem,
    InviteCoauthor,
    LeaveItem,
    Link,
    LinkItem,
    MergeItems,
    NamePresenter,
    ObjectToReview,
    Override,
    Part,
    PassOverItem,
    PublishItem,
    PublishReviews,
    PutOnBallot,
    ReclassifyItem,
    RecommendStep,
    RecordAssembly,
    RefuseItem,
    ReopenStage,
    ReplaceBallot,
    ReportProgress,
    ResubmitItem,
    ReturnItem,
    ReviewItem,
    ReviseItem,
    RevokeBallot,
    SaveDraft,
    SetWindow,
    ShortlistByVote,
    ShortlistItem,
    SplitItem,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
    UnassignReview,
    UnhideItem,
    UnlinkItem,
    WithdrawItem,
)
from partizipation_core.formats.stages import Window
from partizipation_core.kernel.finding import Assignment, Outcome, Recommendation, Review

CHANNELS = run_path(str(Path(__file__).with_name("permissions_channels.py")))
DISCUSSION = run_path(str(Path(__file__).with_name("permissions_discussion.py")))
ELECTORATE = run_path(str(Path(__file__).with_name("permissions_electorate.py")))
RESULTS = run_path(str(Path(__file__).with_name("permissions_results.py")))
MONEY = run_path(str(Path(__file__).with_name("permissions_money.py")))
SECRECY = run_path(str(Path(__file__).with_name("permissions_secrecy.py")))
FORMATS = ("buergerhaushalt", "kiezkasse")
ROLES = (*Role, "nobody")
COLUMNS = ("format", "stage", "command", "roles", "states")
ITEM, OTHER = "i-1", "i-2"
FAR = 4_000_000_000_000_000
"""An instant long after all others."""

# One command of each kind that nothing but stage, role and state can speak against.
SAMPLES = (
    AbandonDelivery(item=ITEM, reason="x"),
    AcceptInvitation(item=ITEM),
    AdmitItem(item=ITEM),
    AdvanceStage(),
    AmendProcedure(definition=None, reason="x"),
    AssignReview(item=ITEM, office="x"),
    AwardItems(amounts={ITEM: Money(1)}, reason="x"),
    CastBallot(choices={ITEM: 1}),
    ChangeDelivery(item=ITEM, reason="x"),
    CloseProcedure(),
    CorrectItem(item=ITEM, title="y", reason="x"),
    CountBallots(vote="before", seed="1"),
    EndStage(reason="x"),
    EnterItem(item=ITEM, title="x", channel="paper"),
    ExtendStage(until=FAR, reason="x"),
    FinishDelivery(item=ITEM, spent=Money(1)),
    ForwardItem(item=ITEM, office="x", reason="x"),
    HideItem(item=ITEM, reason="x"),
    InviteCoauthor(item=ITEM, person="x"),
    LeaveItem(item=ITEM),
    LinkItem(item=ITEM, to_procedure="x", to_item="x", relation="becomes"),
    MergeItems(into=OTHER, sources=[ITEM], reason="x"),
    FollowRecommendations(items=[ITEM]),
    NamePresenter(item=ITEM, person="x"),
    ObjectToReview(item=ITEM, reason="x"),
    PassOverItem(item=ITEM, reason="x"),
    PublishItem(item=ITEM),
    PublishReviews(items=[ITEM]),
    PutOnBallot(item=ITEM),
    ReclassifyItem(item=ITEM, area="y", reason="x"),
    RecommendStep(item=ITEM, trigger="shortlist", reason="x"),
    RecordAssembly(present=3, hands={ITEM: Hands(yes=2, no=1)}),
    RefuseItem(item=ITEM, reason="x"),
    ReopenStage(reason="x"),
    ReplaceBallot(choices={ITEM: 1}),
    ReportProgress(item=ITEM, percent=10),
    ReturnItem(item=ITEM, reason="x"),
    ResubmitItem(item=ITEM, title="x"),
    ReviewItem(item=ITEM, outcome="feasible"),
    ReviewItem(item=ITEM, outcome="forwarded", statement="x", competent="x"),
    ReviewItem(item=ITEM, outcome="infeasible", statement="x"),
    ReviseItem(item=ITEM, title="y"),
    RevokeBallot(),
    SaveDraft(item=ITEM),
    SetWindow(stage="?", window=Window(FAR), reason="x"),
    ShortlistByVote(vote="before", seed="1"),
    ShortlistItem(item=ITEM),
    SplitItem(item=ITEM, parts=[Part(item="1", title="x"), Part(item="2", title="x")], reason="x"),
    StartDelivery(item=ITEM),
    SubmitItem(item=ITEM, title="x"),
    TakeUpReview(item=ITEM),
    UnhideItem(item=ITEM, reason="x"),
    UnlinkItem(item=ITEM, to_procedure="x", to_item="x", relation="comes_from", reason="x"),
    UnassignReview(item=ITEM, office="x", reason="x"),
    WithdrawItem(item=ITEM),
    *CHANNELS["SAMPLES"],
    *DISCUSSION["SAMPLES"],
    *ELECTORATE["SAMPLES"],
    *RESULTS["SAMPLES"],
    *MONEY["SAMPLES"],
    *SECRECY["SAMPLES"],
)

BEFORE_THE_BALLOT = (CorrectItem, MergeItems, ReclassifyItem, ReviseItem, SplitItem)
"""What nobody may do any more with an item that is printed on a ballot."""


def name(sample):
    """Name a sample; the outcomes of a review are commands of their own here."""
    if isinstance(sample, Override):
        return f"Override({type(sample.command).__name__})"
    outcome = getattr(sample, "outcome", "")
    return type(sample).__name__ + (f"({outcome})" if outcome else "")


def bare(command):
    """Name a command without the outcome that its sample has."""
    return command if command.startswith("Override") else command.partition("(")[0]


def laid_out(game, stage, state, sample):
    """Put procedure and item where they shall be, with nothing else in the way."""
    printed = {} if isinstance(sample, BEFORE_THE_BALLOT) else {ITEM: Money(1)}
    votes = {stage.key: printed} if stage.puts_on_ballot else {}
    game.put(OTHER, state="published")
    game.put(
        ITEM,
        state=state,
        award=Money.euro(100),
        author="somebody",
        invited=("somebody",) if isinstance(sample, AcceptInvitation | LeaveItem) else (),
        hidden="x" if isinstance(sample, UnhideItem) else "",
        links=(Link(relation="comes_from", procedure="x", item="x"),),
        **reviewed(sample),
    )
    settings = evolve(game.pinned.settings, objection_days=1, secrecy="secret", outside=None)
    game.pinned = evolve(game.pinned, settings=settings)
    counts = isinstance(
        sample,
        ChooseMethod
        | NamePresenter
        | CountBallots
        | RecordAssembly
        | PutOnBallot
        | ReopenStage
        | ShortlistByVote,
    )
    game.become(
        stage=stage.key,
        previous=stage.key,
        papers={"before": printed, **votes},
        closed_votes={"before": 0},
        counted=() if counts else ("before", *votes),
    )
    DISCUSSION["lay_out"](game, sample)
    ELECTORATE["lay_out"](game, sample)
    RESULTS["lay_out"](game, sample)
    MONEY["lay_out"](game, sample)
    SECRECY["lay_out"](game, sample)
    voted = isinstance(sample, ReplaceBallot | RevokeBallot | ChallengeBallot)
    game.boxes = {stage.key: {"somebody": {ITEM: 1}} if voted else {}}
    CHANNELS["lay_out"](game, sample)


def reviewed(sample):
    """Lay out what offices and committees must have said before somebody can go on with it."""
    asked = isinstance(sample, UnassignReview)
    waits = isinstance(sample, PublishReviews)
    points = isinstance(sample, FollowRecommendations)
    found = Outcome(state="feasible", review=Review(outcome="feasible", statement=""))
    step = Recommendation(trigger="shortlist", state="shortlisted", reason="x")
    return {
        "assignments": {"x": Assignment(office="x")} if asked else {},
        "pending": found if waits else None,
        "recommendation": step if points else None,
    }


def fitted(game, stage, sample):
    """Fill in what a sample cannot know of the procedure it is given in."""
    if isinstance(sample, AmendProcedure):
        return evolve(sample, definition=game.definition)
    if isinstance(sample, AdvanceStage):
        ways = game.definition.edges(stage.key)
        return evolve(sample, edge=next(iter(ways), "advance"), reason="x")
    if isinstance(sample, SetWindow):
        other = next(one.key for one in reversed(game.definition.stages) if one != stage)
        return evolve(sample, stage=other)
    return CHANNELS["fitted"](game, sample)


def actor(role):
    """Name the one person of these tests in one role; she is the author of the item as well."""
    return Actor.of("somebody", role)


def cells(game):
    """Yield every cell of a procedure: stage, command, role, state, and the answer."""
    states = game.definition.lifecycle.states
    for stage, sample, state in product(game.definition.stages, SAMPLES, states):
        laid_out(game, stage, state, sample)
        given = fitted(game, stage, sample)
        for role in ROLES:
            allowed = not game.why(given, actor(role))
            yield (stage.key, name(sample), str(role), state), allowed


def folded(key, answers, states):
    """Fold cells into lines: one for each stage and command with the same roles and states."""
    by_roles = defaultdict(lambda: defaultdict(set))
    for (stage, command, role, state), allowed in answers:
        if allowed:
            by_roles[stage, command][role].add(state)
    for (stage, command), roles in by_roles.items():
        same = defaultdict(list)
        for role, where in roles.items():
            same[tuple(s for s in states if s in where)].append(role)
        for where, who in same.items():
            told = "*" if where == tuple(states) else " ".join(where)
            yield (key, stage, command, " ".join(who), told)


def unfolded(rows, states):
    """Yield the allowed cells that lines stand for."""
    for row in rows:
        where = states if row["states"] == "*" else row["states"].split()
        for role, state in product(row["roles"].split(), where):
            yield row["stage"], row["command"], role, state


if __name__ == "__main__":
    from partizipation_core.plugins.host import PluginHost

    Play = run_path(str(Path(__file__).with_name("conftest.py")))["Play"]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    for key in FORMATS:
        game = Play(PluginHost.discover(), key)
        out.writerows(folded(key, cells(game), game.definition.lifecycle.states))
