"""Scoring a whole province by the platform's card, beside the same card as somebody would write it by hand.

ENTERPRISES=N (1,000,000). The figures are drawn at random around the card's edges, a tenth unknown; both read the
same Parquet file and write the scores to another. CPU of this process, the best of five runs, taken in turns.
"""

import os
import tempfile
from pathlib import Path

import duckdb

from benchmarks.data import cpu_seconds
from benchmarks.figures import tell

RUNS = 5
TIMES_MAX = 1.5
BY_HAND = """
SELECT uscc, known / 22.0 AS coverage,
  CASE WHEN known >= 11 THEN least(greatest(points, 300), 900) END AS score,
  CASE WHEN known >= 11 THEN CASE WHEN points >= 800 THEN 'AAA' WHEN points >= 740 THEN 'AA' WHEN points >= 680 THEN 'A'
    WHEN points >= 620 THEN 'BBB' WHEN points >= 560 THEN 'BB' WHEN points >= 500 THEN 'B' WHEN points >= 420 THEN 'C'
    ELSE 'D' END END AS grade
FROM (SELECT uscc,
  540
  + CASE WHEN age_months IS NULL THEN 0 WHEN age_months < 12 THEN -30 WHEN age_months < 24 THEN -12
      WHEN age_months < 60 THEN 6 WHEN age_months < 120 THEN 16 ELSE 22 END
  + CASE WHEN sales_r12 IS NULL THEN 0 WHEN sales_r12 < 50000000 THEN -20 WHEN sales_r12 < 200000000 THEN -4
      WHEN sales_r12 < 1000000000 THEN 10 WHEN sales_r12 < 5000000000 THEN 20 ELSE 26 END
  + CASE WHEN sales_yoy IS NULL THEN 0 WHEN sales_yoy < -5000 THEN -30 WHEN sales_yoy < -2000 THEN -12
      WHEN sales_yoy < 0 THEN 2 WHEN sales_yoy < 3000 THEN 12 ELSE 8 END
  + CASE WHEN active_months_r12 IS NULL THEN 0 WHEN active_months_r12 < 6 THEN -24 WHEN active_months_r12 < 9 THEN -8
      WHEN active_months_r12 < 11 THEN 6 ELSE 14 END
  + CASE tax_grade WHEN 'A' THEN 34 WHEN 'B' THEN 20 WHEN 'M' THEN 6 WHEN 'C' THEN -24 WHEN 'D' THEN -70 ELSE 0 END
  + CASE WHEN on_time_declarations_r24 IS NULL THEN 0 WHEN on_time_declarations_r24 < 8000 THEN -36
      WHEN on_time_declarations_r24 < 9500 THEN -10 WHEN on_time_declarations_r24 < 10000 THEN 8 ELSE 18 END
  + CASE WHEN tax_paid_r12 IS NULL THEN 0 WHEN tax_paid_r12 < 1000000 THEN -10 WHEN tax_paid_r12 < 5000000 THEN 2
      WHEN tax_paid_r12 < 20000000 THEN 12 ELSE 20 END
  + CASE WHEN tax_arrears IS NULL THEN 0 WHEN tax_arrears < 1 THEN 12 WHEN tax_arrears < 5000000 THEN -30 ELSE -60 END
  + CASE WHEN top5_customers_share_r12 IS NULL THEN 0 WHEN top5_customers_share_r12 < 3000 THEN 12
      WHEN top5_customers_share_r12 < 5000 THEN 14 WHEN top5_customers_share_r12 < 7000 THEN 4
      WHEN top5_customers_share_r12 < 9000 THEN -10 ELSE -20 END
  + CASE WHEN customer_retention IS NULL THEN 0 WHEN customer_retention < 2000 THEN -14
      WHEN customer_retention < 4000 THEN 0 WHEN customer_retention < 6000 THEN 10 ELSE 16 END
  + CASE WHEN void_and_red_share_r12 IS NULL THEN 0 WHEN void_and_red_share_r12 < 300 THEN 12
      WHEN void_and_red_share_r12 < 1000 THEN 2 WHEN void_and_red_share_r12 < 2000 THEN -14 ELSE -30 END
  + CASE WHEN longest_gap_days_r12 IS NULL THEN 0 WHEN longest_gap_days_r12 < 30 THEN 12
      WHEN longest_gap_days_r12 < 60 THEN 2 WHEN longest_gap_days_r12 < 90 THEN -10 ELSE -24 END
  + CASE WHEN insured_people IS NULL THEN 0 WHEN insured_people < 1 THEN -14 WHEN insured_people < 3 THEN -4
      WHEN insured_people < 10 THEN 6 WHEN insured_people < 50 THEN 14 ELSE 18 END
  + CASE WHEN insurance_owed_months_r24 IS NULL THEN 0 WHEN insurance_owed_months_r24 < 1 THEN 12
      WHEN insurance_owed_months_r24 < 3 THEN -12 ELSE -32 END
  + CASE WHEN kwh_3m_yoy IS NULL THEN 0 WHEN kwh_3m_yoy < -5000 THEN -26 WHEN kwh_3m_yoy < -2000 THEN -8
      WHEN kwh_3m_yoy < 3000 THEN 8 ELSE 12 END
  + CASE WHEN electricity_owed_months_r12 IS NULL THEN 0 WHEN electricity_owed_months_r12 < 1 THEN 8
      WHEN electricity_owed_months_r12 < 3 THEN -10 ELSE -26 END
  + CASE WHEN dishonest_debtor IS NULL THEN -10 WHEN dishonest_debtor < 1 THEN 10 ELSE -150 END
  + CASE WHEN enforcement_open IS NULL THEN -10 WHEN enforcement_open < 1 THEN 12 WHEN enforcement_open < 2 THEN -40
      ELSE -80 END
  + CASE WHEN penalties_serious IS NULL THEN -10 WHEN penalties_serious < 1 THEN 6 ELSE -60 END
  + CASE WHEN abnormal_listed IS NULL THEN -10 WHEN abnormal_listed < 1 THEN 8 ELSE -50 END
  + CASE WHEN judgments_defendant_r24 IS NULL THEN -10 WHEN judgments_defendant_r24 < 1 THEN 10
      WHEN judgments_defendant_r24 < 3 THEN -8 ELSE -28 END
  + CASE WHEN platform_overdue IS NULL THEN 0 WHEN platform_overdue < 1 THEN 8 ELSE -100 END AS points,
  (age_months IS NOT NULL)::INT + (sales_r12 IS NOT NULL)::INT + (sales_yoy IS NOT NULL)::INT
  + (active_months_r12 IS NOT NULL)::INT + (coalesce(tax_grade, '') IN ('A', 'B', 'M', 'C', 'D'))::INT
  + (on_time_declarations_r24 IS NOT NULL)::INT + (tax_paid_r12 IS NOT NULL)::INT + (tax_arrears IS NOT NULL)::INT
  + (top5_customers_share_r12 IS NOT NULL)::INT + (customer_retention IS NOT NULL)::INT
  + (void_and_red_share_r12 IS NOT NULL)::INT + (longest_gap_days_r12 IS NOT NULL)::INT
  + (insured_people IS NOT NULL)::INT + (insurance_owed_months_r24 IS NOT NULL)::INT + (kwh_3m_yoy IS NOT NULL)::INT
  + (electricity_owed_months_r12 IS NOT NULL)::INT + (dishonest_debtor IS NOT NULL)::INT
  + (enforcement_open IS NOT NULL)::INT + (penalties_serious IS NOT NULL)::INT + (abnormal_listed IS NOT NULL)::INT
  + (judgments_defendant_r24 IS NOT NULL)::INT + (platform_overdue IS NOT NULL)::INT AS known
FROM given)
"""


