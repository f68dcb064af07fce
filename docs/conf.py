"""How Sphinx builds the documentation; it needs no network."""

import logging
from importlib.metadata import version as installed_version


class MayBeEmpty(logging.Filter):
    """Let a shelf have no page yet; Sphinx gives this one warning no type to suppress it by."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything but the warning of an empty glob."""
        return getattr(record, "subtype", None) != "empty_glob"


logging.getLogger("sphinx.sphinx.directives.other").addFilter(MayBeEmpty())

project = "partizipation_core"
author = "partizipation_core contributors"
project_copyright = "2026 partizipation_core contributors"
version = release = installed_version("partizipation-core")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "sphinx_design",
    "partizipation_core.handbook",
]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False

# Every reference into this project must resolve. Those to other people's types cannot, because
# looking them up would need the network.
# The same word may name things in several rooms; which one is meant stands beside it.
suppress_warnings = ["ref.python"]

nitpick_ignore_regex = [
    ("py:.*", r"(?!partizipation_).*"),
    ("py:.*", r".*\._?[RST]"),  # type variables have no page
    # What a handle is made of inside has none either.
    ("py:class", r"partizipation_core\.(execution\.execution\.Execution|store\.scope\.Scope)"),
]

html_theme = "pydata_sphinx_theme"
html_title = "partizipation_core"
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": True,
    "secondary_sidebar_items": ["page-toc"],
    "show_toc_level": 2,
}
html_sidebars = {"index": []}
