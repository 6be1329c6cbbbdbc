"""How a report is shown, to the enterprise and to the institution alike."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from markupsafe import Markup, escape

from jinfuyun.disputes.queries import marks_in_words
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.grant import PURPOSE_LABELS
from jinfuyun.reports import actions, charts, content, paper, queries
from jinfuyun.reports.chapters.shown import SOURCE, Marks, Report, Table
from jinfuyun.reports.chapters.summary import summary
from jinfuyun.web import disputes

ORIGIN_HEADINGS = ("序号", "交付编号", "部门与数据", "收到时间", "本企业行数", "检核结果", "文件 SHA-256")
# What a report is also given out as: the address's end, its label, its type.
FORMS = {
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("调查报告草稿（Word）", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "json": ("JSON", "application/json"),
}


def page(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    report = queries.report(number, visible_to_actor=actor)
    at = timezone.now()
    data = actions.view_report(report=report, how="page", by=actor, at=at)
    context = {
        "data": data, "watermark": paper.watermark(data, who=actor.label, at=at),
        **_words(data, marks_in_words(report.enterprise_id)), **disputes.beside(report, actor),
    }  # fmt: skip
    return render(request, "reports/report.html", context)


def pdf(actor: Actor, number: str) -> HttpResponse:
    report = queries.report(number, visible_to_actor=actor)
    marks = marks_in_words(report.enterprise_id)
    made = actions.print_report(report=report, marks=marks, by=actor, at=timezone.now())
    return _file(made, f"{number}.pdf", "application/pdf", inline=True)


def exported(actor: Actor, number: str, form: str) -> HttpResponse:
    report = queries.report(number, visible_to_actor=actor)
    marks = marks_in_words(report.enterprise_id)
    made = actions.export_report(report=report, form=form, marks=marks, by=actor, at=timezone.now())
    return _file(made, f"{number}.{form}", FORMS[form][1])


def _file(made: bytes, name: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    answer = HttpResponse(made, content_type=content_type)
    answer["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return answer


def _words(data: content.ReportData, marks: Marks) -> dict[str, Any]:
    """Everything that the template would otherwise have to know."""
    report = Report(data, marks)
    return {
        "report": report,
        "summary": summary(report),
        "radar": charts.radar(data.score.dimensions) if data.score else "",
        "missing": report.missing(),
        "cells": _cells,
        "origin_headings": ORIGIN_HEADINGS,
        "forms": [(form, label) for form, (label, _) in FORMS.items()],
        "purpose": PURPOSE_LABELS[data.purpose],
        "cover": paper.all_cover_lines(data),
        "notes": paper.notes(data),
    }


Cell = tuple[Markup, Markup, str]  # heading, kind, words


def _cells(table: Table) -> tuple[list[tuple[Markup, Markup]], list[list[Cell]]]:
    """Heading and kind of each column, and every row with them. Units stand where the cells do not say them."""
    columns = [
        (escape(said), _kind(place, label, unit))
        for place, (said, (label, unit)) in enumerate(zip(table.headings, table.columns, strict=True))
    ]
    rows = [[(*column, cell) for column, cell in zip(columns, row, strict=True)] for row in table.rows]
    return columns, rows


def _kind(place: int, label: str, unit: str) -> Markup:
    return Markup("main" if place == 0 else "source" if label == SOURCE else "num" if unit else "")
