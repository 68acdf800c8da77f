"""The list goes to a site and comes back, whatever the site did to it."""

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.report.writers.template_folder import find_templates
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import make_manifest
from trialkit.steps.validating import validate

ON = "2022-09-01"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial with four soft findings and one hard one, asked about."""
    copy = tmp_path_factory.mktemp("asked") / "trial"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    enter(copy, "44,no", "444,no")
    assert main(["validate", str(copy)]) == ExitCode.FINDINGS
    return copy


@pytest.fixture
def trial(asked: Path, tmp_path: Path) -> Path:
    """The same trial, to be changed."""
    return shutil.copytree(asked, tmp_path / "trial")


def enter(trial: Path, old: str, new: str) -> None:
    path = trial / "data" / "pain.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def findings(trial: Path) -> list[dict[str, str]]:
    return rows(trial / "output" / "findings.csv")


def states(trial: Path) -> dict[str, str]:
    return {row["query_key"]: row["state"] for row in rows(trial / "queries" / "queries.csv")}


class Sheet:
    """The sheet that the site fills, by the heads of its columns."""

    def __init__(self, trial: Path) -> None:
        self.book = openpyxl.load_workbook(trial / "output" / "findings.xlsx")
        self.sheet = self.book.worksheets[1]
        self.path = trial.parent / "back.xlsx"

    @property
    def heads(self) -> list[str]:
        return [cell.value for cell in self.sheet[1]]

    def column(self, head: str) -> int:
        return self.heads.index(head) + 1

    def put(self, row: int, **values: object) -> None:
        for head, value in values.items():
            named = head if head == "query_key" else head.replace("_", " ")
            self.sheet.cell(row, self.column(named), value)

    def value(self, row: int, head: str) -> str:
        return self.sheet.cell(row, self.column(head)).value

    def lines(self) -> Iterator[int]:
        yield from range(2, self.sheet.max_row + 1)

    def answer_all(self, answer: str = "confirmed", reason: str = "as in the source") -> None:
        for row in self.lines():
            self.put(row, answer=answer, reason=reason, answered_by="Ana")

    def save(self) -> str:
        self.book.save(self.path)
        return str(self.path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["validate"], ["analyse", "--allow-hard"]], ids=lambda each: each[0]
)
def test_answers_typed_into_the_listing_itself_stay_until_they_are_recorded(
    trial: Path, capsys, command: list[str]
) -> None:
    sheet = Sheet(trial)
    sheet.answer_all()
    sheet.path = trial / "output" / "findings.xlsx"
    sheet.save()
    typed = sheet.path.read_bytes()

    main([*command, str(trial)])

    said = capsys.readouterr().out
    (kept,) = (trial / "output").glob("findings_answered_*.xlsx")
    assert kept.read_bytes() == typed
    assert sheet.path.read_bytes() != typed
    assert f"trialkit queries answer {trial} {kept}; then delete it" in " ".join(said.split())

    assert main(["queries", "answer", str(trial), str(kept), "--on", ON]) == ExitCode.FINE
    kept.unlink()
    main([*command, str(trial)])
    assert not list((trial / "output").glob("findings_answered_*"))


@pytest.mark.slow
def test_what_a_site_confirms_is_not_asked_again(trial: Path, capsys) -> None:
    sheet = Sheet(trial)
    sheet.answer_all()
    assert main(["queries", "answer", str(trial), sheet.save(), "--on", ON]) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "Recorded: 0 corrected, 5 confirmed, 0 unresolvable." in said
    assert f"4 closed by the answer; 1 wait for the data. Dated {ON}." in said
    assert "1 hard: an answer does not let the analysis run" in said
    assert "Next: trialkit validate" in said
    assert main(["validate", str(trial)]) == ExitCode.FINDINGS
    said = capsys.readouterr().out
    assert "1 hard, 4 soft, 0 note (4 of the soft ones settled by an answer)" in said
    assert "Queries: 0 open, 1 answered, 4 closed" in said
    assert "opened" not in said
    marked = {row["rule_id"]: row["query_state"] for row in findings(trial)}
    assert marked.pop("out_of_range") == "answered"
    assert set(marked.values()) == {"closed"}
    assert main(["run", str(trial)]) == ExitCode.FINDINGS  # a confirmation unlocks no analysis
    book = openpyxl.load_workbook(trial / "output" / "findings.xlsx")
    assert book.sheetnames[-2:] == ["Settled", "Lists"]
    assert book.worksheets[1].max_row == 2


@pytest.mark.slow
def test_the_data_close_the_hard_query_and_a_new_wrong_value_reopens_it(trial: Path) -> None:
    key = next(row["query_key"] for row in findings(trial) if row["severity"] == "hard")
    enter(trial, "444,no", "44,no")
    assert main(["validate", str(trial)]) == ExitCode.FINE
    assert states(trial)[key] == "closed"
    enter(trial, "44,no", "555,no")
    assert main(["validate", str(trial)]) == ExitCode.FINDINGS
    assert states(trial)[key] == "open"
    history = [row["event"] for row in rows(trial / "queries" / "history.csv")]
    assert history == ["cut", *["opened"] * 5, "closed", "reopened"]


def renamed(sheet: Sheet) -> None:
    sheet.sheet.title = "Réponses / été"[:9]


def reordered(sheet: Sheet) -> None:
    sheet.sheet.move_range(f"I1:Z{sheet.sheet.max_row}", cols=5)
    sheet.sheet.column_dimensions["P"].hidden = True


def sorted_and_filtered(sheet: Sheet) -> None:
    lines = [[cell.value for cell in row] for row in sheet.sheet.iter_rows(min_row=2)]
    for row, line in enumerate(reversed(lines), start=2):
        sheet.sheet.row_dimensions[row].hidden = True
        for column, value in enumerate(line, start=1):
            sheet.sheet.cell(row, column, value)


def a_title_above(sheet: Sheet) -> None:
    sheet.sheet.insert_rows(1, amount=3)
    sheet.sheet["A1"] = "Our answers"


def edited(sheet: Sheet) -> None:
    for row in sheet.lines():
        sheet.put(row, entered="45", message="asked and answered", severity="?")


def shouted(sheet: Sheet) -> None:
    for row in sheet.lines():
        sheet.put(row, answer="  CONFIRMED ", answered_by=" Ana\n", reason="as in\nthe source ")
        sheet.put(row, query_key=f" {sheet.value(row, 'query_key').upper()} ")


def empty_sheets_and_rows(sheet: Sheet) -> None:
    sheet.book.create_sheet("Notes to self")["A1"] = "answer"
    sheet.book.remove(sheet.book.worksheets[0])
    sheet.sheet.insert_rows(3, amount=2)


def without_marks(sheet: Sheet) -> None:
    sheet.sheet.delete_cols(sheet.column("asked"), amount=3)


@pytest.mark.parametrize(
    "spoil",
    [renamed, reordered, sorted_and_filtered, edited, shouted, empty_sheets_and_rows,
     without_marks, a_title_above],
)  # fmt: skip
def test_what_sites_do_to_a_list_changes_no_answer(
    trial: Path, spoil: Callable[[Sheet], None], capsys
) -> None:
    sheet = Sheet(trial)
    sheet.answer_all()
    if spoil is edited:
        sheet.sheet.cell(1, sheet.column("what was found"), "message")
    spoil(sheet)
    assert main(["queries", "answer", str(trial), sheet.save()]) == ExitCode.FINE
    assert "5 confirmed" in capsys.readouterr().out
    answered = rows(trial / "queries" / "queries.csv")
    assert {(row["answered_by"], row["reason"]) for row in answered} == {
        ("Ana", "as in the source")
    }


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")]
)
def test_a_csv_of_any_spreadsheet_is_read(
    trial: Path, delimiter: str, encoding: str, tmp_path: Path, capsys
) -> None:
    path = tmp_path / "back.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["Query_Key", "Answer", "Reason"])
        for row in findings(trial):
            writer.writerow([row["query_key"], "unresolvable", "Gerät défekt"])
    assert main(["queries", "answer", str(trial), str(path), "--by", "Zoë"]) == ExitCode.FINE
    assert "5 unresolvable" in capsys.readouterr().out
    answered = rows(trial / "queries" / "queries.csv")
    assert {row["reason"] for row in answered} == {"Gerät défekt"}


def test_the_same_file_twice_changes_nothing(trial: Path, capsys) -> None:
    sheet = Sheet(trial)
    sheet.answer_all()
    main(["queries", "answer", str(trial), sheet.save()])
    before = (trial / "queries" / "history.csv").read_bytes()
    assert main(["queries", "answer", str(trial), sheet.save()]) == ExitCode.FINE
    assert "5 had been recorded before" in capsys.readouterr().out
    assert (trial / "queries" / "history.csv").read_bytes() == before


def no_reason(sheet: Sheet) -> str:
    sheet.put(3, answer="confirmed", answered_by="Ana")
    return "row 3: confirmed, but no reason is given"


def no_answer(sheet: Sheet) -> str:
    sheet.put(4, reason="it is right")
    return "row 4: has a reason and no answer"


def nobody(sheet: Sheet) -> str:
    sheet.put(2, answer="corrected")
    return "row 2: nobody is named in answered_by"


def another_word(sheet: Sheet) -> str:
    sheet.put(2, answer="confirm", reason="x", answered_by="Ana")
    return "'confirm' is none of corrected, confirmed, unresolvable; did you mean 'confirmed'?"


def contradiction(sheet: Sheet) -> str:
    last = sheet.sheet.max_row + 1
    for column, cell in enumerate(sheet.sheet[2], start=1):
        sheet.sheet.cell(last, column, cell.value)
    sheet.put(2, answer="confirmed", reason="right", answered_by="Ana")
    sheet.put(last, answer="corrected", answered_by="Bo")
    return f"row {last} says 'corrected' about the query that sheet"


def a_formula(sheet: Sheet) -> str:
    sheet.put(2, answer='=IF(1,"confirmed","")', reason="=A1", answered_by="Ana")
    return "is none of corrected"


def another_trial(sheet: Sheet) -> str:
    sheet.put(2, answer="corrected", answered_by="Ana", trial="OTHER")
    return "row 2: is of the trial 'OTHER', and this is"


def only_unknown(sheet: Sheet) -> str:
    sheet.put(2, answer="corrected", answered_by="Ana", query_key="q000")
    return "none of the 1 answers is about a query of this trial"


@pytest.mark.parametrize(
    "spoil",
    [no_reason, no_answer, nobody, another_word, contradiction, a_formula, another_trial,
     only_unknown],
)  # fmt: skip
def test_what_is_not_clear_is_refused_with_its_row_and_nothing_is_written(
    trial: Path, spoil: Callable[[Sheet], str], capsys
) -> None:
    sheet = Sheet(trial)
    sheet.put(
        6, answer="confirmed", reason="fine", answered_by="Ana"
    ) if spoil is not only_unknown else None
    words = spoil(sheet)
    before = (trial / "queries" / "history.csv").read_bytes()
    assert main(["queries", "answer", str(trial), sheet.save()]) == ExitCode.CANNOT
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert (trial / "queries" / "history.csv").read_bytes() == before


def test_unknown_keys_are_listed_and_the_others_recorded(trial: Path, capsys) -> None:
    sheet = Sheet(trial)
    sheet.answer_all()
    sheet.put(3, query_key="q123456789abcdef")
    assert main(["queries", "answer", str(trial), sheet.save()]) == ExitCode.FINDINGS
    said = capsys.readouterr().out
    assert "4 confirmed" in said
    assert "1 about no query of this trial: not recorded:" in said
    assert "row 3" in said


@pytest.mark.slow
def test_an_older_list_is_kept_but_settles_nothing_that_changed_since(trial: Path, capsys) -> None:
    sheet = Sheet(trial)
    sheet.answer_all()
    enter(trial, "444,no", "555,no")
    main(["validate", str(trial)])
    capsys.readouterr()
    assert main(["queries", "answer", str(trial), sheet.save()]) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "4 confirmed" in said
    assert "1 about a value that has changed since" in said
    assert sorted(states(trial).values()) == ["closed"] * 4 + ["open"]


def test_a_rehearsal_writes_nothing(trial: Path, capsys) -> None:
    sheet = Sheet(trial)
    sheet.answer_all()
    before = states(trial)
    assert main(["queries", "answer", str(trial), sheet.save(), "--dry-run"]) == ExitCode.FINE
    assert "Would be recorded: 0 corrected, 5 confirmed" in capsys.readouterr().out
    assert states(trial) == before


def test_the_list_counts_by_site_and_tells_ages(trial: Path, capsys) -> None:
    assert main(["queries", "list", str(trial)]) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "site  open  answered  closed  median age  oldest" in said
    assert "5  0  0  0 days  0 days" in said
    assert "out_of_range" not in said
    assert main(["queries", "list", str(trial), "--site", "nowhere"]) == ExitCode.FINE
    assert "No query of site nowhere" in capsys.readouterr().out


@pytest.mark.slow
def test_a_look_back_changes_no_query(trial: Path, capsys) -> None:
    before = (trial / "queries" / "history.csv").read_bytes()
    main(["validate", str(trial), "--cut", "2021-12-31"])
    assert "They were left as they are: the data cut" in capsys.readouterr().out
    assert (trial / "queries" / "history.csv").read_bytes() == before


@pytest.mark.slow
def test_validation_can_leave_the_queries_alone(tmp_path: Path, capsys) -> None:
    copy = tmp_path / "trial"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    assert main(["validate", str(copy), "--no-queries"]) == ExitCode.FINE
    assert not (copy / "queries").exists()


@pytest.mark.slow
def test_a_report_of_other_data_is_called_so(trial: Path, capsys) -> None:
    manifest = make_manifest(validate(open_trial(trial)), (), find_templates())
    (trial / "output" / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    main(["validate", str(trial)])
    assert "was made from other data" not in capsys.readouterr().out
    enter(trial, "444,no", "46,no")
    main(["validate", str(trial)])
    assert "report.html was made from other data" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x00\x01", b"a,b\n1,2\n", b"x"])
def test_a_file_that_is_no_list_is_refused(trial: Path, content: bytes, capsys) -> None:
    for name in ("back.xlsx", "back.csv"):
        path = trial.parent / name
        path.write_bytes(content)
        assert main(["queries", "answer", str(trial), str(path)]) == ExitCode.CANNOT
        said = capsys.readouterr().err
        assert str(path) in said
        assert "fault of trialkit" not in said


def test_a_list_without_answers_records_nothing(trial: Path, capsys) -> None:
    before = (trial / "queries" / "history.csv").read_bytes()
    unchanged = str(trial / "output" / "findings.xlsx")
    assert main(["queries", "answer", str(trial), unchanged]) == ExitCode.FINE
    assert "No row has an answer" in capsys.readouterr().out
    assert (trial / "queries" / "history.csv").read_bytes() == before


def test_queries_stay_in_the_trials_folder(trial: Path, capsys) -> None:
    elsewhere = trial.parent / "elsewhere"
    (trial / "queries").rename(elsewhere)
    (trial / "queries").symlink_to(elsewhere)
    enter(trial, "444,no", "445,no")
    assert main(["validate", str(trial)]) == ExitCode.CANNOT
    assert "leads out of the trial's folder" in capsys.readouterr().err


@pytest.mark.slow
def test_no_output_goes_among_the_queries(trial: Path, capsys) -> None:
    place = str(trial / "queries")
    assert main(["validate", str(trial), "--out", place]) == ExitCode.CANNOT
    assert "which holds what people wrote" in capsys.readouterr().err


def test_what_no_site_may_read_is_said_where_the_workbooks_are_made(tmp_path: Path, capsys) -> None:
    trial = tmp_path / "new"
    assert main(["new", str(trial)]) == ExitCode.FINE
    assert main(["queries", "send", str(trial)]) == ExitCode.FINE
    assert "no site's workbook" not in capsys.readouterr().out
    path = trial / "data" / "randomisation.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("001,2025-01-13,1,NEW", "001,2025-01-13,1,NEWW"), encoding="utf-8")
    assert main(["queries", "send", str(trial)]) == ExitCode.FINE
    (key,) = states(trial)
    assert (
        f"1 query shows an arm or a block and is in no site's workbook, but for whoever may know: {key}"
        in (capsys.readouterr().out)
    )


def test_each_site_gets_a_workbook_with_nothing_of_the_others(tmp_path: Path, capsys) -> None:
    copy = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    path = copy / "data" / "demographics.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(";71;", ";710;").replace(";67;", ";670;"), encoding="utf-8")
    assert main(["queries", "send", str(copy)]) == ExitCode.FINE
    folder = copy / "output" / "sites"
    assert sorted(each.name for each in folder.iterdir()) == ["findings_N.xlsx", "findings_S.xlsx"]
    for site, subject, other in (("N", "0101", "0202"), ("S", "0202", "0101")):
        back = folder / f"findings_{site}.xlsx"
        book = openpyxl.load_workbook(back)
        cells = {str(cell) for sheet in book for line in sheet.values for cell in line}
        assert subject in cells
        assert other not in cells
        sheet = book.worksheets[1]
        sheet["I2"], sheet["L2"] = "corrected", "Ana"
        book.save(back)
        assert main(["queries", "answer", str(copy), str(back)]) == ExitCode.FINE
    assert list(states(copy).values()).count("answered") == 2
    capsys.readouterr()
