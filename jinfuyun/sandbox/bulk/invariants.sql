-- What must hold of the business of a platform, whoever wrote it: each statement gives the rows that break it.
-- Around it: may_move, may_step, may_enter (tables of states), coded (refusals), days_of (clocks), working_day
-- (day, works, upto: how many working days there were up to it), and %(today)s.

-- invariant: moves are a path of the table
SELECT m.application_id FROM (
    SELECT *, lag(target) OVER w AS before, lag(at) OVER w AS before_at FROM application_move
    WINDOW w AS (PARTITION BY application_id ORDER BY id)
) m
WHERE m.source <> coalesce(m.before, '') OR m.at < m.before_at OR (m.before IS NULL) <> (m.act = 'submit')
    OR m.act = 'reassign' AND m.source <> m.target
    OR m.act <> 'reassign' AND (m.act, m.source, m.target) NOT IN (SELECT act, source, target FROM may_move)

-- invariant: an application stands where its last move led
SELECT a.number FROM application a
LEFT JOIN (
    SELECT DISTINCT ON (application_id) application_id, target, due_on FROM application_move
    ORDER BY application_id, id DESC
) m ON m.application_id = a.id
LEFT JOIN (
    SELECT application_id, max(at) FILTER (WHERE act <> 'reassign') AS at, min(at) AS first FROM application_move
    GROUP BY application_id
) s ON s.application_id = a.id
WHERE m.target IS DISTINCT FROM a.state OR s.at IS DISTINCT FROM a.state_at OR s.first <> a.submitted_at
    OR m.due_on IS DISTINCT FROM a.due_on

-- invariant: a clock runs while it is somebody's turn
SELECT a.number FROM application a
LEFT JOIN working_day s ON s.day = a.clock_since LEFT JOIN working_day d ON d.day = a.due_on
WHERE CASE
    WHEN a.state IN ('declined_intake', 'rejected', 'offer_declined', 'funded', 'withdrawn')
        THEN num_nonnulls(a.clock_since, a.clock_days, a.due_on) > 0
    WHEN a.state = 'approved' THEN a.due_on IS DISTINCT FROM a.offer_valid_till
    WHEN a.state = 'action_required' THEN a.clock_days IS NULL OR a.due_on IS NOT NULL
    ELSE (d.upto - s.upto) IS DISTINCT FROM a.clock_days OR NOT d.works
END

-- invariant: a clock has the days of the table, or of the product's promise
SELECT m.id FROM application_move m
JOIN application a ON a.id = m.application_id JOIN product_version v ON v.id = a.version_id
JOIN days_of o ON o.act = m.act AND o.security IN ('', a.offer_security)
LEFT JOIN working_day s ON s.day = (m.at AT TIME ZONE 'Asia/Shanghai')::date
LEFT JOIN working_day d ON d.day = m.due_on
WHERE (d.upto - s.upto) IS DISTINCT FROM least(o.days, CASE o.promise
    WHEN 'accept' THEN v.accept_days WHEN 'approve' THEN v.approve_days WHEN 'disburse' THEN v.disburse_days END)

-- invariant: a decision says what was decided, and when
SELECT a.number FROM application a
LEFT JOIN (
    SELECT DISTINCT ON (application_id) application_id, act, at FROM application_move
    WHERE act IN ('approve', 'reject', 'decline_intake', 'reopen') ORDER BY application_id, id DESC
) d ON d.application_id = a.id
WHERE CASE
    WHEN d.act IS NULL OR d.act = 'reopen' THEN num_nonnulls(a.decided_at, a.offer_amount_fen) > 0
    WHEN a.decided_at IS DISTINCT FROM d.at THEN true
    WHEN d.act = 'approve' THEN a.refusal_code <> '' OR num_nonnulls(
        a.offer_amount_fen, a.offer_rate_bp, a.offer_term_months, a.offer_valid_till) < 4
    ELSE a.offer_amount_fen IS NOT NULL
        OR (a.refusal_code, a.refusal_basis) NOT IN (SELECT code, basis FROM coded)
