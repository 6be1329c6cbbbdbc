"""What the invoices of 123 real enterprises say: 72 figures each, and whether the enterprise defaulted.

The invoices are real (see SOURCE.txt beside them) and never leave their folder. The bank's rating is not read: every
enterprise rated D defaulted, so it would tell the answer. Windows end on 31 January 2020, the last full month.
"""

from pathlib import Path

import duckdb

INVOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "invoices"
FILES = ("invoices_123_output.csv.gz", "invoices_123_input.csv.gz", "enterprises_123.csv")
TARGET = "defaulted"

# One row an invoice; `side` is sale or purchase; `age` is in whole months before the end of the window (0 … 39).
READ = """
CREATE TABLE invoices AS
SELECT 企业代号 AS enterprise, side, party, CAST(开票日期 AS DATE) AS day,
       金额 AS amount, 税额 AS tax, trim(发票状态) <> '有效发票' AS void,
       datediff('month', CAST(开票日期 AS DATE), DATE '2020-01-31') AS age
FROM (SELECT *, 'sale' AS side, 购方单位代号 AS party FROM read_csv(?, types = {'发票号码': 'VARCHAR'})
      UNION ALL BY NAME
      SELECT *, 'purchase' AS side, 销方单位代号 AS party FROM read_csv(?, types = {'发票号码': 'VARCHAR'}))
WHERE CAST(开票日期 AS DATE) < DATE '2020-02-01';

CREATE TABLE enterprises AS
SELECT 企业代号 AS enterprise, CAST(是否违约 = '是' AS INTEGER) AS defaulted FROM read_csv(?);

CREATE TABLE months AS
SELECT enterprise, side, age, coalesce(sum(amount) FILTER (NOT void), 0) AS amount
FROM invoices GROUP BY ALL;

CREATE TABLE span AS SELECT enterprise, least(max(age) + 1, 40) AS months FROM invoices GROUP BY ALL;

CREATE TABLE grid AS
SELECT enterprise, side, age, coalesce(amount, 0) AS amount
FROM (SELECT enterprise, unnest(range(months)) AS age FROM span) CROSS JOIN (VALUES ('sale'), ('purchase')) AS s (side)
LEFT JOIN months USING (enterprise, side, age);

CREATE TABLE gaps AS
SELECT enterprise, side, max(gap) AS gap_days_max, quantile_cont(gap, 0.9) AS gap_days_p90
FROM (SELECT enterprise, side, day - lag(day) OVER (PARTITION BY enterprise, side ORDER BY day) AS gap
      FROM (SELECT DISTINCT enterprise, side, day FROM invoices WHERE NOT void)) GROUP BY ALL;

CREATE TABLE parties AS
SELECT enterprise, side, party, sum(amount) AS amount, bool_or(age < 12) AS now,
       bool_or(age BETWEEN 12 AND 23) AS before
FROM invoices WHERE NOT void AND amount > 0 GROUP BY ALL;

CREATE TABLE shares AS
SELECT enterprise, side, count(*) AS parties, max(amount) / sum(amount) AS top1,
       list_sum(list_reverse_sort(list(amount))[1:5]) / sum(amount) AS top5,
       sum(amount * amount) / (sum(amount) * sum(amount)) AS hhi,
       count(*) FILTER (now AND before) / nullif(count(*) FILTER (before), 0) AS kept,
       count(*) FILTER (now AND NOT before) / nullif(count(*) FILTER (now), 0) AS new
FROM parties GROUP BY ALL;
"""

