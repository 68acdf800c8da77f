"""A report that was changed after it was made, or whose data were, is told apart from one that was not."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.verifying.forger import edit
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.newtrial.writing import write_new_trial
from trialkit.outputs.names import RESULTS
from trialkit.pipeline import run_trial
from trialkit.report.content.manifest import sha256
from trialkit.results.results import COLUMNS
from trialkit.steps.publishing import PAGE_ALONE
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.page import different_numbers, printed_numbers
from trialkit.verifying.recorded import read_recorded
from trialkit.verifying.rows import different_rows
from trialkit.verifying.verify import verify


def found(trial: Path) -> tuple[Difference, ...]:
    return verify(trial / "output").differences


def edit_manifest(trial: Path, change: Callable[[dict], None]) -> None:  # type: ignore[type-arg]
    path = trial / "output" / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    change(table)
    path.write_text(json.dumps(table), encoding="utf-8")


def test_what_was_just_made_holds(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(trial / "output")]) == 0
    said = capsys.readouterr().out
    assert "The report says what the trial's folder says" in said
    verification = verify(trial / "output")
    assert verification.numbers > 50
    assert verification.results > 100


def test_one_digit_changed_in_the_page_is_named_with_its_rows(trial: Path) -> None:
    page = trial / "output" / "report.html"
    number = next(
        each
        for each in printed_numbers(page.read_text(encoding="utf-8"))
        if each.results.startswith("primary/") and each.text[-1].isdigit()
    )
    wrong = f"{number.text[:-1]}{(int(number.text[-1]) + 1) % 10}"
    edit(page, lambda text: text.replace(f">{number.text}<", f">{wrong}<", 1))
    kinds = [each.kind for each in found(trial)]
    assert kinds.count(DifferenceKind.NUMBER) == 1
    assert DifferenceKind.FILE in kinds
    text = next(each.text for each in found(trial) if each.kind is DifferenceKind.NUMBER)
    assert "the page prints" in text
    assert "the results give" in text


@pytest.mark.slow
def test_a_word_changed_in_the_page_is_found_although_the_manifest_was_changed_too(
    trial: Path,
) -> None:
    page = trial / "output" / "report.html"
    edit(page, lambda text: text.replace("New care", "Good care", 1))

    def forge(table: dict) -> None:  # type: ignore[type-arg]
        for each in table["documents"]:
            if each["file"] == "report.html":
                each["sha256"] = sha256(page.read_bytes())

    edit_manifest(trial, forge)
    (difference,) = found(trial)
    assert difference.kind is DifferenceKind.WORDS
    assert "Good care" in difference.text


def test_a_result_that_was_changed_is_named_with_both_values(trial: Path) -> None:
    results = trial / "output" / "results.csv"
    line = next(each for each in results.read_text().splitlines() if ",estimate," in each)
    stat = line.split(",estimate,")[1].split(",")[0]
    edit(results, lambda text: text.replace(line, line.replace(stat, f"{float(stat) + 1}")))
    kinds = {each.kind for each in found(trial)}
    assert kinds == {DifferenceKind.FILE, DifferenceKind.RESULT}


def test_a_point_of_a_series_that_was_changed_is_named(trial: Path) -> None:
    path = trial / "output" / "series.csv"
    head, first, *others = path.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = first.split(",")
    place = head.strip().split(",").index("n")
    moved[place] = "77"
    path.write_text("".join((head, ",".join(moved), *others)), encoding="utf-8")
    (text,) = (each.text for each in found(trial) if each.kind is DifferenceKind.RESULT)
    assert text.startswith(f"{moved[0]}: n is '77', the analysis gives ")


def test_data_that_were_changed_are_named(trial: Path) -> None:
    data = trial / "data" / "assessment.csv"
    lines = data.read_text(encoding="utf-8").splitlines()
    data.write_text("\n".join([lines[0], *lines[2:]]) + "\n", encoding="utf-8")
    differences = found(trial)
    first = differences[0]
    assert (first.kind, first.file) == (DifferenceKind.INPUT, "data/assessment.csv")
    assert "is not the file that the report was made from" in first.text
    assert {DifferenceKind.RESULT, DifferenceKind.NUMBER} <= {each.kind for each in differences}


@pytest.mark.slow
def test_a_statement_written_later_is_named(trial: Path) -> None:
    (trial / "statements" / "29.md").write_text("It works.\n", encoding="utf-8")
    differences = found(trial)
    assert differences[0].text == "was not among the inputs of the report, and is there now"
    assert DifferenceKind.WORDS in {each.kind for each in differences}


@pytest.mark.slow
def test_other_software_is_a_note_and_the_numbers_are_still_compared(trial: Path) -> None:
    def older(table: dict) -> None:  # type: ignore[type-arg]
        table["versions"][0]["version"] = "0.0.1\x1b[31m"

    edit_manifest(trial, older)
    verification = verify(trial / "output")
    assert verification.holds
    (note,) = verification.notices
    assert note.kind is DifferenceKind.SOFTWARE
    assert "0.0.1" in note.text
    assert "\x1b" not in note.text


@pytest.mark.slow
def test_a_file_that_is_gone_is_named(trial: Path) -> None:
    (trial / "output" / "flow.svg").unlink()
    for name in RESULTS:
        (trial / "output" / name).unlink()
    verification = verify(trial / "output")
    assert [(each.file, each.text) for each in verification.differences] == [
        ("flow.svg", "is missing")
    ]
    assert [each.file for each in verification.notices] == [*RESULTS]


@pytest.mark.parametrize(
    "name",
    ["../secret.csv", "/etc/passwd", "a/../../b", "C:\\x", "a\x00b", "", "figures/../../x"],
)
def test_names_that_lead_out_of_the_folder_are_refused(trial: Path, name: str) -> None:
    edit_manifest(trial, lambda table: table["documents"][0].update(file=name))
    with pytest.raises(DataFileError, match="not a manifest"):
        read_recorded(trial / "output")
    assert main(["verify", str(trial / "output")]) == 2


def test_a_link_that_leads_out_of_the_folder_is_refused(trial: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg/>")
    (trial / "output" / "flow.svg").unlink()
    (trial / "output" / "flow.svg").symlink_to(secret)
    with pytest.raises(DataFileError, match="leads out"):
        verify(trial / "output")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"protocol": 1, "data_cut": 3}']
)
def test_what_is_no_manifest_is_refused_without_a_traceback(
    trial: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (trial / "output" / "manifest.json").write_bytes(content)
    assert main(["verify", str(trial / "output")]) == 2
    assert "manifest" in capsys.readouterr().err


@pytest.mark.slow
def test_a_folder_without_a_manifest_or_a_trial_is_refused(trial: Path, tmp_path: Path) -> None:
    assert main(["verify", str(trial / "data")]) == 2
    moved = tmp_path / "elsewhere"
    shutil.move(trial / "output", moved)
    assert main(["verify", str(moved)]) == 2
    assert main(["verify", str(moved), "--trial", str(trial)]) == 0


def test_numbers_are_read_from_elements_within_elements() -> None:
    page = '<td data-result="a b"><button>1<i>.2</i><br></button> x</td><p>9</p>'
    assert [(each.results, each.text) for each in printed_numbers(page)] == [("a b", "1.2 x")]
    assert list(different_numbers(page, page.replace("1", "3"))) == [("a b", "1.2 x", "3.2 x")]
    assert list(different_numbers("", page)) == [("a b", "", "1.2 x")]
    assert list(different_numbers("<td data-result='a'>5</b></i>", "")) == [("a", "5", "")]


def test_rows_differ_by_more_than_the_last_digits_of_a_float() -> None:
    head = ",".join(COLUMNS)
    true = f"{head}\nx,p,,,,,,m,,,,mean,1.2345678901234567,,,,,,\n".encode()
    assert not list(different_rows(true, true))
    assert not list(different_rows(true.replace(b"4567,", b"4570,"), true))
    assert list(different_rows(true.replace(b"1.23", b"1.24"), true)) == [
        "x: stat is '1.2445678901234567', the analysis gives '1.2345678901234567'"
    ]
    assert list(different_rows(true[: len(head) + 1], true)) == ["x: the row is missing"]
    assert list(different_rows(b"a,b\n", true))
    assert list(different_rows(b"\xff", true)) == ["is not a CSV file in UTF-8"]


def test_validate_is_strict_only_when_asked(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(trial)]) == 0
    assert main(["validate", str(trial), "--strict"]) == 1
    assert "R01 error" in capsys.readouterr().out


@pytest.mark.slow
def test_with_a_stated_cut_a_report_is_verified_with_the_days_of_its_queries(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new"
    write_new_trial(folder)
    protocol, data = folder / "protocol.toml", folder / "data" / "end_of_study.csv"
    text = protocol.read_text("utf-8")
    assert "\n[data]\n" in text
    protocol.write_text(text.replace("\n[data]\n", "\n[data]\ncut = 2025-06-30\n"), "utf-8")
    said = data.read_text("utf-8")
    data.write_text(said.replace("001,NEW,", "001,USUAL,"), "utf-8")
    out = folder / "output"
    run_trial(folder, edition=PAGE_ALONE, today=date(2026, 1, 4))
    assert "2026-01-04" not in (out / "findings.csv").read_text("utf-8")  # nobody was asked
    assert verify(out).differences == ()
    assert main(["validate", str(folder)], today=date(2026, 1, 5)) == 0
    run_trial(folder, edition=PAGE_ALONE, today=date(2026, 1, 8))
    assert "2026-01-05,3," in (out / "findings.csv").read_text("utf-8")
    assert verify(out).differences == ()
