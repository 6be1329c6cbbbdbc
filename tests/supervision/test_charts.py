"""The regulator's charts: every word stands whole inside its picture, at a desk and on a phone, whatever it says."""

from xml.etree import ElementTree

import pytest

from jinfuyun.reports.charts.sheet import Chart
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.shown import charts

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (
    ("信息传输、软件和信息技术服务业", 123_456_789, "1,234,567,890.1 万元"),
    ("电力、热力、燃气及水生产和供应业", 5, "5 笔"), ("采矿业", 0, "0"), ("教育", None, "—"),
)  # fmt: skip


def bars(rows) -> list[ElementTree.Element]:
    return drawings(charts.bars("chart-of-test", "放款金额", rows))


def drawings(chart: Chart) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in (chart.svg, chart.narrow)]


def ends(text: ElementTree.Element) -> tuple[float, float]:
    """Where it begins and ends, as wide as Noto Sans SC sets it in bold, and a little more."""
    size = float(text.attrib["font-size"])
    width = size * sum(1 if ord(letter) > 0x2E80 else 0.62 for letter in text.text or "")
    begins = float(text.attrib["x"]) - {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]] * width
    return begins, begins + width


def inside(drawn: ElementTree.Element) -> list[str]:
    """The words of a picture, after a look at where they stand."""
    _, _, width, height = map(float, drawn.attrib["viewBox"].split())
    texts = list(drawn.iter(SVG + "text"))
    for text in texts:
        begins, end = ends(text)
        assert begins >= 0 and end <= width and 0 < float(text.attrib["y"]) < height, text.text
    return [text.text or "" for text in texts]


@pytest.mark.parametrize("rows", (ROWS, ROWS[1:], ROWS[2:], ()))
def test_labels_and_figures_of_bars_stand_inside(rows):
    for drawn in bars(rows):
        assert inside(drawn) == [said for label, _, figure in rows for said in (label, figure)]


@pytest.mark.parametrize("peak_at", (0, 5, 12))
def test_so_do_those_of_a_year_of_months(peak_at):
    months = [(f"{2025 + (9 + i) // 12}-{(9 + i) % 12 + 1:02d}", i * 1_000_000) for i in range(13)]
    months[peak_at] = (months[peak_at][0], 9_876_543_210_987)
    wide, narrow = (inside(drawn) for drawn in drawings(charts.trend(BY_NAME["funded_fen"], months)))
    assert set(narrow) < set(wide)  # fewer months are named where there is less room
    assert {"2025年", "2026年", "亿元", "1,000"} < set(narrow)


def test_the_phones_drawing_has_the_same_bars_and_letters_it_can_read():
    wide, narrow = bars(ROWS)
    lengths = [[float(bar.attrib["width"]) for bar in drawn.iter(SVG + "rect")] for drawn in (wide, narrow)]
    assert [length / lengths[0][0] for length in lengths[0]] == pytest.approx(
        [length / lengths[1][0] for length in lengths[1]], abs=0.01
    )
    assert float(narrow.attrib["viewBox"].split()[2]) <= 390
    ids = [node.attrib["id"] for drawn in (wide, narrow) for node in drawn.iter() if "id" in node.attrib]
    assert len(ids) == len(set(ids)) == 4
