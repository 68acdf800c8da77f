"""The whole line, twice, byte for byte; and that what it writes is what the design says."""

import csv
import hashlib
import json
import re
import shutil
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from tests.conftest import EXAMPLE, THREE_ARMS, few_at_once
from tests.line import Line
from trialkit.errors import AnalysisError, FindingsError
from trialkit.halfway import analyse_trial
from trialkit.newtrial.writing import write_new_trial
from trialkit.pipeline import report_trial, run_trial
from trialkit.steps import analysing
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import PAGE_ALONE
from trialkit.steps.validating import validate

LISTING = {"findings.csv", "findings.xlsx", "findings.html"}
REPORTS = ["report.html", "report.docx", "report.pdf", "tables.rtf", "report.md"]
FILES = LISTING | {
    "results.csv", "results.json", "series.csv", "flow.svg", "checklist.csv", "lint.csv", "manifest.json",
    *REPORTS,
}  # fmt: skip


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def words_of(name: str, content: bytes) -> str:
    """What somebody who opens the file can read, lines joined."""
    match Path(name).suffix:
        case ".pdf":
            pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
            return " ".join(" ".join(pages).split())
        case ".docx":
            with ZipFile(BytesIO(content)) as parts:
                return parts.read("word/document.xml").decode("utf-8")
        case ".xlsx":
            with ZipFile(BytesIO(content)) as parts:
                return "".join(parts.read(part).decode("utf-8") for part in parts.namelist())
        case _:
            return content.decode("utf-8")


@pytest.fixture
def written(run_of_example: Path) -> Path:
    return run_of_example


def test_everything_the_design_names_is_written(written: Path) -> None:
    names = set(files_of(written))
    assert names >= FILES
    assert any(re.fullmatch(r"figures/.+\.svg", name) for name in names)
    assert not any(Path(name).name.startswith(".") for name in names)
    assert not (EXAMPLE / "queries").exists()


@pytest.mark.slow  # of a single page it is shown by tests of the documents
@pytest.mark.parametrize("folder", [EXAMPLE, THREE_ARMS], ids=lambda path: path.name)
def test_two_runs_on_the_same_inputs_give_the_same_bytes(
    folder: Path, written: Path, tmp_path: Path
) -> None:
    """In another folder and on another day, too: both trials state their cut."""
    copy = tmp_path / "elsewhere" / folder.name
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    if folder != EXAMPLE:
        run_trial(folder, out=tmp_path / "one", today=date(2026, 1, 5))
    run_trial(copy, out=tmp_path / "two", today=date(2026, 2, 14))
    assert files_of(written if folder == EXAMPLE else tmp_path / "one") == files_of(
        tmp_path / "two"
    )


