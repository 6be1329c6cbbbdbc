"""Money is integer fen (CNY), rates are integer basis points. Here they become words, and words become them."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
FEN_PER_YI = 10_000_000_000

_YUAN = re.compile(r"[+-]?(\d{1,13}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2})?", re.ASCII)


def fen_from_yuan(words: str) -> int:
    """ "1,234.5" → 123450. Raises ValueError on anything that is not an amount of at most two decimals."""
    text = words.strip()
    if not _YUAN.fullmatch(text):
        raise ValueError("金额应为数字，最多两位小数")
    return int(Decimal(text.replace(",", "")) * FEN_PER_YUAN)


def yuan(fen: int) -> str:
    """123450 → "1,234.50"."""
    return f"{Decimal(fen) / FEN_PER_YUAN:,.2f}"


def wan(fen: int, decimals: int = 2) -> str:
    """In 万元, as loans are spoken of: 123456789 → "123.46"; zeros behind the point fall away."""
    return _short(fen, FEN_PER_WAN, decimals)


def amount(fen: int) -> str:
    """With its unit, 元 below 1 万元, so that what is small is not rounded to nothing: "212.5 元", "12.35 万元"."""
    return f"{_short(fen, FEN_PER_YUAN, 2)} 元" if 0 < abs(fen) < FEN_PER_WAN else f"{wan(fen)} 万元"


def yi(fen: int, decimals: int = 2) -> str:
    """In 亿元, as regulators read."""
    return _short(fen, FEN_PER_YI, decimals)


def percent(bp: int, decimals: int = 2) -> str:
    """350 → "3.50%"."""
    return f"{Decimal(bp) / 100:.{decimals}f}%"


def _short(fen: int, unit: int, decimals: int) -> str:
    value = (Decimal(fen) / unit).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    words = f"{value:,.{decimals}f}"
    return words.rstrip("0").rstrip(".") if "." in words else words
