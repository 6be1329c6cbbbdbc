"""The lake as something else than what it is now: as an earlier release left it, or with every write held back."""

from collections.abc import Sequence

from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.tables import Lake, Release, Table


class Earlier(Lake):
    """To be read only: what the given release called the truth, as long as its files are there."""

    def __init__(self, lake: Lake, release: Release) -> None:
        super().__init__(lake.root)
        self._as_of = release

    def release(self) -> Release:
        return self._as_of


class Untouched(Lake):
    """Reads as ever; what would be written goes nowhere. For asking what a load would do."""

    def __init__(self, lake: Lake) -> None:
        super().__init__(lake.root)

    def append(self, engine: Engine, table: Table, sql: str) -> int:
        return 0

    def rewrite(self, engine: Engine, table: Table, sql: str, *, partitions: Sequence[str] | None) -> int:
        return 0