END

-- invariant: what is asked and offered is inside the product's bounds
SELECT a.number FROM application a JOIN product_version v ON v.id = a.version_id
WHERE a.product_id <> v.product_id OR a.amount_fen NOT BETWEEN v.amount_min_fen AND v.amount_max_fen
    OR a.term_months NOT BETWEEN v.term_min_months AND v.term_max_months OR a.offer_amount_fen > v.amount_max_fen
    OR a.offer_rate_bp > v.rate_max_bp OR a.offer_term_months > v.term_max_months
    OR a.offer_amount_fen IS NOT NULL
    AND NOT (a.offer_security = ANY (v.securities) AND a.offer_repayment = ANY (v.repayments))

-- invariant: money is lent under a line of its application, and only then
SELECT a.number FROM application a LEFT JOIN loan_line i ON i.application_id = a.id
WHERE (a.state = 'funded') <> (i.id IS NOT NULL) OR i.amount_fen <> a.offer_amount_fen
    OR i.rate_bp <> a.offer_rate_bp OR i.uscc <> a.uscc OR i.region_code <> a.region_code
    OR i.institution_id <> a.institution_id OR i.security <> a.offer_security
    OR i.consent_number <> a.consent_number
    OR a.state = 'funded' AND num_nonnulls(a.funded_fen, a.funded_rate_bp, a.funded_on, a.signed_on) < 4

-- invariant: loans keep to their line
SELECT i.number FROM loan_line i JOIN loan l ON l.line_id = i.id JOIN application a ON a.id = i.application_id
GROUP BY i.id, a.id
HAVING bool_or(l.rate_bp > i.rate_bp OR l.drawn_on NOT BETWEEN i.signed_on AND i.until_on OR l.uscc <> i.uscc
    OR l.institution_id <> i.institution_id OR l.agreed_due_on <= l.drawn_on
    OR l.agreed_due_on > l.drawn_on + make_interval(months => i.term_months)
    OR l.is_unsecured <> (i.security = 'unsecured'))
    OR sum(CASE WHEN l.state = 'reversed' THEN 0 WHEN i.kind = 'revolving' THEN l.balance_fen ELSE l.amount_fen END)
    > i.amount_fen
    OR i.state = 'in_force' AND i.until_on < %(today)s
    OR (array_agg(l.amount_fen ORDER BY l.reported_at) FILTER (WHERE l.state <> 'reversed'))[1]
    IS DISTINCT FROM a.funded_fen

-- invariant: entries of a book are a path of the table
SELECT e.loan_id FROM (
    SELECT *, lag(target) OVER w AS before, lag(at) OVER w AS before_at, lag("on") OVER w AS before_on,
        min("on") OVER w AS first_on FROM loan_event
    WINDOW w AS (PARTITION BY loan_id ORDER BY id)
) e
WHERE e.source <> coalesce(e.before, '') OR e.at < e.before_at OR e."on" > (e.at AT TIME ZONE 'Asia/Shanghai')::date
    OR (e.before IS NULL) <> (e.act = 'draw') OR e."on" < e.first_on
    OR NOT EXISTS (
        SELECT FROM may_enter m WHERE m.act = e.act AND m.target IN ('', e.target)
        AND m.source IN (e.source, CASE e.source WHEN 'repaying' THEN 'overdue' ELSE e.source END))

