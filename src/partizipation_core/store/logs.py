"""Logs: what the database library may tell of our engines, which is everything but rows."""

from __future__ import annotations

import logging

__all__ = ["LOGGER", "keep_rows_out"]

LOGGER = "partizipation"
"""Name that our engines log under, below that of the library."""


def keep_rows_out() -> None:
    """Keep rows out of every log: they hold ballots, and parameters alone are hidden already."""
    logging.getLogger(f"sqlalchemy.engine.Engine.{LOGGER}").addFilter(_tells_no_row)


def _tells_no_row(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO
