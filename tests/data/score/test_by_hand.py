"""Three enterprises whose scores were added up with paper and pencil from the card as it is written."""

import pytest

from jinfuyun.data.score.card import Value
from jinfuyun.data.score.marking import mark
from jinfuyun.data.score.registry import CARDS

WAN = 1_000_000  # fen
CARD = next(card for card in CARDS if card.label == "小微企业信用评分卡（专家版）")

# The fact; then value and points of a sound enterprise, of a young one without electricity, of one in trouble.
BY_HAND: tuple[tuple[str, Value, int, Value, int, Value, int], ...] = (
    ("age_months", 72, 16, 18, -12, 40, 6),
    ("sales_r12", 1500 * WAN, 20, 80 * WAN, -4, 600 * WAN, 10),
    ("sales_yoy", 1200, 12, None, 0, -5500, -30),
    ("active_months_r12", 12, 14, 8, -8, 5, -24),
    ("tax_grade", "A", 34, "M", 6, "D", -70),
    ("on_time_declarations_r24", 10000, 18, 9000, -10, 7000, -36),
    ("tax_paid_r12", 30 * WAN, 20, 2 * WAN, 2, WAN // 2, -10),
    ("tax_arrears", 0, 12, 0, 12, 8 * WAN, -60),
    ("top5_customers_share_r12", 4200, 14, 9500, -20, 6000, 4),
    ("customer_retention", 5500, 10, None, 0, 1000, -14),
    ("void_and_red_share_r12", 150, 12, 500, 2, 2500, -30),
    ("longest_gap_days_r12", 20, 12, 45, 2, 120, -24),
    ("insured_people", 23, 14, 2, -4, 0, -14),
    ("insurance_owed_months_r24", 0, 12, 0, 12, 5, -32),
    ("kwh_3m_yoy", 500, 8, None, 0, -6000, -26),
    ("electricity_owed_months_r12", 0, 8, None, 0, 4, -26),
    ("dishonest_debtor", 0, 10, 0, 10, 1, -150),
    ("enforcement_open", 0, 12, 0, 12, 2, -80),
    ("penalties_serious", 0, 6, 0, 6, 1, -60),
    ("abnormal_listed", 0, 8, 0, 8, 1, -50),
    ("judgments_defendant_r24", 0, 10, 0, 10, 4, -28),
    ("platform_overdue", 0, 8, 0, 8, 1, -100),
)


@pytest.mark.parametrize(
    ("which", "sum_of_points", "score", "grade", "known"),
    [(0, 290, 830, "AAA", 22), (1, 32, 572, "BB", 18), (2, -844, 300, "D", 22)],
)
def test_the_card_gives_what_paper_and_pencil_gave(
    which: int, sum_of_points: int, score: int, grade: str, known: int
) -> None:
    found = mark(CARD, {row[0]: row[1 + 2 * which] for row in BY_HAND})
    assert [(each.characteristic.indicator, each.points) for each in found.marks] == [
        (row[0], row[2 + 2 * which]) for row in BY_HAND
    ]
    assert sum(each.points for each in found.marks) == sum_of_points
    assert (found.score, found.grade, sum(each.known for each in found.marks)) == (score, grade, known)
