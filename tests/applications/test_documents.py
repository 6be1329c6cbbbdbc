"""Papers of an application: what is taken, who gets them, what a scanner says, and when they go."""

import io
import socket
import threading
import zipfile
from datetime import timedelta

import pytest

from jinfuyun.applications import actions, queries, tasks
from jinfuyun.applications.checks import (
    DOCUMENTS_MAX,
    FILE_BYTES_MAX,
    KEEP_WITHOUT_LOAN_DAYS,
    FileKind,
    is_clean,
    kind_of,
    why_not_keep,
)
from jinfuyun.applications.models import Document
from jinfuyun.audit.models import Line
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate, Unreachable
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message
from jinfuyun.notifications.rules import Template
from jinfuyun.storage import files
from tests.applications.steps import to_review
from tests.cast import FRIDAY, MONDAY, TUESDAY, WEDNESDAY

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
CONTRACT = "近一年主要合同"


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name in names:
            out.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, FileKind.PDF),
        (b"\xff\xd8\xff\xe0 jpeg", FileKind.JPG),
        (b"\x89PNG\r\n\x1a\n png", FileKind.PNG),
        (archive("word/document.xml"), FileKind.DOCX),
        (archive("xl/workbook.xml"), FileKind.XLSX),
        (archive("word/document.xml", "word/vbaProject.bin"), None),  # macros
        (archive("program.exe"), None),
        (b"PK\x03\x04 torn", None),
        (b"MZ\x90\x00 a program", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_says(content, kind):
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("name", "size", "kind", "field"),
    [
        ("合同.pdf", 10, FileKind.PDF, None),
        ("合同.PDF", 10, FileKind.PDF, None),
        ("照片.jpeg", 10, FileKind.JPG, None),
        ("合同.pdf", 10, None, "file"),  # an .exe named .pdf
        ("合同.pdf", 10, FileKind.PNG, "file"),
        ("合同", 10, FileKind.PDF, "file"),
        ("合同.pdf", FILE_BYTES_MAX, FileKind.PDF, None),
        ("合同.pdf", FILE_BYTES_MAX + 1, FileKind.PDF, "file"),
        ("长" * 117 + ".pdf", 10, FileKind.PDF, "file"),
    ],
)
def test_what_is_taken(name, size, kind, field):
    assert [one.field for one in why_not_keep(CONTRACT, name, size, kind)] == ([field] if field else [])


def added(application, by, *, material=CONTRACT, content=PDF, at=MONDAY, name="合同.pdf") -> Document:
    return actions.add_document(
        application=application, material=material, file_name=name, content=content, by=by, at=at
    )


def test_a_paper_is_sealed_numbered_and_read_by_both_sides(application, red_star, officer):
    first = added(application, red_star.owner)
    second = added(application, red_star.owner, content=PDF + b"2")
    assert [one.version for one in queries.documents(application)] == [2, 1]
    assert (first.state, files.get(first.reference)) == ("unscanned", PDF)
    for by in (red_star.owner, officer):
        got = actions.fetch_document(
            document=queries.document(second.pk, number=application.number, visible_to=by), by=by, at=TUESDAY
        )
        assert (got.name, got.content) == ("合同.pdf", PDF + b"2")
    booked = Line.objects.filter(uscc=red_star.uscc, action__startswith="application.document").order_by("id")
    assert [one.action.rpartition("_")[2] for one in booked] == ["added", "added", "fetched", "fetched"]
    assert "合同" not in str([one.detail for one in booked])  # what people call their files stays sealed


def test_strangers_get_nothing_and_give_nothing(
    application, red_star, blue_sea, officer, hill_bank_officer, river_bank_admin, river_bank_product_manager
):
    paper = added(application, red_star.owner)
    for by in (blue_sea.owner, hill_bank_officer.actor):
        with pytest.raises(NotFound):
            queries.document(paper.pk, number=application.number, visible_to=by)
    with pytest.raises(NotFound):
        queries.document(paper.pk, number="RZ0", visible_to=officer)
    for by in (river_bank_admin.actor, river_bank_product_manager.actor, blue_sea.owner):
        with pytest.raises(NotAllowed):
            actions.fetch_document(document=paper, by=by, at=MONDAY)
    for by in (officer, blue_sea.owner):
        with pytest.raises(NotAllowed):
            added(application, by)
    assert Document.objects.count() == 1


def test_a_program_named_pdf_is_refused_and_nothing_is_kept(application, red_star):
    with pytest.raises(NotInOrder, match="不接受程序"):
        added(application, red_star.owner, content=b"MZ\x90\x00")
    with pytest.raises(NotInOrder):
        added(application, red_star.owner, material=" 一 ")
    assert not Document.objects.exists()


def test_there_is_an_end_to_how_many(application, red_star, monkeypatch):
    monkeypatch.setattr("jinfuyun.applications.actions.documents.DOCUMENTS_MAX", 2)
    assert DOCUMENTS_MAX > 2
    added(application, red_star.owner)
    added(application, red_star.owner)
    with pytest.raises(NotInOrder, match="最多保留 2 份"):
        added(application, red_star.owner)


def test_the_request_names_the_material_until_it_is_answered(application, red_star, officer):
    to_review(application, officer)
    with pytest.raises(NotInOrder):
        actions.ask_more(application=application, what="请补充订单", material="合", by=officer, at=WEDNESDAY)
    actions.ask_more(application=application, what="请补充订单", material=CONTRACT, by=officer, at=WEDNESDAY)
    assert application.asked_material == CONTRACT
    actions.supply(application=application, text="已上传", by=red_star.owner, at=WEDNESDAY)
    assert application.asked_material == ""


