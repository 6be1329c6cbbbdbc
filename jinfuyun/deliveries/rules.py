"""What became of a delivery, in words, and what of a row may be shown. No database."""

import re
from datetime import timedelta
from enum import StrEnum

from jinfuyun.kit.identity import mask_id, mask_phone
from jinfuyun.kit.uscc import is_uscc

STATE_LABELS = {"loaded": "已入库", "partly_loaded": "部分入库", "refused": "已退回", "withdrawn": "已撤回"}

STANDING = ("loaded", "partly_loaded")

# Every row of a file ends in exactly one of them.
OUTCOMES = (
    ("accepted", "入库", "通过检查的行"),
    ("superseded", "被取代", "同一主键已有相同或更新的行，以新的为准"),
    ("quarantined", "待更正", "没有通过检查的行，附原因；更正后可再送"),
    ("unauthorised", "未授权", "没有生效授权书的企业的行，不保存内容，只记行数和原因"),
)
OUTCOME_LABELS = {name: label for name, label, _ in OUTCOMES}

# Why a row of a consented feed was not kept.
LEFT_OUT_LABELS = {
    "no_consent": "企业没有生效的授权书",
    "unknown_enterprise": "没有登记信息与行中的代码对应，无从核对授权",
}
# What an enterprise reads of a source that its department holds back.
SOURCE_WAITS = {
    "stopped": "{department}暂停提供“{feed}”，恢复后平台自动补采。",
    "over_quota": "{department}今日可查询的户数已满，“{feed}”将在次日自动补采。",
}
# A row that came again in a later file, by its outcome there.
CAME_AGAIN = {
    "accepted": "已更正",
    "superseded": "已更正",
    "quarantined": "再送仍未通过",
    "unauthorised": "再送时企业已无授权",
}

_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_CITIZEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


def masked(words: str) -> str:
    """A row's words with people's numbers hidden; a code of an enterprise that is all digits stays."""
    hidden = _CITIZEN.sub(lambda found: found[0] if is_uscc(found[0]) else mask_id(found[0]), words)
    return _PHONE.sub(lambda found: mask_phone(found[0]), hidden)


class UploadState(StrEnum):
    """checking → previewed → confirmed → done; refused where it cannot be read, discarded by a person or by time."""

    CHECKING = "checking"
    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    DONE = "done"
    REFUSED = "refused"
    DISCARDED = "discarded"


UPLOAD_LABELS = {
    UploadState.CHECKING: "正在检查",
    UploadState.PREVIEWED: "待确认",
    UploadState.CONFIRMED: "正在入库",
    UploadState.DONE: "已送达",
    UploadState.REFUSED: "不能接收",
    UploadState.DISCARDED: "已放弃",
}
IN_WORK = (UploadState.CHECKING, UploadState.PREVIEWED, UploadState.CONFIRMED)  # the file is still there
BUSY = (UploadState.CHECKING, UploadState.CONFIRMED)  # a job is at it

# By page goes what a person looks at; larger files come by command, drop folder or interface.
UPLOAD_BYTES_MAX = 64 << 20
UPLOAD_LIFE = timedelta(hours=24)  # an upload nobody confirmed is destroyed after that
FILE_NAME_LENGTH_MAX = 80  # three bytes a character still make a name that a file system takes


def short_name(name: str) -> str:
    """A file's name without folders, cut at the front, so that its ending stays."""
    return name.replace("\\", "/").rpartition("/")[2].replace("\0", "")[-FILE_NAME_LENGTH_MAX:] or "文件"


def seconds_left(share: float, elapsed_seconds: float) -> int | None:
    """As long as the rest takes at the pace so far; None while that says nothing."""
    if share <= 0.02 or elapsed_seconds < 1:
        return None
    return round(elapsed_seconds * (1 - share) / share)


class AlarmKind(StrEnum):
    LATE = "late"
    MISSING = "missing"
    SHRINKING = "shrinking"
    DRIFTING = "drifting"
    DIFFERS = "differs"


ALARM_LABELS = {
    AlarmKind.LATE: "迟到",
    AlarmKind.MISSING: "从未送达",
    AlarmKind.SHRINKING: "行数骤减",
    AlarmKind.DRIFTING: "分布异动",
    AlarmKind.DIFFERS: "授权名单不符",
}


class AlarmState(StrEnum):
    """open → taken by a person → closed with a note."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


ALARM_STATE_LABELS = {AlarmState.OPEN: "待处理", AlarmState.TAKEN: "处理中", AlarmState.CLOSED: "已关闭"}
# These end by themselves when data arrives.
ENDED_BY_ARRIVAL = (AlarmKind.LATE, AlarmKind.MISSING)


def pass_rate_bp(broken: int, checked: int) -> int:
    """Of the rows that were checked, how many did not break the rule, in basis points; all of none."""
    return 10_000 if checked == 0 else (checked - broken) * 10_000 // checked
