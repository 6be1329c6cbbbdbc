"""A file that lies on its side, one column a day: each of its rows becomes one long row a day that says something."""

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.ingest import cells
from jinfuyun.data.ingest.header import Sheet
from jinfuyun.data.ingest.judge import structure
from jinfuyun.data.lake.engine import quoted


def as_long(feed: Feed, sheet: Sheet, source: str) -> str:
    """SQL for (row_number, line, unfit): the long rows; one that cannot be laid out stays as it is, and says why."""
    if not sheet.days:
        return f"(SELECT *, NULL::VARCHAR AS unfit FROM {source})"
    head = ", ".join(_written(f"x[{place}]") for place in sheet.laid)
    days = ", ".join(f"{{'day': {quoted(day)}, 'cell': x[{place}]}}" for place, day in sheet.days)
    long = f"concat_ws(',', {head}, told.day, {_written('told.cell')})" if head else "told.day"
    whole = f"x IS NOT NULL AND len(x) = {sheet.laid_width}"
    return f"""(
        WITH split AS (SELECT row_number, line, {cells.split("line")} AS x FROM {source}),
        laid AS (SELECT row_number, x, unnest([{days}]) AS told FROM split WHERE {whole})
        SELECT row_number, {long} AS line, NULL::VARCHAR AS unfit FROM laid
        WHERE {cells.cleaned("told.cell")} IS NOT NULL
        UNION ALL SELECT row_number, line, {structure("x", sheet.laid_width)} FROM split
        WHERE trim(line) <> '' AND ({whole}) IS NOT TRUE)"""


def _written(cell: str) -> str:
    """As it stands in a CSV: quoted where it must be."""
    quote = "'\"'"
    return (
        f"CASE WHEN regexp_matches({cell}, '[,\"\\x1e]') THEN {quote} || replace({cell}, {quote}, '\"\"') || {quote}"
        f" ELSE coalesce({cell}, '') END"
    )
