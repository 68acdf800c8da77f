"""One file judged by itself: what is said, written and returned."""

import csv
import shutil
import subprocess
import sys
from argparse import Namespace

import pytest

from tests.conftest import THREE_ARMS
from tests.miniature import Miniature
from trialkit.cli.commands import validate_file
from trialkit.cli.exit_codes import ExitCode
from trialkit.errors import DataFileError

HEAD = "subject_id,visit,visit_date,vas_mm,side,drug,drug_name\n"
FINE = "S1,BL,2025-01-14,50,l,no,\n"
HARD, SOFT = "S2,BL,2025-01-14,500,l,no,\n", "S3,BL,2025-01-14,96,l,no,\n"


@pytest.fixture
def called(tmp_path, capsys, monkeypatch):
    mini = Miniature()
    folder = mini.write(tmp_path / "trial")
    shutil.copy(THREE_ARMS / "protocol.toml", folder)
    monkeypatch.setattr(validate_file, "load_protocol", lambda _, step: mini.protocol)

    def call(*rows, name="pain.csv", **changed):
        data = tmp_path / name
        data.write_text(HEAD + "".join(rows), "utf-8")
        options = {"form": None, "out": tmp_path / "out", "limit": 1000, "no_keys": False,
                   "cut": None, "strict": False}  # fmt: skip
        code = validate_file.run(Namespace(trial=folder, data=data, **{**options, **changed}))
        return code, capsys.readouterr().out.splitlines()

    return call


@pytest.mark.slow
def test_what_looks_for_duplicate_keys_has_no_last_words_of_its_own(tmp_path):
    """DuckDB's binding tells what was not taken back at the end of a process."""
    shutil.copytree(THREE_ARMS, tmp_path / "trial")
    data = tmp_path / "trial" / "data" / "screening.csv"
    code = "import sys; from trialkit.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", str(tmp_path / "trial"), "--data", str(data)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "rows read" in done.stdout
    assert done.stderr == ""


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_finding_is_counted_listed_and_written(called, tmp_path):
    code, said = called(FINE, HARD, SOFT, FINE)

    assert code == ExitCode.FINDINGS
    assert said[0] == (
        "pain.csv: 4 rows read, each of them checked. Findings: 2 hard, 1 soft, 0 note."
    )
    out = tmp_path / "out"
    counts = {tuple(row.values()) for row in table(out / "file_counts.csv")}
    assert counts == {
        ("duplicate_key", "", "hard", "1"),
        ("out_of_range", "vas_mm", "hard", "1"),
        ("unusual", "vas_mm", "soft", "1"),
    }
    listed = table(out / "file_findings.csv")
    assert [(row["subject_id"], row["rule_id"]) for row in listed] == [
        ("S1", "duplicate_key"),
        ("S2", "out_of_range"),
        ("S3", "unusual"),
    ]
    assert (
        f"Listed: 3 in {out / 'file_findings.csv'}; all are counted in file_counts.csv beside it."
        in said
    )
    assert "Not checked: whether each subject was screened" in said
    assert not any("rule PAIN01" in line for line in said)  # the randomisation is in the folder
    assert not any("duplicate keys" in line for line in said if line.startswith("Not"))


def test_a_rule_about_another_form_is_checked_beside_the_folder(called, tmp_path):
    late = "S1,BL,2025-01-14,5,l,no,\nS1,W6,2025-01-15,80,l,no,\n"
    _code, said = called(late)
    counts = {tuple(row.values()) for row in table(tmp_path / "out" / "file_counts.csv")}
    assert ("PAIN02", "vas_mm", "soft", "1") in counts
    assert ("PAIN01", "visit_date", "hard", "1") in counts

    (tmp_path / "trial" / "data" / "randomisation.csv").unlink()
    _code, said = called(late)
    counts = {tuple(row.values()) for row in table(tmp_path / "out" / "file_counts.csv")}
    assert ("PAIN02", "vas_mm", "soft", "1") in counts
    assert not any("PAIN01" in row for row in counts)
    assert "Not checked: rule PAIN01" in said
    assert any("what reads other forms, since data/randomisation.csv" in line for line in said)


def test_soft_findings_alone_end_well(called):
    assert called(FINE, SOFT)[0] == ExitCode.FINE


def test_keys_are_left_alone_when_asked_and_it_is_said(called):
    code, said = called(FINE, FINE, no_keys=True)

    assert code == ExitCode.FINE
    assert "Findings: 0 hard, 0 soft, 0 note." in said[0]
    assert "Not checked: duplicate keys, since --no-keys was given" in said


def test_no_more_are_listed_than_asked_for(called, tmp_path):
    _code, said = called(HARD, SOFT, FINE, limit=1, no_keys=True)

    assert "1 hard, 1 soft, 0 note" in said[0]
    assert [row["subject_id"] for row in table(tmp_path / "out" / "file_findings.csv")] == ["S2"]
    assert any(
        line.startswith("Listed: 1 in") and ", the first 1 of each kind of check;" in line
        for line in said
    )


def test_the_form_is_the_files_name_or_the_one_that_is_named(called):
    assert called(FINE, name="export.csv", form="pain")[0] == ExitCode.FINE
    with pytest.raises(DataFileError, match=r"the name of pian\.csv: 'pian' is no form.*pain"):
        called(FINE, name="pian.csv")
    with pytest.raises(DataFileError, match="--form: 'pian' is no form"):
        called(FINE, form="pian")


@pytest.mark.parametrize("changed", [{"cut": "2025-01-01"}, {"strict": True}])
def test_what_is_for_a_whole_trial_is_refused(called, changed):
    with pytest.raises(DataFileError, match="--cut and --strict are for a trial's own data"):
        called(FINE, **changed)
