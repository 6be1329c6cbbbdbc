"""Stored keys for Chinese text: the database has no Chinese collation, so sorting and searching go by these.

The dictionary is read when it is first needed: most processes never do.
"""


def sort_key(text: str) -> str:
    """闽岭银行 → `min ling yin hang`: orders by reading, as a directory does."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text)).lower()[:200]


def search_text(*texts: str) -> str:
    """Everything somebody may type to find it: the words, their reading in full and its initials."""
    from pypinyin import Style, lazy_pinyin

    parts: list[str] = []
    for text in texts:
        parts += [text, "".join(lazy_pinyin(text)), "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))]
    return " ".join(parts).lower()
