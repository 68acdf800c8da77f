"""``trialkit store verify``, ``anchor``, ``backup``, ``restore`` and ``redact`` on a trial's store."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialkit.cli.main import main
from trialkit.cli.store_keeping import ANCHORS
from trialkit.evidence.log.problems import Tampering

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STORE = Path("trial/evidence.sqlite")


def called(code, *words):
    assert main(words, moment=AT) == code, words


@pytest.fixture
def trial(stored):
    return stored


def by_force(*statements):
    """Past what the database refuses, as an owner of the file can."""
    with closing(sqlite3.connect(STORE)) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_store_that_nobody_altered_holds_together(trial, capsys):
    called(0, "store", "verify", "trial")
    assert "there is no anchor to hold it against" in capsys.readouterr().out
    called(0, "store", "anchor", "trial")
    called(0, "store", "verify", "trial")
    assert "1 anchor was found again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "trace"),
    [
        ("UPDATE event SET person = 'bob' WHERE seq = 9", Tampering.EDITED),
        ("DELETE FROM event WHERE seq = 9", Tampering.DELETED),
        ("UPDATE content SET new = 'x' WHERE new <> ''", Tampering.TEXT_EDITED),
        ("UPDATE content SET new = NULL WHERE new <> ''", Tampering.TEXT_GONE),
        ("DELETE FROM event WHERE seq > 20", Tampering.TRUNCATED),
        ("UPDATE form_row SET cells = '{}'", Tampering.PROJECTION),
        ("UPDATE definition SET files = '{}'", Tampering.DEFINITION),
    ],
)  # fmt: skip
def test_each_tampering_is_told_in_its_own_words(trial, capsys, statement, trace):
    called(0, "store", "anchor", "trial")
    by_force(statement)
    capsys.readouterr()
    called(1, "store", "verify", "trial")
    assert f"\n  {trace.value}: " in capsys.readouterr().out


def test_an_anchor_is_written_once_and_stands_in_the_log(trial, capsys):
    called(0, "store", "anchor", "trial", "--person", "Ann")
    written = (trial / ANCHORS).read_text()
    called(0, "store", "anchor", "trial")
    assert "stands already in" in capsys.readouterr().out
    assert (trial / ANCHORS).read_text() == written
    called(0, "store", "log", "trial", "--person", "Ann")
    assert f"anchored {written.split()[0]}" in capsys.readouterr().out


def test_an_anchor_that_the_store_refuses_is_not_in_the_file(trial, capsys, monkeypatch):
    monkeypatch.setattr(
        "trialkit.evidence.verifying.anchoring.append",
        lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
    )
    called(2, "store", "anchor", "trial")
    assert not (trial / ANCHORS).exists()


def test_a_backup_comes_back_as_it_was(trial, capsys):
    called(0, "store", "backup", "trial", "copy.sqlite")
    sha256 = hashlib.sha256(Path("copy.sqlite").read_bytes()).hexdigest()
    assert sha256 in capsys.readouterr().out
    called(2, "store", "backup", "trial", "copy.sqlite")
    assert "is there already; name a new file" in capsys.readouterr().err
    called(2, "store", "restore", "trial", "copy.sqlite")
    assert "a store stands here" in capsys.readouterr().err
    STORE.unlink()
    called(2, "store", "restore", "trial", "copy.sqlite", "--sha256", "0" * 64)
    assert f"has the SHA-256 {sha256}" in capsys.readouterr().err
    called(0, "store", "restore", "trial", "copy.sqlite", "--sha256", sha256)
    called(0, "store", "verify", "trial")
    called(0, "store", "import", "folder", "trial")
    assert "the store says this already" in capsys.readouterr().out


def test_an_older_copy_is_found_by_an_anchor_and_not_restored(trial, capsys):
    called(0, "store", "backup", "trial", "old.sqlite")
    called(0, "store", "anchor", "trial")
    called(0, "store", "anchor", "trial", "--anchors", "later.txt")
    STORE.unlink()
    called(0, "store", "restore", "trial", "old.sqlite")
    STORE.unlink()
    called(1, "store", "restore", "trial", "old.sqlite", "--anchors", "later.txt")
    said = capsys.readouterr().out
    assert "truncated: event" in said
    assert "Nothing was restored" in said
    assert not STORE.exists()
    called(0, "store", "restore", "trial", "old.sqlite", "--anchors", "later.txt", "--even-so")
    assert STORE.exists()


def test_a_file_that_is_no_copy_is_not_restored(trial, capsys):
    STORE.unlink()
    Path("text.sqlite").write_text("no database, though it is long enough to be looked at " * 9)
    called(2, "store", "restore", "trial", "text.sqlite")
    assert "is no store of trialkit" in capsys.readouterr().err
    called(2, "store", "restore", "trial", "nothing.sqlite")
    assert "is not there" in capsys.readouterr().err
    assert [path for path in trial.iterdir() if "sqlite" in path.name] == []


def test_a_name_that_was_entered_leaves_when_it_is_said_twice(trial, capsys):
    called(2, "store", "redact", "trial", "21", "--reason", "a name")
    assert "then pass --write" in capsys.readouterr().err
    called(2, "store", "redact", "trial", "1", "--reason", "a name", "--write")
    assert "has no new text" in capsys.readouterr().err
    called(0, "store", "redact", "trial", "21", "--reason", "a name", "--write")
    called(0, "store", "verify", "trial")
    capsys.readouterr()
    called(0, "store", "log", "trial")
    assert "redacted 21" in capsys.readouterr().out
