"""``trialkit store sign``, ``backup`` and ``restore`` of a store that a PostgreSQL server holds."""

import hashlib
import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from tests.evidence.postgres_server import ENTERING, OWNER, PASSWORDS, Server, new_database
from trialkit.cli.main import main

pytestmark = pytest.mark.postgres
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_NUMBERS = itertools.count()
SIGNED = ("--subject", "001", "--meaning", "approval", "--password-file", "secret.txt")
LAST = re.compile(r"ends with event (\d+), whose hash is ([0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True)
class Served:
    """A trial in the current folder whose data a database of the server holds."""

    server: Server
    database: str
    capsys: pytest.CaptureFixture[str]

    def url(self, account: str) -> str:
        return self.server.url(account, self.database)

    def store(self, account: str, action: str, *words: str, code: int = 0) -> str:
        """Call an action by an account of the server; what was said."""
        call = ("store", action, "trial", *words, "--url", self.url(account))
        return self.called(*call, code=code)

    def called(self, *call: str, code: int = 0) -> str:
        self.capsys.readouterr()
        ended = main(call, moment=AT)
        said = "".join(self.capsys.readouterr())
        assert ended == code, said
        return " ".join(said.split())


@pytest.fixture
def empty(postgres, capsys) -> Served:
    """A database with nothing in it."""
    name = f"called_{next(_NUMBERS)}"
    new_database(postgres, name)
    return Served(server=postgres, database=name, capsys=capsys)


@pytest.fixture
def served(postgres, tmp_path, monkeypatch, capsys) -> Served:
    """The store of a trial, which Ann began and filled."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "ann")
    monkeypatch.delenv("PGPASSWORD", raising=False)
    name = f"called_{next(_NUMBERS)}"
    new_database(postgres, name)
    made = Served(server=postgres, database=name, capsys=capsys)
    made.called("new", "trial")
    made.store(OWNER, "init", "--application", ENTERING)
    made.called("store", "import", "folder", "trial", "--write", "--url", made.url("ann"))
    return made


def exported(trial: Served, account: str, out: str) -> dict[str, bytes]:
    trial.store(account, "export", out)
    return {path.name: path.read_bytes() for path in Path(out, "data").iterdir()}


def test_password_of_the_account_signs_and_another_word_does_not(served, monkeypatch):
    served.store("ann", "grant", "kim", "investigator", "--begin-roles")
    monkeypatch.setenv("PGPASSWORD", PASSWORDS["kim"])
    Path("secret.txt").write_text("a word of somebody else's\n", encoding="utf-8")
    refused = served.store("kim", "sign", *SIGNED, code=2)
    Path("secret.txt").write_text(f"{PASSWORDS['kim']}\n", encoding="utf-8")

    said = served.store("kim", "sign", *SIGNED)

    assert "the server does not take this as the password of kim; nothing was signed" in refused
    assert PASSWORDS["kim"] not in refused + said
    assert "participant 001: signed by kim (approval, by database password)" in said
    assert "The server asked no password" not in said
    assert "participant 001" in served.store("ann", "status")
    log = served.store("ann", "log", "--person", "kim")
    assert "signed: approval" in log
    assert "The store holds together" in served.store("ann", "verify")


def test_where_the_server_asks_none_the_passphrase_signs_and_that_is_said(served):
    served.store("ann", "grant", "ben", "investigator", "--begin-roles")
    Path("secret.txt").write_text("correct horse battery\n", encoding="utf-8")
    served.store("ben", "passphrase", "--passphrase-file", "secret.txt")

    said = served.store("ben", "sign", *SIGNED)

    assert "signed by ben (approval, by passphrase)" in said
    assert "The server asked no password of this account" in said


def test_account_of_the_address_that_is_no_text_reaches_no_store(served):
    url = served.url("ann").replace("//ann@", "//%FF%ED%A0%80@")

    assert "trialkit:" in served.called("store", "people", "trial", "--url", url, code=2)


def test_passphrase_is_not_set_where_the_server_asks_a_password(served, monkeypatch):
    served.store("ann", "grant", "kim", "investigator", "--begin-roles")
    monkeypatch.setenv("PGPASSWORD", PASSWORDS["kim"])
    Path("secret.txt").write_text("correct horse battery\n", encoding="utf-8")

    assert "password" in served.store(
        "kim", "passphrase", "--passphrase-file", "secret.txt", code=2
    )


def test_backup_of_a_server_is_one_file_with_the_same_log_and_comes_back_there(served, empty):
    end = LAST.search(served.store("ann", "verify")).groups()

    said = served.store("ann", "backup", "copy.sqlite")

    assert f"SHA-256 {hashlib.sha256(Path('copy.sqlite').read_bytes()).hexdigest()}" in said
    assert "Not in the copy: accounts of the server" in said
    assert LAST.search(said).groups() == end
    assert (
        LAST.search(served.called("store", "verify", "trial", "--url", "copy.sqlite")).groups()
        == end
    )
    assert "is there already" in served.store("ann", "backup", "copy.sqlite", code=2)

    back = served.called("store", "restore", "trial", "copy.sqlite", "--url", empty.url(OWNER),
                         "--application", ENTERING)  # fmt: skip

    assert f"Restored: {empty.url(OWNER)}" in back
    assert LAST.search(back).groups() == end
    assert LAST.search(empty.store("ann", "verify")).groups() == end
    assert exported(served, "ann", "first") == exported(empty, "ann", "second") != {}
    empty.store("ann", "anchor")
    taken = served.called("store", "restore", "trial", "copy.sqlite", "--url", empty.url(OWNER),
                          "--application", ENTERING, code=2)  # fmt: skip
    assert "holds a store already" in taken


def test_backup_is_for_who_may_and_reads_arms_and_leaves_nothing_where_refused(served):
    served.store("ann", "grant", "ben", "data manager", "--begin-roles")
    before = set(Path().iterdir())

    assert "ann (data manager) may not read arms" in served.store("ann", "backup", "c", code=2)
    assert set(Path().iterdir()) == before
    served.store("ben", "grant", "ann", "unblinded statistician")
    served.store("ann", "backup", "c.sqlite")


def test_restore_to_a_server_says_what_it_needs_and_names_who_cannot_act(served, empty):
    served.store("ann", "grant", "gus", "monitor", "--begin-roles")
    served.store("ann", "grant", "ben", "data manager")
    served.store("ben", "grant", "ann", "unblinded statistician")
    served.store("ann", "backup", "copy.sqlite")
    call = ("store", "restore", "trial", "copy.sqlite", "--url", empty.url(OWNER))

    assert "--application: names no account" in served.called(*call, code=2)
    assert "was changed, or is another copy" in served.called(
        *call, "--application", ENTERING, "--sha256", "0" * 64, code=2
    )
    said = served.called(*call, "--application", ENTERING)
    assert f"not on the server as members of {ENTERING}: gus;" in said


def test_copy_that_lacks_an_anchor_or_does_not_fit_comes_to_no_server(served, empty):
    served.store("ann", "backup", "copy.sqlite")
    served.store("ann", "anchor")
    served.called("store", "import", "folder", "trial", "--write", "--url", served.url("ann"))
    served.store("ann", "freeze", "--subject", "001", "--reason", "looked at")
    served.store("ann", "anchor")
    call = ("store", "restore", "trial", "copy.sqlite", "--url", empty.url(OWNER), "--application", ENTERING)  # fmt: skip

    said = served.called(*call, code=1)

    assert "truncated: event" in said
    assert "Nothing was restored; --even-so restores it in spite of this." in said
    with psycopg.connect(empty.url(OWNER)) as connection:
        assert connection.execute("SELECT to_regclass('event')").fetchone() == (None,)
    assert "Restored" in served.called(*call, "--even-so")
