"""A pooled report from the data folder to its files: at any cut, of any number of arms, without an arm."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from zipfile import ZipFile

import polars as pl
import pytest

from tests.conftest import EXAMPLE, THREE_ARMS, few_at_once
from tests.datasets.pooled import OF_SESSIONS, changed_copy, reallocated
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.outputs.names import FINDINGS, RESULTS
from trialkit.verifying.verify import verify

COPIED = shutil.ignore_patterns("__pycache__", "output", "make_data.py")
FOURTH = """
[[arms]]
code = "HOME"
label = "Exercise at home"
ratio = 3

"""


def copied(trial: Path, folder: Path) -> Path:
    return Path(shutil.copytree(trial, folder / trial.name, ignore=COPIED))


def four_arms(folder: Path) -> Path:
    """The trial of three arms with a fourth, to which the last was allocated."""
    copy = copied(THREE_ARMS, folder)
    plan = copy / "protocol.toml"
    text = plan.read_text("utf-8").replace("\n[[visits]]", f"{FOURTH}\n[[visits]]", 1)
    plan.write_text(text.replace("block_sizes = [10]", "block_sizes = [13]"), "utf-8")
    for name in ("randomisation", "end_of_study"):
        form = copy / "forms" / f"{name}.toml"
        choice = '{ code = "CTRL", label = "Leaflet" },'
        other = '{ code = "HOME", label = "Exercise at home" },'
        form.write_text(form.read_text("utf-8").replace(choice, f"{choice}\n  {other}"), "utf-8")
    path = copy / "data" / "randomisation.csv"
    *kept, last = path.read_text("utf-8-sig").splitlines()
    subject, *_ = last.split(";")
    path.write_text("\n".join([*kept, ";".join([*last.split(";")[:-1], "HOME"]), ""]), "utf-8")
    end = copy / "data" / "end_of_study.csv"
    rows = [row.split(";") for row in end.read_text("utf-8-sig").splitlines()]
    moved = [[*row[:1], "HOME", *row[2:]] if row[0] == subject else row for row in rows]
    end.write_text("\n".join([*(";".join(row) for row in moved), ""]), "utf-8")
    return copy


def cells(out: Path, column: str) -> set[str]:
    with (out / "results.csv").open(encoding="utf-8") as file:
        return {row[column] for row in csv.DictReader(file)}


def run(trial: Path, *options: str, formats: str = "md") -> Path:
    call = ["run", str(trial), "--pooled", "--allow-hard", "--formats", formats, *options]
    assert main(call) == ExitCode.FINE
    return trial / "pooled"


@pytest.mark.slow
def test_a_pooled_report_says_so_on_its_face_and_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = copied(THREE_ARMS, tmp_path)
    out = run(trial, formats="md,html,docx")
    page = (out / "report.md").read_text("utf-8")
    head = page.partition("## Abstract")[0]
    assert "Draft. Not for publication." in head
    assert "This is a pooled report, and a draft" in head
    assert "Pooled report: all participants together, no arms" in head
    assert "34 participants were randomised." in page
    assert "| Any adverse event | 6 (18%) | 7 |" in page.replace("&emsp;", "")
    assert "Sessions attended are left out" in page
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["draft"], manifest["pooled"], manifest["only"]) == (True, True, [])
    assert "No analysis of the plan was carried out" in capsys.readouterr().out
    verification = verify(out)
    assert verification.holds
    assert not (trial / "output").exists()
    assert not {path.name for path in out.iterdir()} & set(FINDINGS)
    told = [each.file for each in verification.notices if "tells arms" in each.text]
    assert told == manifest["not_hashed"]
    assert "data/randomisation.csv" in told
    assert not set(told) & {each["file"] for each in manifest["data"]}
    (out / "results.csv").write_text("", "utf-8")
    assert not verify(out).holds


CUTS = {
    "first participant": ("2024-01-17", 1),
    "before the first visit": ("2024-02-10", 3),
    "half": ("2024-06-30", None),
    "end": ("", 34),
}


@pytest.mark.slow
@pytest.mark.parametrize("cut", CUTS)
def test_of_three_arms_at_any_cut(cut: str, tmp_path: Path) -> None:
    day, number = CUTS[cut]
    out = run(copied(THREE_ARMS, tmp_path), *(["--cut", day] if day else []))
    assert cells(out, "arm") == {"", "all"}
    page = (out / "report.md").read_text("utf-8")
    if number is not None:
        were = "participant was" if number == 1 else "participants were"
        assert f"{number} {were} randomised." in page
    for table in ("baseline", "harms", "flow", "populations", "missing", "described"):
        assert f'<a id="table-{table}"></a>' in page


@pytest.mark.further  # of four arms it is shown at once
@pytest.mark.parametrize("day", ["", "2021-11-01"])
def test_of_two_arms(day: str, tmp_path: Path) -> None:
    out = run(copied(EXAMPLE, tmp_path), *(["--cut", day] if day else []))
    assert cells(out, "arm") <= {"", "all"}
    told = "".join((out / name).read_text("utf-8") for name in RESULTS)
    assert not re.search(r"\b(EG|CG)\b|Usual daily life", told)


def test_of_four_arms(tmp_path: Path) -> None:
    out = run(four_arms(tmp_path))
    assert cells(out, "arm") == {"", "all"}
    told = "".join((out / name).read_text("utf-8") for name in RESULTS)
    assert not re.search(r"\b(HIGH|LOW|CTRL|HOME)\b|Leaflet|at home", told)
    assert "34 participants were randomised." in (out / "report.md").read_text("utf-8")


def reallocate(trial: Path, seed: int) -> None:
    """Shuffle who is in which arm in the data of a copy."""
    names = ("randomisation", "end_of_study")
    paths = {name: trial / "data" / f"{name}.csv" for name in names}
    read = {
        name: pl.read_csv(path, separator=";", infer_schema=False).fill_null("")
        for name, path in paths.items()
    }
    for name, table in reallocated(read, Random(seed)).items():
        table.write_csv(paths[name], separator=";")


def as_texts(out: Path) -> Iterator[tuple[str, str]]:
    """Each file as text, but for what the session log says of a shuffled allocation."""
    for path in sorted(each for each in out.rglob("*") if each.is_file()):
        if path.suffix == ".docx":
            with ZipFile(path) as word:
                text = "".join(
                    word.read(name).decode() for name in word.namelist() if name.endswith(".xml")
                )
        else:
            text = path.read_text("utf-8")
        if path.name == "manifest.json":
            text = text.partition('"documents"')[0]  # behind it: the hashes of these very files
        yield str(path.relative_to(out)), re.sub(r"[0-9]+ hard findings?", "", text)


@pytest.mark.slow
def test_who_is_in_which_arm_changes_no_character(tmp_path: Path) -> None:
    trial = changed_copy(tmp_path, OF_SESSIONS)
    reallocate(trial, 0)
    first = dict(as_texts(run(trial, formats="html,docx,md")))
    reallocate(trial, 5)
    second = dict(as_texts(run(trial, formats="html,docx,md")))
    assert first.keys() == second.keys()
    assert {"report.html", "report.docx", "report.md", "results.csv", "flow.svg"} <= first.keys()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.parametrize("command", few_at_once(["report", "analyse", "run"], 1))
def test_no_analysis_can_be_asked_for_of_a_pooled_report(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = copied(THREE_ARMS, tmp_path)
    call = [command, str(trial), "--pooled", "--only", "primary"]
    assert main(call) == ExitCode.CANNOT
    assert "a pooled report carries out no analysis" in capsys.readouterr().err


@pytest.mark.slow
def test_a_report_alone_takes_a_listing_away_that_would_name_arms(tmp_path: Path) -> None:
    trial = copied(THREE_ARMS, tmp_path)
    out = tmp_path / "blind"
    assert main(["validate", str(trial), "--out", str(out)]) == ExitCode.FINE
    assert {path.name for path in out.iterdir()} >= set(FINDINGS)
    call = ["report", str(trial), "--pooled", "--formats", "md", "--out", str(out)]
    assert main(call) == ExitCode.FINE
    assert not {path.name for path in out.iterdir()} & set(FINDINGS)
    assert main(["analyse", str(trial), "--pooled", "--out", str(out)]) == ExitCode.FINE
    assert {path.name for path in out.iterdir() if path.is_file()} == set(RESULTS)


@pytest.mark.slow
def test_words_that_name_a_block_size_stop_a_pooled_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = copied(THREE_ARMS, tmp_path)
    protocol = trial / "protocol.toml"
    text, count = re.subn(
        r"(?m)^sequence = .*$", 'sequence = "Blocks of 4"', protocol.read_text("utf-8")
    )
    assert count == 1
    protocol.write_text(text, "utf-8")
    call = ["run", str(trial), "--pooled", "--allow-hard", "--formats", "md"]
    assert main(call) == ExitCode.CANNOT
    said = " ".join(capsys.readouterr().err.split())
    assert (
        "[randomisation] sequence: the words name block sizes, which a pooled report must" in said
    )
    assert not (trial / "pooled" / "report.md").exists()
