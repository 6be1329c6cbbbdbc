"""`jinfuyun score fit`: the command, its files, its words."""

import json
import re
from importlib.machinery import PathFinder
from pathlib import Path

import pytest
from pypdf import PdfReader

from jinfuyun.config import cli
from jinfuyun.data.score import reading
from jinfuyun.data.score.develop import fit
from tests.data.score.develop.made_up import enterprises, written


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(enterprises(300), tmp_path_factory.mktemp("sample") / "样本<1>.csv")


def fitted(sample: Path, out: Path, *more: str) -> int:
    asked = ["--target", "defaulted", "--out", str(out), "--repeats", "1", "--json", *more]
    return cli.main(["score", "fit", str(sample), *asked])


def test_a_table_becomes_a_card_and_two_reports(sample: Path, tmp_path: Path, capsys) -> None:
    assert fitted(sample, tmp_path / "new" / "out", "--by", "region", "--monotone", "all", "voids=down") == 0
    (line,) = capsys.readouterr().out.splitlines()
    answer = json.loads(line)
    assert answer["ok"]
    assert answer["auc"] > 0.75
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == sorted(answer["files"])

    card = reading.read_card(tmp_path / "new" / "out" / "card.yaml")
    assert card.calibrated
    assert {"sales", "voids"} <= {each.indicator for each in card.characteristics}
    assert len(card.characteristics) == answer["characteristics"]

    page = (tmp_path / "new" / "out" / "report.html").read_text(encoding="utf-8")
    paper = "".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "new" / "out" / "report.pdf").pages)
    assert "样本&lt;1&gt;.csv" in page  # what came from outside is text
    for word in ["区分能力与稳定性", "AUC", "KS", "Gini", "PSI", "校准", "分组表现", "福州市", "厦门市"]:
        assert word in page
        assert word in paper
    for text in (page, paper):
        assert abs(float(re.findall(r"(0\.\d{3}) ±", text)[0]) - answer["auc"]) <= 0.001
    assert page.count("<svg") == 2


def test_people_read_a_sentence(sample: Path, tmp_path: Path, capsys) -> None:
    asked = ["--target", "defaulted", "--without", "region", "--max-characteristics", "1", "--repeats", "1"]
    assert cli.main(["score", "fit", str(sample), *asked, "--out", str(tmp_path)]) == 0
    assert "card.yaml、report.html、report.pdf。入选 1 个指标，未见样本的 AUC" in capsys.readouterr().out


@pytest.mark.parametrize(("more", "said"), [
    (["--by", "size"], "样本<1>.csv，列“size”：没有这一列；有的是 sales、voids、noise_0、noise_1、region、defaulted。"),
    (["--monotone", "profit=up"], "样本<1>.csv，列“profit”：--monotone 所说的列不在候选指标中。"),
])  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_no_file(
    sample: Path, tmp_path: Path, capsys, more: list[str], said: str
) -> None:
    assert fitted(sample, tmp_path / "out", *more) == 1
    assert json.loads(capsys.readouterr().out) == {"ok": False, "error": said}
    assert not (tmp_path / "out").exists()


def test_where_the_packages_are_missing_it_says_what_to_run(
    sample: Path, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "find_spec", lambda name: None if name == "optbinning" else PathFinder.find_spec(name))
    assert fitted(sample, tmp_path / "out") == 1
    assert json.loads(capsys.readouterr().out)["error"] == (
        "本机没有安装开发评分卡的软件包（optbinning）。请先运行 make setup-score，再重试。"
    )


@pytest.mark.parametrize("wrong", [["--max-characteristics", "0"], ["--name", "Bad Name"], ["--repeats", "-1"]])
def test_wrong_arguments_are_refused_with_the_usage(sample: Path, tmp_path: Path, capsys, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        fitted(sample, tmp_path, *wrong)
    assert end.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_the_help_and_the_running_platform_need_none_of_the_packages() -> None:
    """Neither the command line nor what `score fit` imports before it checks may load them: `make run` has them not."""
    import subprocess
    import sys

    asked = "import sys, jinfuyun.config.scoring; print(sorted({'optbinning', 'sklearn', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
