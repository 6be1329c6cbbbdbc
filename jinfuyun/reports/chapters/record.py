"""21 异议标注、企业声明、查询记录: who opened a report before, when, why, under which consent."""

from jinfuyun.kit.grant import PURPOSE_LABELS
from jinfuyun.reports.chapters.contract import Chapter, Held, Table
from jinfuyun.reports.content import SHANGHAI

_HEADINGS = ("时间", "查询方", "用途", "授权书编号", "申请编号")


def _made(held: Held) -> tuple[Table, ...]:
    return (_statement(held), _looks(held))


def _statement(held: Held) -> Table:
    said = held.data.statement
    told = "企业自述，平台未核实" if said else "企业没有提交声明"
    rows = ((f"{said.written_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", said.text),) if said else ()
    return Table("企业声明", told, ("提交时间", "声明"), rows)


def _looks(held: Held) -> Table:
    rows = tuple(
        (
            f"{look.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", look.reader, PURPOSE_LABELS[look.purpose],
            look.consent_number or "—", look.because or "—",
        )
        for look in held.data.looks
    )  # fmt: skip
    told = f"本次之前金融机构的查询，列出最近 {len(rows)} 次" if rows else "本次之前没有金融机构查询过"
    return Table("查询记录", told, _HEADINGS, rows)


RECORD = Chapter(
    "21", "record", "异议标注、企业声明与查询记录", made=_made,
    note="企业认为信息有误的，可在平台提出异议；异议期间的数据在原处标注。",
)  # fmt: skip
