"""A signature's time, said by somebody else; and no signature where he does not answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jinfuyun.sandbox.departments.stamps import CERTIFICATE
from jinfuyun.storage import stamping
from jinfuyun.storage.document_keys import CERTIFICATE_DAYS, PAIR, ensure_pair
from jinfuyun.storage.signing import CannotSign, Stamps, Verdict, check, sign
from tests.sandbox.service import Service
from tests.storage.test_signing import OPERATOR, REASON, SUNDAY, blank_paper, byte_range, flipped


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    ensure_pair(tmp_path / "documents", operator=OPERATOR, at=SUNDAY)
    return tmp_path / "documents"


@pytest.fixture
def stamps(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamps]:
    """A busy machine may keep the service from answering as fast as it must in earnest."""
    monkeypatch.setattr(stamping, "TIMEOUT_SECONDS", 60)
    yield Stamps(service.url + "/time-stamps", service.state / CERTIFICATE)
    service.fault("time_stamps", "off")


def test_a_stamped_document_is_valid_and_says_when_by_the_services_clock(keys: Path, stamps: Stamps) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    found = check(sign(blank_paper(), keys=keys, stamps=stamps, reason=REASON, at=SUNDAY), keys=keys, stamps=stamps)
    assert found.verdict is Verdict.VALID
    assert found.signed_at == SUNDAY
    assert found.stamped_at is not None
    assert before <= found.stamped_at <= datetime.now(UTC)


def test_a_stamp_of_a_service_that_nobody_trusts_says_nothing(keys: Path, stamps: Stamps, tmp_path: Path) -> None:
    signed = sign(blank_paper(), keys=keys, stamps=stamps, reason=REASON, at=SUNDAY)
    found = check(signed, keys=keys, stamps=replace(stamps, certificates=tmp_path / "none.crt"))
    assert (found.verdict, found.stamped_at) == (Verdict.VALID, None)


def test_no_bit_of_a_stamped_document_can_be_flipped(keys: Path, stamps: Stamps) -> None:
    signed = sign(blank_paper(), keys=keys, stamps=stamps, reason=REASON, at=SUNDAY)
    gap_starts, gap_ends = byte_range(signed)
    for place in [*range(9, gap_starts, 97), *range(gap_ends, len(signed) - 1, 97)]:
        assert not check(flipped(signed, place), keys=keys, stamps=stamps).valid


def test_a_stamp_that_was_touched_is_no_stamp_any_more(keys: Path, stamps: Stamps) -> None:
    signed = sign(blank_paper(), keys=keys, stamps=stamps, reason=REASON, at=SUNDAY)
    true = check(signed, keys=keys, stamps=stamps).stamped_at
    digits = range(byte_range(signed)[0] + 1, byte_range(signed)[1], 61)  # hexadecimal: the last bit changes a digit
    touched = [check(flipped(signed, place), keys=keys, stamps=stamps) for place in digits if signed[place] != ord("0")]
    assert {found.stamped_at for found in touched if found.valid} <= {true, None}
    assert any(found.stamped_at is None for found in touched)


@pytest.mark.parametrize("fault", ["down", "malformed", "slow"])
def test_without_the_service_nothing_is_signed(
    keys: Path, stamps: Stamps, service: Service, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    service.fault("time_stamps", fault)
    monkeypatch.setattr(stamping, "TIMEOUT_SECONDS", 0.2 if fault == "slow" else 60)
    with pytest.raises(CannotSign, match="时间戳"):
        sign(blank_paper(), keys=keys, stamps=stamps, reason=REASON, at=SUNDAY)


def test_a_missing_or_broken_key_signs_nothing(keys: Path) -> None:
    (keys / PAIR).write_bytes(b"-----BEGIN NOTHING-----\n")
    with pytest.raises(CannotSign, match="密钥"):
        sign(blank_paper(), keys=keys, reason=REASON, at=SUNDAY)
    (keys / PAIR).unlink()
    with pytest.raises(CannotSign, match="密钥"):
        sign(blank_paper(), keys=keys, reason=REASON, at=SUNDAY)


def test_a_certificate_that_has_ended_signs_nothing(keys: Path) -> None:
    sign(blank_paper(), keys=keys, reason=REASON, at=SUNDAY + timedelta(days=CERTIFICATE_DAYS))
    with pytest.raises(CannotSign, match="过期"):
        sign(blank_paper(), keys=keys, reason=REASON, at=SUNDAY + timedelta(days=CERTIFICATE_DAYS, seconds=1))
