-- Ten figures of the profession counted once more, by month and city, as a person with psql would: all months and
-- places at a time, %(first)s to %(last)s (first days of months). Nothing here knows how the platform counts.

-- indicator: authenticated
SELECT m.month, e.city, count(*) FROM months m JOIN (
    SELECT authenticated_at, city FROM enterprises_enterprise JOIN places USING (region_code)
) e ON e.authenticated_at <= m.until GROUP BY 1, 2

-- indicator: applied_fen
SELECT to_char(submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), city, sum(amount_fen)
FROM application JOIN places USING (region_code) GROUP BY 1, 2

-- indicator: approved_fen
SELECT to_char(decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), city, sum(offer_amount_fen)
FROM application JOIN places USING (region_code) WHERE offer_amount_fen > 0 GROUP BY 1, 2

-- indicator: refused
SELECT to_char(decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), city, count(*)
FROM application JOIN places USING (region_code) WHERE state IN ('rejected', 'declined_intake') GROUP BY 1, 2

-- indicator: funded_fen
SELECT to_char(drawn_on, 'YYYY-MM'), city, sum(amount_fen) FROM lent GROUP BY 1, 2

-- indicator: first_share
SELECT to_char(drawn_on, 'YYYY-MM'), city,
    floor(10000 * coalesce(sum(amount_fen) FILTER (WHERE is_first_loan), 0) / sum(amount_fen) + 0.5)
FROM lent GROUP BY 1, 2

-- indicator: unsecured_share
SELECT to_char(drawn_on, 'YYYY-MM'), city,
    floor(10000 * coalesce(sum(amount_fen) FILTER (WHERE security = 'unsecured'), 0) / sum(amount_fen) + 0.5)
FROM lent GROUP BY 1, 2

-- indicator: rate
SELECT to_char(drawn_on, 'YYYY-MM'), city, floor(sum(amount_fen * rate_bp) / sum(amount_fen) + 0.5)
FROM lent GROUP BY 1, 2

-- indicator: owed_fen
SELECT month, city, sum(balance_fen) FROM stood WHERE target IN ('repaying', 'overdue') GROUP BY 1, 2

-- indicator: overdue_fen
SELECT month, city, sum(balance_fen) FROM stood WHERE target = 'overdue' GROUP BY 1, 2
