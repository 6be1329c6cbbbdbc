"""Drawdowns by any two kinds at once, from the file of the last night; what it shows equals the definitions."""

from datetime import timedelta
from itertools import permutations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.data import tallies
from jinfuyun.kit import regions
from jinfuyun.kit.jobs import Job
from jinfuyun.loans.models import Loan
from jinfuyun.supervision import actions, tasks
from jinfuyun.supervision.queries import cross, month_span
from jinfuyun.supervision.queries.structure import DIMENSIONS, FIGURES, structure
from tests.cast import MONDAY
from tests.supervision import scene
from tests.supervision.scene import WAN, regulator

PROVINCE, FUZHOU_CITY = regulator(regions.PROVINCE_CODE), regulator("350100")


@pytest.fixture
def file(tmp_path, monkeypatch):
    found = tmp_path / "no lake yet" / "tallies" / "drawdowns.parquet"
    monkeypatch.setattr(tallies, "_file", lambda name: found)
    return found


@pytest.fixture
def business(db, file, red_star_owner):
    scene.three_cities(red_star_owner)
    tasks.gather_drawdowns(at=MONDAY)


def found(rows="security", columns="city", figure="funded_fen", visible_to=PROVINCE, with_xiamen=True, **span):
    span = {"since": "2026-03", "until": "2026-03"} | span
    return cross.crosstab(
        rows=rows, columns=columns, figure=figure, visible_to=visible_to, with_xiamen=with_xiamen, **span
    )  # fmt: skip


def test_each_cell_and_its_sums(business):
    of = found()
    lines = {label: dict(zip(of.heads, values, strict=True)) for label, values in of.lines}
    assert (lines["信用"]["福州市"], lines["信用"]["厦门市"], lines["抵押"]["福州市"]) == (
        100 * WAN,
        200 * WAN,
        50 * WAN,
    )
    assert (lines["信用"]["合计"], lines["合计"]["福州市"], lines["合计"]["合计"]) == (300 * WAN, 150 * WAN, 350 * WAN)
    assert "其他地区" not in of.heads and of.at == MONDAY


def test_whichever_two_every_figure_of_a_kind_is_what_the_structure_says(business):
    for rows in DIMENSIONS:
        kinds = structure(by=rows, visible_to=PROVINCE, with_xiamen=True, span=month_span("2026-03")).rows
        for figure in FIGURES:
            sums = {label: values[-1] for label, values in found(rows, "city", figure).lines}
            assert sums == {label: values[figure] for label, values in kinds if values["funded"]}, (rows, figure)
    for rows, columns in permutations(cross.AXES, 2):
        assert found(rows, columns).lines[-1][1][-1] == 350 * WAN, (rows, columns)


def test_so_few_that_they_point_at_somebody_are_hidden(business):
    of = found(figure="funded")
    shown = {of.lines[r][1][c] for r in range(len(of.lines)) for c in range(len(of.heads)) if (r, c) not in of.gone}
    assert of.gone and shown == {0}, "three drawdowns are all small cells"


def test_only_the_months_asked_for_and_without_xiamen(business):
    assert cross.months() == ("2026-03",)
    assert found(since="2026-04", until="2026-06", columns="month").heads == ("2026-04", "2026-05", "2026-06", "合计")
    assert found(since="2026-04", until="2026-06").lines[-1][1][-1] == 0
    without = found(with_xiamen=False)
    assert "厦门市" not in without.heads and without.lines[-1][1][-1] == 150 * WAN


def test_a_citys_regulator_sees_only_its_own(business):
    own = found(visible_to=FUZHOU_CITY)
    assert own.heads == ("福州市", "合计") and own.lines[-1][1] == (150 * WAN, 150 * WAN)


def test_what_was_gathered_stands_until_it_is_gathered_again(business, monkeypatch, file):
    Loan.objects.filter(amount_fen=200 * WAN, state="repaying").update(answer="disputed")
    assert found().lines[-1][1][-1] == 350 * WAN
    with monkeypatch.context() as broken:
        broken.setattr(cross, "_cell", lambda row: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.gather_drawdowns(at=MONDAY)
    assert found().lines[-1][1][-1] == 350 * WAN and list(file.parent.iterdir()) == [file]
    tasks.gather_drawdowns(at=MONDAY + timedelta(days=1))
    assert (found().lines[-1][1][-1], found().at) == (150 * WAN, MONDAY + timedelta(days=1))


def test_of_two_who_count_at_once_each_writes_a_whole_file(file):
    def rows(times):
        for nth in range(times):
            yield {"kind": str(nth), "number": 1}
            if times == 3:  # another begins and ends meanwhile
                tallies.keep("drawdowns", ("kind",), ("number",), rows(2), at=MONDAY)
                assert tallies.added_up("drawdowns", by=(), sums=("number",), within={}).rows == [(2,)]

    tallies.keep("drawdowns", ("kind",), ("number",), rows(3), at=MONDAY)
    assert tallies.added_up("drawdowns", by=(), sums=("number",), within={"kind": ["0", "2"]}).rows == [(2,)]
    assert list(file.parent.iterdir()) == [file]


def test_before_the_first_night_there_is_nothing_and_it_can_be_asked_for(db, file):
    assert found() is None and cross.months() == ()
    for _ in range(2):
        actions.gather_drawdowns(by=PROVINCE)
    assert ProcrastinateJob.objects.filter(task_name=Job.GATHER_DRAWDOWNS).count() == 1
    tasks.gather_drawdowns(at=MONDAY)
    assert cross.months() == () and found().lines[-1][1][-1] == 0
