"""The chosen enterprise's own page: what stands, what comes next, who looked."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.applications import queries as applications
from jinfuyun.applications.rules import TRANSITIONS
from jinfuyun.audit import queries as book
from jinfuyun.consents import queries as consents
from jinfuyun.consents.rules import State
from jinfuyun.coordination.rules import ACT_LABELS as COORDINATION_ACTS
from jinfuyun.demands.rules import ACT_LABELS as DEMAND_ACTS
from jinfuyun.disputes.rules import TRANSITIONS as DISPUTE_STEPS
from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.rules import MANDATE_ACTS
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit import industries, regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS, Category, Purpose
from jinfuyun.kit.identity import mask_phone
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.uscc import NATURE_LABELS, Nature
from jinfuyun.loans.rules import LINE_STEPS
from jinfuyun.loans.rules import TRANSITIONS as LOAN_STEPS
from jinfuyun.oversight import queries as oversight
from jinfuyun.oversight.rules import COMPLAINT_STEPS, NOTE_STEPS
from jinfuyun.reports import queries as reports
from jinfuyun.reports.queries import Report
from jinfuyun.web.enterprise.wizard import show_wrong
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request

LINES_A_PAGE = 30
BOOK_WORDS = {
    "consent.prepared": "准备授权书",
    "consent.sign_link_sent": "向法定代表人发送签署链接",
    "consent.signed": "签署授权书",
    "consent.letter_kept": "生成签名文件",
    "consent.paused": "暂停授权",
    "consent.active": "恢复授权",
    "consent.revoked": "撤销授权",
    "consent.expired": "授权到期",
    "consent.settled": "授权因业务结清终止",
    "consent.superseded": "授权被新授权替换",
    "consent.voided": "未签署的授权书作废",
    "consent.institution_named": "提交申请，机构进入可查询名单",
    "consent.institution_released": "机构移出可查询名单",
    "data.collected": "平台采集数据",
    "data.erased": "平台删除已采集的授权数据",
    "data.read": "读取数据",
    "data.refused": "读取被拒绝",
    "report.opened": "查询信用报告",
    "report.viewed": "再次查看信用报告",
    "report.statement": "提交企业声明",
    "report.statement_taken_back": "撤下企业声明",
    "report.printed": "信用报告完成电子签章（PDF）",
    "enterprise.profiled": "完善企业信息",
    "enterprise.holding_ended": "账号注销，企业解除绑定",
    "enterprise.run_finished": "完成认证授权",
    "application.submit": "提交融资申请",
    "application.drawdown_confirmed": "确认首笔放款",
    "application.drawdown_disputed": "对首笔放款提出异议",
    "application.clock_set_right": "按节假日安排重算办理时限",
    "application.reassign": "融资申请：更换办理人",
    "demand.passed_on": "融资需求：机构更换经办人",
    "application.document_added": "融资申请：上传材料",
    "application.document_fetched": "融资申请：下载材料",
    "application.document_clean": "融资申请：材料查毒通过",
    "application.document_infected": "融资申请：材料查出病毒，平台删除",
    "application.document_erased": "融资申请：材料到期，平台删除",
    "application.reminded": "融资申请：平台提醒机构办理",
    **{f"application.{one.act}": f"融资申请：{one.label}" for one in TRANSITIONS},
    "mandate.given": "授权他人经办",
    "join.joined": "平台核对后把一个旧编号归入本企业",
    "join.refused": "平台核对后确认一个旧编号不属于本企业",
    "join.parted": "平台撤回一个旧编号的归入",
    "join.reopened": "平台重新核对一个旧编号",
    "mandate.taken_back": "收回经办授权",
    **{f"dispute.{one.act}": f"数据异议：{one.label}" for one in DISPUTE_STEPS},
    "dispute.reminded": "数据异议：平台提醒部门答复",
    "dispute.escalated": "数据异议：部门逾期未答复，平台督办",
    "dispute.reader_told": "数据更正：告知查询过的机构",
    "question.asked": "询问机构为何查询",
    "question.answered": "机构答复询问",
    "question.escalated": "机构逾期未答复询问，平台督办",
    "question.clock_set_right": "按节假日安排重算询问的答复时限",
    **{f"line.{one.act}": f"授信额度：{one.label}" for one in LINE_STEPS},
    **{f"loan.{one.act}": f"借据：{one.label}" for one in LOAN_STEPS},
    "loan.confirmed": "确认放款金额和利率",
    "loan.disputed": "对放款金额或利率提出异议",
    "loan.reminded": "提醒企业核对放款",
    "loan.end_is_near": "提醒企业借据即将到期",
    "loan.renewal_asked": "申请续贷",
    "demand.reminded": "融资需求：提醒机构按时办理",
    "demand.draft": "融资需求：开始填写",
    "demand.discard": "融资需求：删除草稿",
    "application.call_back": "融资申请：管理部门为督办查看企业名称和电话",
    "demand.call_back": "融资需求：管理部门为督办查看企业名称和电话",
    "visit.planned": "走访：工作专班计划走访本企业",
    "visit.done": "走访：工作专班记录走访结果",
    "visit.cancelled": "走访：工作专班取消走访",
    "coordination.look_up": "融资协调：工作专班按名称查找到本企业",
    "coordination.viewed": "融资协调：工作专班查看申报和联系方式",
    "coordination.reminded": "融资协调：平台提醒机构按时答复",
    **{f"coordination.{act}": f"融资协调：{label}" for act, label in COORDINATION_ACTS.items()},
    **{f"demand.{act}": f"融资需求：{label}" for act, label in DEMAND_ACTS.items()},
    **{f"note.{one.act}": f"管理部门督办机构：{one.label}" for one in NOTE_STEPS},
    "note.reminded": "管理部门督办机构：提醒答复",
    "note.clock_set_right": "管理部门督办机构：按节假日安排重算时限",
    "note.late": "管理部门督办机构：逾期未答复",
    **{f"complaint.{one.act}": f"投诉：{one.label}" for one in COMPLAINT_STEPS},
    "complaint.reminded": "投诉：提醒按期答复",
    "complaint.late": "投诉：逾期未答复",
    "complaint.file_fetched": "投诉：下载材料",
    "complaint.file_clean": "投诉：材料查毒通过",
    "complaint.file_infected": "投诉：材料查出病毒，平台删除",
    "complaint.file_erased": "投诉：材料到期，平台删除",
    "look.asked": "管理部门登记查阅本企业",
    "look.opened": "管理部门查阅本企业的登记和办理情况",
    "look.revealed": "告知：管理部门曾因登记案件查阅本企业",
}

NUMBERED = {"note": "督办", "complaint": "投诉"}  # subjects whose number says why


@with_enterprise
@require_http_methods(["GET"])
def home(request: Request) -> HttpResponse:
    """我的办理."""
    at = timezone.now()
    profile = queries.profile(request.uscc)
    newest = consents.of_enterprise(request.uscc).exclude(signed_at=None).first()
    context = {
        "profile": profile,
        "beside": queries.registered_beside(profile),
        "nature": NATURE_LABELS[Nature(profile.nature)],
        "region": regions.full_name(profile.region_code),
        "industry": industries.name_of(profile.industry_code),
        "consent": newest,
        "consent_label": State(newest.state).label if newest else "",
        "in_force": consents.in_force(request.uscc, at),
        **_as_far_as_one_may_look(request),
        "is_owner": Role.ENTERPRISE_OWNER in request.actor.roles,
    }
    return render(request, "enterprise/home.html", context)


def _as_far_as_one_may_look(request: Request) -> dict[str, Any]:
    """Applications, reports and who asked: for the owner, and for a clerk whose mandate covers them."""
    may_see = may(Permission.APPLICATION_SEE, by=request.actor, over=request.actor.house)
    may_follow = may(Permission.ENTERPRISE_FOLLOW, by=request.actor, over=request.actor.house)
    asked = reports.queries_by_institutions(request.uscc)[:5] if may_follow else []
    return {
        "may_see": may_see, "may_follow": may_follow,
        "applications": applications.mine(request.actor)[:5] if may_see else [],
        "report": reports.latest_own(request.uscc) if may_follow else None,
        "asked": [_asked(report) for report in asked],
    }  # fmt: skip


def _asked(report: Report) -> dict[str, object]:
    return {
        "at": report.made_at, "institution": report.reader_name, "officer": report.opened_by,
        "purpose": PURPOSE_LABELS[Purpose(report.purpose)], "because": report.because,
    }  # fmt: skip


@with_enterprise
@require_http_methods(["GET"])
def access(request: Request) -> HttpResponse:
    """谁在什么时候为什么查了我: the book, as far as it is about this enterprise."""
    require(Permission.ENTERPRISE_FOLLOW, by=request.actor, over=request.actor.house)
    page = Paginator(book.about(request.uscc), LINES_A_PAGE).get_page(request.GET.get("page"))
    banks = institutions.names([_bank(line) for line in page])
    rows = [
        {
            "at": line.at, "what": BOOK_WORDS.get(line.action, line.action), "who": line.actor_label,
            "bank": banks.get(_bank(line), ""),
            "consent": line.consent_number, "why": _why(line), "refused": line.action == "data.refused",
        }
        for line in page
    ]  # fmt: skip
    looks = oversight.looks_shown(request.uscc, local_day(timezone.now()))
    return render(request, "enterprise/access.html", {"rows": rows, "page": page, "looks": looks})


def _bank(line: book.Line) -> str:
    """The code of the institution that read, or whose person acted."""
    return str(line.detail.get("reader") or line.detail.get("institution", ""))


def _why(line: book.Line) -> str:
    """Purpose, categories, and the application, note, complaint or case that a line names, in words."""
    detail, words = line.detail, []
    if purpose := detail.get("purpose"):
        words.append(PURPOSE_LABELS[Purpose(str(purpose))])
    kind, _, number = line.subject.partition(":")
    if because := detail.get("because") or (number if kind == "application" else ""):
        words.append(f"申请 {because}")
    if kind in NUMBERED:
        words.append(f"{NUMBERED[kind]} {number}")
    if case := detail.get("case_number"):
        words.append(f"案号 {case}")
    categories = detail.get("categories")
    if isinstance(categories, list):
        words.append("、".join(CATEGORY_LABELS[Category(category)] for category in categories))
    return " · ".join(words)


class MandateForm(forms.Form):
    phone = forms.CharField(label="经办人手机号", max_length=30, help_text="对方用此手机号注册后即可为本企业办理")
    acts = forms.MultipleChoiceField(
        label="可代办的事项", choices=list(MANDATE_ACTS.items()), widget=forms.CheckboxSelectMultiple
    )
    end = forms.DateField(label="截止日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


@with_enterprise
@require_http_methods(["GET", "POST"])
def mandates(request: Request) -> HttpResponse:
    """Who may act for the enterprise; signing stays with the legal representative."""
    require(Permission.ENTERPRISE_FOLLOW, by=request.actor, over=request.actor.house)
    at, form = timezone.now(), MandateForm(request.POST or None)
    if request.method == "POST":
        try:
            actions.give_mandate(
                uscc=request.uscc, phone=request.POST.get("phone", ""), acts=request.POST.getlist("acts"),
                ends_on=form.cleaned_data.get("end") if form.is_valid() or form.errors else None,
                by=request.actor, at=at,
            )  # fmt: skip
            messages.success(request, "已授权，对方会收到短信。")
            return redirect("enterprise:mandates")
        except Refused as refusal:
            form.errors.clear()
            show_wrong(form, refusal)
    in_force = {mandate.pk for mandate in queries.mandates_in_force(at).filter(enterprise_id=request.uscc)}
    rows = [
        {
            "id": mandate.pk, "phone": mask_phone(mandate.phone), "acts": [MANDATE_ACTS[act] for act in mandate.acts],
            "ends_on": mandate.ends_on, "given_at": mandate.given_at, "in_force": mandate.pk in in_force,
        }
        for mandate in queries.mandates_of(request.uscc)
    ]  # fmt: skip
    context = {"form": form, "rows": rows, "is_owner": Role.ENTERPRISE_OWNER in request.actor.roles}
    return render(request, "enterprise/mandates.html", context, status=422 if form.errors else 200)


@with_enterprise
@require_http_methods(["POST"])
def take_back(request: Request, mandate_id: uuid.UUID) -> HttpResponse:
    mandate = queries.mandate(mandate_id, uscc=request.uscc)
    actions.take_mandate_back(mandate=mandate, by=request.actor, at=timezone.now())
    messages.success(request, "已收回，立即生效。")
    return redirect("enterprise:mandates")
