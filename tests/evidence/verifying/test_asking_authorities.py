"""An authority is asked, and whatever else it answers is refused in words: nothing hangs, nothing is believed."""

import socket
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.evidence.authorities import PROXIES, Reply, Signing, authority, honest, made_signing
from trialkit.errors import EvidenceError
from trialkit.evidence.verifying.asking_authorities import TimeStampAuthority
from trialkit.evidence.verifying.time_stamps import question, read_certificates, time_stamp

STATED = b"42 " + b"a" * 64 + b"\n"


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    return made_signing(tmp_path_factory.mktemp("asking") / "signing")


@pytest.fixture(autouse=True)
def without_a_proxy(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def refused(answering, *, now=None, patience_seconds=5.0, certificates=()):
    with authority(answering) as url:
        asked = TimeStampAuthority(
            url=url, patience_seconds=patience_seconds, certificates=certificates
        )
        with pytest.raises(EvidenceError) as found:
            asked.stamped(STATED, now or datetime.now(UTC))
    said = str(found.value)
    assert said.startswith(url)
    assert said.endswith("Nothing was written, in the log or the file")
    assert said.isprintable()
    return said


def test_an_honest_answer_is_kept_as_it_came(signing):
    certificates = read_certificates(signing.root)
    with honest(signing) as url:
        asked = TimeStampAuthority(url=f"{url}?key=secret", certificates=certificates)
        given = asked.stamped(STATED, datetime.now(UTC))
    assert given.authority == url  # without what may be a key
    assert time_stamp(given.answer, STATED, certificates) == given.says


def test_an_answer_to_another_question_is_refused(signing):
    old = signing.answer(question(STATED).encoded)
    assert "answers another question" in refused(lambda _: Reply(body=old))


def test_another_hash_is_refused(signing):
    other = signing.answer(question(b"another line").encoded)
    assert "has another hash" in refused(lambda _: Reply(body=other))


def test_somebody_else_is_refused(signing, tmp_path):
    other = made_signing(tmp_path / "other", "Another")
    said = refused(
        lambda query: Reply(body=other.answer(query)), certificates=read_certificates(signing.root)
    )
    assert "does not go back to the certificates that were given" in said


def test_another_time_is_refused(signing):
    late = datetime.now(UTC) + timedelta(minutes=9)
    said = refused(lambda query: Reply(body=signing.answer(query)), now=late)
    assert "and the clock of this computer is at" in said


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(body=b"hello"), "the answer cannot be read as RFC 3161 has it"),
        (Reply(), "the answer cannot be read as RFC 3161 has it"),
        (Reply(body=b"<html>", kind="text/html"), "answered with text/html, and application/"),
        (Reply(status=503, body=b"no"), "answered 503 Service Unavailable"),
        (Reply(status=204), "answered 204"),
        (Reply(body=b"0" * 3_000_000), "answered with more than 100,000 bytes"),
        (Reply(status=302, location="file:///etc/passwd"), "elsewhere now at file:///etc/passwd, which is not"),
        (Reply(status=307, location="http://127.0.0.1:1/"), "which is not followed"),
        (Reply(status=308), "says that it is elsewhere now, which is not followed"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told(reply, told):
    assert told in refused(lambda _: reply)


def test_a_slow_answer_is_not_waited_for():
    began = time.monotonic()
    said = refused(lambda _: Reply(body=b"0" * 500, pause_seconds=0.05), patience_seconds=0.3)
    assert "gave no whole answer within" in said
    assert time.monotonic() - began < 5


def test_nobody_there_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(EvidenceError, match="cannot be reached: Connection refused"):
        TimeStampAuthority(url=url).stamped(STATED, datetime.now(UTC))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://host/", "host", "https://", "http://[1", "http://host:port/",
        "http://host/a b", "http://host/\nX: y", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url):
    with pytest.raises(EvidenceError, match="expected the address of a time-stamp authority"):
        TimeStampAuthority(url=url).stamped(STATED, datetime.now(UTC))


def test_a_password_in_the_address_is_refused_and_not_repeated():
    with pytest.raises(EvidenceError, match="holds an account or a password") as found:
        TimeStampAuthority(url="https://me:secret@host/").stamped(STATED, datetime.now(UTC))
    assert "secret" not in str(found.value)
