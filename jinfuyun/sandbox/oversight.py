"""A few living notes, complaints and looks, so that the desks of a new sandbox have something to look at."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from jinfuyun.applications.models import Application
from jinfuyun.applications.queries import late
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.calendar import local_day
from jinfuyun.oversight import actions
from jinfuyun.oversight.actions.complaints import PLATFORM, Filed
from jinfuyun.oversight.models import Complaint
from jinfuyun.oversight.rules import Topic
from jinfuyun.sandbox import branches, staff

NOTE, SAID = "申请超过受理时限，请说明原因并尽快联系企业。", "已由网点联系企业，今日受理。"
DONE = "已致歉并安排专人对接，相关费用已说明。"
# Topic, how many days ago, and how far it has come: what the bank, then the enterprise, then the regulator did.
STORIES: tuple[tuple[Topic, str, int, tuple[str, ...]], ...] = (
    (Topic.SLOW, "提交后一周没有人联系，电话无人接听。", 4, ()),
    (Topic.OTHER, "短信提醒总是晚到，请改进。", 18, ()),  # about the platform, which nobody answered in time
    (Topic.CONDUCT, "要求购买理财才能放款，请核实。", 12, ("answer",)),
    (Topic.REFUSAL, "拒绝理由写行内政策，问不到具体原因。", 25, ("answer", "raise")),
    (Topic.SLOW, "补充材料后迟迟没有审批结果。", 40, ("answer", "rate")),
)
CASES = (
    ("闽金监函〔2026〕12 号", "核实中介代办贷款的举报。", False),
    ("闽金监案〔2026〕3 号", "核查骗取贴息的线索。", True),
)


@transaction.atomic
def oversee_some(*, at: datetime) -> int:
    """Through the real actions; how many complaints there are."""
    watchers = staff.regulators()
    for turn, application in enumerate(late(local_day(at))[:3]):
        note = actions.send_note(
            about="application", number=application.number, text=NOTE, days=2 + turn, by=watchers[0], at=at
        )
        if turn == 0:
            actions.answer_note(note=note, text=SAID, by=branches.handling(application, "officer"), at=at)
    used: list[Application] = []
    for topic, text, days, acts in STORIES:
        began = at - timedelta(days=days)
        old = _older_than(began, used)
        if old:
            used.append(old)
            _complaint(old, Filed(topic, text), acts, began=began, at=at)
    for application, (case_number, reason, is_case) in zip(used, CASES, strict=False):
        look = actions.ask_look(
            asked=application.uscc, case_number=case_number, reason=reason, is_case=is_case,
            ends_on=local_day(at) + timedelta(days=60), by=watchers[0], at=at,
        )  # fmt: skip
        if not is_case:
            actions.open_look(look=look, by=watchers[0], at=at)
    return Complaint.objects.count()


def _older_than(moment: datetime, used: list[Application]) -> Application | None:
    """An application to the institution whose logins are shown, made before then, not used yet."""
    found = Application.objects.filter(institution__code=staff.SHOWN, submitted_at__lt=moment).order_by("-submitted_at")
    return found.exclude(pk__in=[one.pk for one in used]).select_related("institution", "unit").first()


def _complaint(application: Application, filed: Filed, acts: tuple[str, ...], *, began: datetime, at: datetime) -> None:
    """About that application, or about the platform; then what the bank and the enterprise did."""
    owner = enterprises.owner_of(application.uscc)
    if filed.topic == Topic.OTHER:
        filed = replace(filed, against=PLATFORM)
    else:
        filed = replace(filed, matter="application", number=application.number)
    complaint = actions.file_complaint(uscc=application.uscc, filed=filed, form_token=uuid4(), by=owner, at=began)
    soon = began + timedelta(days=2)
    if "answer" in acts:
        actions.answer_complaint(
            complaint=complaint, text=DONE, by=branches.handling(application, "officer"), at=soon
        )  # fmt: skip
    if "raise" in acts:
        actions.raise_complaint(complaint=complaint, text="答复没有说明具体原因。", by=owner, at=at - timedelta(days=1))
    if "rate" in acts:
        actions.rate(complaint=complaint, satisfaction=4, by=owner, at=soon + timedelta(days=1))
