"""Ledger: pots that are filled and emptied, and the bookings of everything in between."""

from partizipation_core.kernel.ledger import pots

__all__ = ["DECIDERS"]

DECIDERS = pots.DECIDERS
