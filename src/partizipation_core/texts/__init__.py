"""Texts: codes and parameters become sentences here, and nowhere else.

Everything below this room tells what happened as a code with parameters. The sentences stand in
catalogues, one folder a language, so that towns, plugins and translators can word them.
"""

from partizipation_core.texts.catalogue import Catalogue, languages, load
from partizipation_core.texts.sentences import label, objection_text, render
from partizipation_core.texts.wording import Wording, one_line

__all__ = [
    "Catalogue",
    "Wording",
    "label",
    "languages",
    "load",
    "objection_text",
    "one_line",
    "render",
]
