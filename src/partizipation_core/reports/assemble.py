"""Assemble a report from a procedure: every number from its items and its one result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.counting import Fate, Result
from partizipation_core.formats.definition import Definition
from partizipation_core.kernel.calendar import StageEntered
from partizipation_core.kernel.procedure import ProcedureOpened
from partizipation_core.kernel.results.composing import ASSEMBLY
from partizipation_core.kernel.results.vote_result import VoteResult
from partizipation_core.kernel.state import Delivery, Item, Procedure
from partizipation_core.kernel.visibility import public
from partizipation_core.money.books import Account, Ledger
from partizipation_core.platform import ProcedureHandle
from partizipation_core.replay import Check as Audited
from partizipation_core.reports.report import Check, Entry, Milestone, Refusal, Report
from partizipation_core.store.journal import Recorded
from partizipation_core.texts.wording import Wording

__all__ = ["assemble", "checks_in_words"]


@frozen(kw_only=True)
class _Source:
    """A procedure as it was read once, so that all parts of a report agree."""

    state: Procedure
    definition: Definition
    items: Sequence[Item]
    journal: Sequence[Recorded]
    ledger: Ledger
    told: VoteResult | None
    wording: Wording

    @property
    def result(self) -> Result | None:
        """The protocol of the count; None where hands decided or nothing is known yet."""
        return self.told.count if self.told else None


def assemble(  # noqa: PLR0913 - what a report tells beyond the procedure itself
    handle: ProcedureHandle,
    wording: Wording,
    *,
    title: str,
    municipality: str,
    generated_at: Instant,
    refusals: Iterable[Refusal] = (),
    checks: Iterable[Check] = (),
    source: str = "",
) -> Report:
    """Tell what became of a procedure.

    Args:
        handle: the procedure.
        wording: writes codes for the reader.
        title: name of the procedure.
        municipality: name of the town.
        generated_at: when the report is made.
        refusals: what was not allowed on the way, if that is to be shown.
        checks: proofs that were tried.
        source: where the data come from.
    """
    settings, state = handle.settings(), handle.state()
    vote = _last_vote(state)
    whole, numbers = _read(handle, state, vote, wording), handle.reconciliation(vote)
    turnout = _turnout(whole, numbers.turnout)
    return Report(
        title=title,
        municipality=municipality,
        format=whole.definition.title,
        stage=whole.definition.stage(state.stage).title or state.stage,
        generated_at=generated_at,
        entries=_entries(whole),
        pot=settings.pot.cents if settings.pot else None,
        currency=settings.currency,
        zone=settings.zone,
        ballots=numbers.total.counted if whole.told is None else _ballots(turnout),
        present=turnout.get(ASSEMBLY, turnout.get("hands")),
        turnout=turnout,
        rule=_rule(whole),
        ties=_ties(whole),
        refusals=tuple(refusals),
        milestones=tuple(_milestones(whole)),
        checks=tuple(checks),
        source=source,
        result=whole.told,
    )


def checks_in_words(audited: Iterable[Audited], wording: Wording) -> list[Check]:
    """Say what an audit found."""
    return [
        Check(
            name=wording.sentence(f"audit.{one.name}"),
            ok=one.ok,
            detail="; ".join(one.faults)
            or wording.sentence("audit.counted", {"counted": one.counted}),
        )
        for one in audited
    ]


def _last_vote(state: Procedure) -> str:
    """Name the vote that is reported: the latest one counted, or else one that was held."""
    return (state.counted or tuple(state.papers) or ("",))[-1]


def _read(handle: ProcedureHandle, state: Procedure, vote: str, wording: Wording) -> _Source:
    known = vote in state.papers and vote in state.counted
    return _Source(
        state=state,
        definition=handle.definition(),
        items=handle.items(),
        journal=handle.journal(),
        ledger=handle.ledger(),
        told=handle.vote_result(vote) if known else None,
        wording=wording,
    )


def _turnout(whole: _Source, in_the_box: Mapping[str, int]) -> Mapping[str, int]:
    """Count people by channel; how many there are is no secret, what they said is."""
    if whole.told is None:
        return in_the_box
    return {name: one.cast for name, one in whole.told.turnout.channels.items()}


def _ballots(turnout: Mapping[str, int]) -> int:
    return sum(number for channel, number in turnout.items() if channel not in (ASSEMBLY, "hands"))


def _entries(whole: _Source) -> list[Entry]:
    entries = [_entry(item, whole) for item in whole.items if item.published]
    lines = whole.told.lines if whole.told else ()
    place: dict[str, int] = {line.item: turn for turn, line in enumerate(lines)}
    last = len(place)
    return sorted(entries, key=lambda e: (place.get(e.item, last), -(e.score or 0), e.item))


def _entry(item: Item, whole: _Source) -> Entry:
    delivery = item.delivery or Delivery()
    score, label = _score(item, whole)
    return Entry(
        item=item.ref,
        title=item.title if public(item) else whole.wording.sentence("hidden.title"),
        category=item.category,
        cost=item.cost.cents if item.cost else None,
        score=score,
        score_label=label,
        award=item.award.cents if item.award else None,
        state=item.state,
        reason=_reason(item, whole),
        percent=delivery.percent or 0,
        spent=_spent(item, whole.ledger),
        note=delivery.note,
    )


def _spent(item: Item, ledger: Ledger) -> int | None:
    """Say what an item has cost, by the books where it is in them."""
    if ledger.bound(item=item.ref):
        paid = ledger.balance(Account.PAID, item=item.ref).cents
        return paid if paid or item.delivery else None
    return item.delivery.spent.cents if item.delivery else None


def _score(item: Item, whole: _Source) -> tuple[int | None, str]:
    line = whole.told.line(item.ref) if whole.told else None
    if line is None or not isinstance(line.score, int):
        return None, ""
    by_points = whole.definition.settings.get("rank_by") == "points"
    unit = "points" if by_points or not whole.result else "votes"
    hands = not whole.result and not isinstance(line.points, int)
    code = "score.hands" if hands else f"score.{unit}"
    return line.score, whole.wording.sentence(code, {"score": line.score})


def _reason(item: Item, whole: _Source) -> str:
    """Say why, by the one who decided: the count, the assembly, or an office."""
    say, fate, hands = whole.wording.sentence, _fate(item, whole), item.hands
    if fate is not None:
        told = say(fate.reason.code, fate.reason.params)
        more = say(fate.margin.reason.code, fate.margin.reason.params)
        return f"{told} {more}" if fate.outcome == "rejected" else told
    if hands is not None:
        shown = {"yes": hands.yes, "no": hands.no, "abstain": hands.abstain}
        return say("award.agreed" if _agreed(item, whole) else "award.not_agreed", shown)
    if (points := _points(item, whole)) is not None:
        agreed = "agreed" if _agreed(item, whole) else "not_agreed"
        return say(f"award.{agreed}_points", {"points": points})
    if item.review is not None and item.review.statement:
        return item.review.statement
    return item.reason


def _points(item: Item, whole: _Source) -> int | None:
    """Return the points that an assembly gave; None where none were counted."""
    line = whole.told.line(item.ref) if whole.told and not whole.result else None
    return line.points if line is not None and isinstance(line.points, int) else None


def _agreed(item: Item, whole: _Source) -> bool:
    line = whole.told.line(item.ref) if whole.told else None
    return line is not None and line.outcome == "agreed"


def _fate(item: Item, whole: _Source) -> Fate | None:
    return whole.result.fates.get(item.ref) if whole.result else None


_RULES = frozenset({"ranked_list", "equal_shares", "phragmen", "knapsack"})


def _rule(whole: _Source) -> str:
    say, settings = whole.wording.sentence, whole.definition.settings
    if whole.result is None:
        return say("rule.assembly") if whole.state.present is not None else ""
    known = whole.result.rule in _RULES
    parts = [
        say(
            f"rule.{whole.result.rule if known else 'greedy'}",
            {"rank_by": settings.get("rank_by", "votes")},
        )
    ]
    if misfit := settings.get("misfit"):
        parts.append(say("rule.misfit", {"misfit": misfit}))
    if threshold := settings.get("threshold"):
        parts.append(say("rule.threshold", {"threshold": threshold}))
    if lot := whole.result.lot:
        parts.append(say("count.lot", {"seed": lot.seed, "list_sha256": lot.list_sha256}))
    return " ".join(parts)


def _ties(whole: _Source) -> list[str]:
    if whole.result is None:
        return []
    titles = {item.ref: item.title for item in whole.items}
    return [
        whole.wording.sentence(
            "tie.mattered" if tie.mattered else "tie.harmless",
            {
                "members": ", ".join(f"„{titles.get(m, m)}“" for m in tie.members),  # type: ignore[call-overload]
                "score": str(tie.score),
                "decided_by": tie.decided_by,
            },
        )
        for tie in whole.result.ties
    ]


def _milestones(whole: _Source) -> Iterable[Milestone]:
    for one in whole.journal:
        if isinstance(one.event, ProcedureOpened):
            first = whole.definition.first
            yield Milestone(at=one.at, what=first.title or first.key)
        elif isinstance(one.event, StageEntered):
            stage = whole.definition.stage(one.event.stage)
            yield Milestone(at=one.at, what=stage.title or stage.key)
