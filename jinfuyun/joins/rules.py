"""What may become of a proposal, and the words in which its weights are told. No database."""

from django.db.models import TextChoices


class State(TextChoices):
    OPEN = "open", "待审核"
    JOINED = "joined", "已关联"
    REFUSED = "refused", "不是同一家"
    PARTED = "parted", "已拆分"


# act → (from, to, word on the button, line in the book)
ACTS: dict[str, tuple[frozenset[State], State, str, str]] = {
    "join": (frozenset({State.OPEN, State.REFUSED, State.PARTED}), State.JOINED, "关联", "join.joined"),
    "refuse": (frozenset({State.OPEN}), State.REFUSED, "不是同一家", "join.refused"),
    "part": (frozenset({State.JOINED}), State.PARTED, "拆分，数据退回等待", "join.parted"),
    "reopen": (frozenset({State.REFUSED, State.PARTED}), State.OPEN, "重新待审核", "join.reopened"),
}

COMPARISONS = {"name": "名称", "organisation": "组织机构代码", "number": "登记注册号", "region": "行政区划"}
LEVEL_WORDS = {
    ("name", "same"): "完全相同",
    ("name", "same_core"): "去掉地名和组织形式后相同",
    ("name", "close"): "只有个别字不同",
    ("name", "alike"): "部分相像",
    ("name", "other"): "不同",
    ("organisation", "same"): "相同",
    ("organisation", "one_off"): "只差一位",
    ("organisation", "other"): "不同",
    ("number", "same"): "相同",
    ("number", "one_off"): "只差一位",
    ("number", "other"): "不同",
    ("region", "county"): "同一行政区划",
    ("region", "city"): "同一设区市",
    ("region", "other"): "不同",
}
STRONG, SLIGHT = 60, 10  # tenths of a bit: 64 times likelier, twice likelier
CITIZEN_LENGTHS = (17, 20)  # taxpayer numbers of individuals hold their ID number


def leaning(tenths: int) -> str:
    """What a weight says, in words."""
    if abs(tenths) < SLIGHT:
        return "几乎不说明问题"
    return ("强烈" if abs(tenths) >= STRONG else "") + ("支持" if tenths > 0 else "反对")


def shown(key: str) -> str:
    """A key as it may stand on a page."""
    return key[:6] + "*" * (len(key) - 8) + key[-2:] if len(key) in CITIZEN_LENGTHS else key


def acts_of(state: State) -> list[tuple[str, str]]:
    """(act, word on the button) of what may be done now."""
    return [(act, word) for act, (before, _, word, _) in ACTS.items() if state in before]
