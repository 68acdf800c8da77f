"""``trialkit store anchor --authority`` and what ``verify`` says of the time stamps that were kept."""

import re
import shlex
import socket
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.evidence.authorities import PROXIES, Reply, Signing, authority, honest, made_signing
from trialkit.cli import store_stamps
from trialkit.cli.main import main
from trialkit.cli.store_keeping import ANCHORS
from trialkit.evidence.verifying import time_stamps
from trialkit.evidence.verifying.time_stamps import question

DOCS = Path(__file__).parents[2] / "docs" / "store.md"


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    return made_signing(tmp_path_factory.mktemp("stamping") / "signing")


@pytest.fixture(autouse=True)
def without_a_proxy(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def called(code, *words, moment=None):
    assert main([*map(str, words)], moment=moment or datetime.now(UTC)) == code, words


@pytest.fixture
def stamped(stored, signing, capsys):
    """A store whose end has a time stamp."""
    with honest(signing) as url:
        called(0, "store", "anchor", "trial", "--authority", url,
               "--authority-certificates", signing.root)  # fmt: skip
    return stored


def kept(trial):
    return (trial / ANCHORS).read_text()


def count_of_events(capsys):
    capsys.readouterr()
    called(0, "store", "log", "trial")
    return capsys.readouterr().out.splitlines()[0]


def test_a_time_stamp_stands_in_the_file_and_the_log_says_so(stamped, signing, capsys):
    said = capsys.readouterr().out
    seq, sha256, stamp = kept(stamped).split()
    assert f"Event {seq}: time stamp of 20" in said
    assert f"by CN=Test stamps; it goes back to the certificates of {signing.root}" in said
    called(0, "store", "log", "trial")
    line = capsys.readouterr().out.splitlines()[-2]
    assert f"anchored {seq}: time stamp of 20" in line
    assert "by http://127.0.0.1:" in line
    called(0, "store", "verify", "trial", "--authority-certificates", signing.root)
    assert "it goes back to the certificates" in capsys.readouterr().out
    assert len(b64decode(stamp)) > 500
    assert len(sha256) == 64


def test_without_certificates_it_is_said_that_nobody_was_checked(stamped, capsys):
    called(0, "store", "verify", "trial")
    assert "it is of the line; who signed it was not checked" in capsys.readouterr().out


def test_openssl_verifies_what_is_kept_by_the_commands_of_the_docs(stamped, signing):
    block = re.search(r"```bash\n(sed [^`]*openssl ts -verify[^`]*)```", DOCS.read_text())
    assert block is not None
    script = block[1].replace("authority.pem", shlex.quote(str(signing.root)))
    done = subprocess.run(
        ["bash", "-ec", script], check=False, cwd=stamped, capture_output=True, text=True
    )
    assert done.stdout.strip() == "Verification: OK", done.stderr


def test_an_anchor_with_a_time_stamp_is_not_stamped_twice_and_one_without_is(
    stored, signing, capsys
):
    called(0, "store", "anchor", "trial")
    with honest(signing) as url:
        called(0, "store", "anchor", "trial", "--authority", url)
        called(0, "store", "anchor", "trial", "--authority", url)
    assert "stands already in" in capsys.readouterr().out
    plain, stamped = kept(stored).splitlines()
    assert (len(plain.split()), len(stamped.split())) == (2, 3)
    called(0, "store", "anchor", "trial")
    called(0, "store", "verify", "trial")
    assert "2 anchors were found again" in capsys.readouterr().out


@pytest.mark.parametrize(
    "reply", [Reply(body=b"nothing"), Reply(status=500), Reply(status=302, location="http://a/")]
)
def test_nothing_is_written_where_no_time_stamp_comes(stored, capsys, reply):
    before = count_of_events(capsys)
    with authority(lambda _: reply) as url:
        called(2, "store", "anchor", "trial", "--authority", url)
    assert "Nothing was written, in the log or the file" in capsys.readouterr().err
    assert not (stored / ANCHORS).exists()
    assert count_of_events(capsys) == before


def test_a_stamp_by_somebody_else_is_not_written(stored, signing, tmp_path, capsys):
    other = made_signing(tmp_path / "other", "Other")
    with honest(other) as url:
        called(2, "store", "anchor", "trial", "--authority", url,
               "--authority-certificates", signing.root)  # fmt: skip
    assert "does not go back to the certificates that were given" in capsys.readouterr().err
    assert not (stored / ANCHORS).exists()


def test_a_clock_that_is_wrong_is_told(stored, signing, capsys):
    with honest(signing) as url:
        called(2, "store", "anchor", "trial", "--authority", url,
               moment=datetime.now(UTC) - timedelta(hours=2))  # fmt: skip
    assert "set the clock" in capsys.readouterr().err


def with_stamp(trial, stamp):
    seq, sha256, *_ = kept(trial).split()
    (trial / ANCHORS).write_text(f"{seq} {sha256} {b64encode(stamp).decode()}\n")


def test_a_stamp_of_another_line_is_told(stamped, signing, capsys):
    with_stamp(stamped, signing.answer(question(b"1 " + b"0" * 64 + b"\n").encoded))
    called(1, "store", "verify", "trial")
    assert "\n  time stamp: the time stamp of event" in capsys.readouterr().out


def test_a_stamp_that_somebody_else_made_is_told(stamped, tmp_path, signing, capsys):
    other = made_signing(tmp_path / "other", "Other\u202e")
    with_stamp(stamped, other.answer(question(line_of(stamped)).encoded))
    called(1, "store", "verify", "trial")
    said = capsys.readouterr().out
    assert "\u202e" not in said
    assert "1 thing does not fit" in said
    assert "is not in the file of anchors: the line has another one" in said
    called(1, "store", "verify", "trial", "--authority-certificates", signing.root)
    assert "does not go back to the certificates" in capsys.readouterr().out


def line_of(trial):
    return " ".join(kept(trial).split()[:2]).encode() + b"\n"


def test_a_stamp_that_was_taken_out_of_the_file_is_missed(stamped, capsys):
    (stamped / ANCHORS).write_text(line_of(stamped).decode())
    called(1, "store", "verify", "trial")
    said = capsys.readouterr().out
    assert "\n  time stamp: the time stamp of event" in said
    assert "the line stands there without it; it was taken out" in said
    (stamped / ANCHORS).write_text("")
    called(1, "store", "verify", "trial")
    assert "nor is its line" in capsys.readouterr().out


def test_a_file_of_anchors_that_is_kept_elsewhere_is_asked_for(stamped, capsys):
    (stamped / ANCHORS).rename("kept.txt")
    called(0, "store", "verify", "trial")
    said = " ".join("".join(capsys.readouterr()).split())
    assert "the log says that 1 time stamp was given (event" in said
    assert "name the file of anchors by --anchors" in said
    called(0, "store", "verify", "trial", "--anchors", "kept.txt")
    assert "was given" not in "".join(capsys.readouterr())


@pytest.mark.slow
def test_an_authority_of_ones_own_is_made_and_asked_as_the_docs_say(
    stored, tmp_path_factory, monkeypatch, capsys
):
    section = DOCS.read_text("utf-8").split("### An authority of one's own\n")[1]
    bash, python, console = re.findall(r"```(?:bash|python|console)\n(.*?)```", section, re.DOTALL)[
        :3
    ]
    place = tmp_path_factory.mktemp("authority")
    subprocess.run(["bash", "-ec", bash], check=True, cwd=place, capture_output=True)
    port = free_port()
    assert python.count("8318") == 1
    (place / "authority.py").write_text(python.replace("8318", str(port)), encoding="utf-8")
    runs, *calls = [shlex.split(line.removeprefix("$ ")) for line in console.splitlines()]
    assert runs == ["python", "authority.py"]
    authority_runs = subprocess.Popen(
        [sys.executable, *runs[1:]], cwd=place, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        for call in calls:
            words = [word.replace("8318", str(port)).replace("my_trial", "trial") for word in call]
            called(
                0, *[str(place / each) if each == "authority.pem" else each for each in words[1:]]
            )
            said = capsys.readouterr().out
            assert "by CN=Trials unit time stamps; it goes back to the certificates" in said
    finally:
        authority_runs.kill()
        authority_runs.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at {port}")


def test_an_answer_is_read_once(stored, signing, monkeypatch, capsys):
    read = []
    monkeypatch.setattr(time_stamps, "_refuse_another", lambda *given: read.append(given))
    with honest(signing) as url:
        called(0, "store", "anchor", "trial", "--authority", url)
    assert "time stamp of 20" in capsys.readouterr().out
    assert len(read) == 1


def test_an_event_that_claims_to_be_later_than_its_stamp_is_told(stored, signing, capsys):
    late = datetime.now(UTC) + timedelta(days=1)
    called(0, "store", "anchor", "trial", moment=late)
    called(0, "store", "anchor", "trial", moment=late)
    seq = int(kept(stored).split()[0]) + 1
    called(0, "store", "verify", "trial")
    sha256 = re.search(rf"event {seq}, whose hash is ([0-9a-f]{{64}})", capsys.readouterr().out)[1]
    (stored / ANCHORS).write_text(f"{seq} {sha256}\n")
    with_stamp(stored, signing.answer(question(line_of(stored)).encoded))
    called(1, "store", "verify", "trial")
    assert "a clock was wrong" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("stamp", "told"), [("AAAAA", "cut off or changed"), ("A" * 200_001, "200,001 characters")]
)
def test_a_stamp_that_is_no_base64_is_named(stamped, capsys, stamp, told):
    seq, sha256, _ = kept(stamped).split()
    (stamped / ANCHORS).write_text(f"{seq} {sha256} {stamp}\n")
    called(2, "store", "verify", "trial")
    said = capsys.readouterr().err
    assert f"{ANCHORS}, line 1: its time stamp" in said
    assert told in said


def test_without_the_library_stamps_are_kept_and_said_not_to_be_looked_at(
    stamped, signing, monkeypatch, capsys
):
    monkeypatch.setattr(time_stamps, "AVAILABLE", False)
    monkeypatch.setattr(store_stamps, "AVAILABLE", False)
    called(0, "store", "verify", "trial")
    assert "1 time stamp was not looked at" in "".join(capsys.readouterr())
    called(2, "store", "verify", "trial", "--authority-certificates", signing.root)
    assert "pip install 'trialkit[timestamps]'" in capsys.readouterr().err
    called(2, "store", "anchor", "trial", "--authority", "http://127.0.0.1:1/")
    assert "pip install 'trialkit[timestamps]'" in capsys.readouterr().err


def test_certificates_without_an_authority_are_refused(stored, signing, capsys):
    called(2, "store", "anchor", "trial", "--authority-certificates", signing.root)
    assert "give that too" in capsys.readouterr().err
