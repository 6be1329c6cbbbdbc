"""Documents as they are stored, put in and taken out by tests past the wall, as the data role may."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from jinfuyun.config import database
from jinfuyun.data import facts
from jinfuyun.kit.period import months_between


def stored(*, category: str | None = None, uscc: str | None = None) -> dict[str, dict[str, Any]]:
    """USCC → document of the category, as reports are made of it; USCC:category → … without one."""
    with psycopg.connect(database.dsn("jinfuyun_data")) as data:
        rows = data.execute(
            "SELECT uscc, category, body FROM serving.document WHERE category = coalesce(%s, category)"
            " AND uscc = coalesce(%s, uscc) ORDER BY uscc, category",
            [category, uscc],
        ).fetchall()
        reach = data.execute("SELECT jsonb_object_agg(feed, day) FROM serving.reach").fetchall()[0][0] or {}
        found = facts.put_together(data, [body for _, _, body in rows], reach, facts.Seen())
    names = [one if category else f"{one}:{of}" for one, of, _ in rows]
    return dict(zip(names, found, strict=True))


def plant(uscc: str, *bodies: Mapping[str, Any]) -> None:
    """Store documents that look like `bodies` when they are read; committed, with deliveries of their own."""
    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        for body in bodies:
            head = _head(body)
            # As real ones do, a mark stands for one content: a process keeps the heads that it has seen.
            mark = f"planted-{hashlib.sha256(json.dumps(head, sort_keys=True).encode()).hexdigest()[:16]}"
            data.execute("INSERT INTO serving.head VALUES (%s, %s) ON CONFLICT DO NOTHING", [mark, Jsonb(head)])
            for one in body["deliveries"]:
                data.execute(
                    "INSERT INTO serving.delivery (number, feed, department, sha256, received_at, state)"
                    " VALUES (%s, %s, '', %s, %s, 'loaded') ON CONFLICT DO NOTHING",
                    [one["number"], one["feed"], one["sha256"], one["received_at"]],
                )
            lean = Jsonb(_lean(body, mark))
            data.execute(
                "INSERT INTO serving.document VALUES (%s, %s, 1, %s) ON CONFLICT DO NOTHING",
                [uscc, body["category"], lean],
            )


def _head(body: Mapping[str, Any]) -> dict[str, Any]:
    months = (body["series"] or {}).get("by_month") or []
    return {
        "category": body["category"],
        "department": body["department"],
        "facts": [
            {
                "name": one["name"], "label": one["label"], "unit": one["unit"], "months": one["months_covered"] or 0,
                "feeds": [each["feed"] for each in body["deliveries"] if each["number"] in one["deliveries"]],
                "registers": [], "definition": "",
            }
            for one in body["facts"]
        ],
        "series": [name for name in months[0] if name != "month"] if months else None,
        "silent_is_zero": False,
        "record": list(body["record"]) if body.get("record") else None,
        "lists": [],
    }  # fmt: skip


def _lean(body: Mapping[str, Any], mark: str) -> dict[str, Any]:
    months = (body["series"] or {}).get("by_month") or []
    cut = f"{body['cut_off'] or body['received_at'][:7]}-28"
    return {
        "head": mark,
        "cut": cut,
        "until": None,
        "reach": len(months) or None,
        "days": None,
        "told": [[one["number"], one["rows"]] for one in body["deliveries"]],
        "values": [one["value"] for one in body["facts"]],
        "rows": [one["rows"] for one in body["facts"]],
        "series": [[months_between(each["month"], cut[:7]), *list(each.values())[1:]] for each in months],
        "record": list(body["record"].values()) if body.get("record") else None,
        "lists": [],
    }
