"""A file of registrations comes in: what is kept, what is held back, and what the deliverer is told."""

import pytest

from tests.data.codes import A, B, C

HEADER = "统一社会信用代码,企业名称,注册日期,企业类型,注册资金,经营范围,地区,注册地址\n"
WRONG_DIGIT = A[:-1] + ("0" if A[-1] != "0" else "1")


def test_rows_are_kept_with_their_types(deliver, look):
    delivery = deliver("registration", f'{HEADER}{A},红星机械厂,2015-3-9,N/A,"1,500(万美元)",机械,福州,鼓楼区\n')
    assert (delivery.state, delivery.delivered, delivery.accepted) == ("loaded", 1, 1)
    (row,) = look("registration.current", "uscc, name, registered_on::varchar, kind, capital_cents, capital_currency")
    assert row == (A, "红星机械厂", "2015-03-09", None, 1_500_000_000, "USD")


@pytest.mark.parametrize(
    ("words", "cents", "currency"),
    [
        ("万人民币", None, None),
        ("500万比索", None, None),
        ("约五百万元", None, None),
        ("500(万元人民币)", 500_000_000, "CNY"),
        ("225.8000(万)", 225_800_000, "CNY"),
        ("73.3万人民币", 73_300_000, "CNY"),
        ("60万人民币元", 60_000_000, "CNY"),
        ("200(万元)", 200_000_000, "CNY"),
        ("0万港币", 0, "HKD"),
        ("120(万新加坡元)", 120_000_000, "SGD"),
        ("N/A", None, None),
    ],
)
def test_capital_is_read_or_unknown_with_its_text(deliver, look, words, cents, currency):
    assert deliver("registration", f"{HEADER}{A},厂,2015-01-01,,{words},,,\n").accepted == 1
    kept = None if words == "N/A" else words
    assert look("registration.current", "capital, capital_cents, capital_currency") == [(kept, cents, currency)]


@pytest.mark.parametrize(
    ("cells", "rule", "reason"),
    [
        (f"{A[:-1]}I,厂,2015-01-01,,,,,", "uscc_unreadable", "不是 18 位"),
        (f"{WRONG_DIGIT},厂,2015-01-01,,,,,", "uscc_check_digit", "校验码"),
        (f"{A},,2015-01-01,,,,,", "name_missing", "没有填写"),
        (f"{A},厂,2015-02-30,,,,,", "registered_on_unreadable", "不是有效日期"),
        (f"{A},厂,2999-01-01,,,,,", "registered_on_future", "将来"),
        (f"{A},厂,1850-01-01,,,,,", "registered_on_too_early", "1900"),
        (f"{A},厂,２０１５-01-01,,,,,", "registered_on_full_width", "全角"),
        (f"{A},=HYPERLINK(1),2015-01-01,,,,,", "name_formula", "公式"),
        (f"{A},厂,2015-01-01,,张三,,,", "capital_unreadable", "写法不明"),
        (f"{A},厂,2015-01-01,50(万美元),,,,", "kind_shifted", "错列"),
        (f"{A},厂,2015-01-01,,,,", "column_count", "应有 8 列，实有 7 列"),
        (f"{A},厂\0,2015-01-01,,,,,", "control_character", "控制字符"),
        (f'{A},这个"引号"不对,2015-01-01,,,,,', "quotes_broken", "引号"),
    ],
)
def test_a_bad_row_waits_with_its_reason(deliver, look, cells, rule, reason):
    delivery = deliver("registration", f"{HEADER}{B},好厂,2015-01-01,,,,,\n{cells}\n{C},好店,2015-01-01,,,,,\n")
    assert (delivery.state, delivery.accepted, delivery.quarantined) == ("partly_loaded", 2, 1), delivery
    (row,) = look("quarantine", "row_number, rule, reason, raw")
    assert (row[0], row[1]) == (3, rule)
    assert reason in row[2]
    assert row[3].decode() == cells.replace("\0", "\x01")


def test_a_row_with_two_troubles_names_both(deliver, look):
    deliver("registration", f"{HEADER}{A},,昨天,,,,,\n")
    assert look("quarantine", "rule, reason") == [
        ("name_missing,registered_on_unreadable", "第 2 列“企业名称”没有填写；第 3 列“注册日期”不是有效日期")
    ]


