"""The house stands: what `make lint` cannot see in imports. Every check is also seen red on a planted violation."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from jinfuyun.config.jobs import BINDINGS, PERIODIC
from jinfuyun.kit.jobs import Job
from tests import house_checks as house
from tests import house_exceptions as excepted

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "jinfuyun"

Check = Callable[[Path], list[str]]

CHECKS: dict[str, Check] = {
    "grant": house.grants_made_elsewhere,
    "clock": house.clock_readers,
    "back door": house.open_back_doors,
    "signal": house.signals_and_look_ups_by_name,
    "length": house.too_long,
    "name": house.names_that_say_nothing,
    "sql": house.sql_elsewhere,
    "silenced": house.silenced,
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_house_keeps(name: str) -> None:
    found = CHECKS[name](PACKAGE)
    if name == "sql":
        found = [line for line in found if line.split(":")[0] not in excepted.SQL]
    assert found == []


PLANTED = [
    ("grant", "loans/actions.py", "from jinfuyun.kit.grant import Grant as G\nG()"),
    ("grant", "loans/actions.py", "from jinfuyun.kit import grant\ngrant.Grant()"),
    ("grant", "loans/actions.py", "from dataclasses import replace\nreplace(grant, ends_at=None)"),
    ("clock", "loans/actions.py", "from django.utils import timezone\ntimezone.now()"),
    ("clock", "loans/actions.py", "import datetime\ndatetime.date.today()"),
    ("clock", "loans/rules.py", "import time\ntime.time()"),
    ("clock", "loans/rules.py", "from time import time"),
    ("clock", "loans/rules.py", "from django.utils import timezone\ntimezone.localdate()"),
    ("clock", "loans/models.py", "at = models.DateTimeField(auto_now_add=True)"),
    ("clock", "loans/models.py", "at = models.DateTimeField(default=timezone.now)"),
    ("clock", "loans/queries.py", "from django.db.models.functions import Now"),
    ("clock", "loans/queries.py", 'rows.execute("SELECT 1 WHERE at < now()")'),
    ("back door", "loans/models.py", "from jinfuyun.products.models import Product\np = models.ForeignKey(Product)"),
    ("back door", "loans/models.py", 'product = models.ForeignKey("products.Product", related_name="loans")'),
    ("back door", "loans/models.py", "user = models.OneToOneField(settings.AUTH_USER_MODEL)"),
    ("signal", "loans/apps.py", "from django.db.models.signals import post_save"),
    ("signal", "loans/apps.py", "from django.dispatch import receiver"),
    ("signal", "loans/queries.py", 'apps.get_model("products", "Product")'),
    ("length", "loans/rules.py", "def long():\n" + "    x = 1\n" * 50),
    ("length", "loans/rules.py", "x = 1\n" * 401),
    ("name", "loans/utils.py", ""),
    ("name", "loans/helpers/one.py", ""),
    ("sql", "loans/actions.py", 'cursor.execute("SELECT 1")'),
    ("sql", "web/bank/loans.py", 'cursor.execute(f"DELETE FROM {table}")'),
    ("sql", "loans/tasks.py", 'Loan.objects.raw("x")'),
    ("silenced", "loans/rules.py", "x = 1  # noqa"),
    ("silenced", "loans/rules.py", "x = 1  # noqa: E402, F401"),
    ("silenced", "loans/rules.py", "x = 1  # type: ignore[arg-type]\ny = 2"),
]  # fmt: skip

INNOCENT = [
    ("grant", "consents/queries.py", "Grant()"),
    ("clock", "web/public/home.py", "from django.utils import timezone\ntimezone.now()"),
    ("clock", "loans/rules.py", "from django.utils import timezone\ntimezone.localdate(at)"),
    ("clock", "loans/rules.py", "if seen.submitted != seen.now: pass"),
    ("clock", "loans/rules.py", '"""Nothing here calls now()."""'),
    ("back door", "loans/models.py", 'product = models.ForeignKey("products.Product", related_name="+")'),
    ("back door", "loans/models.py", 'line = models.ForeignKey("Line", related_name="drawdowns")'),
    ("signal", "loans/migrations/0002_fill.py", 'apps.get_model("loans", "Line")'),
    ("length", "loans/rules.py", "def fits():\n" + "    x = 1\n" * 49),
    ("sql", "loans/queries.py", 'cursor.execute("SELECT 1")'),
    ("sql", "loans/rules.py", 'label = "Select a bank"'),
    ("silenced", "loans/rules.py", "x = 1  # noqa: E402  once Django is set up"),
]


def plant(folder: Path, file: str, source: str) -> Path:
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source)
    return folder


@pytest.mark.parametrize(("name", "file", "source"), PLANTED)
def test_a_planted_violation_is_found(tmp_path: Path, name: str, file: str, source: str) -> None:
    assert CHECKS[name](plant(tmp_path, file, source)) != []


@pytest.mark.parametrize(("name", "file", "source"), INNOCENT)
def test_what_is_allowed_is_not_found(tmp_path: Path, name: str, file: str, source: str) -> None:
    assert CHECKS[name](plant(tmp_path, file, source)) == []


def test_the_tests_themselves_stay_short_and_say_why_a_check_is_off() -> None:
    assert house.silenced(ROOT / "tests") == house.silenced(ROOT / "benchmarks") == []
    assert [line for line in house.too_long(ROOT / "tests") if " lines" in line] == []


def test_every_test_that_the_documents_name_is_there() -> None:
    named = [
        one for page in (ROOT / "docs").glob("*.md") for one in re.findall(r"`(\S+\.py)::(\w+)`", page.read_text())
    ]
    assert len(named) > 50
    assert [one for one in named if f"def {one[1]}(" not in (ROOT / "tests" / one[0]).read_text()] == []


# --- actions -------------------------------------------------------------------------------------------------------

WHOLE_ACTION = """
@transaction.atomic
def draw(*, line, by, at):
    require(Permission.DRAW, by=by, over=line.house)
    audit.record("loan.drawn", subject="x", by=by, at=at)