# What one side says; asked once for sales and once for purchases.
SIDE = """
SELECT enterprise, amount_r12, amount_all, month_median, month_p25, quarter_min, invoices, days, active, active_r12,
       active_months, since, growth, jump, recent, cv, slope,
       gap_days_max, gap_days_p90, void_share, void_amount_share, red_share, red_amount_share, ticket, ticket_max_share,
       tax_rate, parties, top1, top5, hhi, kept, new
FROM (SELECT enterprise, sum(amount) FILTER (age < 12) AS amount_r12, sum(amount) / count(*) * 12 AS amount_all,
             count(*) FILTER (amount > 0) / count(*) AS active,
             count(*) FILTER (amount > 0 AND age < 12) AS active_r12,
             count(*) FILTER (amount > 0) AS active_months,
             median(amount) AS month_median, quantile_cont(amount, 0.25) AS month_p25,
             min(quarter) FILTER (age >= 2) AS quarter_min,
             coalesce(min(age) FILTER (amount > 0), 40) AS since,
             sum(amount) FILTER (age < 12) / nullif(sum(amount) FILTER (age BETWEEN 12 AND 23), 0) AS growth,
             abs(ln(nullif(greatest(sum(amount) FILTER (age < 12), 0), 0)
                    / nullif(greatest(sum(amount) FILTER (age BETWEEN 12 AND 23), 0), 0))) AS jump,
             sum(amount) FILTER (age < 3) / nullif(sum(amount) FILTER (age BETWEEN 12 AND 14), 0) AS recent,
             stddev(amount) / nullif(avg(amount), 0) AS cv, -regr_slope(amount, age) / nullif(avg(amount), 0) AS slope
      FROM (SELECT *, sum(amount) OVER (PARTITION BY enterprise ORDER BY age ROWS 2 PRECEDING) AS quarter
            FROM grid WHERE side = $side) GROUP BY ALL)
LEFT JOIN (SELECT * FROM gaps WHERE side = $side) USING (enterprise)
LEFT JOIN (SELECT * FROM shares WHERE side = $side) USING (enterprise)
LEFT JOIN (SELECT enterprise, count(*) AS invoices, count(DISTINCT day) AS days,
                  avg(CAST(void AS INTEGER)) AS void_share,
                  coalesce(sum(abs(amount)) FILTER (void), 0) / sum(abs(amount)) AS void_amount_share,
                  avg(CAST(amount < 0 AND NOT void AS INTEGER)) AS red_share,
                  coalesce(sum(abs(amount)) FILTER (amount < 0 AND NOT void), 0) / sum(abs(amount)) AS red_amount_share,
                  median(amount) FILTER (amount > 0 AND NOT void) AS ticket,
                  max(amount) FILTER (NOT void) / nullif(sum(amount) FILTER (NOT void), 0) AS ticket_max_share,
                  sum(tax) FILTER (NOT void) / nullif(sum(amount) FILTER (NOT void), 0) AS tax_rate
           FROM invoices WHERE side = $side GROUP BY ALL) USING (enterprise)
"""

# Both sides beside each other.
BOTH = """
SELECT enterprise, purchase_r12.amount / nullif(sale_r12.amount, 0) AS purchases_to_sales_r12,
       purchase_all.amount / nullif(sale_all.amount, 0) AS purchases_to_sales,
       1 - purchase_all.amount / nullif(sale_all.amount, 0) AS margin,
       sale_all.amount AS sales_total, purchase_all.amount AS purchases_total,
       sale_all.amount - purchase_all.amount AS gross_total,
       coalesce(sale_r12.amount, 0) - coalesce(purchase_r12.amount, 0) AS gross_r12,
       (sale_all.tax - purchase_all.tax) / nullif(sale_all.amount, 0) AS tax_burden,
       loss.months AS loss_months_share, span.months AS months_seen
FROM span
LEFT JOIN (SELECT enterprise, sum(amount) AS amount FROM invoices WHERE side = 'sale' AND NOT void AND age < 12
           GROUP BY ALL) AS sale_r12 USING (enterprise)
LEFT JOIN (SELECT enterprise, sum(amount) AS amount FROM invoices WHERE side = 'purchase' AND NOT void AND age < 12
           GROUP BY ALL) AS purchase_r12 USING (enterprise)
LEFT JOIN (SELECT enterprise, sum(amount) AS amount, sum(tax) AS tax FROM invoices WHERE side = 'sale' AND NOT void
           GROUP BY ALL) AS sale_all USING (enterprise)
LEFT JOIN (SELECT enterprise, sum(amount) AS amount, sum(tax) AS tax FROM invoices WHERE side = 'purchase' AND NOT void
           GROUP BY ALL) AS purchase_all USING (enterprise)
LEFT JOIN (SELECT enterprise, avg(CAST(sold < bought AS INTEGER)) AS months
           FROM (SELECT enterprise, age, sum(amount) FILTER (side = 'sale') AS sold,
                        sum(amount) FILTER (side = 'purchase') AS bought FROM grid GROUP BY ALL)
           GROUP BY ALL) AS loss USING (enterprise)
"""


def write(out: Path, *, folder: Path = INVOICES) -> Path:
    """`out` as CSV: 123 rows by enterprise, the target first, an unknown figure empty."""
    files = iter(str(folder / name) for name in FILES)
    with duckdb.connect() as engine:
        for statement in filter(str.strip, READ.split(";")):
            engine.execute(statement, [next(files) for _ in range(statement.count("?"))])
        for side in ("sale", "purchase"):
            engine.execute(f"CREATE TABLE {side} AS {SIDE.replace('$side', repr(side))}")
        columns = ", ".join(
            f"{side}.{column} AS {side}_{column}"
            for side in ("sale", "purchase")
            for column in engine.table(side).columns[1:]
        )
        engine.execute(f"""
            COPY (SELECT enterprise, defaulted, both_sides.* EXCLUDE (enterprise), {columns}
                  FROM enterprises JOIN ({BOTH}) AS both_sides USING (enterprise)
                  JOIN sale USING (enterprise) JOIN purchase USING (enterprise)
                  ORDER BY CAST(enterprise[2:] AS INTEGER)) TO '{out}' (HEADER)
        """)
    return out