def test_the_same_file_twice_is_one_delivery(deliver):
    words = f"{HEADER}{A},厂,2015-01-01,,,,,\n"
    assert deliver("registration", words) == deliver("registration", words)


def test_a_later_row_supersedes_and_history_keeps_the_former(deliver, look):
    deliver("registration", f"{HEADER}{A},旧名,2015-01-01,,,,,\n{B},厂,2015-01-01,,,,,\n")
    second = deliver("registration", f"{HEADER}{A},新名,2015-01-01,,,,,\n{B},厂,2015-01-01,,,,,\n")
    assert (second.accepted, second.superseded) == (1, 1)
    assert look("registration.current", "uscc, name") == sorted([(A, "新名"), (B, "厂")])
    assert look("registration.history", "name") == [("旧名",)]


def test_inside_one_file_the_last_row_of_a_key_stands(deliver, look):
    delivery = deliver(
        "registration", f"{HEADER}{A},甲,2015-01-01,,,,,\n{A},乙,2015-01-01,,,,,\n{A},乙,2015-01-01,,,,,\n"
    )
    assert (delivery.accepted, delivery.superseded) == (1, 2)
    assert look("registration.current", "name, row_number") == [("乙", 4)]
    assert look("registration.history", "name") == [("甲",)]


def test_a_late_file_does_not_undo_a_newer_one(deliver, look):
    header = HEADER.replace("注册地址", "更新时间")
    deliver("registration", f"{header}{A},新名,2015-01-01,,,,,2020-02-02 08:00:00\n")
    late = deliver("registration", f"{header}{A},旧名,2015-01-01,,,,,2019-01-01 08:00:00\n")
    assert (late.accepted, late.superseded) == (0, 1)
    assert look("registration.current", "name") == [("新名",)]
    assert look("registration.history", "name") == [("旧名",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize(("packed", "line_end"), [(False, "\n"), (True, "\r\n")])
def test_an_encoding_is_recognised(deliver, look, encoding, packed, line_end):
    words = f'{HEADER}{A},"红星,""机械""\n厂",2015-01-01,,,,福州,鼓楼\n\n{B},好厂,2015-01-01,,,,,'.replace(
        "\n", line_end
    )
    delivery = deliver("registration", words.encode(encoding), packed=packed)
    assert delivery.accepted == 2, delivery
    assert look("registration.current", "name, region") == [("好厂", None), ('红星,"机械" 厂', "福州")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件是空的"),
        (b"\n\n", "缺少表头"),
        (HEADER.encode(), "只有表头"),
        ("统一社会信用代码,企业名称\n".encode(), "第 1 行：表头缺少“注册日期”列"),
        (f"颜色,{HEADER}".encode(), "第 1 行第 1 列：“颜色”不是“企业登记信息”应有的列"),
        (f"企业名称,{HEADER}".encode(), "第 1 行第 3 列：“企业名称”与第 1 列重复"),
        (f'{HEADER}{A},"没有结尾,2015-01-01,,,,,\n{B},厂,2015-01-01,,,,,\n'.encode(), "第 2 行第 2 列：引号没有闭合"),
        (f"{HEADER}{A},厂,2015-01-01,,,,,\n{B},厂".encode(), "第 3 行第 2 列：文件在此中断"),
        (
            f"{HEADER}{A},厂,2015-01-01,,,,,\n{B},".encode() + b"\xff\xfe,2015-01-01,,,,,\n",
            "第 3 行第 2 列：不是有效的 UTF-8",
        ),
        (f"{HEADER}{A},".encode() + "厂".encode()[:2], "第 2 行第 2 列：不是有效的 UTF-8"),
        (HEADER.encode("big5", "replace"), "应有的列"),
        (b"PK\x03\x04 an xlsx", "压缩包已损坏"),
        (b"\x1f\x8b\x08 broken", "压缩文件"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_with_its_place(deliver, look, content, reason):
    delivery = deliver("registration", content)
    assert delivery.state == "refused"
    assert reason in delivery.reason
    assert look("registration.current", "uscc") == []
