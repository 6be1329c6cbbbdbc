"""A file that cannot be taken in at all. Single bad rows are no refusal: they go to quarantine with their reason."""

from jinfuyun.kit.errors import Refused


class FileRefused(Refused):
    """The sentence names row and column (the header is row 1) where there is one."""

    def __init__(self, reason: str, *, row: int | None = None, column: int | None = None) -> None:
        place = "".join(
            (
                f"第 {row} 行" if row is not None else "",
                f"第 {column} 列" if column is not None else "",
                "：" if row else "",
            )
        )
        super().__init__(place + reason)
        self.row = row
        self.column = column


def refuse_if_empty(delivered: int, *, consented: bool, answers: bool) -> None:
    """A header alone tells something only where the file says up to which day it tells everything."""
    if delivered or answers:
        return
    advice = "确实没有数据的，请写明数据完整到哪一天。" if consented else ""
    raise FileRefused(f"只有表头，没有数据行。{advice}", row=1)


def refuse_if_stopped(label: str, because: str | None) -> None:
    """`because`: why the department stopped the feed, None while it is open."""
    if because is not None:
        raise FileRefused(f"本部门已停止归集“{label}”（{because}），恢复后再送。")
