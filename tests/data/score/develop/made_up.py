"""Enterprises with a known truth, made from a seed."""

import csv
from pathlib import Path

import numpy as np

from jinfuyun.data.score.develop.table import Table


def enterprises(rows: int = 400, *, noise: int = 2, seed: int = 1) -> Table:
    """Large sales and few voids are good, each a tenth unknown; `noise` columns say nothing; every region is alike."""
    chance = np.random.default_rng(seed)
    sales, voids = chance.lognormal(13, 1.5, rows), chance.beta(1, 9, rows)
    risk = -1.2 * (np.log(sales) - 13) + 12 * (voids - 0.1) - 1 + chance.logistic(size=rows)
    columns = {"sales": sales, "voids": voids} | {f"noise_{place}": chance.normal(size=rows) for place in range(noise)}
    for column in columns.values():
        column[chance.random(rows) < 0.1] = np.nan
    region = chance.choice(["福州市", "厦门市"], rows).astype(np.object_)
    return Table(columns, (risk > 0).astype(np.float64), {"region": region})


def written(table: Table, path: Path) -> Path:
    """As CSV with the target `defaulted`; unknown is empty."""
    names = [*table.columns, *table.by, "defaulted"]
    columns = [*table.columns.values(), *table.by.values(), ["是" if bad else "否" for bad in table.bad]]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(names)
        out.writerows(["" if cell != cell else cell for cell in row] for row in zip(*columns, strict=True))
    return path
