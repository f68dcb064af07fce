"""Results: draft, certified, published, corrected; and who may see their numbers from when."""

from partizipation_core.kernel.results import certification, correction

__all__ = ["DECIDERS"]

DECIDERS = (*certification.DECIDERS, *correction.DECIDERS)
