"""Participation: how many people took part, counted in one place for every kind of it.

Somebody who never cast a ballot but supported an idea has taken part, and whoever counts only one
kind of it tells the council too small a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from partizipation_core.freezing import as_mapping

__all__ = ["Participation", "Taking", "participation"]


@frozen(kw_only=True)
class Taking:
    """One kind of taking part.

    Args:
        acts: how often it was done.
        people: by how many people.
    """

    acts: int
    people: int


@frozen(kw_only=True)
class Participation:
    """How many people took part in a procedure.

    Args:
        kinds: ``items``, ``comments``, ``supports``, ``ratings``, ``reports``, and
            ``ballots.<vote>`` for each vote → how many acts and people.
        people_at_least: people who took part in any way. Each vote has a key of its own, so that
            nobody can tell who in it also supported or commented; those who did both count once
            in this number, and the true one may be higher.
    """

    kinds: Mapping[str, Taking] = field(converter=as_mapping)
    people_at_least: int


def participation(
    acts: Mapping[str, Iterable[bytes]],
    ballots: Mapping[str, int],
    forgotten: Iterable[bytes] = (),
) -> Participation:
    """Count who took part.

    Args:
        acts: kind → for each act the tag of who did it, all tags made with one key.
        ballots: vote → number of ballots, one of each voter.
        forgotten: tags of those who have no name any more. Nobody can tell whether they also did
            something else, so that they do not count in the least number of people.
    """
    tags = {kind: list(given) for kind, given in acts.items()}
    kinds = {kind: Taking(acts=len(all_), people=len(set(all_))) for kind, all_ in tags.items()}
    votes = {f"ballots.{vote}": Taking(acts=n, people=n) for vote, n in ballots.items()}
    everybody = len(set().union(*tags.values()) - set(forgotten))
    return Participation(
        kinds={**kinds, **votes}, people_at_least=max(everybody, *ballots.values(), 0)
    )
