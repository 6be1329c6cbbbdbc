"""A figure beside its limit: one JSON line for programs, one row of a table for people."""

import json
import sys


def tell(
    name: str, value: float, unit: str, *, limit: float, reach: float | None = None, less_is_better: bool = True
) -> None:
    """`limit`: the bare engine or server, measured in the same run. `reach`: what we promise; `ok`: it is kept."""
    ok = reach is None or (value <= reach if less_is_better else value >= reach)
    line = {"name": name, "value": round(value, 3), "unit": unit, "limit": round(limit, 3),
            "ratio": round(value / limit, 3) if limit else None, "reach": reach, "ok": ok}  # fmt: skip
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    promise = "" if reach is None else f"promised {'≤' if less_is_better else '≥'} {reach:,g}"
    verdict = "ok" if ok else "NOT KEPT"
    sys.stderr.write(f"{name:40} {value:12,.2f} {unit:12} limit {limit:12,.2f}   {promise:18} {verdict}\n")
