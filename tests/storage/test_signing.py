"""A signed document is ours to its last byte, or it is not; keys can be replaced and old papers keep their proof."""

import io
import random
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter

from jinfuyun.storage import signing
from jinfuyun.storage.document_keys import (
    FORMER,
    PAIR,
    ensure_pair,
    in_force,
    known_certificates,
    make_pair,
    read_pair,
    replace_pair,
)
from jinfuyun.storage.signing import Verdict, check

SUNDAY = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 1, 0, 0, tzinfo=UTC)
OPERATOR = "闽海征信服务有限公司"
REASON = "采集查询授权委托书 SQ1"


def blank_paper() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    paper = io.BytesIO()
    writer.write(paper)
    return paper.getvalue()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "documents"
    ensure_pair(folder, operator=OPERATOR, at=SUNDAY)
    return folder


@pytest.fixture(scope="module")
def signed(keys: Path) -> bytes:
    return signing.sign(blank_paper(), keys=keys, reason=REASON, at=SUNDAY)


def byte_range(pdf: bytes) -> tuple[int, int]:
    """First and last byte (exclusive) of the gap that the signature itself fills."""
    numbers = pdf[pdf.rindex(b"/ByteRange [") + 12 :].split(b"]")[0].split()
    return int(numbers[1]), int(numbers[2])


def flipped(pdf: bytes, place: int, bit: int = 1) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= bit
    return bytes(changed)


def test_an_unchanged_document_is_valid_and_says_who_when_and_why(signed: bytes, keys: Path) -> None:
    verification = check(signed, keys=keys)
    assert verification.valid
    assert verification.signer == f"{OPERATOR} 平台电子印章"
    assert verification.signed_at == SUNDAY
    assert verification.reason == REASON


def test_no_single_flipped_bit_outside_the_signature_stays_valid(signed: bytes, keys: Path) -> None:
    gap_starts, gap_ends = byte_range(signed)
    covered = [*range(gap_starts), *range(gap_ends, len(signed))]
    places = random.Random(7).sample(covered, 250)
    assert [p for p in places for bit in (0x01, 0x20) if check(flipped(signed, p, bit), keys=keys).valid] == []


def test_nothing_can_hide_in_the_padding_behind_the_signature(signed: bytes, keys: Path) -> None:
    _, gap_ends = byte_range(signed)
    assert signed[gap_ends - 9 : gap_ends - 1] == b"00000000", "the end of the gap is padding"
    hidden = signed[: gap_ends - 9] + b"CAFEBABE" + signed[gap_ends - 1 :]
    assert check(hidden, keys=keys).verdict is Verdict.ALTERED


def test_a_changed_figure_under_the_signature_is_altered(keys: Path) -> None:
    marked = blank_paper() + b"%% 300000\n"
    signed = signing.sign(marked, keys=keys, reason=REASON, at=SUNDAY)
    assert check(signed, keys=keys).valid
    assert check(signed.replace(b"300000", b"900000"), keys=keys).verdict is Verdict.ALTERED


def test_an_incremental_update_is_flagged_even_though_the_signed_part_is_intact(signed: bytes, keys: Path) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/PageMode"] = NameObject("/UseOutlines")
    writer.update_root()
    extended = io.BytesIO()
    writer.write(extended)
    assert extended.getvalue().startswith(signed)
    assert check(extended.getvalue(), keys=keys).verdict is Verdict.EXTENDED


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%"])
def test_one_byte_behind_the_end_is_flagged(signed: bytes, keys: Path, tail: bytes) -> None:
    assert not check(signed + tail, keys=keys).valid


def test_a_document_of_another_key_is_foreign_whatever_name_it_claims(tmp_path: Path, keys: Path) -> None:
    ensure_pair(tmp_path / "forger", operator=OPERATOR, at=SUNDAY)
    forged = signing.sign(blank_paper(), keys=tmp_path / "forger", reason=REASON, at=SUNDAY)
    assert check(forged, keys=keys).verdict is Verdict.FOREIGN


