"""Time stamps of an authority (RFC 3161): what is asked, and whether an answer is a time stamp of it.

A token is a signed sentence: "this SHA-256 was there at this moment". It is read and checked by Trail of
Bits' rfc3161-client, offline. Nothing that stands in one is believed before it is checked, and nothing is
printed as it stands: whoever answers may be anybody.
"""

import hashlib
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from trialkit.disk.reading import bytes_within, reading
from trialkit.errors import EvidenceError
from trialkit.limits import LARGEST_DEFINITION, LARGEST_TIME_STAMP
from trialkit.printable import printable

AVAILABLE = find_spec("rfc3161_client") is not None
INSTALL = "pip install 'trialkit[timestamps]'"
_SHA256 = "2.16.840.1.101.3.4.2.1"
_STATUS = {
    1: "granted it with changes to what was asked, which are not taken",
    2: "refused it",
    3: "answers later, which is not waited for",
    4: "refused it, and warns that a certificate is about to be revoked",
    5: "refused it, and says that a certificate was revoked",
}
_FAILURES = {
    0: "it does not know the hash, SHA-256",
    2: "it does not allow or support this",
    5: "it could not read what was asked",
    14: "its clock is not available",
    15: "it does not know the policy",
    16: "it does not know an extension",
    17: "something else that was asked for is not available",
    25: "it failed itself",
}
"""The bits of ``PKIFailureInfo`` (RFC 3161, 2.4.2)."""
_NOT_TRUSTED = re.compile(r'Verify error:\s*([^"]{1,200})')


@dataclass(frozen=True, slots=True, kw_only=True)
class StampQuestion:
    """What an authority is asked."""

    encoded: bytes
    """As it is sent: the SHA-256 and a number for this question alone, and nothing else."""
    nonce: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamp:
    """What an answer says that was found to be a time stamp."""

    at: datetime
    """The moment that the authority states, in UTC."""
    signer: str
    """Whose certificate it names, fit to be printed; empty where it names none."""
    is_vouched: bool
    """Whether its signature was found to go back to certificates that were given."""

    @property
    def moment(self) -> str:
        """The moment in UTC, as the log states moments."""
        return f"{self.at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def require_time_stamps() -> None:
    """Say what to install where no time stamp can be read."""
    if not AVAILABLE:
        raise EvidenceError(
            f"time stamps are asked for and checked by rfc3161-client, which is not there: {INSTALL}"
        )


def question(stated: bytes) -> StampQuestion:
    """What to ask an authority about these bytes, of which it learns the SHA-256 alone."""
    client = _library("rfc3161_client")
    asked = client.TimestampRequestBuilder(
        data=stated, hash_algorithm=client.HashAlgorithm.SHA256
    ).build()
    return StampQuestion(encoded=asked.as_bytes(), nonce=asked.nonce)


def read_certificates(path: Path) -> tuple[Any, ...]:
    """The certificates of a PEM file, which a time stamp is to go back to.

    Raises :class:`EvidenceError` for a file that holds none.
    """
    load = _library("cryptography.x509").load_pem_x509_certificates
    with reading(path):
        content = bytes_within(path, LARGEST_DEFINITION)
    try:
        with _silent():
            return tuple(dict.fromkeys(load(content)))
    except Exception as error:  # noqa: BLE001 - the library's own kinds, some for each thing that is wrong
        raise EvidenceError(
            f"{path}: no certificates can be read from it ({printed(str(error))}); expected PEM, each between "
            "-----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----"
        ) from None


def time_stamp(
    answer: bytes, stated: bytes, certificates: Sequence[Any] = (), *, nonce: int | None = None
) -> TimeStamp:
    """What an answer says of these bytes, checked: the hash, the signature, and whose it is.

    Without ``certificates`` nobody's signature is looked at; ``nonce`` is of the question, where the
    answer was just given. Raises :class:`EvidenceError`, which says what is wrong with the answer; the
    words follow a subject, such as "the time stamp".
    """
    if len(answer) > LARGEST_TIME_STAMP:
        raise EvidenceError(
            f"has {len(answer):,} bytes, and one has at most {LARGEST_TIME_STAMP:,}"
        )
    try:
        with _silent():
            read = _library("rfc3161_client").decode_timestamp_response(answer)
            _refuse_another(read, answer, stated, nonce)
            if certificates:
                _verify(read, certificates, hashlib.sha256(stated).digest())
            return TimeStamp(
                at=read.tst_info.gen_time.astimezone(UTC),
                signer=_signer(read),
                is_vouched=bool(certificates),
            )
    except EvidenceError:
        raise
    except Exception as error:  # noqa: BLE001 - as above: what stands in an answer is anybody's
        raise EvidenceError(f"cannot be read as RFC 3161 has it ({printed(str(error))})") from None


