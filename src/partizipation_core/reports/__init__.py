"""Reports: what a town publishes about a procedure, as a page, a chart or a table."""

from partizipation_core.reports.accountability import (
    ACCOUNT_COLUMNS,
    Accountability,
    account_rows,
    accountability,
)
from partizipation_core.reports.accountability_page import render_accountability
from partizipation_core.reports.notice import notice_text, printed_notice
from partizipation_core.reports.page import render_page
from partizipation_core.reports.payments import PAYMENT_COLUMNS, payment_rows
from partizipation_core.reports.report import Check, Entry, Milestone, Refusal, Report
from partizipation_core.reports.tables import ENTRY_COLUMNS, entry_rows, to_csv, to_json

__all__ = [
    "ACCOUNT_COLUMNS",
    "ENTRY_COLUMNS",
    "PAYMENT_COLUMNS",
    "Accountability",
    "Check",
    "Entry",
    "Milestone",
    "Refusal",
    "Report",
    "account_rows",
    "accountability",
    "entry_rows",
    "notice_text",
    "payment_rows",
    "printed_notice",
    "render_accountability",
    "render_page",
    "to_csv",
    "to_json",
]