-- invariant: a loan is what its entries add up to, to the fen
SELECT l.number FROM loan l LEFT JOIN (
    SELECT e.loan_id,
        sum(e.principal_fen) FILTER (WHERE e.act = 'draw') AS drawn,
        sum(e.principal_fen) FILTER (WHERE e.act IN ('repay', 'settle') AND e.source <> 'compensated') AS principal,
        sum(e.interest_fen) FILTER (WHERE e.act IN ('repay', 'settle') AND e.source <> 'compensated') AS interest,
        sum(e.principal_fen) FILTER (WHERE e.act = 'pay_out') AS paid_out,
        sum(e.principal_fen + e.interest_fen) FILTER (WHERE e.act = 'pay_out') AS claimed,
        sum(e.principal_fen) FILTER (WHERE e.act = 'recover' OR e.act = 'settle' AND e.source = 'compensated') AS back
    FROM loan_event e LEFT JOIN loan_event r ON r.reverses_id = e.id
    WHERE r.id IS NULL AND e.act <> 'reverse' GROUP BY e.loan_id
) s ON s.loan_id = l.id
WHERE CASE WHEN l.state = 'reversed' THEN s.loan_id IS NOT NULL OR l.balance_fen <> 0 ELSE
    (s.drawn, coalesce(s.principal, 0), coalesce(s.interest, 0), coalesce(s.paid_out, 0),
     s.drawn - coalesce(s.principal, 0) - coalesce(s.paid_out, 0), coalesce(s.claimed, 0) - coalesce(s.back, 0))
    IS DISTINCT FROM (l.amount_fen::numeric, l.principal_paid_fen::numeric, l.interest_paid_fen::numeric,
        l.compensated_fen::numeric, l.balance_fen::numeric, l.claim_fen::numeric)
END

-- invariant: a loan stands where its last entry led, and the plan adds up to the amount
SELECT l.number FROM loan l
LEFT JOIN (
    SELECT DISTINCT ON (loan_id) loan_id, target, balance_fen, way FROM loan_event ORDER BY loan_id, id DESC
) e ON e.loan_id = l.id
LEFT JOIN LATERAL (SELECT sum((p ->> 1)::bigint) AS principal FROM jsonb_array_elements(l.plan) p) p ON true
WHERE (e.target, e.balance_fen) IS DISTINCT FROM (l.state, l.balance_fen)
    OR l.state <> 'reversed' AND p.principal IS DISTINCT FROM l.amount_fen
    OR (l.state = 'settled') <> (l.settled_on IS NOT NULL AND l.way <> '')

-- invariant: whose instalment is past its day is overdue, nobody else
SELECT number FROM loan WHERE CASE state
    WHEN 'overdue' THEN overdue_since IS NULL WHEN 'written_off' THEN false ELSE overdue_since IS NOT NULL END
    OR state = 'overdue' AND (overdue_since <> next_due_on OR next_due_on >= %(today)s)
    OR state = 'repaying' AND next_due_on < %(today)s

-- invariant: an answer comes after the report, and the application has the first one's
SELECT l.number FROM loan l JOIN loan_line i ON i.id = l.line_id JOIN application a ON a.id = i.application_id
WHERE (l.answer = '') <> (l.answered_at IS NULL) OR l.answered_at < l.reported_at
    OR l.answer = 'disputed' AND l.answer_text = ''
    OR l.state <> 'reversed' AND l.answer <> a.drawdown_answer AND NOT EXISTS (
        SELECT FROM loan o WHERE o.line_id = i.id AND o.state <> 'reversed' AND o.reported_at < l.reported_at)

-- invariant: an application stands under a consent in force that names its institution
SELECT a.number FROM application a
JOIN institution b ON b.id = a.institution_id LEFT JOIN consents_consent c ON c.number = a.consent_number
LEFT JOIN consents_named_institution n ON n.because = a.number AND n.consent_id = c.id AND n.institution_code = b.code
WHERE c.enterprise_id IS DISTINCT FROM a.uscc OR c.signed_at > a.submitted_at OR c.ended_at < a.submitted_at
    OR c.end_on < (a.submitted_at AT TIME ZONE 'Asia/Shanghai')::date OR n.since IS DISTINCT FROM a.submitted_at

