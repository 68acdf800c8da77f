"""An answer is a time stamp of these bytes, or is refused in words: whatever stands in it."""

from base64 import b64decode
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.any_file.harming import harmed
from tests.conftest import examples
from tests.evidence.authorities import Signing, made_signing
from trialkit.errors import DataFileError, EvidenceError
from trialkit.evidence.verifying import time_stamps
from trialkit.evidence.verifying.time_stamps import question, read_certificates, time_stamp

STATED = b"42 " + b"a" * 64 + b"\n"
REFUSED_BY_OPENSSL = b64decode(
    "MDcwNQIBAjAsDCpNZXNzYWdlIGRpZ2VzdCBhbGdvcml0aG0gaXMgbm90IHN1cHBvcnRlZC4DAgeA"
)
"""What ``openssl ts -reply`` says of a hash that it does not know."""


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    return made_signing(tmp_path_factory.mktemp("time_stamps") / "signing")


@pytest.fixture(scope="module")
def answer(signing: Signing) -> bytes:
    return signing.answer(question(STATED).encoded)


def test_what_is_asked_is_a_hash_and_a_number_of_its_own():
    first, second = question(STATED), question(STATED)
    assert first.nonce != second.nonce
    assert STATED.strip() not in first.encoded
    assert len(first.encoded) < 80


def test_a_time_stamp_says_when_and_whose_it_is(signing, answer):
    found = time_stamp(answer, STATED, read_certificates(signing.root))
    assert found.is_vouched
    assert found.signer == "CN=Test stamps"
    assert found.moment.endswith(".000Z")
    assert not time_stamp(answer, STATED).is_vouched


def test_another_line_is_told(answer):
    with pytest.raises(EvidenceError, match="has another hash than was asked about"):
        time_stamp(answer, STATED.replace(b"42", b"43"))


def test_the_answer_to_another_question_is_told(answer):
    with pytest.raises(EvidenceError, match="answers another question"):
        time_stamp(answer, STATED, nonce=7)


def test_somebody_else_is_told(answer, tmp_path):
    other = made_signing(tmp_path / "other")
    with pytest.raises(EvidenceError, match="does not go back to the certificates"):
        time_stamp(answer, STATED, read_certificates(other.root))


def test_a_signature_that_was_changed_is_told(signing, answer):
    certificates = read_certificates(signing.root)
    changed = bytearray(answer)
    changed[-4] ^= 1
    with pytest.raises(EvidenceError, match="signature that does not fit"):
        time_stamp(bytes(changed), STATED, certificates)


def test_a_refusal_is_told_with_its_reason():
    with pytest.raises(EvidenceError) as refused:
        time_stamp(REFUSED_BY_OPENSSL, STATED)
    assert str(refused.value) == (
        "is no time stamp: the authority refused it; it does not know the hash, SHA-256; its words: "
        '"Message digest algorithm is not supported."'
    )


def test_a_refusal_cannot_write_on_the_terminal():
    evil = REFUSED_BY_OPENSSL.replace(b"Message digest", b"\x1b[2J\nmy words!")
    with pytest.raises(EvidenceError, match=r"\[2J my words! algorithm") as refused:
        time_stamp(evil, STATED)
    assert str(refused.value).isprintable()


def test_what_was_granted_with_changes_is_not_taken(answer):
    at = answer.index(b"\x30\x03\x02\x01\x00") + 4
    changed = answer[:at] + b"\x01" + answer[at + 1 :]
    with pytest.raises(EvidenceError, match="granted it with changes"):
        time_stamp(changed, STATED)


@pytest.mark.parametrize(
    ("what", "told"),
    [(b"", "cannot be read"), (b"hello", "cannot be read"), (b"0" * 100_001, "100,001 bytes")],
)
def test_what_is_no_answer_is_told(what, told):
    with pytest.raises(EvidenceError, match=told):
        time_stamp(what, STATED)


@settings(max_examples=examples(300), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_harmed_answer_is_of_the_line_or_refused(signing, answer, seed):
    changed = harmed(answer, Random(seed), [answer])
    certificates = read_certificates(signing.root)
    found, said = None, ""
    try:
        found = time_stamp(changed, STATED, certificates)
    except EvidenceError as error:
        said = str(error)
    if found is None:
        assert said.isprintable()
    else:
        assert found == time_stamp(answer, STATED, certificates)


def test_a_file_without_certificates_is_named(tmp_path: Path):
    path = tmp_path / "nothing.pem"
    with pytest.raises(DataFileError, match=r"nothing\.pem"):
        read_certificates(path)
    for text in ("", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        path.write_text(text)
        with pytest.raises(EvidenceError, match=r"nothing\.pem: no certificates"):
            read_certificates(path)


def test_without_the_library_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(time_stamps, "AVAILABLE", False)
    with pytest.raises(EvidenceError, match=r"pip install 'trialkit\[timestamps\]'"):
        question(STATED)
