"""What an enterprise may say of itself in its reports. No database."""

from jinfuyun.kit.reasons import Reason

STATEMENT_MIN, STATEMENT_MAX = 10, 300  # characters


def why_not_state(text: str) -> list[Reason]:
    """Empty takes the statement back, so it is in order."""
    if text and not STATEMENT_MIN <= len(text) <= STATEMENT_MAX:
        return [Reason("statement", f"企业声明为 {STATEMENT_MIN} 至 {STATEMENT_MAX} 个字。")]
    return []
