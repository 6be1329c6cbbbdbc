"""Who may do what: the one table. Every action asks it, saying whose house it is about."""

from enum import StrEnum

from jinfuyun.kit.actor import Actor, House, Role
from jinfuyun.kit.errors import NotAllowed


class Permission(StrEnum):
    ENTERPRISE_ADD = "enterprise.add"
    ENTERPRISE_END = "enterprise.end"
    ENTERPRISE_FOLLOW = "enterprise.follow"
    ENTERPRISE_REVIEW = "enterprise.review"
    MANDATE_GIVE = "mandate.give"
    MANDATE_TAKE_BACK = "mandate.take_back"
    MANDATE_BIND = "mandate.bind"
    CONSENT_PREPARE = "consent.prepare"
    CONSENT_GIVE = "consent.give"
    CONSENT_REVOKE = "consent.revoke"
    CONSENT_LETTER = "consent.letter"
    CONSENT_ENFORCE = "consent.enforce"
    STAFF_INVITE = "staff.invite"
    INSTITUTION_PROPOSE = "institution.propose"
    INSTITUTION_ADMIT = "institution.admit"
    UNIT_KEEP = "unit.keep"
    WORK_HAND_OVER = "work.hand_over"
    PRODUCT_EDIT = "product.edit"
    PRODUCT_CONFIRM = "product.confirm"
    PRODUCT_LIST = "product.list"
    PRODUCT_TEND = "product.tend"
    APPLICATION_SEE = "application.see"
    APPLICATION_SUBMIT = "application.submit"
    APPLICATION_WITHDRAW = "application.withdraw"
    APPLICATION_ANSWER = "application.answer"
    APPLICATION_HANDLE = "application.handle"
    APPLICATION_DECIDE = "application.decide"
    APPLICATION_SUPPLY = "application.supply"
    APPLICATION_TEND = "application.tend"
    APPLICATION_ASSIGN = "application.assign"
    APPLICATION_CLOSE = "application.close"
    DELIVERY_PUSH = "delivery.push"
    REPORT_OWN = "report.own"
    REPORT_READ = "report.read"
    STATEMENT_WRITE = "statement.write"
    STATISTICS_READ = "statistics.read"
    STATISTICS_CLOSE = "statistics.close"
    DELIVERY_MAKE = "delivery.make"
    DELIVERY_WITHDRAW = "delivery.withdraw"
    DELIVERY_TEND = "delivery.tend"
    ALARM_HANDLE = "alarm.handle"
    FEED_SWITCH = "feed.switch"
    JOIN_PROPOSE = "join.propose"
    JOIN_DECIDE = "join.decide"
    CALENDAR_KEEP = "calendar.keep"
    DISPUTE_RAISE = "dispute.raise"
    DISPUTE_ANSWER = "dispute.answer"
    DISPUTE_ANSWER_OWN = "dispute.answer_own"
    DISPUTE_TEND = "dispute.tend"
    QUESTION_ASK = "question.ask"
    QUESTION_ANSWER = "question.answer"
    MATCH_OWN = "match.own"
    LOAN_ANSWER = "loan.answer"
    LOAN_KEEP = "loan.keep"
    LOAN_DECIDE = "loan.decide"
    LOAN_TEND = "loan.tend"
    DEMAND_SEE = "demand.see"
    DEMAND_POST = "demand.post"
    DEMAND_HANDLE = "demand.handle"
    DEMAND_TEND = "demand.tend"
    DEMAND_SUPERVISE = "demand.supervise"
    OVERSIGHT_KEEP = "oversight.keep"
    OVERSIGHT_TEND = "oversight.tend"
    NOTE_ANSWER = "note.answer"
    COMPLAINT_FILE = "complaint.file"
    COMPLAINT_ANSWER = "complaint.answer"
    COMPLAINT_ANSWER_OWN = "complaint.answer_own"
    LOOK_MAKE = "look.make"
    WARNING_HANDLE = "warning.handle"
    WARNING_TEND = "warning.tend"
    COORDINATION_SEE = "coordination.see"
    COORDINATION_DECLARE = "coordination.declare"
    COORDINATION_WORK = "coordination.work"
    COORDINATION_HANDLE = "coordination.handle"
    COORDINATION_TEND = "coordination.tend"
    VISIT_KEEP = "visit.keep"
    TARGET_SET = "target.set"
    ZONE_KEEP = "zone.keep"
    EVALUATION_DECIDE = "evaluation.decide"
    EVALUATION_APPEAL = "evaluation.appeal"


