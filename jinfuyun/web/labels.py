"""Chinese names of coded values, as templates use them: {{ words.security[row.security] }}."""

from jinfuyun.applications.rules import STATE_LABELS as APPLICATION_STATES
from jinfuyun.disputes.rules import STATE_LABELS as DISPUTE_STATES
from jinfuyun.institutions.rules import KIND_LABELS as INSTITUTION_KINDS
from jinfuyun.institutions.rules import STATE_LABELS as INSTITUTION_STATES
from jinfuyun.kit.grant import CATEGORY_LABELS
from jinfuyun.kit.lending import (
    BORROWER_LABELS,
    DRAWDOWN_LABELS,
    FREQUENCIES,
    LOAN_PURPOSE_LABELS,
    PREPAYMENT_LABELS,
    PRODUCT_KIND_LABELS,
    RATE_KIND_LABELS,
    REPAYMENT_LABELS,
    SECURITY_LABELS,
    SIZE_LABELS,
    TAG_LABELS,
    TENOR_LABELS,
    TITLE_LABELS,
)
from jinfuyun.kit.refusals import BASIS_LABELS
from jinfuyun.products.rules import MATERIAL_SOURCES, OPERATORS, REVIEW_LABELS, SUBJECTS
from jinfuyun.products.rules import STATE_LABELS as PRODUCT_STATES

WORDS = {
    "application_state": APPLICATION_STATES,
    "basis": BASIS_LABELS,
    "borrower": BORROWER_LABELS,
    "category": CATEGORY_LABELS,
    "dispute_state": DISPUTE_STATES,
    "drawdown": DRAWDOWN_LABELS,
    "frequency": FREQUENCIES,
    "institution_kind": INSTITUTION_KINDS,
    "institution_state": INSTITUTION_STATES,
    "loan_purpose": LOAN_PURPOSE_LABELS,
    "material_source": MATERIAL_SOURCES,
    "operator": OPERATORS,
    "prepayment": PREPAYMENT_LABELS,
    "product_kind": PRODUCT_KIND_LABELS,
    "product_state": PRODUCT_STATES,
    "rate_kind": RATE_KIND_LABELS,
    "repayment": REPAYMENT_LABELS,
    "review": REVIEW_LABELS,
    "security": SECURITY_LABELS,
    "size": SIZE_LABELS,
    "subject": SUBJECTS,
    "tag": TAG_LABELS,
    "tenor": TENOR_LABELS,
    "title": TITLE_LABELS,
}
