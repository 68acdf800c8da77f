"""``trialkit store freeze``, ``lock``, ``unlock`` and ``status`` on a trial's store."""

import re
from datetime import UTC, datetime

import pytest

from trialkit.cli.commands.store import ACTIONS
from trialkit.cli.main import main
from trialkit.cli.store_holding import freeze_reach, lock_reach, unlock_hold
from trialkit.cli.store_reach import site_item
from trialkit.cli.store_status import show_status
from trialkit.errors import TrialStep
from trialkit.steps.opening import open_trial

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EACH = {"freeze": freeze_reach, "lock": lock_reach, "unlock": unlock_hold, "status": show_status}


def store(code, *words, account="ann", monkeypatch=None):
    if monkeypatch is not None:
        monkeypatch.setenv("LOGNAME", account)
    assert main(("store", words[0], "trial", *words[1:]), moment=AT) == code, words


def head(said: str) -> str:
    return re.findall(r"ends with event (\d+)", said)[-1]


def test_lock_takes_a_second_person_to_lift(stored, capsys, monkeypatch):
    store(0, "lock", "--subject", "002", "--reason", "reviewed", monkeypatch=monkeypatch)
    locked = head(capsys.readouterr().out)
    store(0, "status")
    assert f"participant 002 was locked by ann at 2026-03-02T09:00:00.000Z (event {locked})" in (
        capsys.readouterr().out
    )

    store(0, "unlock", locked, "--reason", "misread", monkeypatch=monkeypatch)
    asked = head(capsys.readouterr().out)
    store(2, "unlock", asked, monkeypatch=monkeypatch)
    assert "a second person does" in capsys.readouterr().err
    store(0, "unlock", asked, account="ben", monkeypatch=monkeypatch)

    store(0, "status")
    assert "Nothing is held." in capsys.readouterr().out


def test_request_to_unlock_is_found_and_the_lock_itself_can_be_named(stored, capsys, monkeypatch):
    store(0, "lock", "--subject", "002", monkeypatch=monkeypatch)
    locked = head(capsys.readouterr().out)
    store(2, "unlock", locked, account="ben", monkeypatch=monkeypatch)
    assert "nobody asked to lift a lock of it" in " ".join(capsys.readouterr().err.split())
    store(0, "unlock", locked, "--reason", "misread", monkeypatch=monkeypatch)
    asked = head(capsys.readouterr().out)

    store(0, "status")
    said = " ".join(capsys.readouterr().out.split())
    assert "1 request waits for a second person: trialkit store unlock trial EVENT" in said
    assert (
        f"to unlock participant 002 (locked by event {locked}) was asked by ann at "
        f"2026-03-02T09:00:00.000Z (event {asked}): misread"
    ) in said

    store(2, "unlock", locked, monkeypatch=monkeypatch)
    assert "a second person does" in capsys.readouterr().err
    store(0, "unlock", locked, "--reason", "me too", account="ben", monkeypatch=monkeypatch)
    store(0, "unlock", locked, account="ben", monkeypatch=monkeypatch)
    capsys.readouterr()
    store(0, "status")
    assert "for a second person" not in capsys.readouterr().out


def test_freeze_is_lifted_with_a_reason(stored, capsys):
    store(0, "freeze", "--subject", "001", "--form", "demographics")
    frozen = head(capsys.readouterr().out)

    store(2, "freeze", "--lift", frozen)
    assert "demographics, 001: lifting a freeze needs a reason; say why" in capsys.readouterr().err
    store(0, "freeze", "--lift", frozen, "--reason", "too early")


def test_lock_of_nothing_is_not_one_of_all(stored, capsys):
    store(2, "lock")
    assert "pass --database" in capsys.readouterr().err
    store(2, "lock", "--of-site", "01")
    assert "no form of this trial says" in capsys.readouterr().err


def test_freeze_of_nothing_is_not_one_of_all(stored, capsys):
    store(2, "freeze")
    assert "pass --database" in capsys.readouterr().err
    store(2, "freeze", "--database", "--subject", "001")
    assert "leave one of them out" in " ".join(capsys.readouterr().err.split())
    store(0, "freeze", "--database")
    assert "Frozen: the database." in capsys.readouterr().out


def test_database_is_locked_when_nothing_is_open(stored, capsys):
    waived = [f"--waive={name}=a test" for name in ("signatures", "backup")]
    store(1, "lock", "--database", "--check", *waived)
    said = capsys.readouterr().out
    assert "the log is anchored outside: open (--waive anchor=REASON)" in said
    assert said.count("--waive") == 1
    assert "signed, and nothing changed since: waived: a test" in said

    store(0, "anchor")
    store(0, "lock", "--database", "--check", *waived)
    store(0, "lock", "--database", "--reason", "last visit done", *waived)
    assert "The database is locked." in capsys.readouterr().out
    words = ("store", "redact", "trial", "21", "--reason", "a name", "--write")
    assert main(words, moment=AT) == 0


@pytest.mark.parametrize(
    ("said", "message"),
    [("hard=no time", "nobody can go without it"), ("everything=x", "write one of source")],
)
def test_what_cannot_be_waived_is_told(stored, capsys, said, message):
    names = ("signatures", "anchor", "backup")
    store(2 if "one of" in message else 1, "lock", "--database", f"--waive={said}")
    if "one of" in message:
        assert message in capsys.readouterr().err
    else:
        store(0, "anchor")
        waived = [f"--waive={name}=a test" for name in names]
        store(2, "lock", "--database", f"--waive={said}", *waived)
        assert message in capsys.readouterr().err


def test_trial_without_a_site_item_names_none(stored):
    assert site_item(open_trial(stored, step=TrialStep.VALIDATE).schemas) == ("", "")


def test_actions_of_the_command_are_these():
    assert EACH.items() <= ACTIONS.items()
