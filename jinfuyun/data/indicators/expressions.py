"""SQL that many indicators share. Every rounding is here, on DOUBLE and half away from zero: engines agree on that."""

# A bad record that ended or was repaired leaves reports and scores, by law.
STANDS = "repaired_on IS NULL AND (ends_on IS NULL OR ends_on >= today)"

# Of a feed with such records, those that a day between took out.
ENDED = "ends_on BETWEEN :was AND :now"
ALWAYS = "true"  # days are counted since each of them

NOW, BEFORE = "ago < 12", "ago BETWEEN 12 AND 23"
MASK_MONTHS = 36


def rounded(number: str) -> str:
    return f"round(CAST({number} AS DOUBLE))"


def share(part: str, whole: str) -> str:
    """In basis points; unknown of nothing."""
    return f"round(1e4 * ({part}) / nullif(({whole}), 0))"


def change(now: str, before: str) -> str:
    """Growth in basis points; unknown from nothing."""
    return f"CASE WHEN ({before}) > 0 THEN round(1e4 * ({now}) / ({before})) - 10000 END"


def per(amount: str, count: str) -> str:
    """A whole amount for each; unknown of none."""
    return f"round(CAST({amount} AS DOUBLE) / nullif(({count}), 0))"


def known_if(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} END"


def of_choices(column: str, *kept: str) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in kept)})"


# A bit for the row's month, 1 for the last one, NULL beyond what a mask holds. Joined by bit_or they say which months
# there were, without grouping by month.
MONTH_BIT = f"CASE WHEN ago BETWEEN 0 AND {MASK_MONTHS - 1} THEN CAST(1 AS BIGINT) << ago END"


def months_of(condition: str) -> str:
    """In how many months there was a row for which `condition` holds. The stage has `bit`."""
    return f"bit_count(bit_or(bit) FILTER ({condition}))"


def unbroken(mask: str) -> str:
    """How many months without a gap, counted back from the last one."""
    return f"bit_count((~{mask} & ({mask} + 1)) - 1)"
