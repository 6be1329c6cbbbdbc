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
