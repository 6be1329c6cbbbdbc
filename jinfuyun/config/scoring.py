"""`jinfuyun score fit`: a table in, a card and the report on it out."""

import argparse
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinfuyun.config import places
from jinfuyun.config.progress import progress
from jinfuyun.data.score.develop import fit, points, report
from jinfuyun.data.score.develop.bins import Trend
from jinfuyun.data.score.develop.table import Table, read_table
from jinfuyun.kit.errors import Refused
from jinfuyun.storage.typesetting import typesetter

CHINA = ZoneInfo("Asia/Shanghai")
FONTS = places.NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"
ALL = "all"


def fit_card(options: argparse.Namespace) -> dict[str, Any]:
    """Writes card.yaml, report.html and report.pdf; nothing is written if anything is wrong with the table."""
    fit.check_installed()
    table = read_table(options.data, target=options.target, by=options.by, without=options.without)
    trends = _trends(options.monotone, table, options.data.name)
    at = datetime.now(CHINA)
    words = points.Words(
        name=options.name,
        label=options.label,
        valid_from=at.date(),
        reference=f"由 {options.data.name} 的 {len(table.bad)} 行样本拟合（目标列 {options.target}）",
        labels={},
        dimensions={},
    )
    with progress(options, "开发评分卡") as show:
        made = fit.developed(
            table, words, at_most=options.max_characteristics, trends=trends, repeats=options.repeats, on_progress=show
        )
    data = report.contents(made, table, source=options.data.name, target=options.target, on=at.date())
    files = {
        "card.yaml": points.written(made.card).encode(),
        "report.html": report.page(data).encode(),
        "report.pdf": _paper(data, at),
    }
    _write(options.out, files)
    return _answer(made, options.out, list(files))


def _trends(asked: list[str], table: Table, file: str) -> Mapping[str, Trend]:
    """COLUMN, COLUMN=up, COLUMN=down, or all."""
    trends = dict.fromkeys(table.columns, Trend.EITHER) if ALL in asked else {}
    for one in asked:
        name, _, way = one.rpartition("=") if one.endswith(("=up", "=down")) else (one, "", Trend.EITHER)
        if name != ALL and name not in table.columns:
            raise Refused(f"{file}，列“{name}”：--monotone 所说的列不在候选指标中。")
        if name != ALL:
            trends[name] = Trend(way)
    return trends


def _paper(data: Mapping[str, object], at: datetime) -> bytes:
    try:
        setter = typesetter(FONTS)
    except FileNotFoundError as missing:
        raise Refused("缺少排版用的字体，请先运行 npm ci，再重试。") from missing
    return setter.pdf(report.PAPER, data, at=at)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as failure:
        raise Refused(f"不能写入 {folder}：{failure.strerror}") from failure


def _answer(made: fit.Developed, out: Path, files: list[str]) -> dict[str, Any]:
    figures = made.figures
    return {
        "ok": True, "out": str(out), "files": files, "characteristics": len(made.card.characteristics),
        "auc": round(figures.auc, 4), "auc_deviation": round(figures.auc_deviation, 4), "gini": round(figures.gini, 4),
        "ks": round(figures.ks, 4), "psi": round(figures.psi, 4), "auc_seen": round(figures.seen.auc, 4),
        "text": f"已写入 {out}：{'、'.join(files)}。入选 {len(made.card.characteristics)} 个指标，"
                f"未见样本的 AUC {figures.auc:.3f} ± {figures.auc_deviation:.3f}，KS {figures.ks:.3f}。",
    }  # fmt: skip
