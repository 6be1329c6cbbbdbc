"""Which row stands for a key, when a delivery says it twice or the lake holds one already.

The later version wins, of equal versions the later row; an equal row changes nothing. `key_of` (mark, row_number) has
every good row of the delivery; its rows stand in `parts`. Marks are 64-bit hashes: they only find who may meet, the
keys themselves decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.tables import Lake, Part


@dataclass(frozen=True, slots=True)
class Settled:
    """Files to add to `current` and to take from it, files for `history`, and how many delivered rows do not stand."""

    parts: list[Part]
    gone: list[str]
    history: list[Part]
    superseded: int


def settle(engine: Engine, lake: Lake, feed: Feed, parts: list[Part]) -> Settled:
    """New files instead of those of `parts` in which a row does not stand, and of the lake's in which one gives way.

    Leaves `loser` (the key, row_number): delivered rows that do not stand; and `repeated`: those of them that say what
    stood already.
    """
    current = shelves.current(feed)
    _meet(engine, lake, feed, parts)
    _lose(engine, lake, feed, parts)
    if not engine.row("SELECT (SELECT count(*) FROM rival) + (SELECT count(*) FROM met)")[0]:
        return Settled(parts, [], [], 0)
    history = lake.write(engine, shelves.history(feed), _given_way(lake, feed, parts))
    lost = "EXISTS (SELECT 1 FROM loser l WHERE l.row_number = s.row_number AND {same})".format(
        same=same("l", "s", feed)
    )
    counts = dict(engine.rows("SELECT file, count(*) FROM loser GROUP BY file"))
    kept = [part for part in parts if str(part.path) not in counts]
    thin = [str(part.path) for part in parts if 0 < counts.get(str(part.path), 0) < part.rows]
    kept += lake.thinned(engine, current, thin, lost)
    gone = [row[0] for row in engine.rows("SELECT DISTINCT filename FROM pair WHERE wins")]
    beaten = f"EXISTS (SELECT 1 FROM pair p WHERE p.wins AND {same('p', 's', feed)})"
    kept += lake.thinned(engine, current, gone, beaten)
    return Settled(kept, gone, history, sum(counts.values()))


def hash_of(columns: Sequence[str], of: str = "") -> str:
    return f"hash({', '.join(f'{of}.{name}' if of else name for name in columns)})"


def _meet(engine: Engine, lake: Lake, feed: Feed, parts: list[Part]) -> None:
    """`rival`: delivered rows whose key comes twice, ranked. `met`: standing rows whose key was delivered."""
    current, key, names = shelves.current(feed), hash_of(feed.key), ", ".join(feed.key)
    content = hash_of(tuple(feed.types))
    engine.run("CREATE TEMP TABLE twice AS SELECT mark FROM key_of GROUP BY mark HAVING count(*) > 1")
    delivered = lake.scan_parts(current, parts, with_file=True)
    engine.run(
        f"""CREATE TEMP TABLE rival AS SELECT {names}, row_number, version, filename AS file, {content} AS content,
            row_number() OVER (PARTITION BY {names} ORDER BY version DESC, row_number DESC) AS rank
        FROM {delivered} WHERE {key} IN (SELECT mark FROM twice)"""
        if engine.row("SELECT count(*) FROM twice")[0]
        else f"CREATE TEMP TABLE rival AS SELECT {names}, row_number, version, filename AS file, 0::UBIGINT AS content,"
        f" 1::BIGINT AS rank FROM {lake.scan_parts(current, [], with_file=True)}"
    )
    engine.run(
        f"CREATE TEMP TABLE met AS SELECT {names}, version, filename, {content} AS content"
        f" FROM {lake.scan(current, with_file=True)} WHERE {key} IN (SELECT mark FROM key_of)"
    )


def _lose(engine: Engine, lake: Lake, feed: Feed, parts: list[Part]) -> None:
    """`pair`: the delivered row that meets a standing one; `loser`: delivered rows that do not stand;
    `stands`: what does, for every key that met anything."""
    names = ", ".join(feed.key)
    delivered = lake.scan_parts(shelves.current(feed), parts, with_file=True)
    engine.run(
        f"""CREATE TEMP TABLE pair AS SELECT {", ".join(f"m.{name}" for name in feed.key)}, d.row_number, d.file,
            d.content, m.content AS standing, m.filename, d.content <> m.content AND d.version >= m.version AS wins
        FROM (SELECT {names}, row_number, version, filename AS file, {hash_of(tuple(feed.types))} AS content
            FROM {delivered} s WHERE {hash_of(feed.key)} IN (SELECT {hash_of(feed.key)} FROM met)
            AND NOT EXISTS (SELECT 1 FROM rival r WHERE r.rank > 1 AND r.row_number = s.row_number
                AND {same("r", "s", feed)})) d
        JOIN met m ON {same("m", "d", feed)}"""
    )
    engine.run(
        f"""CREATE TEMP TABLE loser AS SELECT {names}, row_number, file FROM rival WHERE rank > 1
        UNION ALL SELECT {names}, row_number, file FROM pair WHERE NOT wins"""
    )
    engine.run(
        f"CREATE TEMP VIEW repeated AS SELECT s.* FROM {lake.scan_parts(shelves.current(feed), parts)} s JOIN pair p"
        f" ON p.row_number = s.row_number AND {same('p', 's', feed)} WHERE NOT p.wins AND p.content = p.standing"
    )
    engine.run(
        f"""CREATE TEMP TABLE stands AS
        SELECT {names}, CASE WHEN wins THEN content ELSE standing END AS content FROM pair
        UNION ALL SELECT {names}, content FROM rival r WHERE rank = 1
            AND NOT EXISTS (SELECT 1 FROM pair p WHERE {same("p", "r", feed)})"""
    )


def _given_way(lake: Lake, feed: Feed, parts: list[Part]) -> str:
    """Standing rows that give way, and delivered ones that came too late and say something else; each once."""
    current = shelves.current(feed)
    columns, content = ", ".join(current.columns), hash_of(tuple(feed.types), "s")
    return f"""SELECT {columns} FROM {lake.scan(current)} s
            WHERE EXISTS (SELECT 1 FROM pair p WHERE p.wins AND {same("p", "s", feed)})
        UNION ALL SELECT {columns} FROM (
            SELECT s.*, {content} AS content FROM {lake.scan_parts(current, parts)} s
            JOIN loser l ON l.row_number = s.row_number AND {same("l", "s", feed)}
            WHERE NOT EXISTS (SELECT 1 FROM stands t WHERE {same("t", "s", feed)} AND t.content = {content})
            QUALIFY row_number() OVER (PARTITION BY {", ".join(f"s.{name}" for name in feed.key)}, {content}
                ORDER BY s.row_number DESC) = 1)"""


def same(one: str, other: str, feed: Feed) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in feed.key)
