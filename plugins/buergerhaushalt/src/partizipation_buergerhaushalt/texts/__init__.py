"""Sentences of the plugin, one folder a language."""

__all__ = ["PACKAGE"]

PACKAGE = __name__
