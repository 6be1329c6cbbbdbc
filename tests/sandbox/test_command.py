"""`jinfuyun sandbox province` on the command line."""

import json

import pytest

from jinfuyun.config import cli
from jinfuyun.sandbox import province
from tests.sandbox.service import UNTIL

ARGUMENTS = ["sandbox", "province", "--enterprises", "20", "--seed", "5", "--until", "2026-03-10"]


def test_one_json_line_says_how_many_rows_each_feed_has(tmp_path, capsys):
    assert cli.main([*ARGUMENTS, "--months", "6", "--dirt", "0.1", "--out", str(tmp_path), "--json"]) == 0
    printed = capsys.readouterr()
    (line,) = printed.out.splitlines()
    told = json.loads(line)
    assert printed.err == ""
    assert (told["ok"], told["enterprises"], set(told["rows"])) == (True, 20, set(province.FEEDS))
    about = json.loads((tmp_path / province.ABOUT).read_text())
    assert (about["first_month"], about["last_month"], about["dirt"]) == ("2025-09", "2026-02", 0.1)
    for feed, count in told["rows"].items():
        with (tmp_path / f"{feed}.csv").open("rb") as file:
            assert len(file.readlines()) == count + 1, feed


def test_without_json_it_says_it_in_a_sentence(tmp_path, capsys):
    assert cli.main([*ARGUMENTS, "--months", "1", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("已生成 20 家企业，")


@pytest.mark.parametrize(
    "wrong", [["--dirt", "0.6"], ["--dirt", "-1"], ["--months", "0"], ["--months", "121"], ["--enterprises", "0"]]
)
def test_what_cannot_be_is_refused_before_anything_is_written(tmp_path, wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([*ARGUMENTS, "--out", str(tmp_path / "out"), *wrong])
    assert ended.value.code == 2
    assert not (tmp_path / "out").exists()


def test_how_far_it_is_goes_up_to_the_whole(tmp_path):
    shares = []
    province.generate(
        enterprises=10, seed=1, until=UNTIL, out=tmp_path, months=2,
        on_progress=lambda stage, share: shares.append(share),
    )  # fmt: skip
    assert shares == sorted(shares)
    assert shares[-1] == 1
