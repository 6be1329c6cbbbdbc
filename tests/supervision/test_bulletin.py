"""月度简报: made of a closed month, frozen, signed, kept once; a correction makes an edition beside the old one."""

import hashlib
import io
import re
from datetime import datetime

import pytest
from django.conf import settings
from docx import Document
from pypdf import PdfReader

from jinfuyun.audit.models import Line
from jinfuyun.kit import regions
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.errors import NotAllowed
from jinfuyun.loans.models import Loan
from jinfuyun.storage import files, signing
from jinfuyun.storage.typesetting import typesetter
from jinfuyun.supervision import actions, tasks
from jinfuyun.supervision.models import Bulletin, Closing
from jinfuyun.supervision.paper import bulletin_word
from jinfuyun.supervision.queries import BY_NAME, bulletins, months
from jinfuyun.supervision.shown import bulletin
from tests.supervision import scene
from tests.supervision.scene import WAN, regulator

MARCH, APRIL = "2026-03", datetime(2026, 4, 2, 9, tzinfo=SHANGHAI)
PROVINCE = regulator(regions.PROVINCE_CODE)


@pytest.fixture
def busy(db, red_star_owner):
    """Three cities, and eight more enterprises of Fuzhou and six of Xiamen that each drew a loan."""
    scene.three_cities(red_star_owner)
    for number in range(10, 18):
        scene.funded(scene.enterprise(number, scene.FUZHOU), wan=10, first=True)
    for number in range(20, 26):
        scene.funded(scene.enterprise(number, scene.XIAMEN), wan=20)
    actions.close(month=MARCH, by=PROVINCE, at=APRIL)


def said(content):
    return ["".join(text for text, _ in line) for one in content["sections"] for line in one.get("lines", ())]


def rows(content, title):
    tables = {table["title"]: table for one in content["sections"] for table in one.get("tables", ())}
    return {row[0][0]: [text for text, _ in row[1:]] for row in tables[title]["rows"]}


def newest():
    return bulletin.content(bulletins.issue(Closing.objects.latest("pk")))


def test_sentences_are_made_of_figures_and_say_what_is_unknown(busy):
    content = newest()
    assert "放款笔数 17 笔（不含厦门 10 笔）。" in said(content)
    assert "放款金额 550 万元（不含厦门 230 万元）。" in said(content)
    assert content["unknown"] == "上月和上年同月没有关账的月度数据，本期不作比较。"
    assert content["number"] == "JB202603-1"


def test_every_number_of_the_text_carries_its_figure(busy):
    pieces = [piece for one in newest()["sections"] for line in one.get("lines", ()) for piece in line]
    tables = [table for one in newest()["sections"] for table in one.get("tables", ())]
    pieces += [cell for table in tables for row in table["rows"] for cell in row]
    assert all(of in BY_NAME for text, of in pieces if re.search(r"\d", text)) and len(pieces) > 60
    assert {of for _, of in pieces if of} >= set(bulletin.BY_CITY)


def test_what_is_small_is_hidden_with_what_would_give_it_away(busy):
    by_city = rows(newest(), "主要指标分市")
    funded = bulletin.BY_CITY.index("funded")
    column = {place: cells[funded] for place, cells in by_city.items()}
    assert column["福州市"] == "10" and column["厦门市"] == "7" and column["莆田市"] == "0"
    applied = {place: cells[bulletin.BY_CITY.index("applied")] for place, cells in by_city.items()}
    assert applied["平潭综合实验区"] == "*", "one application of one enterprise"
    assert sum(shown == "*" for shown in applied.values()) >= 3, "nor by the sum, nor for who knows a city"
    assert any("数量较少，不公布" in line for line in said(newest()))


def test_less_xiamen_does_not_give_xiamen_away(db, red_star_owner):
    scene.three_cities(red_star_owner)
    for number in range(10, 30):
        scene.funded(scene.enterprise(number, scene.FUZHOU), wan=10)
    actions.close(month=MARCH, by=PROVINCE, at=APRIL)
    of = bulletins.issue(Closing.objects.get()).now
    assert of.cell("funded", regions.XIAMEN).value == 1
    assert not of.is_open("funded", bulletins.WITHOUT) and not of.is_open("funded_fen", bulletins.WITHOUT)


def test_the_change_to_the_month_before_is_said_in_plain_words(busy):
    actions.close(month="2026-02", by=PROVINCE, at=APRIL)
    line = next(one for one in said(newest_of(MARCH)) if one.startswith("放款笔数"))
    assert line == "放款笔数 17 笔（不含厦门 10 笔），上月为零。"
    actions.close(month="2026-04", by=PROVINCE, at=datetime(2026, 5, 2, 9, tzinfo=SHANGHAI))
    assert next(one for one in said(newest_of("2026-04")) if one.startswith("月末认证企业数")).endswith("与上月持平。")
    assert "放款笔数 0 笔（不含厦门 0 笔），较上月下降 100.0%。" in said(newest_of("2026-04"))


def newest_of(month):
    return bulletin.content(bulletins.issue(months.closings(month)[-1]))


def test_the_job_makes_it_once_signed_with_its_hash_in_the_book(busy):
    tasks.make_bulletin(month=MARCH, at=APRIL)
    tasks.make_bulletin(month=MARCH, at=APRIL)
    made = Bulletin.objects.get()
    paper, booked = files.get(made.file), Line.objects.get(action="statistics.bulletin").detail
    assert made.sha256 == hashlib.sha256(paper).hexdigest() == booked["sha256"]
    assert signing.check(paper, keys=settings.DOCUMENT_KEYS).valid
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "月度简报" in text and "JB202603-1" in text and "口径第" in text
    assert "pdfaid:part" in paper.decode("latin-1") and "/StructTreeRoot" in paper.decode("latin-1")
    book = bulletin_word(made.content, setter=typesetter(settings.DOCUMENT_FONTS))
    words = Document(io.BytesIO(book))
    assert "放款笔数 17 笔（不含厦门 10 笔）。" in [one.text for one in words.paragraphs]
    assert len(words.inline_shapes) == 2 and any("主要指标分市" in one.text for one in words.paragraphs)


def test_a_correction_makes_an_edition_beside_the_old_one(busy):
    tasks.make_bulletin(month=MARCH, at=APRIL)
    Loan.objects.filter(amount_fen=200 * WAN, state="repaying").update(answer="disputed")
    actions.correct(month=MARCH, why="企业对放款提出异议", by=PROVINCE, at=APRIL)
    tasks.tend_bulletins(at=APRIL)
    second, first = Bulletin.objects.all()
    assert (first.number, second.number) == ("JB202603-1", "JB202603-2")
    assert "放款笔数 17 笔（不含厦门 10 笔）。" in said(first.content)
    assert any(line.startswith("放款笔数 16 笔") for line in said(second.content))
    assert "企业对放款提出异议" in second.content["corrected"] and "放款笔数" in second.content["corrected"]
    assert first.content["corrected"] == "" and "注册用户数" not in second.content["corrected"]
    again = bulletin.content(bulletins.issue(first.closing))
    assert bulletin.sha256_of(again) == first.content_sha256, "an old edition is made of what stood then"


def test_a_month_that_is_not_closed_has_none_and_a_citys_regulator_makes_none(busy):
    with pytest.raises(months.NotClosed, match="还没有关账"):
        bulletins.unmade("2026-01")
    with pytest.raises(NotAllowed):
        actions.make_bulletin(closing=Closing.objects.get(), by=regulator("350100"), at=APRIL)