@pytest.mark.parametrize("file", [b"", b"%PDF-1.7", b"\x00" * 100, b"GIF89a" * 50])
def test_a_file_that_is_no_document_is_unreadable_and_breaks_nothing(keys: Path, file: bytes) -> None:
    assert check(file, keys=keys).verdict is Verdict.UNREADABLE


def test_a_document_without_a_signature_is_unsigned(keys: Path) -> None:
    assert check(blank_paper(), keys=keys).verdict is Verdict.UNSIGNED


def test_the_signature_tells_no_time_but_the_one_given_and_keeps_the_file_within_pdf_a(signed: bytes) -> None:
    reader = PdfReader(io.BytesIO(signed))
    assert "/Version" not in reader.root_object or reader.root_object["/Version"] == "/1.7"
    assert "/ModDate" not in (reader.metadata or {})
    field = reader.get_fields() or {}
    assert field["PlatformSeal"]["/V"]["/M"] == "D:20261122030405Z"
    assert field["PlatformSeal"]["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"


def test_papers_of_former_keys_stay_valid_and_new_ones_carry_the_new_key(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    ensure_pair(folder, operator=OPERATOR, at=SUNDAY)
    old = signing.sign(blank_paper(), keys=folder, reason=REASON, at=SUNDAY)
    replace_pair(folder, make_pair(operator="新运营方", at=MONDAY))
    new = signing.sign(blank_paper(), keys=folder, reason=REASON, at=MONDAY)
    assert check(old, keys=folder).valid
    assert check(new, keys=folder).signer == "新运营方 平台电子印章"
    for former in (folder / FORMER).iterdir():
        former.unlink()
    assert check(old, keys=folder).verdict is Verdict.FOREIGN


def test_a_pair_whose_parts_do_not_belong_together_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    ensure_pair(folder, operator=OPERATOR, at=SUNDAY)
    before = (folder / PAIR).read_bytes()
    key_of_one = make_pair(operator="甲", at=SUNDAY).split(b"-----BEGIN CERTIFICATE")[0]
    certificate_of_another = make_pair(operator="乙", at=SUNDAY).partition(b"-----BEGIN CERTIFICATE")
    with pytest.raises(ValueError, match="not of this private key"):
        replace_pair(folder, key_of_one + certificate_of_another[1] + certificate_of_another[2])
    with pytest.raises(ValueError, match="one private key"):
        replace_pair(folder, key_of_one)
    assert (folder / PAIR).read_bytes() == before


def test_the_private_key_is_readable_by_its_owner_alone(keys: Path) -> None:
    assert (keys / PAIR).stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o777 == 0o700


def test_many_first_starts_at_once_agree_on_one_pair(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    start = threading.Barrier(12)
    seen: list[bytes] = []

    def first_start() -> None:
        start.wait()
        ensure_pair(folder, operator=OPERATOR, at=SUNDAY)
        seen.append(in_force(folder).certificate.sha256)

    threads = [threading.Thread(target=first_start) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 12
    assert len(set(seen)) == 1
    assert [file.name for file in folder.iterdir()] == [PAIR], "no draft is left lying about"


def test_the_made_certificate_is_p256_for_signing_documents_and_lasts_ten_years() -> None:
    pair = read_pair(make_pair(operator=OPERATOR, at=SUNDAY))
    assert pair.certificate.public_key.curve == ("named", "secp256r1")
    assert pair.certificate.key_usage_value.native == {"digital_signature", "non_repudiation"}
    assert (pair.certificate.not_valid_after - pair.certificate.not_valid_before).days == 3653
    assert pair.certificate.subject.native["organization_name"] == OPERATOR


def test_every_certificate_ever_in_force_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    ensure_pair(folder, operator="甲", at=SUNDAY)
    for operator in ("乙", "丙"):
        replace_pair(folder, make_pair(operator=operator, at=SUNDAY))
    names = {certificate.subject.native["organization_name"] for certificate in known_certificates(folder)}
    assert names == {"甲", "乙", "丙"}
