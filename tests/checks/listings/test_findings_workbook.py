"""The workbook that goes to the sites: a sheet each, nothing that runs, the same bytes."""

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest

from tests.checks.query_trial import SCHEMAS
from tests.miniature import protocol
from trialkit.checks.listings import excerpt as module
from trialkit.checks.listings.findings_workbook import findings_workbook
from trialkit.checks.listings.marking import LISTING_COLUMNS, Listing
from trialkit.checks.queries.queries import Event, Happening, Queries
from trialkit.protocol.trial.people import Site

DANGEROUS = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']


QUERIES = (
    Queries()
    .followed_by(
        [
            Event(
                on="2025-03-01", event=Happening.OPENED, query_key="q1", asked="v1",
                severity="soft", form="pain", item="vas", rule_id="unusual",
            )
        ]
    )
    .by_key
)  # fmt: skip


def row(**changed: str) -> dict[str, str]:
    plain = {
        "subject_id": "S1", "site": "01", "form": "pain", "item": "vas", "label": "Pain",
        "value": "97", "rule_id": "unusual", "severity": "soft", "message": "Odd.",
        "query_key": "q1", "query_state": "open", "asked_on": "2025-03-01", "age_days": "3",
    }  # fmt: skip
    return {**dict.fromkeys(LISTING_COLUMNS, ""), **plain, **changed}


def made(*rows: dict[str, str], trial=None, cut: str = "2025-03-04") -> bytes:
    frame = pd.DataFrame(list(rows), columns=list(LISTING_COLUMNS), dtype="str")
    return findings_workbook(
        Listing(frame=frame), trial or protocol(), SCHEMAS, queries=QUERIES, cut=cut
    )


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def column(sheet, head: str) -> list[str]:
    heads = [cell.value for cell in sheet[1]]
    return [line[heads.index(head)] for line in sheet.iter_rows(min_row=2, values_only=True)]


def test_a_site_sees_its_own_and_what_is_to_answer_alone():
    sites = (Site(code="01", label="Clinic"), Site(code="02", label="Ward [B]: a/b"))
    trial = replace(protocol(), sites=sites)
    book = opened(
        made(
            row(),
            row(site="02", severity="hard", query_state="answered", answer="corrected"),
            row(site="", subject_id="S3"),
            row(subject_id="S4", query_state="closed", answer="confirmed", reason="so it is"),
            row(subject_id="S5", severity="note", query_state=""),
            trial=trial,
        )
    )
    assert book.sheetnames == [
        "Overview", "01 Clinic", "02 Ward -B-- a-b", "no site", "Settled", "Notes", "Lists",
    ]  # fmt: skip
    assert column(book["01 Clinic"], "subject") == ["S1"]
    assert column(book["02 Ward -B-- a-b"], "state") == ["answered: corrected"]
    assert column(book["no site"], "subject") == ["S3"]
    assert column(book["Settled"], "why") == ["so it is"]
    assert "answer" not in [cell.value for cell in book["Settled"][1]]
    counts = [line for line in book["Overview"].iter_rows(values_only=True) if line[1]]
    assert ("01 Clinic", "soft", 1, 0, 1, 2) in counts
    assert ("02 Ward [B]: a/b", "hard", 0, 1, 0, 1) in counts


def test_the_sheet_can_be_worked_with():
    sheet = opened(made(row(), row(subject_id="S2", severity="hard"))).worksheets[1]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:Y3"
    assert column(sheet, "severity") == ["hard", "soft"]
    fills = [sheet.cell(line, 1).fill.fgColor.rgb for line in (2, 3)]
    assert len(set(fills)) == 2
    assert all(cell.alignment.wrap_text for cell in sheet[2])
    choice = sheet.data_validations.dataValidation[0]
    assert choice.formula1 == '"corrected,confirmed,unresolvable"'
    assert str(choice.sqref) == "I2:I3"
    assert column(sheet, "answer") == column(sheet, "reason") == [None, None]
    assert column(sheet, "asked") == ["v1", "v1"]
    assert sheet.print_title_rows == "$1:$1"
    # on paper up to the last cell that the site fills: on one page's width all could not be read
    assert sheet.print_area.endswith("!$A$1:$L$3")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text):
    columns = ("subject_id", "site", "visit", "repeat", "form", "item", "label", "value",
               "message", "rule_id", "query_key", "answer", "reason")  # fmt: skip
    content = made(
        row(**dict.fromkeys(columns, text)),
        row(**{**dict.fromkeys(columns, text), "query_state": "closed"}),
    )
    book = opened(content)
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type in {"s", "n", "inlineStr"}
                if isinstance(cell.value, str):
                    assert not re.match(r"[=+@\t\r]", cell.value), cell.coordinate
    with ZipFile(BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in archive.read(name) for name in sheets)


def test_numbers_stay_as_they_were_entered_and_what_xml_cannot_hold_is_marked():
    book = opened(made(row(value="-5"), row(value="007"), row(value="a\x07b" + "x" * 40_000)))
    entered = column(book.worksheets[1], "entered")
    assert entered[:2] == ["-5", "007"]
    assert entered[2].startswith("a\ufffdbx")
    assert len(entered[2]) < 32_768


def test_the_same_findings_give_the_same_bytes_dated_by_the_data_cut():
    first = made(row())
    assert first == made(row())
    properties = opened(first).properties
    assert properties.created == properties.modified == datetime(2025, 3, 4)  # noqa: DTZ001
    assert opened(made(row(), cut="")).properties.created.year == 1980


def test_a_long_list_states_its_limit_and_counts_in_full(monkeypatch):
    monkeypatch.setattr(module, "OF_EACH", 2)
    rows = [row(subject_id=f"S{number}") for number in range(4)]
    book = opened(made(*rows, row(subject_id="H", severity="hard")))
    said = [str(line[0]) for line in book["Overview"].iter_rows(values_only=True)]
    assert (
        "3 of 5 findings are listed, the hard ones first: at most 2 of a site and severity. The "
        "counts below and findings.csv hold all of them."
    ) in said
    assert column(book.worksheets[1], "subject") == ["H", "S0", "S1"]
    assert ("01 Clinic", "soft", 4, 0, 0, 4) in list(book["Overview"].values)


def test_a_workbook_for_one_site_that_is_too_long_promises_the_rest(monkeypatch):
    monkeypatch.setattr(module, "OF_EACH", 1)
    frame = pd.DataFrame(
        [row(), row(subject_id="S2"), row(site="02")], columns=list(LISTING_COLUMNS), dtype="str"
    )
    content = findings_workbook(
        Listing(frame=frame), protocol(), SCHEMAS, queries={}, cut="2025-03-04", site="01"
    )
    said = [str(line[0]) for line in opened(content)["Overview"].iter_rows(values_only=True)]
    assert (
        "1 of 2 findings are listed, the hard ones first: at most 1 of a site and severity. Answer "
        "these, and the next workbook brings others; the counts below hold all of them."
    ) in said


def test_a_trial_without_findings_has_a_workbook_that_says_so():
    book = opened(made())
    assert book.sheetnames == ["Overview", "01 Clinic", "Lists"]
    assert book.worksheets[1]["A2"].value == "nothing to answer"
