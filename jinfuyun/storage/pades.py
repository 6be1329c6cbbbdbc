"""The platform's signature on its documents: PAdES B-T, ECDSA on P-256, invisible (the seal is drawn on the page).

Without a time stamp service it is PAdES B-B.

It proves that a file has not changed since the platform made it. Trust is by the certificate itself: the one in force
and the former ones in the keys folder, so a paper keeps its proof after the keys were replaced. A few bytes of the
signature's own wrapper are covered by no signature in the world: the whole file's hash stands in the book for that.
"""

import io
from datetime import datetime
from pathlib import Path

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from jinfuyun.storage.document_keys import Pair, in_force, known_certificates
from jinfuyun.storage.signing import CannotSign, Stamps, Verdict, Verification
from jinfuyun.storage.stamping import Stamper, trusted

FIELD = "PlatformSeal"
BYTES_RESERVED = 8192  # hexadecimal digits for the signature: twice what a self-signed chain takes, room for a real one
BYTES_FOR_STAMP = 24_576  # a stamp with its service's chain


def sign(pdf: bytes, *, keys: Path, stamps: Stamps | None, reason: str, at: datetime) -> bytes:
    """See `signing.sign`."""
    pair = _usable_pair(keys, at)
    registry = SimpleCertificateStore()
    registry.register_multiple(pair.chain)
    signer = SimpleSigner(signing_cert=pair.certificate, signing_key=pair.key, cert_registry=registry)
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    pen = _SignerAt(meta, signer, timestamper=Stamper(stamps.url) if stamps and stamps.url else None, at=at)
    room = BYTES_RESERVED + (BYTES_FOR_STAMP if stamps and stamps.url else 0)
    try:
        return bytes(pen.sign_pdf(_UndatedWriter(io.BytesIO(pdf)), bytes_reserved=room).getvalue())
    except (OSError, TimestampRequestError) as trouble:  # the paper is in memory: only the service can be out of reach
        raise CannotSign("时间戳服务暂不可用。") from trouble


def _usable_pair(keys: Path, at: datetime) -> Pair:
    try:
        pair = in_force(keys)
    except (OSError, ValueError) as trouble:
        raise CannotSign("平台签章密钥不可用。") from trouble
    if at > pair.certificate.not_valid_after:
        raise CannotSign("平台签章证书已过期。")
    return pair


def check(pdf: bytes, *, keys: Path, stamps: Stamps | None) -> Verification:
    """See `signing.check`."""
    known = known_certificates(keys)
    try:
        signatures = list(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)
    except Exception:  # a stranger's file can break the parser in any way; whichever, it is no document of ours
        return Verification(Verdict.UNREADABLE)
    if not signatures:
        return Verification(Verdict.UNSIGNED)
    try:
        return _examined(pdf, signatures, known, trusted(stamps.certificates if stamps else None))
    except Exception:  # the same within a signature: what cannot be followed to its end is not what was signed
        return Verification(Verdict.ALTERED)


def _examined(
    pdf: bytes, signatures: list[EmbeddedPdfSignature], known: list[Certificate], stampers: list[Certificate]
) -> Verification:
    signature = signatures[0]
    status = validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=known, allow_fetching=False, moment=signature.self_reported_timestamp),
        # A stamp's certificate may have ended since: it had to be good when it stamped.
        ValidationContext(trust_roots=stampers, allow_fetching=False, moment=signature.self_reported_timestamp),
        skip_diff=True,  # whatever was appended is too much, so its kind does not matter
    )
    stamp = status.timestamp_validity
    said = {
        "signer": signature.signer_cert.subject.native.get("common_name"),
        "signed_at": signature.self_reported_timestamp,
        "reason": signature.sig_object.get("/Reason"),
        "stamped_at": stamp.timestamp if stamp and stamp.valid and stamp.intact and stamp.trusted else None,
    }
    if not (status.intact and status.valid):
        return Verification(Verdict.ALTERED, **said)
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or len(signatures) > 1:
        return Verification(Verdict.EXTENDED, **said)
    if not _gap_holds_only_the_signature(pdf, signature):
        return Verification(Verdict.ALTERED, **said)
    if signature.signer_cert.sha256 not in {certificate.sha256 for certificate in known}:
        return Verification(Verdict.FOREIGN, **said)
    return Verification(Verdict.VALID, **said)


def _gap_holds_only_the_signature(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The one stretch no signature can cover is the signature: nothing else may hide there, nor behind its end."""
    _, before, resumes, after = signature.byte_range
    contents = signature.pkcs7_content
    padding = contents[len(cms.ContentInfo.load(contents).dump()) :]
    return (
        resumes + after == len(pdf)
        and pdf[before:resumes] == b"<" + contents.hex().upper().encode() + b">"
        and not padding.strip(b"\0")
    )


class _SignerAt(PdfSigner):
    """The library asks the clock for the time of signing; here it is told."""

    def __init__(
        self, meta: PdfSignatureMetadata, signer: SimpleSigner, *, timestamper: Stamper | None, at: datetime
    ) -> None:
        super().__init__(meta, signer, timestamper=timestamper)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Only what PAdES asks for: for P-256 the library would raise the file to PDF 2.0, and PDF/A-2 ends at 1.7."""
        pdf_out.register_extension(ESIC_EXTENSION_1)


class _UndatedWriter(IncrementalPdfFileWriter):
    """Leaves the document's dates as they were given; the library would write the clock's time over them."""

    def _update_meta(self) -> None:
        return
