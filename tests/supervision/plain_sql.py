"""Each figure once more, as a person with psql would count it: %(a)s, %(b)s bound the month, %(p)s begins the place."""

MOVE = (
    "SELECT m.*, p.due_on AS due, EXTRACT(epoch FROM m.at - s.at) / 60 AS minutes FROM application_move m"
    " JOIN application a ON a.id = m.application_id AND a.region_code LIKE %(p)s"
    " LEFT JOIN LATERAL (SELECT due_on FROM application_move o WHERE o.application_id = m.application_id"
    " AND o.id < m.id AND o.act <> 'reassign' ORDER BY o.id DESC LIMIT 1) p ON true"
    " LEFT JOIN LATERAL (SELECT at FROM application_move o WHERE o.application_id = m.application_id AND o.id < m.id"
    " AND o.act = ANY(string_to_array('{since}', ',')) ORDER BY o.id DESC LIMIT 1) s ON true"
    " WHERE m.act = ANY(string_to_array('{acts}', ',')) AND m.at >= %(a)s AND m.at < %(b)s"
)
STEPS = {
    "intake": MOVE.format(since="submit", acts="accept,decline_intake"),
    "contact": MOVE.format(since="accept", acts="contact"),
    "decision": MOVE.format(since="contact,reopen", acts="approve,reject"),
    "funding": MOVE.format(since="accept_offer", acts="fund"),
}
ENDS = MOVE.format(since="submit", acts="withdraw,decline_offer,lapse_offer")
LOCAL = "AT TIME ZONE 'Asia/Shanghai')::date"
A_DAY, B_DAY = f"(%(a)s::timestamptz {LOCAL}", f"(%(b)s::timestamptz {LOCAL}"
LOAN = (
    "FROM loan l JOIN loan_line i ON i.id = l.line_id JOIN application a ON a.id = i.application_id"
    " JOIN product_version v ON v.id = a.version_id WHERE i.region_code LIKE %(p)s AND l.state <> 'reversed'"
    f" AND l.answer <> 'disputed' AND l.drawn_on >= {A_DAY} AND l.drawn_on < {B_DAY}"
)
OWED = (
    "FROM (SELECT DISTINCT ON (e.loan_id) e.loan_id, e.target, e.balance_fen FROM loan_event e"
    " JOIN loan l ON l.id = e.loan_id JOIN loan_line i ON i.id = l.line_id"
    " WHERE i.region_code LIKE %(p)s AND e.at <= %(b)s ORDER BY e.loan_id, e.id DESC) last"
    " WHERE last.target IN ('repaying', 'overdue')"
)
APPLIED = "FROM application WHERE region_code LIKE %(p)s AND submitted_at >= %(a)s AND submitted_at < %(b)s"
OFFERED = (
    "FROM application WHERE region_code LIKE %(p)s AND offer_amount_fen IS NOT NULL AND decided_at >= %(a)s"
    " AND decided_at < %(b)s"
)
REFUSED = (
    "SELECT count(*) FROM application WHERE region_code LIKE %(p)s AND state IN ('rejected', 'declined_intake')"
    " AND decided_at >= %(a)s AND decided_at < %(b)s"
)
READ = (
    "SELECT count(*) FROM reports_report r JOIN enterprises_enterprise e ON e.uscc = r.enterprise_id"
    " WHERE e.region_code LIKE %(p)s AND reader_kind = 'institution' AND made_at >= %(a)s AND made_at < %(b)s"
)
POSTED = "FROM demand WHERE region_code LIKE %(p)s AND posted_at >= %(a)s AND posted_at < %(b)s"
CONSENTED = (
    "SELECT count(*) FROM consents_consent c JOIN enterprises_enterprise e ON e.uscc = c.enterprise_id"
    " WHERE e.region_code LIKE %(p)s AND signed_at <= %(b)s AND (ended_at > %(b)s OR ended_at IS NULL AND c.state ="
    f" 'active') AND start_on <= {B_DAY} AND (end_on IS NULL OR end_on >= {B_DAY})"
)
DUE = f"SELECT count(*) FROM {{table}} WHERE region_code LIKE %(p)s AND due_on >= {A_DAY} AND due_on < {B_DAY} {{more}}"
IN_TIME = f"AND (answered_at {LOCAL} <= due_on"
# The last grade of each book that had not been undone by then.
BAD = f"{OWED} AND last.loan_id IN (" + (
    "SELECT loan_id FROM (SELECT DISTINCT ON (g.loan_id) g.loan_id, g.grade FROM loan_event g"
    " LEFT JOIN loan_event u ON u.reverses_id = g.id AND u.at <= %(b)s"
    " WHERE g.act = 'grade' AND g.at <= %(b)s AND u.id IS NULL ORDER BY g.loan_id, g.id DESC) graded"
    " WHERE grade IN ('substandard', 'doubtful', 'loss'))"
)
RELEASED = (
    "FROM loan_event e JOIN loan l ON l.id = e.loan_id JOIN loan_line i ON i.id = l.line_id"
    " LEFT JOIN loan_event u ON u.reverses_id = e.id WHERE u.id IS NULL AND e.act IN ('repay', 'settle', 'pay_out')"
    f" AND i.security IN ('guarantee', 'combined') AND i.region_code LIKE %(p)s AND e.on >= {A_DAY} AND e.on < {B_DAY}"
)
STEPPED = (
    "SELECT count(*) FROM demand_step s JOIN demand d ON d.id = s.demand_id WHERE d.region_code LIKE %(p)s"
    " AND s.at >= %(a)s AND s.at < %(b)s AND s.act = "
)
RESOLVED = (
    "SELECT count(*) FROM application WHERE region_code LIKE %(p)s AND decided_at >= %(a)s AND decided_at < %(b)s"
    " AND (state IN ('rejected', 'declined_intake') OR offer_amount_fen IS NOT NULL)"
)
PAID_OUT = (
    "FROM loan_event e JOIN loan l ON l.id = e.loan_id JOIN loan_line i ON i.id = l.line_id WHERE e.act = 'pay_out'"
    f" AND i.region_code LIKE %(p)s AND e.on >= {A_DAY} AND e.on < {B_DAY}"
    " AND NOT EXISTS (SELECT FROM loan_event r WHERE r.reverses_id = e.id)"
)
LPR = "CASE WHEN l.agreed_due_on > l.drawn_on + interval '5 years' THEN 350 ELSE 300 END"  # in force since 2025-05-20
RECOMMENDED = (
    "FROM coordination_recommendation r JOIN coordination_declaration d ON d.id = r.declaration_id"
    " WHERE d.region_code LIKE %(p)s"
)
ANSWERS = (
    f"SELECT count(*) {{more}} {RECOMMENDED} AND due_on >= {A_DAY} AND due_on < {B_DAY}"
    f" AND NOT (r.state = 'ended' AND (r.state_at {LOCAL} <= due_on)"
)
GRANTED = f"{RECOMMENDED} AND granted_fen > 0 AND answered_at >= %(a)s AND answered_at < %(b)s"
KINDS = {
    "first": "l.is_first_loan", "unsecured": "l.is_unsecured", "renewed": "l.renewal <> ''",
    "long": "l.agreed_due_on > l.drawn_on + interval '1 year'", "made": "a.industry_code LIKE 'C%%'",
    "green": "'green' = ANY(v.tags)", "tech": "'tech' = ANY(v.tags)", "rural": "'rural' = ANY(v.tags)",
    "confirmed": "l.answer = 'confirmed'",
}  # fmt: skip


