"""A floating number as the words a person would have typed."""

import math
from decimal import Decimal

from jinfuyun.data.ingest.refusal import FileRefused

DIGITS = 15  # of a 64-bit float; spreadsheets keep and show no more


def typed_float(value: float, *, row: int, column: int) -> str:
    """No exponent, no noise in the last digits; a figure whose digits are already lost is refused."""
    if not math.isfinite(value):
        raise FileRefused("不是有限的数。", row=row, column=column)
    if abs(value) >= 10**DIGITS:
        raise FileRefused(
            f"数字超过 {DIGITS} 位，后面的位数已经丢失；编号请存为文字格式后重新填写。", row=row, column=column
        )
    words = format(Decimal(f"{value:.{DIGITS}g}"), "f")
    return words.rstrip("0").removesuffix(".") if "." in words else words
