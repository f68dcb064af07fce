"""Crowdfunding: a town's contest, its campaigns, match money and prizes.

What money does is in `funding` as pure functions, the port to a payment provider in `payments`,
the procedure in `contest`, what the public sees in `public`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.kernel.decider import Decider
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.story import Story
from partizipation_crowdfunding import story
from partizipation_crowdfunding.contest.format import CROWDFUNDING, DECIDERS

__all__ = [
    "CROWDFUNDING",
    "register_deciders",
    "register_formats",
    "register_stories",
    "register_texts",
]


@hookimpl
def register_formats() -> Iterable[ProcedureFormat]:
    """Contribute the contest."""
    return (CROWDFUNDING,)


@hookimpl
def register_deciders() -> Iterable[Decider]:
    """Contribute what is done to campaigns and pledges."""
    return DECIDERS


@hookimpl
def register_texts() -> Mapping[str, Mapping[str, str]]:
    """Contribute the sentences of this plugin."""
    from partizipation_core.texts import languages, load
    from partizipation_crowdfunding.texts import PACKAGE

    return {lang: load(PACKAGE, lang) for lang in languages(PACKAGE)}


@hookimpl
def register_stories() -> Mapping[str, Story]:
    """Contribute what ``partizipation demo`` plays."""
    return {CROWDFUNDING.key: story.play}
