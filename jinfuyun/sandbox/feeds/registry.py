"""Who writes each feed, by hand. All of the contracts' feeds but the platform's own."""

from collections.abc import Callable

from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds import abroad, assets, credit, invoices, market, staff, statements, tax, utilities
from jinfuyun.sandbox.sheet import Rows

WRITERS: dict[str, Callable[[Block], Rows]] = {
    "registration": market.registration,
    "taxpayers": tax.taxpayers,
    "shareholders": market.shareholders,
    "officers": market.officers,
    "registration_changes": market.registration_changes,
    "branches": market.branches,
    "equity_pledges": market.equity_pledges,
    "annual_reports": market.annual_reports,
    "abnormal_list": market.abnormal_list,
    "licences": credit.licences,
    "penalties": credit.penalties,
    "judgments": credit.judgments,
    "enforcements": credit.enforcements,
    "dishonest_debtors": credit.dishonest_debtors,
    "intellectual_property": assets.intellectual_property,
    "qualifications": assets.qualifications,
    "procurement_awards": assets.procurement_awards,
    "subsidies": assets.subsidies,
    "customs_ratings": abroad.customs_ratings,
    "tax_declarations": tax.tax_declarations,
    "tax_payments": tax.tax_payments,
    "tax_grades": tax.tax_grades,
    "tax_arrears": tax.tax_arrears,
    "tax_violations": tax.tax_violations,
    "sales_invoices": invoices.sales_invoices,
    "purchase_invoices": invoices.purchase_invoices,
    "balance_sheets": statements.balance_sheets,
    "profit_statements": statements.profit_statements,
    "social_insurance": staff.social_insurance,
    "housing_fund": staff.housing_fund,
    "electricity": utilities.electricity,
    "water": utilities.water,
    "gas": utilities.gas,
    "customs_declarations": abroad.customs_declarations,
    "mortgages": assets.mortgages,
    "collections": assets.collections,
}
