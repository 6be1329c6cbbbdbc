"""The credit report: its page and its signed PDF, beside a page that only has the frame."""

import itertools
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.figures import tell
from benchmarks.stage import MS, stage

TIMES = 30
PAGE_MS_MAX = 30.0
PDF_MS_MAX = 120.0


def cpu_ms(act: Callable[[], object]) -> float:
    """CPU of this process per call, after two to warm up."""
    act()
    act()
    begun = time.process_time()
    for _ in range(TIMES):
        act()
    return (time.process_time() - begun) * MS / TIMES


def run() -> None:
    with stage():
        from django.conf import settings
        from django.contrib.auth.models import AnonymousUser
        from django.shortcuts import render
        from django.test import RequestFactory

        from jinfuyun.reports.paper import render_report
        from jinfuyun.storage import signing
        from jinfuyun.storage.typesetting import typesetter
        from jinfuyun.web import reports
        from tests.reports.sample import FRIDAY, REPORT

        request = RequestFactory().get("/")
        request.user, request.session = AnonymousUser(), {}  # type: ignore[assignment]
        numbers = itertools.count()
        setter = typesetter(settings.DOCUMENT_FONTS)

        def page() -> object:
            return render(request, "reports/report.html", {"data": REPORT, **reports._words(REPORT)})

        def paper() -> bytes:
            number = f"BG{next(numbers):016d}"  # no two alike: the typesetter remembers what it has set
            plain = render_report(replace(REPORT, number=number), setter=setter)
            return signing.sign(plain, keys=settings.DOCUMENT_KEYS, reason="企业信用报告", at=FRIDAY)

        frame = cpu_ms(lambda: render(request, "public/privacy.html"))
        tell("report page, drawn, CPU", cpu_ms(page), "ms", limit=frame, reach=PAGE_MS_MAX)
        tell("report PDF, set and signed, CPU", cpu_ms(paper), "ms", limit=frame, reach=PDF_MS_MAX)
