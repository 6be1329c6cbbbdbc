"""Chinese names of coded values, as templates use them: {{ words.security[row.security] }}."""

from jinfuyun.applications.rules import STATE_LABELS as APPLICATION_STATES
from jinfuyun.coordination.content import NEEDS, VISIT_LABELS, ZONE_LABELS
from jinfuyun.coordination.rules import ANSWER_LABELS, STANDARDS
from jinfuyun.coordination.rules import ORIGIN_LABELS as COORDINATION_ORIGINS
from jinfuyun.coordination.rules import STATE_LABELS as COORDINATION_STATES
from jinfuyun.demands.rules import LEFT_REASONS, LOAN_KIND_LABELS, ORIGIN_LABELS, PARTY_LABELS
from jinfuyun.demands.rules import STATE_LABELS as DEMAND_STATES
from jinfuyun.disputes.rules import STATE_LABELS as DISPUTE_STATES
from jinfuyun.institutions.rules import KIND_LABELS as INSTITUTION_KINDS
from jinfuyun.institutions.rules import STATE_LABELS as INSTITUTION_STATES
from jinfuyun.kit.all_in import COST_LABELS, PAYER_LABELS
from jinfuyun.kit.conditions import OPERATORS, SUBJECTS, VERDICT_LABELS
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
from jinfuyun.kit.refusals import BASIS_LABELS, REFUSAL
from jinfuyun.oversight.rules import COMPLAINT_LABELS, MATTER_LABELS, NOTE_LABELS
from jinfuyun.oversight.rules import TOPIC_LABELS as COMPLAINT_TOPICS
from jinfuyun.policies.rules import KIND_LABELS as POLICY_KINDS
from jinfuyun.products.rules import MATERIAL_SOURCES, REVIEW_LABELS
from jinfuyun.products.rules import STATE_LABELS as PRODUCT_STATES

WORDS = {
    "application_state": APPLICATION_STATES,
    "basis": BASIS_LABELS,
    "complaint_matter": MATTER_LABELS,
    "complaint_state": COMPLAINT_LABELS,
    "complaint_topic": COMPLAINT_TOPICS,
    "cost": COST_LABELS,
    "payer": PAYER_LABELS,
    "policy_kind": POLICY_KINDS,
    "verdict": {int(one): label for one, label in VERDICT_LABELS.items()},
    "borrower": BORROWER_LABELS,
    "category": CATEGORY_LABELS,
    "coordination_answer": ANSWER_LABELS,
    "coordination_origin": COORDINATION_ORIGINS,
    "coordination_standard": STANDARDS,
    "coordination_state": COORDINATION_STATES,
    "demand_origin": ORIGIN_LABELS,
    "demand_party": PARTY_LABELS,
    "demand_state": DEMAND_STATES,
    "dispute_state": DISPUTE_STATES,
    "left_because": LEFT_REASONS,
    "drawdown": DRAWDOWN_LABELS,
    "frequency": FREQUENCIES,
    "institution_kind": INSTITUTION_KINDS,
    "institution_state": INSTITUTION_STATES,
    "loan_kind": LOAN_KIND_LABELS,
    "loan_purpose": LOAN_PURPOSE_LABELS,
    "material_source": MATERIAL_SOURCES,
    "note_state": NOTE_LABELS,
    "operator": OPERATORS,
    "prepayment": PREPAYMENT_LABELS,
    "product_kind": PRODUCT_KIND_LABELS,
    "product_state": PRODUCT_STATES,
    "rate_kind": RATE_KIND_LABELS,
    "refusal": {code: one.label for code, one in REFUSAL.items()},
    "repayment": REPAYMENT_LABELS,
    "review": REVIEW_LABELS,
    "security": SECURITY_LABELS,
    "size": SIZE_LABELS,
    "subject": {name: (one.label, one.unit) for name, one in SUBJECTS.items()},
    "tag": TAG_LABELS,
    "tenor": TENOR_LABELS,
    "title": TITLE_LABELS,
    "visit_need": NEEDS,
    "visit_state": VISIT_LABELS,
    "zone_state": ZONE_LABELS,
}
