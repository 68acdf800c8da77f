"""A trial's folder and its store are two doors to the same truth: results and report are the same."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from trialkit import newtrial
from trialkit.cli.main import main

pytestmark = pytest.mark.slow
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TRIALS = (EXAMPLE, Path(newtrial.__file__).parent)
OF_THE_STORE = re.compile(
    r"<dt>Data from the evidence store</dt>\s*<dd class=\"code\">[^<]*</dd>\s*"
)
HASHES = re.compile(r"\b[0-9a-f]{12}\b|(?:\b[0-9a-f]{8}\b ?){8}")
"""Of data files, which an export may quote otherwise, of all of them, and of the manifest."""


def called(*words):
    assert main([*map(str, words)], moment=AT) == 0, words


@pytest.mark.parametrize("shipped", TRIALS, ids=["example", "new"])
def test_results_and_report_are_the_same_but_for_where_the_data_are_from(shipped, tmp_path):
    trial, store = tmp_path / "trial", tmp_path / "evidence.sqlite"
    shutil.copytree(
        shipped, trial, ignore=shutil.ignore_patterns("output", "*.py", "__pycache__", "plan")
    )
    called("store", "init", trial, "--url", store)
    called("store", "import", "folder", trial, "--url", store, "--write")
    called("run", trial, "--formats", "html", "--out", tmp_path / "folder")
    called("run", trial, "--formats", "html", "--out", tmp_path / "stored", "--store", store)

    one, other = ((tmp_path / each / "results.csv").read_bytes() for each in ("folder", "stored"))
    assert one == other
    page, of_store = (
        (tmp_path / each / "report.html").read_text() for each in ("folder", "stored")
    )
    assert len(OF_THE_STORE.findall(of_store)) == 1
    assert HASHES.sub("", OF_THE_STORE.sub("", of_store)) == HASHES.sub("", page)
    called("verify", tmp_path / "stored", "--trial", trial, "--store", store)


def test_an_export_runs_to_the_same_report_as_the_store(tmp_path):
    trial = tmp_path / "trial"
    called("new", trial)
    called("store", "init", trial)
    called("store", "import", "folder", trial, "--write")
    called("store", "export", trial, tmp_path / "exported")
    shutil.copytree(trial / "statements", tmp_path / "exported" / "statements")
    called("run", tmp_path / "exported", "--formats", "html")
    called("run", trial, "--formats", "html", "--store", trial / "evidence.sqlite")

    one, other = ((tmp_path / each / "output") for each in ("exported", "trial"))
    assert (one / "results.csv").read_bytes() == (other / "results.csv").read_bytes()
    page = OF_THE_STORE.sub("", (other / "report.html").read_text())
    code = re.compile(
        r"(?:\b[0-9a-f]{8}\b ?){8}"
    )  # of a manifest that names the store, or does not
    assert code.sub("", page) == code.sub("", (one / "report.html").read_text())


def test_a_log_that_was_written_anew_is_another_store_than_the_reports(tmp_path, capsys):
    trial = tmp_path / "trial"
    called("new", trial)
    called("store", "init", trial)
    called("store", "import", "folder", trial, "--write")
    protocol = trial / "protocol.toml"
    protocol.write_text(
        protocol.read_text().replace("[data]\n", '[data]\nstore = "evidence.sqlite"\n')
    )
    called("run", trial, "--formats", "html")
    called("verify", trial / "output")
    (trial / "evidence.sqlite").unlink()
    called("store", "init", trial)
    called("store", "import", "folder", trial, "--write")
    assert main(["verify", str(trial / "output")], moment=AT) == 1
    assert "of the evidence store has another hash" in capsys.readouterr().out