OWNER_OR_CLERK = frozenset({Role.ENTERPRISE_OWNER, Role.ENTERPRISE_CLERK})

DEPARTMENT_PEOPLE = frozenset({Role.DEPARTMENT, Role.DEPARTMENT_ADMIN})

MAY: dict[Permission, frozenset[Role]] = {
    Permission.ENTERPRISE_ADD: frozenset({Role.ENTERPRISE_USER, Role.PLATFORM}),
    Permission.ENTERPRISE_END: frozenset({Role.PLATFORM}),
    Permission.ENTERPRISE_FOLLOW: OWNER_OR_CLERK,
    Permission.ENTERPRISE_REVIEW: frozenset({Role.OPERATOR}),
    Permission.MANDATE_GIVE: frozenset({Role.ENTERPRISE_OWNER}),
    Permission.MANDATE_TAKE_BACK: frozenset({Role.ENTERPRISE_OWNER}),
    Permission.MANDATE_BIND: frozenset({Role.PLATFORM}),
    Permission.CONSENT_PREPARE: OWNER_OR_CLERK,
    Permission.CONSENT_GIVE: frozenset({Role.ENTERPRISE_OWNER}),
    Permission.CONSENT_REVOKE: frozenset({Role.ENTERPRISE_OWNER}),
    # The signed letter prints the legal representative's ID number and phone in full.
    Permission.CONSENT_LETTER: frozenset({Role.ENTERPRISE_OWNER}),
    Permission.CONSENT_ENFORCE: frozenset({Role.PLATFORM}),
    Permission.STAFF_INVITE: frozenset({Role.INSTITUTION_ADMIN, Role.OPERATOR, Role.PLATFORM}),
    Permission.INSTITUTION_PROPOSE: frozenset({Role.OPERATOR}),
    Permission.INSTITUTION_ADMIT: frozenset({Role.OPERATOR}),
    Permission.UNIT_KEEP: frozenset({Role.INSTITUTION_ADMIN}),
    Permission.WORK_HAND_OVER: frozenset({Role.INSTITUTION_ADMIN, Role.PLATFORM}),
    Permission.PRODUCT_EDIT: frozenset({Role.PRODUCT_MANAGER}),
    # The second person of the institution, who looks before the operator does.
    Permission.PRODUCT_CONFIRM: frozenset({Role.PRODUCT_MANAGER, Role.INSTITUTION_ADMIN}),
    Permission.PRODUCT_LIST: frozenset({Role.OPERATOR}),
    Permission.PRODUCT_TEND: frozenset({Role.PLATFORM}),
    Permission.APPLICATION_SEE: OWNER_OR_CLERK,
    Permission.APPLICATION_SUBMIT: OWNER_OR_CLERK,
    Permission.APPLICATION_WITHDRAW: OWNER_OR_CLERK,
    Permission.APPLICATION_ANSWER: frozenset({Role.ENTERPRISE_OWNER}),
    Permission.APPLICATION_HANDLE: frozenset({Role.OFFICER, Role.APPROVER}),
    Permission.APPLICATION_DECIDE: frozenset({Role.APPROVER}),
    Permission.APPLICATION_SUPPLY: OWNER_OR_CLERK,
    Permission.APPLICATION_TEND: frozenset({Role.PLATFORM}),
    Permission.APPLICATION_ASSIGN: frozenset({Role.INSTITUTION_ADMIN, Role.PLATFORM}),
    # Whoever ends an application (withdraws, declines, rejects) closes the institution's way to the data with it.
    Permission.APPLICATION_CLOSE: OWNER_OR_CLERK | {Role.OFFICER, Role.APPROVER, Role.PLATFORM},
    Permission.DELIVERY_PUSH: frozenset({Role.DEPARTMENT, Role.PLATFORM}),
    Permission.REPORT_OWN: OWNER_OR_CLERK,
    Permission.REPORT_READ: frozenset({Role.OFFICER, Role.APPROVER}),
    # In the enterprise's own name, before every bank: nobody but its legal representative.
    Permission.STATEMENT_WRITE: frozenset({Role.ENTERPRISE_OWNER}),
    Permission.STATISTICS_READ: frozenset({Role.REGULATOR}),
    Permission.STATISTICS_CLOSE: frozenset({Role.REGULATOR, Role.OPERATOR, Role.PLATFORM}),
    Permission.DELIVERY_MAKE: DEPARTMENT_PEOPLE,
    Permission.DELIVERY_WITHDRAW: DEPARTMENT_PEOPLE,
    Permission.DELIVERY_TEND: frozenset({Role.PLATFORM}),
    Permission.FEED_SWITCH: frozenset({Role.DEPARTMENT_ADMIN}),
    Permission.JOIN_PROPOSE: frozenset({Role.PLATFORM}),
    Permission.JOIN_DECIDE: frozenset({Role.OPERATOR}),
    Permission.ALARM_HANDLE: DEPARTMENT_PEOPLE | {Role.OPERATOR, Role.PLATFORM},
    Permission.CALENDAR_KEEP: frozenset({Role.OPERATOR}),
    # To raise, to add to, to withdraw and to close: whoever may read the own report may say that it is wrong.
    Permission.DISPUTE_RAISE: OWNER_OR_CLERK,
    Permission.DISPUTE_ANSWER: DEPARTMENT_PEOPLE,
    Permission.DISPUTE_ANSWER_OWN: frozenset({Role.OPERATOR}),
    Permission.DISPUTE_TEND: frozenset({Role.PLATFORM}),
    Permission.QUESTION_ASK: OWNER_OR_CLERK,
    Permission.QUESTION_ANSWER: frozenset({Role.OFFICER, Role.APPROVER}),
    # Whoever may apply or read the own report may see what fits.
    Permission.MATCH_OWN: OWNER_OR_CLERK,
    Permission.LOAN_ANSWER: frozenset({Role.ENTERPRISE_OWNER}),
    Permission.LOAN_KEEP: frozenset({Role.OFFICER, Role.APPROVER, Role.PLATFORM}),
    # Pay-outs, write-offs, reversals, frozen and closed lines.
    Permission.LOAN_DECIDE: frozenset({Role.APPROVER}),
    Permission.LOAN_TEND: frozenset({Role.PLATFORM}),
    Permission.DEMAND_SEE: OWNER_OR_CLERK,
    # To write, publish, withdraw, look at proposals, say who one is and choose: whoever may apply may ask.
    Permission.DEMAND_POST: OWNER_OR_CLERK,
    Permission.DEMAND_HANDLE: frozenset({Role.OFFICER, Role.APPROVER}),
    Permission.DEMAND_TEND: frozenset({Role.PLATFORM}),
    Permission.DEMAND_SUPERVISE: frozenset({Role.REGULATOR}),
    # Late lists and call-backs, notes to institutions, complaints that went up.
    Permission.OVERSIGHT_KEEP: frozenset({Role.REGULATOR}),
    Permission.OVERSIGHT_TEND: frozenset({Role.PLATFORM}),
    Permission.NOTE_ANSWER: frozenset({Role.OFFICER, Role.APPROVER, Role.INSTITUTION_ADMIN}),
    Permission.COMPLAINT_FILE: OWNER_OR_CLERK,
    Permission.COMPLAINT_ANSWER: frozenset({Role.OFFICER, Role.APPROVER, Role.INSTITUTION_ADMIN}),
    Permission.COMPLAINT_ANSWER_OWN: frozenset({Role.OPERATOR}),
    # To ask, to agree to a colleague's registered case, and to open.
    Permission.LOOK_MAKE: frozenset({Role.REGULATOR}),
    Permission.WARNING_HANDLE: frozenset({Role.REGULATOR}),
    Permission.WARNING_TEND: frozenset({Role.PLATFORM}),
    Permission.COORDINATION_SEE: OWNER_OR_CLERK,
    # To declare the enterprise and to take it off the list again: whoever may apply.
    Permission.COORDINATION_DECLARE: OWNER_OR_CLERK,
    # 工作专班: puts on the list, judges, recommends, sends back.
    Permission.COORDINATION_WORK: frozenset({Role.REGULATOR}),
    Permission.COORDINATION_HANDLE: frozenset({Role.OFFICER, Role.APPROVER}),
    Permission.COORDINATION_TEND: frozenset({Role.PLATFORM}),
    Permission.VISIT_KEEP: frozenset({Role.REGULATOR}),
    Permission.TARGET_SET: frozenset({Role.REGULATOR}),
    Permission.ZONE_KEEP: frozenset({Role.OPERATOR, Role.REGULATOR}),
    # Schemes, results, what is public of them, answers to appeals.
    Permission.EVALUATION_DECIDE: frozenset({Role.REGULATOR, Role.PLATFORM}),
    Permission.EVALUATION_APPEAL: frozenset({Role.INSTITUTION_ADMIN}),
}

