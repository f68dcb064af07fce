"""Sentences of the plugin, one folder a language."""

from __future__ import annotations

__all__ = ["PACKAGE"]

PACKAGE = __name__
