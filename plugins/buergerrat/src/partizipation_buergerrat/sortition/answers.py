"""How a solver may end without an optimum; known also where no solver is installed."""

from partizipation_core.errors import PartizipationError

__all__ = ["Infeasible", "Unknown"]


class Infeasible(PartizipationError):  # noqa: N818 - names the situation
    """The solver proved that nothing meets all limits."""


class Unknown(PartizipationError):  # noqa: N818 - names the situation
    """The solver ended without an answer; nothing may be concluded from that."""