def test_the_results_file_holds_full_precision_and_whole_counts(written: Path) -> None:
    with (written / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    document = json.loads((written / "results.json").read_text(encoding="utf-8"))
    assert len(rows) == len(document["results"])
    for row, full in zip(rows, document["results"], strict=True):
        assert row["result_id"] == full["result_id"]
        if full["stat"] is not None:
            assert float(row["stat"]) == full["stat"]
        if row["status"] == "not_collected":
            assert row["stat"] == ""
        elif row["stat_name"] in {"n", "n_missing", "events", "n_events"}:
            assert re.fullmatch(r"\d+", row["stat"])


def test_the_published_p_values_are_reproduced_at_their_precision(written: Path) -> None:
    published = {
        "back_strength": "0.015",
        "abdominal_endurance": "0.032",
        "back_endurance": "0.027",
        "hamstring_left": "0.007",
        "hamstring_right": "0.005",
    }
    with (written / "results.csv").open(encoding="utf-8", newline="") as file:
        p = {
            row["outcome"]: float(row["stat"])
            for row in csv.DictReader(file)
            if row["method"] == "mixed_anova"
            and row["term"] == "group:visit"
            and row["stat_name"] == "p_value"
            and row["role"] in {"primary", "secondary"}
        }
    assert len(p) == 9
    assert p["vas"] < 0.001
    assert p["hamstring_left"] < 0.00714
    assert {name: f"{p[name]:.3f}" for name in published} == published
    assert all(p[name] >= 0.05 for name in set(p) - set(published) - {"vas"})


@pytest.mark.slow
def test_the_label_stands_in_every_file(written: Path) -> None:
    label = "Synthetic re-enactment; not data of ISRCTN14488937"
    for name, content in files_of(written).items():
        assert label in words_of(name, content), name


def test_every_row_of_harms_says_that_it_is_synthetic(written: Path) -> None:
    with (written / "results.csv").open(encoding="utf-8", newline="") as file:
        harms = [row for row in csv.DictReader(file) if row["analysis_id"] == "harms"]
    assert harms
    assert all("Synthetic re-enactment" in row["note"] for row in harms)


def test_the_manifest_holds_the_hash_of_every_input_and_of_the_report(written: Path) -> None:
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    inputs = [manifest["protocol"], *manifest["forms"], *manifest["data"]]
    inputs += manifest["statements"]
    assert len(manifest["forms"]) == len(list((EXAMPLE / "forms").glob("*.toml")))
    assert len(manifest["data"]) == len(list((EXAMPLE / "data").glob("*.csv")))
    for each in inputs:
        content = (EXAMPLE / each["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"], each["file"]
    recorded = {each["file"] for each in manifest["documents"]}
    assert recorded >= {*REPORTS, "results.csv", "results.json", "flow.svg", "lint.csv"}
    for each in manifest["documents"]:
        content = (written / each["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"], each["file"]
    assert manifest["guideline"] == "CONSORT 2025"
    assert manifest["data_cut"] == "2022-08-26"


def test_every_number_of_the_report_leads_to_a_row_of_the_results(written: Path) -> None:
    html = (written / "report.html").read_text(encoding="utf-8")
    named = {
        unescape(result)
        for attribute in re.findall(r'data-results?="([^"]*)"', html)
        for result in attribute.split()
    }
    document = json.loads((written / "results.json").read_text(encoding="utf-8"))
    known = {row["result_id"] for row in document["results"]}
    assert len(named) > 100
    assert named <= known


def test_nothing_in_the_report_depends_on_where_the_trial_is(written: Path) -> None:
    for name, content in files_of(written).items():
        assert str(EXAMPLE).encode() not in content, name
        assert str(written).encode() not in content, name


def test_a_cut_leaves_out_what_came_later(example: Line) -> None:
    early = validate(open_trial(EXAMPLE), cut=date(2022, 1, 31)).snapshot
    late = example.snapshot
    assert early.cut is not None
    assert len(early["pain"].values) < len(late["pain"].values)
    assert early["pain"].values["visit_date"].max() <= early.cut


def test_hard_findings_stop_the_analysis_after_the_listing_is_written(tmp_path: Path) -> None:
    broken = tmp_path / "trial"
    shutil.copytree(EXAMPLE, broken, ignore=shutil.ignore_patterns("output"))
    enter_pain(broken, "400")
    with pytest.raises(FindingsError, match="1 hard finding stops the analysis"):
        run_trial(broken)
    assert (broken / "output" / "findings.csv").is_file()
    assert not (broken / "output" / "results.csv").exists()


@pytest.mark.slow
def test_a_report_in_spite_of_hard_findings_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "trial"
    shutil.copytree(EXAMPLE, broken, ignore=shutil.ignore_patterns("output"))
    enter_pain(broken, "400")
    published = run_trial(broken, allow_hard=True, edition=PAGE_ALONE)
    assert "hard finding" in published.html


def enter_pain(trial: Path, text: str) -> None:
    path = trial / "data" / "pain.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[4] = text
    lines[1] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


MINE = {"notes.txt", "results.xlsx", "figures/mine.png"}


@pytest.fixture
def reported(written: Path, tmp_path: Path) -> Path:
    """A trial with the outputs of a run, and files of somebody's own among them."""
    trial = tmp_path / "trial"
    shutil.copytree(EXAMPLE, trial, ignore=shutil.ignore_patterns("output", "__pycache__"))
    shutil.copytree(written, trial / "output")
    for name in MINE:
        (trial / "output" / name).write_text("mine", encoding="utf-8")
    (trial / "output" / "figures" / "of_an_older_plan.svg").write_text("old", encoding="utf-8")
    return trial


@pytest.mark.parametrize("line", few_at_once([run_trial, analyse_trial, report_trial], 1))
def test_no_earlier_result_is_left_where_hard_findings_stop(reported: Path, line: object) -> None:
    enter_pain(reported, "400")
    with pytest.raises(FindingsError):
        line(reported)
    left = set(files_of(reported / "output"))
    assert left - LISTING == MINE
    if line is report_trial:
        assert not left & LISTING
    else:
        assert "400" in (reported / "output" / "findings.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_analysis_leaves_no_report_of_an_earlier_one(reported: Path) -> None:
    analyse_trial(reported)
    assert set(files_of(reported / "output")) == MINE | LISTING | {
        "results.csv",
        "results.json",
        "series.csv",
    }


@pytest.mark.slow
def test_a_report_keeps_the_findings_and_results_that_are_its_own(
    reported: Path, written: Path
) -> None:
    report_trial(reported)
    assert set(files_of(reported / "output")) == MINE | set(files_of(written))


@pytest.mark.slow
def test_a_report_leaves_no_results_of_other_data(reported: Path) -> None:
    enter_pain(reported, "41")
    report_trial(reported, edition=PAGE_ALONE)
    left = set(files_of(reported / "output"))
    assert "report.html" in left
    assert not left & {"results.csv", "results.json", "series.csv"}


@pytest.mark.slow
def test_a_plan_that_fails_leaves_no_earlier_report(
    reported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AnalysisError("singular")

    monkeypatch.setattr(analysing, "carry_out", fail)
    with pytest.raises(AnalysisError):
        report_trial(reported)
    assert set(files_of(reported / "output")) == MINE | LISTING


def test_drawings_of_somebody_else_are_never_removed(tmp_path: Path) -> None:
    drawing = tmp_path / "figures" / "mine.svg"
    drawing.parent.mkdir()
    drawing.write_text("mine", encoding="utf-8")
    write_new_trial(tmp_path / "trial")
    analyse_trial(tmp_path / "trial", out=tmp_path)
    assert drawing.read_text(encoding="utf-8") == "mine"
