"""Decision: bodies that decide: a jury with seats, a council, an assembly beside ballots."""

from partizipation_core.kernel.decision import assembly_votes, council, seats, voting

__all__ = ["DECIDERS"]

DECIDERS = (
    *seats.DECIDERS,
    *voting.DECIDERS,
    *council.DECIDERS,
    *assembly_votes.DECIDERS,
)
