"""The departments of the pretend province and its gateways, over real HTTP."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask, Response, abort, jsonify, request

from jinfuyun.data.departments import signing
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.sandbox.departments.desk import SLOW_SECONDS, Answer, Desk, Refusal
from jinfuyun.sandbox.departments.faults import Fault, Faults
from jinfuyun.sandbox.departments.lists import Lists, open_lists
from jinfuyun.sandbox.departments.phones import Phones
from jinfuyun.sandbox.departments.registers import BadEntry, Entry, Registers
from jinfuyun.sandbox.departments.stamps import open_stamps

BUREAUS = (("tax", "/tax", False), ("tax_xiamen", "/xiamen/tax", True))
ELEMENTS = ("legal_name", "id_type", "id_number", "phone")
ON_FILE = (
    "uscc",
    "tax_number",
    "name",
    "legal_name",
    "region",
    "industry",
    "nature",
    "kind",
    "capital",
    "registered_on",
    "address",
    "scope",
    "status",
)


def make_app(*, province: Path, state: Path, keys: dict[str, bytes], max_age_seconds: float) -> Flask:
    """`keys` by department; a question older than `max_age_seconds` is refused."""
    state.mkdir(parents=True, exist_ok=True)
    app = Flask("departments", static_folder=None)
    registers = Registers(province, state)
    faults = Faults()
    desk = Desk(keys=keys, faults=faults, max_age_seconds=max_age_seconds, closing=threading.Event())
    _answer_refusals(app)
    for department, base, xiamen in BUREAUS:
        _open_tax(app, desk, registers, department, base, xiamen)
    _open_market(app, desk, registers)
    for kind in ("electricity", "water", "gas"):
        _open_utility(app, desk, registers, kind)
    _open_feeds(app, desk, registers)
    open_lists(app, desk, Lists(state))
    _open_gateway(app, desk, Phones(state))
    open_stamps(app, desk, state)
    _open_controls(app, registers, faults)
    return app


def _answer_refusals(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[str, int]:
        return "", refusal.status

    @app.get("/healthz")
    def alive() -> str:
        return "ok"


def _open_tax(app: Flask, desk: Desk, registers: Registers, department: str, base: str, xiamen: bool) -> None:
    @app.post(f"{base}/verify", endpoint=f"{department}_verify")
    def verify() -> Response:
        question = desk.question(department, request)
        number = _text(question, "tax_number")
        entry = registers.taxpayer(number, xiamen=xiamen)
        verdict = "unknown"
        if entry:
            verdict = "matches" if all(entry[name] == question.get(name) for name in ELEMENTS) else "differs"
        return desk.answer(
            department,
            request,
            {"tax_number": number, "verdict": verdict},
            other=lambda: {"tax_number": registers.somebody_else(number)["tax_number"], "verdict": "matches"},
        )

    @app.post(f"{base}/grade", endpoint=f"{department}_grade")
    def grade() -> Response:
        question = desk.question(department, request)
        number = _text(question, "tax_number")
        # Tax data of one enterprise goes out against its consent only.
        if not question.get("consent_number") or not question.get("pdf_sha256"):
            raise Refusal(403)

        def told(entry: Entry | None) -> Answer:
            if entry is None:
                return {"tax_number": number, "known": False}
            named = {"tax_number": entry["tax_number"], "known": True}
            return named | {"year": entry["grade_year"], "grade": entry["grade"]}

        entry = registers.taxpayer(number, xiamen=xiamen)
        return desk.answer(department, request, told(entry), other=lambda: told(registers.somebody_else(number)))


def _open_market(app: Flask, desk: Desk, registers: Registers) -> None:
    def told(number: str, entry: Entry | None) -> Answer:
        if entry is None:
            return {"number": number, "known": False}
        on_file = {name: entry[name] for name in ON_FILE} | {"as_of": datetime.now(UTC).date().isoformat()}
        return {"number": number, "known": True, "registration": on_file}

    @app.post("/market/registration")
    def registration() -> Response:
        number = _text(desk.question("market", request), "number")

        def other() -> Answer:
            stranger = registers.somebody_else(number)
            return told(stranger["tax_number"], stranger)

        return desk.answer("market", request, told(number, registers.find(number)), other=other)


def _open_utility(app: Flask, desk: Desk, registers: Registers, kind: str) -> None:
    @app.post(f"/{kind}/check", endpoint=f"{kind}_check")
    def check() -> Response:
        question = desk.question(kind, request)
        asked = {name: _text(question, name) for name in ("supplier", "account", "uscc")}
        owner = registers.account(kind, asked["supplier"], asked["account"])
        verdict = "unknown"
        if owner:
            verdict = "matches" if owner["uscc"] == asked["uscc"] else "differs"
        return desk.answer(
            kind,
            request,
            asked | {"verdict": verdict},
            other=lambda: asked | {"uscc": registers.somebody_else(asked["uscc"])["uscc"], "verdict": "matches"},
        )


def _open_feeds(app: Flask, desk: Desk, registers: Registers) -> None:
    @app.post("/feeds/<name>")
    def feed(name: str) -> Response:
        if name not in FEEDS:
            abort(404)
        department = FEEDS[name].department
        question = desk.question(department, request)
        numbers = [number for one in question["authorised"] for number in (one["uscc"], one["tax_number"])]
        if numbers and desk.faults.of(department) is Fault.WRONG_ENTERPRISE:
            numbers = [registers.somebody_else(numbers[0])["uscc"]]
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"{name}.csv"
            rows = registers.write_feed(name, numbers, file)
            return desk.file(department, request, file, rows)


def _open_gateway(app: Flask, desk: Desk, phones: Phones) -> None:
    @app.post("/sms")
    def send() -> tuple[Response, int]:
        fault = desk.faults.of("sms")
        if fault is Fault.SLOW:
            desk.closing.wait(SLOW_SECONDS)
        elif fault is not Fault.OFF:  # a gateway answers with no content that could be wrong: it takes over or not
            raise Refusal(503)
        message = request.get_json()
        request_id = request.headers.get(signing.REQUEST_ID, "")
        phones.send(_text(message, "to"), _text(message, "text"), request_id=request_id, at=datetime.now(UTC))
        return jsonify({"sent": True}), 202

    @app.get("/phones/<number>")
    def messages(number: str) -> Response:
        return jsonify(phones.messages(number))


def _open_controls(app: Flask, registers: Registers, faults: Faults) -> None:
    @app.get("/faults")
    def shown() -> Response:
        return jsonify(faults.all())

    @app.post("/faults")
    def switch() -> Response:
        wish = request.get_json()
        try:
            faults.switch(_text(wish, "department"), Fault(_text(wish, "mode")))
        except (KeyError, ValueError):
            abort(400)
        return jsonify(faults.all())

    @app.post("/people")
    def load() -> tuple[Response, int] | Response:
        try:
            count = registers.load(Path(_text(request.get_json(), "file")))
        except (OSError, ValueError, KeyError, BadEntry) as trouble:
            return jsonify({"trouble": str(trouble)}), 400
        return jsonify({"enterprises": count})


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise Refusal(400)
    return value
