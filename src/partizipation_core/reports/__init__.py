"""Reports: what a town publishes about a procedure, as a page, a chart or a table."""

from partizipation_core.reports.page import render_page
from partizipation_core.reports.report import Check, Entry, Milestone, Refusal, Report
from partizipation_core.reports.tables import ENTRY_COLUMNS, entry_rows, to_csv, to_json

__all__ = [
    "ENTRY_COLUMNS",
    "Check",
    "Entry",
    "Milestone",
    "Refusal",
    "Report",
    "entry_rows",
    "render_page",
    "to_csv",
    "to_json",
]
