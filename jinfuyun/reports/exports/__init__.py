"""A frozen report given out as a file to work with: spreadsheet, draft of the investigation report, record."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jinfuyun.reports.chapters.shown import Marks
from jinfuyun.reports.content import ReportData
from jinfuyun.reports.exports.draft import draft
from jinfuyun.reports.exports.record import record
from jinfuyun.reports.exports.workbook import workbook

# By the end of the file's name; each takes the report, who takes it out, when, and what is said of figures today.
EXPORTS: Mapping[str, Callable[[ReportData, str, datetime, Marks | None], bytes]] = {
    "xlsx": workbook,
    "docx": draft,
    "json": record,
}
