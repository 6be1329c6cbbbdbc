"""Every chapter, by hand, in the order of a report. 1 信用概要 is drawn from all others: see `summary`."""

from jinfuyun.reports.chapters.assets import ASSETS
from jinfuyun.reports.chapters.basics import BASICS
from jinfuyun.reports.chapters.cash import CASH
from jinfuyun.reports.chapters.changes import CHANGES
from jinfuyun.reports.chapters.contract import Chapter
from jinfuyun.reports.chapters.courts import COURTS
from jinfuyun.reports.chapters.cover import COVER
from jinfuyun.reports.chapters.customs import CUSTOMS
from jinfuyun.reports.chapters.financing import FINANCING
from jinfuyun.reports.chapters.government import GOVERNMENT
from jinfuyun.reports.chapters.invoices import INVOICES
from jinfuyun.reports.chapters.owners import OWNERS
from jinfuyun.reports.chapters.penalties import PENALTIES
from jinfuyun.reports.chapters.pledges import PLEDGES
from jinfuyun.reports.chapters.record import RECORD
from jinfuyun.reports.chapters.related import RELATED
from jinfuyun.reports.chapters.rights import RIGHTS
from jinfuyun.reports.chapters.staff import HOUSING_FUND, SOCIAL_INSURANCE
from jinfuyun.reports.chapters.statements import STATEMENTS
from jinfuyun.reports.chapters.tax import TAX
from jinfuyun.reports.chapters.titles import TITLES
from jinfuyun.reports.chapters.utilities import UTILITIES

SUMMARY = Chapter("1", "summary", "信用概要")

CHAPTERS: tuple[Chapter, ...] = (
    COVER,
    SUMMARY,
    BASICS,
    OWNERS,
    CHANGES,
    PLEDGES,
    TITLES,
    TAX,
    INVOICES,
    STATEMENTS,
    SOCIAL_INSURANCE,
    HOUSING_FUND,
    UTILITIES,
    CUSTOMS,
    RIGHTS,
    ASSETS,
    GOVERNMENT,
    PENALTIES,
    COURTS,
    FINANCING,
    CASH,
    RELATED,
    RECORD,
)
