"""How a report is shown, to the enterprise and to the institution alike."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jinfuyun.disputes.queries import marks_in_words
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS
from jinfuyun.reports import actions, content, paper, queries
from jinfuyun.web import disputes


def page(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    report = queries.report(number, visible_to_actor=actor)
    at = timezone.now()
    data = actions.view_report(report=report, how="page", by=actor, at=at)
    context = {"data": data, "watermark": paper.watermark(data, who=actor.label, at=at), **_words(data)}
    context |= disputes.beside(report, actor)
    return render(request, "reports/report.html", context)


def pdf(actor: Actor, number: str) -> HttpResponse:
    report = queries.report(number, visible_to_actor=actor)
    marks = marks_in_words(report.enterprise_id)
    content = actions.print_report(report=report, marks=marks, by=actor, at=timezone.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return answer


def _words(data: content.ReportData) -> dict[str, Any]:
    """Everything that the template would otherwise have to know."""
    return {
        "purpose": PURPOSE_LABELS[data.purpose],
        "chapters": [_chapter(part, data) for part in data.chapters],
        "missing": [(CATEGORY_LABELS[gap.category], content.WHY_LABELS[gap.why]) for gap in data.missing],
        "categories": [CATEGORY_LABELS[category] for category in data.consent.categories],
        "check_code": data.check_code(),
    }


def _chapter(part: content.Chapter, data: content.ReportData) -> dict[str, Any]:
    headings, months = paper.months_of(part)
    return {
        "key": part.category.value,
        "label": CATEGORY_LABELS[part.category],
        "department": part.department,
        "cut_off": content.age(part.cut_off, data.made_at),
        "record": content.record_of(part) if part.record else [],
        "chart": content.chart_of(part),
        "month_headings": headings,
        "months": months,
        "lists": part.lists,
        "facts": [
            {
                "name": fact.name,
                "label": fact.label, "definition": fact.definition, "value": content.spoken(fact.value, fact.unit),
                "period": fact.period, "as_of": fact.as_of, "deliveries": fact.deliveries, "rows": fact.rows,
            }
            for fact in part.facts
        ],
        "deliveries": part.deliveries,
    }  # fmt: skip
