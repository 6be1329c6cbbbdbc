"""`jinfuyun statistics close|recompute MONTH`."""

import pytest

from jinfuyun.config import cli, commands
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.loans.models import Loan
from tests.supervision import scene


def options(*words):
    return cli._parser().parse_args(["statistics", *words])


def test_a_month_is_closed_once_and_counted_again(db, red_star_owner):
    scene.three_cities(red_star_owner)
    month = options("close", "2026-03")
    assert commands.statistics_close(month)["ok"]
    with pytest.raises(TooLate):
        commands.statistics_close(month)
    again = commands.statistics_recompute(options("recompute", "2026-03"))
    assert again["ok"] and again["equal"] > 500 and again["differing"] == []
    Loan.objects.filter(amount_fen=200 * scene.WAN, state="repaying").update(answer="disputed")
    differing = commands.statistics_recompute(options("recompute", "2026-03", "--json"))
    assert not differing["ok"], "the exit code says that something differs"
    assert {"label": "放款笔数", "place": "全省（含厦门）", "kept": 3, "again": 2} in differing["differing"]
    assert "放款笔数，全省（含厦门）：封存 3，现在 2" in differing["text"]


def test_what_is_no_closed_month_is_refused(db):
    for words in (("recompute", "2026-03"), ("recompute", "x"), ("close", "2099-01")):
        with pytest.raises(Refused):
            getattr(commands, f"statistics_{words[0]}")(options(*words))
