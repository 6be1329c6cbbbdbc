"""Every category that becomes a document, by hand. The tax grade is asked live and stands in no document."""

from jinfuyun.data.indicators.contract import Source
from jinfuyun.data.indicators.electricity import ELECTRICITY
from jinfuyun.data.indicators.invoices import INVOICES
from jinfuyun.data.indicators.registration import REGISTRATION

SOURCES: tuple[Source, ...] = (REGISTRATION, INVOICES, ELECTRICITY)
