"""Electorate: who may take part, the register that tells so, and the roll of each vote."""

from partizipation_core.kernel.electorate import register, roll

__all__ = ["DECIDERS"]

DECIDERS = (*register.DECIDERS, *roll.DECIDERS)