# -- the end ---------------------------------------------------------------------------------------------------------


def test_after_withdrawal_the_bank_reads_no_more_and_the_paper_goes_in_thirty_days(application, red_star, officer):
    paper = added(application, red_star.owner)
    actions.withdraw(application=application, why="", by=red_star.owner, at=TUESDAY)
    paper = queries.document(paper.pk, number=application.number, visible_to=officer)
    with pytest.raises(NotFound):
        actions.fetch_document(document=paper, by=officer, at=TUESDAY)
    with pytest.raises(TooLate):
        added(application, red_star.owner, at=TUESDAY)
    assert actions.fetch_document(document=paper, by=red_star.owner, at=TUESDAY).content == PDF
    tasks.tend(at=TUESDAY + timedelta(days=KEEP_WITHOUT_LOAN_DAYS - 1))
    assert Document.objects.get().state == "unscanned"
    tasks.tend(at=TUESDAY + timedelta(days=KEEP_WITHOUT_LOAN_DAYS))
    erased = Document.objects.get()
    assert (erased.state, erased.file_name) == ("erased", None)
    assert Line.objects.filter(action="application.document_erased").count() == 1
    with pytest.raises(NotFound):
        actions.fetch_document(document=erased, by=red_star.owner, at=FRIDAY)


def test_the_bytes_of_an_erased_paper_are_gone(application, red_star, django_capture_on_commit_callbacks):
    paper = added(application, red_star.owner)
    actions.withdraw(application=application, why="", by=red_star.owner, at=TUESDAY)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.tend(at=TUESDAY + timedelta(days=KEEP_WITHOUT_LOAN_DAYS))
    with pytest.raises(files.NoSuchFile):
        files.get(paper.reference)


def test_a_refused_application_is_read_until_the_institution_is_let_go(application, red_star, officer, approver):
    paper = added(application, red_star.owner)
    to_review(application, officer)
    actions.reject(application=application, refusal=actions.Refused("credit"), by=approver, at=WEDNESDAY)
    paper = queries.document(paper.pk, number=application.number, visible_to=officer)
    assert actions.fetch_document(document=paper, by=officer, at=FRIDAY).content == PDF
    tasks.tend(at=WEDNESDAY + timedelta(days=20))
    paper = queries.document(paper.pk, number=application.number, visible_to=officer)
    with pytest.raises(NotFound):
        actions.fetch_document(document=paper, by=officer, at=WEDNESDAY + timedelta(days=20))


# -- the scanner -----------------------------------------------------------------------------------------------------


def test_a_file_waits_until_the_scanner_has_spoken(application, red_star, officer, settings):
    settings.VIRUS_SCANNER = "/bin/false-that-is-not-there"
    paper = added(application, red_star.owner)
    with pytest.raises(actions.NotScanned):
        actions.fetch_document(document=paper, by=officer, at=MONDAY)
    with pytest.raises(Unreachable):
        tasks.scan_document(document_id=str(paper.pk), at=MONDAY)
    assert Document.objects.get().state == "waiting"
    settings.VIRUS_SCANNER = "true"
    tasks.scan_document(document_id=str(paper.pk), at=MONDAY)
    assert Document.objects.get().state == "clean"


def test_what_the_scanner_finds_is_destroyed_and_the_enterprise_is_told(
    application, red_star, settings, django_capture_on_commit_callbacks
):
    settings.VIRUS_SCANNER = "false"  # exits with 1
    paper = added(application, red_star.owner)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.scan_document(document_id=str(paper.pk), at=MONDAY)
    assert Document.objects.get().state == "infected"
    assert Message.objects.filter(template=Template.DOCUMENT_INFECTED).count() == 1
    with pytest.raises(files.NoSuchFile):
        files.get(paper.reference)
    with pytest.raises(NotFound):
        actions.fetch_document(document=Document.objects.get(), by=red_star.owner, at=MONDAY)


def test_a_scanner_that_fails_is_no_verdict():
    with pytest.raises(Unreachable):
        is_clean(b"x", scanner="sh -c 'exit 2'")
    with pytest.raises(Unreachable):
        is_clean(b"x", scanner="unix:/nowhere/clamd.sock")


@pytest.mark.parametrize(("said", "clean"), [(b"stream: OK\0", True), (b"stream: Eicar FOUND\0", False)])
def test_clamd_is_asked_in_pieces(tmp_path, said, clean):
    path, got = str(tmp_path / "clamd"), bytearray()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()

        def serve() -> None:
            with server.accept()[0] as client:
                while not got.endswith(b"\0\0\0\0"):
                    got.extend(client.recv(1 << 20))
                client.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        assert is_clean(b"y" * 70_000, scanner=f"unix:{path}") is clean
        thread.join()
    assert got.startswith(b"zINSTREAM\0\x00\x01\x00\x00y")
    assert len(got) == len(b"zINSTREAM\0") + 4 + (1 << 16) + 4 + 70_000 - (1 << 16) + 4


def test_silence_of_clamd_is_no_verdict(tmp_path):
    path = str(tmp_path / "clamd")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        with pytest.raises(Unreachable):
            is_clean(b"y", scanner=f"unix:{path}")
        thread.join()