"""


def test_every_action_is_whole_or_excepted_with_a_reason() -> None:
    assert house.action_lacks(PACKAGE) == {name: lacks for name, (lacks, _) in excepted.ACTIONS.items()}


@pytest.mark.parametrize(("replaced", "by", "lack"), [
    ("(*, line", "(line, *", "keyword-only"),
    (", by, at)", ", at)", "by"),
    (", by, at)", ", by)", "at"),
    ("@transaction.atomic", "", "atomic"),
    ('audit.record("loan.drawn", subject="x", by=by, at=at)', "audit.record", "record"),
    ("require(Permission.DRAW, by=by, over=line.house)", "", "permission"),
])  # fmt: skip
@pytest.mark.parametrize("file", ["loans/actions.py", "loans/actions/draw.py"])
def test_a_planted_lack_of_an_action_is_found(tmp_path: Path, file: str, replaced: str, by: str, lack: str) -> None:
    assert house.action_lacks(plant(tmp_path, file, WHOLE_ACTION)) == {}
    assert house.action_lacks(plant(tmp_path, file, WHOLE_ACTION.replace(replaced, by))) == {"loans.draw": {lack}}


def test_what_an_action_does_in_its_own_private_function_counts(tmp_path: Path) -> None:
    split = WHOLE_ACTION.replace("def draw", "def _draw") + "\ndef draw(*, line, by, at):\n    _draw(line=line)\n"
    assert house.action_lacks(plant(tmp_path, "loans/actions.py", split)) == {}


# --- jobs and permissions ------------------------------------------------------------------------------------------


def test_every_job_is_bound_and_every_binding_used() -> None:
    assert set(BINDINGS) == set(Job)
    never_deferred = house.members_never_named(PACKAGE, "Job", "kit/jobs.py")
    assert never_deferred - {job.name for job in PERIODIC} == set()


def test_every_permission_is_asked_by_an_action() -> None:
    assert house.members_never_named(PACKAGE, "Permission", "kit/permissions.py") == set()


def test_a_job_that_is_only_bound_and_a_permission_nobody_asks_are_found(tmp_path: Path) -> None:
    plant(tmp_path, "kit/jobs.py", "class Job(StrEnum):\n    SEND = 'send'\n    RENDER = 'render'\n")
    plant(tmp_path, "config/jobs.py", "BINDINGS: dict = {Job.SEND: send, Job.RENDER: render}\n")
    plant(tmp_path, "loans/actions.py", "defer(Job.SEND)\n")
    assert house.members_never_named(tmp_path, "Job", "kit/jobs.py") == {"RENDER"}


# --- folders, templates, decisions ---------------------------------------------------------------------------------


def test_the_contract_names_exactly_the_business_folders() -> None:
    assert house.contract_folders(ROOT / "pyproject.toml") == house.business_folders(PACKAGE)


def test_a_business_folder_that_no_contract_names_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "weather/__init__.py", "")
    assert house.business_folders(tmp_path) - house.contract_folders(ROOT / "pyproject.toml") == {"weather"}


def test_no_template_holds_a_figure() -> None:
    found = house.figures_in_templates(PACKAGE / "web" / "templates")
    assert [line for line in found if line not in excepted.FIGURES] == []


@pytest.mark.parametrize(("text", "count"), [
    ("<p>已服务 12,000 家企业</p>", 1), ("<b>融资 35.6 亿元</b>", 1), ("{% if x %}通过率 98%{% endif %}", 1),
    ("<p>已服务 {{ count }} 家企业</p>", 0), ('<div data-width="98%">短信验证码 6 位</div>', 0),
])  # fmt: skip
def test_a_planted_figure_is_found(tmp_path: Path, text: str, count: int) -> None:
    assert len(house.figures_in_templates(plant(tmp_path, "home.html", text))) == count


def test_decisions_are_numbered_and_say_context_decision_and_price() -> None:
    assert house.malformed_decisions(ROOT / "docs" / "decisions") == []


@pytest.mark.parametrize(("file", "text"), [
    ("0002-a.md", "# A\n\n## Context\n\n## Decision\n\n## Price\n"),
    ("0001-a.md", "# A\n\n## Context\n\n## Decision\n"),
    ("0001-a.md", "## Context\n\n## Decision\n\n## Price\n"),
])  # fmt: skip
def test_a_malformed_decision_is_found(tmp_path: Path, file: str, text: str) -> None:
    assert house.malformed_decisions(plant(tmp_path, file, text)) != []


# --- routes --------------------------------------------------------------------------------------------------------

SOME_UUID = "00000000-0000-4000-8000-000000000000"
SAMPLES = {"int": "1", "code": "X1", "uuid": SOME_UUID, "uuidstr": SOME_UUID}


def routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> dict[str, str]:
    """Every route and an address of it."""
    found = {}
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns, route)
        else:
            found[route] = _address(route)
    return found


def _address(route: str) -> str:
    return re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES.get(part[1] or "", "x"), route)


def open_to_nobody(patterns: list[URLPattern | URLResolver]) -> list[str]:
    """Routes that answer a stranger with something else than login, 401 or 404."""
    found = []
    for route, address in routes(patterns).items():
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
            if not to_login and answer.status_code not in (401, 404, 405):
                found.append(f"{method} {route} answers {answer.status_code}")
    return found


@pytest.mark.django_db
def test_every_route_has_a_guard_but_the_public_ones() -> None:
    found = open_to_nobody(get_resolver().url_patterns)
    assert [line for line in found if line.split()[1] not in excepted.PUBLIC_ROUTES] == []
    assert {route for route in excepted.PUBLIC_ROUTES if route not in routes(get_resolver().url_patterns)} == set()


@pytest.mark.django_db
def test_a_planted_route_without_a_guard_is_found() -> None:
    planted = path("planted/<int:number>", lambda request, number: HttpResponse("open"))
    with override_settings(ROOT_URLCONF=(*get_resolver().url_patterns, planted)):
        assert open_to_nobody([planted]) == [
            "get /planted/<int:number> answers 200",
            "post /planted/<int:number> answers 200",
        ]
