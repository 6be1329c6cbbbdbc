"""Are two tables the same, value for value? Order is nothing; numbers with a binary point to 1e-9 of their size."""

from jinfuyun.data.lake.engine import Engine

RELATIVE = 1e-9


def difference(sql: Engine, one: str, other: str) -> str:
    """What is not the same in two relations; "" where nothing is.

    Widths of whole numbers and of decimals may differ, values may not.
    """
    kinds = {name: kind for name, kind, *_ in sql.rows(f"DESCRIBE SELECT * FROM {one}")}
    if list(kinds) != (others := [row[0] for row in sql.rows(f"DESCRIBE SELECT * FROM {other}")]):
        return f"{list(kinds)} are not {others}"
    counts = [sql.row(f"SELECT count(*) FROM {each}")[0] for each in (one, other)]
    if counts[0] != counts[1]:
        return f"{counts[0]} rows are not {counts[1]}"
    floating = [name for name, kind in kinds.items() if kind == "DOUBLE"]
    unlike = _unlike_to_a_share(one, other, list(kinds), floating) if floating else _unlike(one, other)
    (count,) = sql.row(f"SELECT count(*) FROM ({unlike})")
    return f"{count} rows differ, for example {sql.rows(f'FROM ({unlike}) LIMIT 2')}" if count else ""


def _unlike(one: str, other: str) -> str:
    return f"(FROM {one} EXCEPT ALL FROM {other}) UNION ALL (FROM {other} EXCEPT ALL FROM {one})"


def _unlike_to_a_share(one: str, other: str, columns: list[str], floating: list[str]) -> str:
    """Row beside row in the order of everything that is exact."""
    exact = [name for name in columns if name not in floating]
    order = ", ".join(exact + floating)
    placed = f"SELECT row_number() OVER (ORDER BY {order}) AS place, {order} FROM"
    unequal = [f"a.{name} IS DISTINCT FROM b.{name}" for name in exact]
    unequal += [f"NOT ({_close(f'a.{name}', f'b.{name}')})" for name in floating]
    pairs = f"({placed} {one}) a JOIN ({placed} {other}) b USING (place)"
    return f"SELECT * FROM {pairs} WHERE {' OR '.join(unequal)}"


def _close(a: str, b: str) -> str:
    near = f"coalesce(abs({a} - {b}) <= {RELATIVE} * greatest(abs({a}), abs({b})), false)"
    return f"{a} IS NOT DISTINCT FROM {b} OR {near}"
