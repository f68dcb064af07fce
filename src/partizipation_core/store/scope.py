"""Scope: the one procedure that every statement is confined to."""

from __future__ import annotations

from attrs import frozen

from partizipation_core.values import MunicipalityRef, ProcedureRef

__all__ = ["Scope"]


@frozen(cache_hash=True)  # what is remembered of procedures is looked up by it
class Scope:
    """One procedure of one municipality: what every statement is confined to."""

    municipality: MunicipalityRef
    procedure: ProcedureRef