def _refuse_another(read: Any, answer: bytes, stated: bytes, nonce: int | None) -> None:
    """Raise :class:`EvidenceError` for what is no time stamp, or one of something else."""
    if read.status:
        raise EvidenceError(_refused(read, answer))
    told = read.tst_info
    imprint = told.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256:
        raise EvidenceError("is of another kind of hash than SHA-256")
    if imprint.message != hashlib.sha256(stated).digest():
        raise EvidenceError("is of something else: it has another hash than was asked about")
    if nonce is not None and told.nonce != nonce:
        raise EvidenceError(
            "answers another question: it does not have the number of this one, and may be old"
        )


def _verify(read: Any, certificates: Sequence[Any], digest: bytes) -> None:
    client = _library("rfc3161_client")
    try:
        client.VerifierBuilder(roots=list(certificates)).build().verify(read, digest)
    except client.VerificationError as error:
        raise EvidenceError(_not_verified(str(error))) from None


def _not_verified(said: str) -> str:
    """Why a signature does not hold, out of what the library and OpenSSL say."""
    chain = _NOT_TRUSTED.search(said)
    if chain is not None:
        return (
            "is signed by somebody who does not go back to the certificates that were given "
            f"({printed(chain[1])})"
        )
    if "verify pkcs7 signature" in said:
        return "has a signature that does not fit: it was changed after it was signed"
    return f"is signed in a way that is not taken ({printed(said)})"


def _refused(read: Any, answer: bytes) -> str:
    """What the authority said instead of a time stamp."""
    odd = f"gave the status {read.status}, which RFC 3161 does not have"
    words = [f"is no time stamp: the authority {_STATUS.get(read.status, odd)}"]
    words += _failures(answer)
    words += (
        [f'its words: "{printed(" ".join(map(str, read.status_string)))}"']
        if read.status_string
        else []
    )
    return "; ".join(words)


def _failures(answer: bytes) -> list[str]:
    """The reasons of a refusal, in words: the bits that the library does not give."""
    asn1 = _library("cryptography.hazmat.asn1")

    class Told:
        status: int
        texts: list[str] | None
        failure: asn1.BitString | None  # type: ignore[name-defined]

    class Refusal:
        told: Told

    asn1.sequence(Told)
    try:
        failure = asn1.decode_der(asn1.sequence(Refusal), answer).told.failure
    except ValueError:  # one with more in it, which says enough without
        return []
    if failure is None:
        return []
    content = failure.as_bytes()
    set_bits = [at for at in range(8 * len(content)) if content[at // 8] & (0x80 >> at % 8)]
    return [_FAILURES.get(bit, f"failure {bit}") for bit in set_bits[:4]]


def _signer(read: Any) -> str:
    """The subject of the certificate by which it is signed, if it brings that along."""
    x509 = _library("cryptography.x509")
    signers = read.signed_data.signer_infos
    for signer in signers:
        for each in read.signed_data.certificates:
            certificate = x509.load_der_x509_certificate(each)
            if (certificate.issuer, certificate.serial_number) == (
                signer.issuer,
                signer.serial_number,
            ):
                return printed(certificate.subject.rfc4514_string())
    return ""


def printed(text: str) -> str:
    """A text of anybody's on one line of a terminal or a log: short, and with nothing unseen in it."""
    flat = " ".join(text.split())
    shown = printable(flat)
    return shown if len(shown) <= 200 else f"{shown[:199]}…"


@contextmanager
def _silent() -> Iterator[None]:
    """Without what cryptography says of odd certificates, which would go past the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _library(name: str) -> ModuleType:
    """A library that only time stamps need, and that loads much else."""
    require_time_stamps()
    return import_module(name)
