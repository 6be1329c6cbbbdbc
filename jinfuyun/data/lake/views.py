"""The lake as something else than what it is now: as an earlier release left it, or with every write held back."""

from collections.abc import Sequence

from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.tables import Lake, Part, Release, Table


class Earlier(Lake):
    """To be read only: what the given release called the truth, as long as its files are there."""

    def __init__(self, lake: Lake, release: Release) -> None:
        super().__init__(lake.root)
        self._as_of = release

    def release(self) -> Release:
        return self._as_of


class Untouched(Lake):
    """Reads as ever; what is written is named by no version and goes with `close`. For asking what a load would do."""

    def __init__(self, lake: Lake) -> None:
        super().__init__(lake.root)
        self._written: list[Part] = []

    def write(self, engine: Engine, table: Table, sql: str) -> list[Part]:
        parts = super().write(engine, table, sql)
        self._written += parts
        return parts

    def commit(self, engine: Engine, table: Table, fresh: Sequence[Part], gone: Sequence[str] = ()) -> dict[str, int]:
        return {}

    def close(self) -> None:
        self.discard(self._written)