# A clerk has a permission only if the mandate covers one of the acts it belongs to.
CLERK_ACTS: dict[Permission, frozenset[str]] = {
    Permission.CONSENT_PREPARE: frozenset({"prepare_consent"}),
    Permission.APPLICATION_SEE: frozenset({"apply", "follow"}),
    Permission.APPLICATION_SUBMIT: frozenset({"apply"}),
    Permission.APPLICATION_WITHDRAW: frozenset({"apply"}),
    Permission.APPLICATION_SUPPLY: frozenset({"apply"}),
    Permission.APPLICATION_CLOSE: frozenset({"apply"}),
    Permission.ENTERPRISE_FOLLOW: frozenset({"follow"}),
    Permission.REPORT_OWN: frozenset({"follow"}),
    Permission.DISPUTE_RAISE: frozenset({"follow"}),
    Permission.QUESTION_ASK: frozenset({"follow"}),
    Permission.COMPLAINT_FILE: frozenset({"apply", "follow"}),
    Permission.MATCH_OWN: frozenset({"apply", "follow"}),
    Permission.DEMAND_SEE: frozenset({"apply", "follow"}),
    Permission.DEMAND_POST: frozenset({"apply"}),
    Permission.COORDINATION_SEE: frozenset({"apply", "follow"}),
    Permission.COORDINATION_DECLARE: frozenset({"apply"}),
}

# These roles act for the whole platform, so every house is theirs to serve.
EVERYWHERE = frozenset({Role.OPERATOR, Role.PLATFORM})


def may(permission: Permission, *, by: Actor, over: House | None) -> bool:
    """Whether `by` has the permission over that house; `over=None` only for acts that concern no house yet."""
    roles = by.roles & MAY[permission]
    if not CLERK_ACTS.get(permission, frozenset()) & by.acts:
        roles -= {Role.ENTERPRISE_CLERK}
    return bool(roles) and (over is None or over == by.house or bool(roles & EVERYWHERE))


def require(permission: Permission, *, by: Actor, over: House | None) -> None:
    """Raise NotAllowed unless `by` has the permission over that house."""
    if may(permission, by=by, over=over):
        return
    if Role.ENTERPRISE_CLERK in by.roles and permission in CLERK_ACTS and over == by.house:
        raise NotAllowed("法定代表人给您的授权不包含此事项。")
    raise NotAllowed
