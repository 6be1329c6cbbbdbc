"""工作台 of the platform's operators: what waits for two pairs of eyes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.deliveries import queries as deliveries
from jinfuyun.disputes import queries as disputes
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.joins import queries as joins
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.oversight import queries as oversight
from jinfuyun.products import queries as products
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def home(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    waiting = [
        {"label": "人工核验", "note": "税务核验不能确认的企业", "path": reverse("operator:desk"),
         "count": enterprises.open_cases().count()},
        {"label": "机构入驻", "note": "同事提交、等待复核的机构", "count": institutions.in_review().count(),
         "path": reverse("operator:institutions") + "?state=in_review"},
        {"label": "入驻申请", "note": "机构在公开页面提交、还没有人受理", "path": reverse("operator:admissions"),
         "count": institutions.waiting_count()},
        {"label": "产品审核", "note": "机构提交、等待上架的产品", "path": reverse("operator:products"),
         "count": products.in_review().count()},
        {"label": "数据质量", "note": "部门数据迟到、骤减或异动，尚未关闭的提醒", "path": reverse("operator:alarms"),
         "count": deliveries.living_alarms(visible_to=request.actor).count()},
        {"label": "编号关联", "note": "数据里的旧编号可能是哪家企业，等待核对", "path": reverse("operator:joins"),
         "count": joins.open_count()},
        {"label": "数据异议", "note": "企业对评分、指标计算和平台内记录的异议", "path": reverse("operator:objections"),
         "count": disputes.open_count(request.actor)},
        {"label": "投诉", "note": "企业对平台的投诉，等待书面答复", "path": reverse("operator:complaints"),
         "count": oversight.complaint_desk(request.actor, "new").count()},
        {"label": "督办", "note": "部门逾期未答复的异议、机构逾期未答复的询问", "path": reverse("operator:disputes"),
         "count": disputes.late(request.actor, today=today).count()
         + disputes.late_questions(request.actor, today=today).count()},
    ]  # fmt: skip
    return render(request, "operator/home.html", {"waiting": waiting})
