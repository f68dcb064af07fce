"""Extension: hooks, the host that calls them, and the core's own contributions through them."""

import pluggy

__all__ = ["hookimpl"]

hookimpl = pluggy.HookimplMarker("partizipation")
"""Marks a function of a plugin as implementation of the hook of the same name."""
