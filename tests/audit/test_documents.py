"""Independent checkers take every document that trialkit writes: Office Open XML, and PDF/UA-1.

They are programs of their own (extra ``audit``) and are called as a person would call them.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfWriter

from tests.conftest import EXAMPLE, THREE_ARMS
from tests.report.plan.whole import write_whole_trial
from trialkit.cli.main import main
from trialkit.newtrial.writing import write_new_trial

pytestmark = pytest.mark.audit
OOXML = Path(sys.executable).with_name("openxml-audit")
PDF_UA = Path(sys.executable).with_name("outloud")


@pytest.fixture(scope="module", params=[EXAMPLE, THREE_ARMS], ids=lambda folder: folder.name)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a trial, its report, its plan, its manuscript, and every workbook that is handed out."""
    trial = tmp_path_factory.mktemp("written") / "trial"
    shutil.copytree(request.param, trial, ignore=shutil.ignore_patterns("output", "queries"))
    assert main(["run", str(trial)]) in {0, 1}
    assert main(["protocol", str(trial), "--formats", "html,pdf,docx"]) in {0, 1}
    package = ["report", str(trial), "--style", "jama", "--package", str(trial.parent / "packed")]
    assert main(package) in {0, 1}
    assert main(["workbook", str(trial), str(trial.parent / "entry.xlsx")]) == 0
    assert main(["queries", "send", str(trial)]) == 0
    assert main(["store", "init", str(trial)]) == 0
    assert main(["store", "log", str(trial), "--to", str(trial.parent / "log.pdf")]) == 0
    return trial.parent


@pytest.fixture(scope="module", params=["all of it open", "nothing open"])
def protocol(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a protocol for an ethics committee: of a new trial, or of one that says all."""
    trial = tmp_path_factory.mktemp("protocol") / "trial"
    write = write_new_trial if request.param == "all of it open" else write_whole_trial
    write(trial)
    assert main(["protocol", str(trial), "--formats", "pdf,docx"]) == 0
    return trial / "plan"


def told(program: Path, *arguments: str) -> str:
    call = [str(program), *arguments]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=300).stdout


def files(trial: Path, *endings: str) -> list[Path]:
    found = [path for path in sorted(trial.rglob("*")) if path.suffix in endings]
    assert found
    return found


def test_word_and_excel_would_repair_nothing(written: Path) -> None:
    assert_opens_clean(files(written, ".docx", ".xlsx"))


def assert_opens_clean(paths: list[Path]) -> None:
    for path in paths:
        (report,) = json.loads(told(OOXML, "--output", "json", str(path)))
        errors = [each for each in report["errors"] if each["severity"] == "error"]
        assert errors == [], path.name


def test_every_pdf_is_accessible_as_pdf_ua_has_it(written: Path) -> None:
    assert_accessible(files(written, ".pdf"))


def test_a_protocol_full_of_gaps_and_one_without_any_pass_both(protocol: Path) -> None:
    assert_opens_clean(files(protocol, ".docx"))
    assert_accessible(files(protocol, ".pdf"))


def assert_accessible(paths: list[Path]) -> None:
    for path in paths:
        results = json.loads(told(PDF_UA, "--layer", "conformance", "--json", "-", str(path)))
        (one,) = results["results"]
        findings = [(each["rule"], each["message"]) for each in one["findings"]]
        errors = [each for each in one["findings"] if each["severity"] == "error"]
        assert errors == [], (path.name, findings)


def test_the_checkers_would_see_a_fault(written: Path, tmp_path: Path) -> None:
    """A document that is none, so that silence means something."""
    broken = tmp_path / "broken.docx"
    broken.write_bytes((written / "trial" / "output" / "report.docx").read_bytes()[:2000])
    (report,) = json.loads(told(OOXML, "--output", "json", str(broken)))
    assert report["errors"]
    plain, untagged = tmp_path / "plain.pdf", PdfWriter()
    untagged.add_blank_page(width=595, height=842)
    untagged.write(plain)
    results = json.loads(told(PDF_UA, "--layer", "conformance", "--json", "-", str(plain)))
    severities = {each["severity"] for each in results["results"][0]["findings"]}
    assert "error" in severities
