"""Every feed, by hand. A new source is a new folder and one line here."""

from jinfuyun.data.departments.acquiring.feed import COLLECTIONS
from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.courts.feed import DISHONEST_DEBTORS, ENFORCEMENTS, JUDGMENTS
from jinfuyun.data.departments.credit.feed import LICENCES, PENALTIES
from jinfuyun.data.departments.customs.feed import CUSTOMS_DECLARATIONS, CUSTOMS_RATINGS
from jinfuyun.data.departments.electricity.feed import ELECTRICITY
from jinfuyun.data.departments.gas.feed import GAS
from jinfuyun.data.departments.housing_fund.feed import HOUSING_FUND
from jinfuyun.data.departments.ip.feed import INTELLECTUAL_PROPERTY
from jinfuyun.data.departments.market.feed import (
    ABNORMAL_LIST,
    ANNUAL_REPORTS,
    BRANCHES,
    EQUITY_PLEDGES,
    OFFICERS,
    REGISTRATION,
    REGISTRATION_CHANGES,
    SHAREHOLDERS,
)
from jinfuyun.data.departments.platform.feed import PLATFORM_FINANCING
from jinfuyun.data.departments.procurement.feed import PROCUREMENT_AWARDS, SUBSIDIES
from jinfuyun.data.departments.property.feed import MORTGAGES
from jinfuyun.data.departments.science.feed import QUALIFICATIONS
from jinfuyun.data.departments.social_insurance.feed import SOCIAL_INSURANCE
from jinfuyun.data.departments.tax.feed import (
    TAX_ARREARS,
    TAX_DECLARATIONS,
    TAX_GRADES,
    TAX_PAYMENTS,
    TAX_VIOLATIONS,
    TAXPAYERS,
)
from jinfuyun.data.departments.tax.invoices import PURCHASE_INVOICES, SALES_INVOICES
from jinfuyun.data.departments.tax.statements import BALANCE_SHEETS, PROFIT_STATEMENTS
from jinfuyun.data.departments.water.feed import WATER

# In the order in which a province starts: first the registers by which enterprises are known.
_ALL = (
    REGISTRATION,
    TAXPAYERS,
    SHAREHOLDERS,
    OFFICERS,
    REGISTRATION_CHANGES,
    BRANCHES,
    EQUITY_PLEDGES,
    ANNUAL_REPORTS,
    ABNORMAL_LIST,
    LICENCES,
    PENALTIES,
    JUDGMENTS,
    ENFORCEMENTS,
    DISHONEST_DEBTORS,
    INTELLECTUAL_PROPERTY,
    QUALIFICATIONS,
    PROCUREMENT_AWARDS,
    SUBSIDIES,
    CUSTOMS_RATINGS,
    TAX_DECLARATIONS,
    TAX_PAYMENTS,
    TAX_GRADES,
    TAX_ARREARS,
    TAX_VIOLATIONS,
    SALES_INVOICES,
    PURCHASE_INVOICES,
    BALANCE_SHEETS,
    PROFIT_STATEMENTS,
    SOCIAL_INSURANCE,
    HOUSING_FUND,
    ELECTRICITY,
    WATER,
    GAS,
    CUSTOMS_DECLARATIONS,
    MORTGAGES,
    COLLECTIONS,
    PLATFORM_FINANCING,
)
FEEDS: dict[str, Feed] = {feed.name: feed for feed in _ALL}
