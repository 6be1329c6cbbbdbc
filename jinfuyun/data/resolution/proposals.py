"""Whom may a key mean that no register knows? Compared by splink; it only proposes, a person decides.

Every weight is a base-2 logarithm: how much likelier what was seen is for one and the same enterprise (m) than for two
that merely meet (u). Both stand here by hand, as a person who decides must be able to see where a weight comes from;
they are not trained, because what waits is too little to learn from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.tables import Lake

WEIGHT_MIN = 3.0  # eight times likelier than not worth a look
CANDIDATES_MAX = 3  # for one key: more, and nobody reads them

# comparison → its levels from best to worst: (name, condition, m, u). What neither side says is no level and no weight.
LEVELS: dict[str, tuple[tuple[str, str, float, float], ...]] = {
    "name": (
        ("same", "name_l = name_r", 0.55, 0.00002),
        ("same_core", "core_l = core_r", 0.2, 0.0002),
        ("close", "jaro_winkler_similarity(core_l, core_r) >= 0.9", 0.15, 0.003),
        ("alike", "jaro_winkler_similarity(core_l, core_r) >= 0.8", 0.06, 0.02),
        ("other", "ELSE", 0.04, 0.97678),
    ),
    "organisation": (
        ("same", "organisation_l = organisation_r", 0.7, 0.00001),
        ("one_off", "levenshtein(organisation_l, organisation_r) <= 1", 0.2, 0.0001),
        ("other", "ELSE", 0.1, 0.99989),
    ),
    "number": (
        ("same", "number_l = number_r", 0.6, 0.00001),
        ("one_off", "levenshtein(number_l, number_r) <= 1", 0.2, 0.0002),
        ("other", "ELSE", 0.2, 0.99979),
    ),
    "region": (
        ("county", "region_l = region_r", 0.6, 0.02),
        ("city", "left(region_l, 4) = left(region_r, 4)", 0.3, 0.12),
        ("other", "ELSE", 0.1, 0.86),
    ),
}
BLOCKS = (
    ("core",), ("organisation",), ("number",), ("left(core, 3)",), ("left(organisation, 7)",), ("left(number, 13)",)
)  # fmt: skip

# Place and legal form are said by half of all names alike; what is left is the name's core.
_PLACE = (
    "^(中国)?(福建省?|福州市?|厦门市?|莆田市?|三明市?|泉州市?|漳州市?|南平市?|龙岩市?|宁德市?|平潭(县|综合实验区)?)+"
)
_FORM = (
    "(股份有限公司|有限责任公司|有限公司|合伙企业|个人独资企业|专业合作社)?([(](有限合伙|普通合伙|特殊普通合伙)[)])?$"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A key that nobody knows, and the name that stands beside it ("" for none)."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise that a key may mean: the name under which it is alike, what speaks for and against, in bits."""

    key: str
    uscc: str
    name: str
    weight: float
    levels: dict[str, tuple[str, float]]  # comparison → its level and weight


def propose(sql: Engine, lake: Lake, waiting: Sequence[Waiting]) -> list[Candidate]:
    """For each key the likeliest enterprises, best first; keys without any are not named."""
    if not waiting:
        return []
    _offer(sql, lake, waiting)
    found = [_candidate(row) for row in _compared(sql)]
    best: dict[tuple[str, str], Candidate] = {}
    for one in found:  # an enterprise stands under each of its names: the likeliest counts
        known = best.get((one.key, one.uscc))
        if known is None or (one.weight, one.name) > (known.weight, known.name):
            best[one.key, one.uscc] = one
    ranked: dict[str, list[Candidate]] = {}
    for one in sorted(best.values(), key=lambda each: (each.key, -each.weight, each.uscc)):
        ranked.setdefault(one.key, []).append(one)
    return [one for ones in ranked.values() for one in ones[:CANDIDATES_MAX]]


def _offer(sql: Engine, lake: Lake, waiting: Sequence[Waiting]) -> None:
    """Tables `sought` and `registry`, both with unique_id, name, core, organisation, number, region."""
    pairs = {"key": [one.key for one in waiting], "name": [one.name or None for one in waiting]}
    sql.offer("told", pa.table({name: pa.array(values, pa.string()) for name, values in pairs.items()}))
    # A registration number is all digits; an old taxpayer number of fifteen ends with the organisation code.
    sql.run(
        f"""CREATE TEMP TABLE sought AS SELECT DISTINCT ON (key) key AS unique_id, name, {_core("name")} AS core,
            CASE WHEN length(key) = 9 THEN key WHEN length(key) = 15 AND regexp_matches(key, '[A-Z]')
                THEN substr(key, 7) END AS organisation,
            CASE WHEN regexp_full_match(key, '[0-9]{{13}}|[0-9]{{15}}') THEN key END AS number,
            CASE WHEN length(key) IN (13, 15) THEN left(key, 6) END AS region
        FROM told ORDER BY key, name"""
    )
    registration = FEEDS["registration"]
    said = " UNION ALL ".join(
        f"SELECT uscc, name, registration_number FROM {lake.scan(table(registration))}"
        for table in (shelves.current, shelves.history)
    )
    changes = lake.scan(shelves.current(FEEDS["registration_changes"]))
    sql.run(
        f"""CREATE TEMP TABLE registry AS SELECT uscc || ' ' || name AS unique_id, name, {_core("name")} AS core,
            substr(uscc, 9, 9) AS organisation, max(registration_number) AS number, substr(uscc, 3, 6) AS region
        FROM ({said} UNION ALL SELECT uscc, was, NULL FROM {changes} WHERE item = 'name' AND was IS NOT NULL)
        GROUP BY uscc, name"""
    )


def _core(name: str) -> str:
    plain = f"replace(replace(replace({name}, '（', '('), '）', ')'), ' ', '')"
    bare = f"regexp_replace(regexp_replace({plain}, '{_PLACE}', ''), '{_FORM}', '')"
    return f"coalesce(nullif({bare}, ''), {plain})"


def _compared(sql: Engine) -> list[dict[str, Any]]:
    """Every pair worth a look, as splink tells it."""
    # Here, not above: splink costs a second to import, and only this job needs it.
    import splink.comparison_level_library as levels
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink.comparison_library import CustomComparison

    def comparison(name: str) -> CustomComparison:
        told = [
            (levels.ElseLevel() if condition == "ELSE" else levels.CustomLevel(condition)).configure(
                m_probability=m, u_probability=u
            )
            for _, condition, m, u in LEVELS[name]
        ]
        return CustomComparison([levels.NullLevel("core" if name == "name" else name), *told], output_column_name=name)

    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[comparison(name) for name in LEVELS],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        retain_intermediate_calculation_columns=True,
        probability_two_random_records_match=0.5,  # weights count from nothing known
    )
    backend = DuckDBAPI(connection=sql.connection)
    sides = [
        backend.register("sought", dataset_display_name="a_sought"),
        backend.register("registry", dataset_display_name="b_registry"),
    ]
    linker = Linker(sides, settings, log_level="ERROR")
    return linker.inference.predict(threshold_match_weight=WEIGHT_MIN).as_record_list()


def _candidate(row: dict[str, Any]) -> Candidate:
    """The left side is what was sought: splink orders two tables by their names."""
    uscc, _, name = row["unique_id_r"].partition(" ")
    levels = {}
    for comparison, told in LEVELS.items():
        gamma = row[f"gamma_{comparison}"]
        if gamma >= 0:
            levels[comparison] = (told[len(told) - 1 - gamma][0], round(row[f"mw_{comparison}"], 1))
    return Candidate(row["unique_id_l"], uscc, name, round(row["match_weight"], 1), levels)
