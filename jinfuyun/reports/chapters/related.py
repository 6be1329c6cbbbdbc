"""20 关联关系: everybody whom the register names, once each with all that ties them; and trade in both directions."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Held, Table, Takes

# Of each list the role that its rows have, where the rows do not say it themselves.
_ROLES = (("shareholders", "股东"), ("officers", ""), ("branches", "分支机构"))
_HEADINGS = ("名称", "关系", "说明", "来源")


def _known_by_the_register(held: Held) -> tuple[Table, ...]:
    roles, shares, deliveries = dict[str, list[str]](), dict[str, str](), dict[str, str]()
    document = held.documents.get(Category.REGISTRATION)
    if document and (head := document.record.get("legal_representative")):
        roles[str(head)] = ["法定代表人"]
        deliveries[str(head)] = next((each.number for each in document.deliveries if each.feed == "registration"), "")
    for feed, role in _ROLES:
        listed = held.listed(feed)
        for row in listed.rows if listed else ():
            roles.setdefault(row[0], []).append(role or row[1])
            deliveries.setdefault(row[0], row[-1])
            if listed and feed == "shareholders" and "持股比例" in listed.headings:
                shares[row[0]] = row[listed.headings.index("持股比例")]
    rows = tuple(
        (
            name,
            "、".join(dict.fromkeys(each)),
            f"持股 {shares[name]}%" if shares.get(name) else "",
            deliveries.get(name, ""),
        )
        for name, each in roles.items()
    )
    told = "按登记的股东、主要人员和分支机构归并，同名的列一次；对外投资未知"
    return (Table("登记中的关联方", told, _HEADINGS, rows, sourced=True),) if rows else ()


RELATED = Chapter(
    "20", "related", "关联关系",
    takes=(Takes(Category.INVOICES, groups=(Group("", ("two_way_share_r12",)),)),),
    made=_known_by_the_register,
)  # fmt: skip
