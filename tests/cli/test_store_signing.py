"""``trialkit store mark``, ``sign`` and ``passphrase``, and what ``status`` says of them later."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialkit.cli.commands.store import ACTIONS
from trialkit.cli.main import main
from trialkit.cli.store_signing import give_passphrase, mark_reach, sign_reach

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EACH = {"passphrase": give_passphrase, "mark": mark_reach, "sign": sign_reach}
SECRET = ("--passphrase-file", "secret.txt")


@pytest.fixture
def trial(stored):
    Path("secret.txt").write_text("correct horse battery\n", encoding="utf-8")
    return stored


def store(code, *words):
    assert main(("store", words[0], "trial", *words[1:]), moment=AT) == code, words


def change(before: str, after: str) -> None:
    path = Path("trial/data/demographics.csv")
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    words = ("store", "import", "folder", "trial", "--write", "--reason", "typed anew")
    assert main((*words, "--person", "Ben Okoro"), moment=AT) == 0


def test_mark_and_signature_break_when_a_value_changes_and_the_status_says_by_whom(trial, capsys):
    store(0, "passphrase", *SECRET)
    store(0, "mark", "--subject", "001")
    store(0, "mark", "--subject", "002", "--as", "medical")
    store(0, "sign", "--subject", "001", "--meaning", "approval", *SECRET)
    assert "signed by" in capsys.readouterr().out
    change("001,f,34", "001,f,43")
    capsys.readouterr()

    store(0, "status")

    said = capsys.readouterr().out
    assert "Source data verified: 1 mark, 0 valid." in said
    assert "Medically reviewed: 1 mark, 1 valid." in said
    assert said.count("item age_years: changed by Ben Okoro") == 2
    assert "not valid any more" in said


def test_wrong_passphrase_signs_nothing(trial, capsys):
    store(0, "passphrase", *SECRET)
    Path("secret.txt").write_text("another long passphrase\n", encoding="utf-8")
    store(2, "sign", "--subject", "001", "--meaning", "approval", *SECRET)

    assert "is not the passphrase of" in capsys.readouterr().err
    store(0, "status")
    assert "Nothing has a valid signature." in capsys.readouterr().out


def test_passphrase_is_never_a_word_of_the_call_nor_shown(trial, capsys):
    store(0, "passphrase", *SECRET)
    store(2, "passphrase")
    said = capsys.readouterr()

    assert "there is no terminal; pass --before-file" in said.err
    assert "correct horse" not in said.out + said.err


def test_option_that_is_missing_is_named(trial, capsys):
    store(0, "passphrase", *SECRET)
    store(2, "passphrase", *SECRET)
    said = " ".join(capsys.readouterr().err.split())
    assert "Passphrase so far: is typed where nobody sees it" in said
    assert "pass --before-file FILE" in said
    assert "--passphrase-file" not in said
    store(2, "passphrase", "--before-file", "secret.txt")
    assert "pass --passphrase-file FILE" in " ".join(capsys.readouterr().err.split())


def test_whole_database_is_not_signed_by_omission(trial, capsys):
    store(0, "passphrase", *SECRET)
    words = ("sign", "--meaning", "approval", *SECRET)
    store(2, *words)
    assert "nothing is named; name a participant" in " ".join(capsys.readouterr().err.split())
    store(2, *words, "--subject", "001", "--database")
    assert "leave one of them out" in " ".join(capsys.readouterr().err.split())
    store(0, "status")
    assert "Nothing has a valid signature." in capsys.readouterr().out
    store(0, *words, "--database")
    assert "the database: signed by" in capsys.readouterr().out


def test_who_may_not_sign_is_told_so_and_not_to_set_a_passphrase(trial, capsys, monkeypatch):
    assert main(("store", "grant", "trial", "mona", "monitor", "--begin-roles"), moment=AT) == 0
    for account, role in (("mona", "monitor"), ("eve", "no role")):
        monkeypatch.setenv("LOGNAME", account)
        for words in (("sign", "--subject", "001", "--meaning", "review"), ("passphrase",)):
            capsys.readouterr()
            store(2, *words, *SECRET)
            said = " ".join(capsys.readouterr().err.split())
            assert f"{account} ({role}) may not sign" in said
            assert "set one" not in said


def test_mark_is_taken_back_with_a_reason(trial, capsys):
    store(0, "mark", "--subject", "001")
    made = re.findall(r"ends with event (\d+)", capsys.readouterr().out)[-1]
    store(2, "mark", "--withdraw", made)
    store(0, "mark", "--withdraw", made, "--reason", "wrong one")

    store(0, "status")
    assert "Nothing was marked as reviewed." in capsys.readouterr().out


def test_what_changed_since_it_was_seen_is_not_marked(trial, capsys):
    seen = re.search(r"ends with event (\d+)", _status(capsys))
    change("001,f,34", "001,f,43")
    store(2, "mark", "--subject", "001", "--as-of", seen[1])

    assert "has changed since it was looked at" in capsys.readouterr().err


def _status(capsys) -> str:
    store(0, "status")
    return capsys.readouterr().out


def test_actions_of_the_command_are_these():
    assert EACH.items() <= ACTIONS.items()


def test_signature_that_is_broken_is_counted_apart_from_those_that_hold(trial, capsys):
    store(0, "passphrase", *SECRET)
    for subject in ("001", "002"):
        store(0, "sign", "--subject", subject, "--meaning", "approval", *SECRET)
    place = Path("trial/data/demographics.csv")
    place.write_text(place.read_text("utf-8").replace("001,f,34", "001,f,35"), "utf-8")
    words = ("store", "import", "folder", "trial", "--write", "--reason", "x")
    assert main(words, moment=AT) == 0
    capsys.readouterr()
    store(0, "status")

    said = capsys.readouterr().out
    assert "1 valid signature:\n  " in said
    assert "1 signature is not valid any more:\n  " in said