def run() -> None:
    from jinfuyun.data.score.marking import score_sql
    from jinfuyun.data.score.registry import CARDS

    enterprises = int(os.environ.get("ENTERPRISES") or 1_000_000)
    card = next(card for card in CARDS if len(card.characteristics) == 22)  # the one that was written by hand above
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as engine:
        facts, scores = Path(folder) / "facts.parquet", Path(folder) / "scores.parquet"
        columns = ", ".join(_drawn(each) for each in card.characteristics)
        engine.execute("SELECT setseed(0.5)")
        engine.execute(
            f"COPY (SELECT 'U' || lpad(i::VARCHAR, 17, '0') AS uscc, {columns} FROM range({enterprises}) t(i))"
            f" TO '{facts}' (FORMAT parquet)"
        )
        engine.execute(f"CREATE VIEW given AS FROM '{facts}'")
        ours, theirs = score_sql(card, "given", keep="uscc"), BY_HAND
        if engine.execute(f"SELECT count(*) FROM (({ours}) EXCEPT ({theirs}))").fetchall() != [(0,)]:
            raise RuntimeError("The card and what was written by hand differ.")
        spent: dict[str, list[float]] = {ours: [], theirs: []}
        for _ in range(RUNS):
            for sql, seconds in spent.items():
                seconds.append(cpu_seconds(lambda sql=sql: engine.execute(f"COPY ({sql}) TO '{scores}'")))
        limit = min(spent[theirs])
        tell(f"{enterprises:,} enterprises scored, CPU", min(spent[ours]), "s", limit=limit, reach=limit * TIMES_MAX)


def _drawn(each) -> str:
    """SQL of a column: unknown in a tenth, else a word of the card or a figure between its edges and a bit beyond."""
    words = [word for one in each.bins for word in one.among]
    if words:
        listed = ", ".join(f"'{word}'" for word in words)
        value = f"([{listed}])[1 + (random() * {len(words)})::INT % {len(words)}]"
    else:
        low, high = min(one.high for one in each.bins[:-1]), max(one.low for one in each.bins[1:])
        value = f"({low} - 1 + random() * ({high} - {low} + 2))::BIGINT"
    return f"CASE WHEN random() < 0.9 THEN {value} END AS {each.indicator}"
