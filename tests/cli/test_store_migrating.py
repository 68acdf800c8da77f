"""``trialkit store migrate``: shown first, refused while something is open, then written."""

from pathlib import Path

import pytest

from trialkit.cli.commands.store import ACTIONS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.store_migrating import migrate_store
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.database.opening import sqlite_store
from trialkit.steps.defining import refuse_unmigrated
from trialkit.steps.opening import open_trial

MAPPING = """
reason = "codes in full"
codes = [{ form = "demographics", item = "sex", code = "f", to = "female" }]
"""


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "trial"
    assert main(["new", str(folder)]) == ExitCode.FINE
    assert main(["store", "init", str(folder)]) == ExitCode.FINE
    assert main(["store", "import", "folder", str(folder), "--write"]) == ExitCode.FINE
    capsys.readouterr()
    return folder


def rename_a_code(trial: Path) -> None:
    form = trial / "forms" / "demographics.toml"
    form.write_text(form.read_text("utf-8").replace('code = "f"', 'code = "female"'))


def test_it_is_the_action_of_its_name() -> None:
    assert ACTIONS["migrate"] is migrate_store


def test_equal_forms_need_nothing(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["store", "migrate", str(trial), "--write"]) == ExitCode.FINE
    assert capsys.readouterr().out == "The store has these forms already.\n"


def test_what_is_open_is_listed_and_a_mapping_closes_it(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rename_a_code(trial)
    assert main(["store", "migrate", str(trial), "--write"]) == ExitCode.FINDINGS
    out = capsys.readouterr().out
    assert "1 change leaves open what becomes of data that are there" in out
    assert "demographics.sex, choices" in out
    assert 'codes = [{ form = "demographics", item = "sex", code = "f", to = … }]' in out
    mapping = trial.parent / "v2.toml"
    mapping.write_text(MAPPING)
    words = ["store", "migrate", str(trial), "--mapping", str(mapping)]
    assert main(words) == ExitCode.FINE
    assert "Nothing was written; --write writes it." in capsys.readouterr().out
    assert main([*words, "--write"]) == ExitCode.FINE
    assert "The store has the newer forms" in capsys.readouterr().out
    assert main(["store", "verify", str(trial)]) == ExitCode.FINE
    log = trial.parent / "log.csv"
    assert main(["store", "log", str(trial), "--form", "demographics", "--to", str(log)]) == 0
    assert "codes in full" in log.read_text("utf-8")


def test_line_to_copy_closes_what_is_open(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = trial / "forms" / "demographics.toml"
    form.write_text(
        form.read_text("utf-8").replace('label = "Age"', 'label = "Age at consent"')
        + '\n[[items]]\nid = "smokes"\nlabel = "Smokes"\ntype = "yes_no"\nrequired = true\n'
    )
    assert main(["store", "migrate", str(trial)]) == ExitCode.FINDINGS
    out = capsys.readouterr().out
    assert "missing code they get" not in out
    lines = [line.strip() for line in out.splitlines() if line.startswith("    accepted = ")]
    assert lines == [
        'accepted = [{ form = "demographics", item = "age_years", what = "label" }]',
        'accepted = [{ form = "demographics", item = "smokes", what = "item" }]',
    ]
    said = ", ".join(line.removeprefix("accepted = [").removesuffix("]") for line in lines)
    mapping = trial.parent / "v2.toml"
    mapping.write_text(f'reason = "asked too"\naccepted = [{said}]\n')
    words = ["store", "migrate", str(trial), "--mapping", str(mapping), "--write"]
    assert main(words) == ExitCode.FINE


def test_an_import_waits_for_the_migration(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rename_a_code(trial)
    data = trial / "data" / "demographics.csv"
    data.write_text(data.read_text("utf-8").replace(",f,", ",female,"))
    words = ["store", "import", "folder", str(trial), "--reason", "codes in full", "--write"]
    assert main(words) == ExitCode.CANNOT
    store = sqlite_store(trial / "evidence.sqlite")
    with pytest.raises(EvidenceError, match="newer than those of the store"):
        refuse_unmigrated(store, open_trial(trial, step=TrialStep.VALIDATE))
    store.close()
    assert f"trialkit store migrate {trial}" in " ".join(capsys.readouterr().err.split())


def test_a_mapping_that_is_none_is_said(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rename_a_code(trial)
    mapping = trial.parent / "v2.toml"
    mapping.write_text("moved = 3")
    words = ["store", "migrate", str(trial), "--mapping", str(mapping)]
    assert main(words) == ExitCode.CANNOT
    assert "v2.toml" in capsys.readouterr().err


def test_what_names_a_person_is_masked_also_where_its_item_goes(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = trial / "forms" / "demographics.toml"
    before = form.read_text("utf-8")
    item = '\n[[items]]\nid = "initials"\nlabel = "Initials"\ntype = "text"\nidentifier = true\n'
    form.write_text(before + item)
    data = trial / "data" / "demographics.csv"
    head, *rows = data.read_text("utf-8").splitlines()
    data.write_text("\n".join([f"{head},initials", *(f"{row},QXZ" for row in rows)]) + "\n")
    assert main(["store", "import", "folder", str(trial), "--write"]) == ExitCode.FINE
    form.write_text(before)
    mapping = trial.parent / "v2.toml"
    mapping.write_text(
        'reason = "no names"\ndropped = [{ form = "demographics", item = "initials" }]'
    )
    capsys.readouterr()
    assert (
        main(["store", "migrate", str(trial), "--mapping", str(mapping), "--all"]) == ExitCode.FINE
    )
    shown = capsys.readouterr().out
    assert "initials" in shown
    assert "QXZ" not in shown
