"""The core's rules for bodies that decide: quorum, majority with a named base, bias."""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.formats.rules import ItemView, PollView, Rule, View, rule
from partizipation_core.values import Objection, ParticipantRef

__all__ = ["RULES"]


@rule("quorum", name="core/two_thirds_present")
def two_thirds_present(present: int, members: int, _view: View) -> Iterator[Objection]:
    """Ask for two thirds of the members; a biased member who is there counts."""
    needed = -(-2 * members // 3)
    if present < needed:
        yield Objection("not_quorate", {"present": present, "needed": needed, "members": members})


@rule("quorum", name="core/more_than_half_present")
def more_than_half_present(present: int, members: int, _view: View) -> Iterator[Objection]:
    """Ask for more than half of the members; a biased member who is there counts."""
    needed = members // 2 + 1
    if present < needed:
        yield Objection("not_quorate", {"present": present, "needed": needed, "members": members})


@rule("resolution", name="core/resolved_by_majority_of_votes")
def by_majority_of_votes(poll: PollView, _view: View) -> Iterator[Objection]:
    """Ask for more votes for than against; abstentions do not count."""
    yield from _lacking(poll, poll.votes // 2 + 1, "votes", poll.votes)


@rule("resolution", name="core/resolved_by_majority_of_present")
def by_majority_of_present(poll: PollView, _view: View) -> Iterator[Objection]:
    """Ask for more than half of those present; who abstains counts as present."""
    yield from _lacking(poll, poll.present // 2 + 1, "present", poll.present)


@rule("resolution", name="core/resolved_by_majority_of_members")
def by_majority_of_members(poll: PollView, _view: View) -> Iterator[Objection]:
    """Ask for more than half of all members, present or not."""
    yield from _lacking(poll, poll.members // 2 + 1, "members", poll.members)


@rule("resolution", name="core/resolved_by_two_thirds_of_votes")
def by_two_thirds_of_votes(poll: PollView, _view: View) -> Iterator[Objection]:
    """Ask for two thirds of the votes for and against; abstentions do not count."""
    yield from _lacking(poll, _two_thirds(poll.votes), "votes", poll.votes)


@rule("resolution", name="core/resolved_by_two_thirds_of_present")
def by_two_thirds_of_present(poll: PollView, _view: View) -> Iterator[Objection]:
    """Ask for two thirds of those present; who abstains counts as present."""
    yield from _lacking(poll, _two_thirds(poll.present), "present", poll.present)


@rule("resolution", name="core/resolved_by_two_thirds_of_members")
def by_two_thirds_of_members(poll: PollView, _view: View) -> Iterator[Objection]:
    """Ask for two thirds of all members, present or not."""
    yield from _lacking(poll, _two_thirds(poll.members), "members", poll.members)


@rule("conflict", name="core/own_item")
def own_item(item: ItemView, member: ParticipantRef, _view: View) -> Iterator[Objection]:
    """Take whoever handed an item in, alone or with others, as biased in it."""
    if member in (item.author, *item.coauthors):
        yield Objection("biased", {"item": item.ref})


def _two_thirds(whole: int) -> int:
    """Return the least number that is two thirds of a whole, and at least one."""
    return max(1, -(-2 * whole // 3))


def _lacking(poll: PollView, needed: int, base: str, whole: int) -> Iterator[Objection]:
    if poll.yes < needed:
        params = {"yes": poll.yes, "needed": needed, "whole": whole, "base": base}
        yield Objection("not_resolved", params)


RULES: tuple[Rule, ...] = (
    two_thirds_present,
    more_than_half_present,
    by_majority_of_votes,
    by_majority_of_present,
    by_majority_of_members,
    by_two_thirds_of_votes,
    by_two_thirds_of_present,
    by_two_thirds_of_members,
    own_item,
)