def _sum(field: str, rows: str) -> str:
    return f"SELECT coalesce(sum({field}), 0) {rows}"


def _step(name: str, counting: str) -> str:
    return f"SELECT {counting} FROM ({STEPS.get(name) or ENDS}) steps"


COUNTS = {
    "authenticated": "SELECT count(*) FROM enterprises_enterprise WHERE region_code LIKE %(p)s"
    " AND authenticated_at <= %(b)s",
    "consented": CONSENTED,
    "applied": f"SELECT count(*) {APPLIED}", "applied_fen": _sum("amount_fen", APPLIED),
    "approved": f"SELECT count(*) {OFFERED}", "approved_fen": _sum("offer_amount_fen", OFFERED),
    "demands": f"SELECT count(*) {POSTED}", "demands_fen": _sum("amount_fen", POSTED),
    "proposals": "SELECT count(*) FROM demand_proposal o JOIN demand_party t ON t.id = o.party_id JOIN demand d"
    " ON d.id = t.demand_id WHERE d.region_code LIKE %(p)s AND made_at >= %(a)s AND made_at < %(b)s",
    "unmet": "SELECT count(*) FROM demand WHERE region_code LIKE %(p)s AND state = 'unmet' AND state_at >= %(a)s"
    " AND state_at < %(b)s",
    "declared": "SELECT count(*) FROM coordination_declaration WHERE region_code LIKE %(p)s AND declared_at >= %(a)s"
    " AND declared_at < %(b)s",
    "recommended": f"SELECT count(*) {RECOMMENDED} AND recommended_at >= %(a)s AND recommended_at < %(b)s",
    "recommended_granted": f"SELECT count(*) {GRANTED}", "recommended_fen": _sum("granted_fen", GRANTED),
    "funded": f"SELECT count(*) {LOAN}", "funded_fen": _sum("l.amount_fen", LOAN),
    "borrowers": f"SELECT count(DISTINCT l.uscc) {LOAN}",
    "disputed": f"SELECT count(*) {LOAN.replace('<> ' + repr('disputed'), '= ' + repr('disputed'))}",
    "confirmed": f"SELECT count(*) {LOAN} AND {KINDS['confirmed']}",
    "first": f"SELECT count(DISTINCT l.uscc) {LOAN} AND {KINDS['first']}",
    "first_here": f"SELECT count(DISTINCT l.uscc) {LOAN} AND l.drawn_on = (SELECT min(m.drawn_on) FROM loan m"
    " WHERE m.uscc = l.uscc AND m.state <> 'reversed' AND m.answer <> 'disputed')",
    "unsecured": f"SELECT count(*) {LOAN} AND {KINDS['unsecured']}",
    "renewed": f"SELECT count(*) {LOAN} AND {KINDS['renewed']}",
    **{f"{kind}_loans": f"SELECT count(*) {LOAN} AND {KINDS[kind]}" for kind in (
        "long", "made", "green", "tech", "rural")},
    **{f"{kind}_fen": _sum("l.amount_fen", f"{LOAN} AND {which}") for kind, which in KINDS.items()
       if kind != "confirmed"},
    "accepted": _step("intake", "count(*) FILTER (WHERE act = 'accept')"),
    "refused": REFUSED,
    **{f"refused_{basis}": f"{REFUSED} AND refusal_basis = '{basis}'" for basis in (
        "platform_data", "credit_record", "policy", "incomplete", "enterprise", "unstated")},
    "owed": f"SELECT count(*) {OWED}", "owed_fen": _sum("balance_fen", OWED),
    "overdue": f"SELECT count(*) {OWED} AND target = 'overdue'",
    "overdue_fen": _sum("balance_fen", f"{OWED} AND target = 'overdue'"),
    "bad": f"SELECT count(*) {BAD}", "bad_fen": _sum("balance_fen", BAD),
    "paid_out": f"SELECT count(*) {PAID_OUT}", "paid_out_fen": _sum("e.principal_fen", PAID_OUT),
    "settled": "SELECT count(*) FROM loan l JOIN loan_line i ON i.id = l.line_id WHERE l.state = 'settled'"
    f" AND i.region_code LIKE %(p)s AND l.settled_on >= {A_DAY} AND l.settled_on < {B_DAY}",
    "withdrawn": _step("end", "count(*) FILTER (WHERE act = 'withdraw')"),
    "declined": _step("end", "count(*) FILTER (WHERE act <> 'withdraw')"),
    "readings": READ, "readings_unasked": f"{READ} AND because = ''",
    "readings_unauthorised": f"{READ} AND consent_number NOT IN (SELECT number FROM consents_consent c"
    " WHERE c.enterprise_id = r.enterprise_id AND signed_at <= r.made_at AND coalesce(ended_at > r.made_at, true))",
    "disputes": "SELECT count(*) FROM dispute WHERE region_code LIKE %(p)s AND raised_at >= %(a)s"
    " AND raised_at < %(b)s",
    "complaints": "SELECT count(*) FROM oversight_complaint WHERE region_code LIKE %(p)s AND filed_at >= %(a)s"
    " AND filed_at < %(b)s",
    "questions": "SELECT count(*) FROM dispute_question WHERE region_code LIKE %(p)s AND asked_at >= %(a)s"
    " AND asked_at < %(b)s",
}  # fmt: skip
ANSWERABLE = (
    "SELECT count(*) FROM oversight_complaint WHERE region_code LIKE %(p)s AND answer_due_on >= "
    f"{A_DAY} AND answer_due_on < {B_DAY} AND NOT (state = 'withdrawn' AND (state_at {LOCAL} <= answer_due_on)"
)
RATED = (
    "SELECT count(*) FROM oversight_complaint WHERE region_code LIKE %(p)s AND rated_at >= %(a)s AND rated_at < %(b)s"
)
NOT_WITHDRAWN = "AND outcome <> 'withdrawn'"
RATIOS = {  # part, whole, by how much it is multiplied
    "consented_share": (CONSENTED, COUNTS["authenticated"], 10_000),
    "confirmed_share": (COUNTS["confirmed"], COUNTS["funded"], 10_000),
    "funded_each": (COUNTS["funded_fen"], COUNTS["borrowers"], 1),
    "met_share": (COUNTS["funded_fen"], COUNTS["applied_fen"], 10_000),
    **{f"{kind}_share": (COUNTS[f"{kind}_fen"], COUNTS["funded_fen"], 10_000) for kind in (
        "first", "unsecured", "long", "made", "green", "tech", "rural")},
    "rate": (_sum("l.amount_fen * l.rate_bp", LOAN), COUNTS["funded_fen"], 1),
    "spread": (_sum(f"l.amount_fen * (l.rate_bp - {LPR})", LOAN), COUNTS["funded_fen"], 1),
    "accepted_share": (COUNTS["accepted"], _step("intake", "count(*)"), 10_000),
    "approved_share": (
        _step("decision", "count(*) FILTER (WHERE act = 'approve')"), _step("decision", "count(*)"), 10_000),
    **{f"{step}_in_time": (
        _step(step, f"count(*) FILTER (WHERE (at {LOCAL} <= due)"), _step(step, "count(due)"), 10_000)
        for step in STEPS},
    **{f"{basis}_share": (COUNTS[f"refused_{basis}"], REFUSED, 10_000) for basis in (
        "platform_data", "credit_record", "policy", "incomplete", "enterprise", "unstated")},
    "refused_share": (REFUSED, RESOLVED, 10_000),
    "taken_share": (f"{STEPPED} 'take'", f"{STEPPED} 'assign'", 10_000),
    "bad_share": (COUNTS["bad_fen"], COUNTS["owed_fen"], 10_000),
    "paid_out_share": (COUNTS["paid_out_fen"], _sum("e.principal_fen", RELEASED), 10_000),
    "overdue_share": (COUNTS["overdue_fen"], COUNTS["owed_fen"], 10_000),
    "recommended_share": (
        ANSWERS.format(more=f"FILTER (WHERE (answered_at {LOCAL} <= due_on)"), ANSWERS.format(more=""), 10_000),
    "disputes_share": (
        DUE.format(table="dispute", more=f"{NOT_WITHDRAWN} {IN_TIME}"),
        DUE.format(table="dispute", more=NOT_WITHDRAWN), 10_000),
    "complaints_share": (f"{ANSWERABLE} AND (answered_at {LOCAL} <= answer_due_on", ANSWERABLE, 10_000),
    "complaints_good": (f"{RATED} AND satisfaction IN (4, 5)", RATED, 10_000),
    "questions_share": (
        DUE.format(table="dispute_question", more=IN_TIME), DUE.format(table="dispute_question", more=""), 10_000),
}  # fmt: skip
DIRECT = {
    **{f"{step}_mean": _step(step, "floor(avg(round(minutes)) + 0.5)") for step in STEPS},
    **{f"{step}_middle": _step(
        step, "floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY round(minutes)) + 0.5)") for step in STEPS},
}  # fmt: skip
