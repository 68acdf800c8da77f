"""``trialkit store migrate --tables``: what would be done is shown, done with a copy, and said in the log."""

from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.evidence.table_listings import empty_file
from tests.evidence.world_of_versions import aged
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.store_migrating_tables import migrate_the_tables
from trialkit.evidence.database.opening import sqlite_store
from trialkit.evidence.database.tables_revision import HEAD
from trialkit.evidence.writing import beginning

COPY = f"evidence.before-{HEAD}.sqlite"


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A trial whose store an earlier trialkit made."""
    folder = tmp_path / "trial"
    assert main(["new", str(folder)]) == ExitCode.FINE
    with patch.object(beginning, "HEAD", "0001"):
        assert main(["store", "init", str(folder)]) == ExitCode.FINE
    assert main(["store", "import", "folder", str(folder), "--write"]) == ExitCode.FINE
    place = folder / "evidence.sqlite"
    source, target = sqlite_store(place), empty_file(tmp_path, "old.sqlite")
    aged(source, target, "0001")
    source.forget()
    target.forget()
    (tmp_path / "old.sqlite").replace(place)
    capsys.readouterr()
    return folder


def test_every_other_command_says_what_to_do(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert migrate_the_tables.__module__ == "trialkit.cli.store_migrating_tables"
    for words in (["verify"], ["log"], ["status"], ["migrate"], ["import", "folder"]):
        assert main(["store", *words, str(trial)]) == ExitCode.CANNOT
        said = " ".join(capsys.readouterr().err.split())
        assert "made by an earlier trialkit" in said
        assert "'trialkit store migrate TRIAL --tables'" in said


def test_it_is_shown_then_done_with_a_copy_and_the_log_says_so(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["store", "migrate", str(trial), "--tables"]
    assert main(words) == ExitCode.FINE
    out = capsys.readouterr().out
    assert "revision 0001, by their look" in out
    assert "Nothing was written; --write writes it." in out
    assert not (trial / COPY).exists()

    assert main([*words, "--write"]) == ExitCode.FINE
    out = capsys.readouterr().out
    assert COPY in out
    assert f"has the tables of this trialkit (revision {HEAD})" in out
    assert (trial / COPY).exists()

    assert main(["store", "verify", str(trial)]) == ExitCode.FINE
    assert main(words) == ExitCode.FINE
    assert "are those of this trialkit already" in capsys.readouterr().out
    assert main(["store", "log", str(trial)]) == ExitCode.FINE
    assert f"tables migrated: from revision 1 to {int(HEAD)}" in capsys.readouterr().out


def test_afterwards_what_tells_an_arm_is_withheld_by_migrating_the_forms(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["store", "migrate", str(trial), "--tables", "--write"]) == ExitCode.FINE
    assert main(["store", "migrate", str(trial), "--write"]) == ExitCode.FINE
    capsys.readouterr()
    assert main(["store", "migrate", str(trial), "--write"]) == ExitCode.FINE
    assert capsys.readouterr().out == "The store has these forms already.\n"
    store = sqlite_store(trial / "evidence.sqlite")
    with store.reading() as connection:
        sealed = connection.exec_driver_sql("SELECT COUNT(*) FROM sealed_row").scalar()
        plain = connection.exec_driver_sql(
            "SELECT COUNT(*) FROM form_row JOIN withheld_item USING (form) "
            "WHERE json_extract(cells, '$.' || item) IS NOT NULL"
        ).scalar()
    assert sealed
    assert not plain
    assert main(["store", "verify", str(trial)]) == ExitCode.FINE


def test_forms_and_tables_are_not_migrated_at_once(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["store", "migrate", str(trial), "--tables", "--mapping", str(trial / "v2.toml")]
    assert main(words) == ExitCode.CANNOT
    assert "migrate the tables first" in " ".join(capsys.readouterr().err.split())


def test_a_clock_that_was_set_back_is_told_and_can_be_lived_with(
    trial: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("trialkit.cli.store_author.run_moment", lambda _: long_ago)
    words = ["store", "migrate", str(trial), "--tables", "--write"]
    assert main(words) == ExitCode.FINDINGS
    out = capsys.readouterr().out
    assert "clock set back" in out
    assert "Nothing was migrated; --even-so migrates it in spite of this." in out
    assert main([*words, "--even-so"]) == ExitCode.FINE
