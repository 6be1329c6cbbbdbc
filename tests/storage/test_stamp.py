"""The picture code and the check code that lead from paper back to the original."""

from xml.etree import ElementTree

from jinfuyun.storage.stamp import check_code, qr_svg

ADDRESS = "https://www.example.org/verify/SQ202611220001"


def test_the_check_code_follows_from_every_part_and_their_borders() -> None:
    assert check_code("SQ1", "ab") == check_code("SQ1", "ab")
    assert check_code("SQ1", "ab") != check_code("SQ1a", "b")
    assert len(check_code("x").replace(" ", "")) == 16


def test_the_picture_code_is_one_described_image_that_a_strict_page_may_show() -> None:
    svg = qr_svg(ADDRESS, title='核验 "<SQ1>"')
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root[0].text == '核验 "<SQ1>"'
    assert "style" not in svg


def test_the_picture_code_has_its_finders_and_its_quiet_zone() -> None:
    root = ElementTree.fromstring(qr_svg(ADDRESS, title="核验"))
    size = int(str(root.get("viewBox")).split()[2])
    drawn = str(root[2].get("d"))
    assert "M4 4h7v1h-7z" in drawn, "upper left finder, four modules in"
    assert f"M{size - 11} 4h7v1h-7z" in drawn, "upper right finder, four modules in"
    assert drawn == str(ElementTree.fromstring(qr_svg(ADDRESS, title="核验"))[2].get("d"))
