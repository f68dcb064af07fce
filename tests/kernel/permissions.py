"""Prints who may do what: every cell of stage, item state, role and command, as the kernel answers.

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
from runpy import run_path
from pathlib import Path

from partizipation_core import Actor, Money, Role
from partizipation_core.commands import (
    AbandonDelivery,
    AdmitItem,
    AdvanceStage,
    AwardItems,
    CastBallot,
    ChangeDelivery,
    CloseProcedure,
    CountBallots,
    FinishDelivery,
    Hands,
    PassOverItem,
    PublishItem,
    PutOnBallot,
    RecordAssembly,
    RefuseItem,
    ReplaceBallot,
    ReportProgress,
    ReturnItem,
    ReviewItem,
    ShortlistItem,
    StartDelivery,
    SubmitItem,
    TakeUpReview,
    WithdrawItem,
)

FORMATS = ("buergerhaushalt", "kiezkasse")
ROLES = (*Role, "nobody")
COLUMNS = ("format", "stage", "command", "roles", "states")
I = "i-1"

# One command of each kind that nothing but stage, role and state can speak against.
SAMPLES = (
    AbandonDelivery(item=I, reason="x"),
    AdmitItem(item=I),
    AdvanceStage(),
    AwardItems(amounts={I: Money(1)}, reason="x"),
    CastBallot(choices={I: 1}),
    ChangeDelivery(item=I, reason="x"),
    CloseProcedure(),
    CountBallots(vote="counted_last", seed="1"),
    FinishDelivery(item=I, spent=Money(1)),
    PassOverItem(item=I, reason="x"),
    PublishItem(item=I),
    PutOnBallot(item=I),
    RecordAssembly(present=3, hands={I: Hands(yes=2, no=1)}),
    RefuseItem(item=I, reason="x"),
    ReplaceBallot(choices={I: 1}),
    ReportProgress(item=I, percent=10),
    ReturnItem(item=I, reason="x"),
    ReviewItem(item=I, outcome="feasible"),
    ReviewItem(item=I, outcome="forwarded", statement="x", competent="x"),
    ReviewItem(item=I, outcome="infeasible", statement="x"),
    ShortlistItem(item=I),
    StartDelivery(item=I),
    SubmitItem(item=I, title="x"),
    TakeUpReview(item=I),
    WithdrawItem(item=I),
)


def name(sample):
    """Name a sample; the outcomes of a review are commands of their own here."""
    outcome = getattr(sample, "outcome", "")
    return type(sample).__name__ + (f"({outcome})" if outcome else "")


def laid_out(game, stage, state, sample):
    """Put procedure and item where they shall be, with nothing else in the way."""
    votes = {stage.key: {I: Money(1)}} if stage.puts_on_ballot else {}
    game.put(I, state=state, award=Money.euro(100), author=author_of(sample))
    game.become(
        stage=stage.key,
        papers={"counted_last": {}, "counted_before": {I: Money(1)}, **votes},
        closed_votes={"counted_last": 0},
        counted=("counted_before", *votes) if isinstance(sample, AwardItems) else ("x",),
    )
    if isinstance(sample, CountBallots):
        game.become(papers={"counted_last": {I: Money(1)}}, stage=stage.key)
    voters = {actor(role).ref: {I: 1} for role in ROLES}
    game.boxes = {stage.key: voters if isinstance(sample, ReplaceBallot) else {}}


def author_of(_sample):
    return "somebody"


def actor(role):
    """Name the one person of these tests in one role; she is the author of the item as well."""
    return Actor.of("somebody", role)


def cells(game):
    """Yield every cell of a procedure: stage, command, role, state, and the answer."""
    states = game.definition.lifecycle.states
    for stage, sample, state in product(game.definition.stages, SAMPLES, states):
        laid_out(game, stage, state, sample)
        for role in ROLES:
            allowed = not game.why(sample, actor(role))
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