-- invariant: an institution is named while its business lasts, and no longer
SELECT a.number FROM application a JOIN consents_named_institution n ON n.because = a.number
LEFT JOIN loan_line i ON i.application_id = a.id
WHERE (n.until IS NULL) <> CASE
    WHEN a.state = 'funded' THEN i.state IN ('in_force', 'frozen') OR EXISTS (
        SELECT FROM loan l WHERE l.line_id = i.id
        AND l.state IN ('repaying', 'overdue', 'compensated', 'written_off'))
    WHEN a.state = 'rejected' THEN a.release_on IS NOT NULL
    ELSE a.state NOT IN ('declined_intake', 'offer_declined', 'withdrawn')
END

-- invariant: a consent that ended names nobody any more
SELECT c.number FROM consents_consent c
WHERE (c.state IN ('active', 'paused', 'pending')) <> (c.ended_at IS NULL)
    OR c.ended_at IS NOT NULL AND EXISTS (
        SELECT FROM consents_named_institution n WHERE n.consent_id = c.id
        AND (n.until IS NULL OR n.until > c.ended_at))

-- invariant: departments are told of exactly the consents in force
SELECT coalesce(t.number, s.consent_number) FROM (
    SELECT number, enterprise_id, unnest(categories) AS category FROM consents_consent WHERE state = 'active'
) t
FULL JOIN serving.authorised s
    ON s.consent_number = t.number AND s.category = t.category AND s.uscc = t.enterprise_id
WHERE t.number IS NULL OR s.consent_number IS NULL

-- invariant: no institution reads without a consent in force that names it
SELECT r.number FROM reports_report r WHERE r.reader_kind = 'institution' AND NOT EXISTS (
    SELECT FROM consents_consent c JOIN consents_named_institution n ON n.consent_id = c.id
    WHERE c.number = r.consent_number AND c.enterprise_id = r.enterprise_id AND n.institution_code = r.reader_code
        AND n.since <= r.made_at AND (n.until IS NULL OR n.until > r.made_at) AND c.signed_at <= r.made_at
        AND (c.ended_at IS NULL OR c.ended_at > r.made_at) AND r.purpose = ANY (c.purposes))

-- invariant: an enterprise has one holder, who has an account
SELECT e.uscc FROM enterprises_enterprise e
LEFT JOIN enterprises_holding h ON h.enterprise_id = e.uscc AND h.until IS NULL
LEFT JOIN accounts_user u ON u.id = h.user_id AND u.kind = 'enterprise'
WHERE u.id IS NULL OR u.made_at > h.since

-- invariant: steps of a demand are a path of the table
SELECT s.demand_id FROM (
    SELECT *, lag(target) OVER w AS before, lag(at) OVER w AS before_at FROM demand_step
    WINDOW w AS (PARTITION BY demand_id ORDER BY id)
) s
WHERE s.source <> coalesce(s.before, 'draft') OR s.at < s.before_at
    OR (s.act, s.source, s.target) NOT IN (SELECT act, source, target FROM may_step)

-- invariant: a demand stands where its last step led
SELECT d.number FROM demand d
LEFT JOIN (SELECT DISTINCT ON (demand_id) demand_id, target FROM demand_step ORDER BY demand_id, id DESC) s
    ON s.demand_id = d.id
LEFT JOIN application a ON a.id = d.application_id
WHERE coalesce(s.target, 'draft') <> d.state OR a.uscc <> d.uscc OR d.state = 'closed' AND a.state <> 'funded'

-- invariant: a proposal is of an institution that is or was at the demand
SELECT o.id FROM demand_proposal o JOIN demand_party t ON t.id = o.party_id JOIN demand d ON d.id = t.demand_id
JOIN product p ON p.id = o.product_id
WHERE p.institution_id <> t.institution_id OR o.made_at < t.joined_at OR t.joined_at < d.posted_at
    OR o.seen_at < o.made_at OR t.state IN ('invited', 'holding')
