"""The files of the listing: the same findings as a table, as a workbook and as a page."""

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from tests.checks.validated import validated
from tests.miniature import SITE, Miniature
from trialkit.disk.content import whole
from trialkit.outputs.findings_files import findings_files, site_workbooks
from trialkit.protocol.trial.conduct import SampleSize
from trialkit.protocol.trial.people import Site

LABEL = "Made up, not measured"


def trial(*sites):
    """A hard finding of S1, a soft one of S2 and a note of nobody's; S3 has a hard one."""
    mini = Miniature()
    mini.protocol = replace(
        mini.protocol, sites=(Site(code="01", label="North"), Site(code="a/b", label="South"))
    )
    mini.forms["screening"] += SITE
    header, *rows = mini.data["screening"].splitlines()
    mini.data["screening"] = "\n".join(
        [f"{header},site", *(f"{row},{site}" for row, site in zip(rows, sites, strict=True))]
    )
    for old, new in (
        ("S1,BL,2025-01-14,50,l", "S1,BL,2025-01-14,500,l"),
        ("S2,BL,2025-01-15,60,r", "S2,BL,2025-01-15,96,r"),
        ("S3,BL,2025-01-16,70,", "S3,BL,2025-01-16,70,x"),
    ):
        assert mini.data["pain"].count(old) == 1
        mini.data["pain"] = mini.data["pain"].replace(old, new)
    return mini


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    mini = trial("01", "a/b", "", "01")
    return validated(mini, tmp_path_factory.mktemp("trial"), synthetic=LABEL)


def subjects_asked(content):
    """Which subjects the sheets of a workbook that take answers name."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    named = set()
    for sheet in book:
        heads = [cell.value for cell in sheet[1]]
        if "query_key" in heads:
            named |= {row[heads.index("subject")].value for row in sheet.iter_rows(min_row=2)}
    return named


def test_the_table_has_each_finding_with_its_query_and_the_label_of_synthetic_data(found):
    files = findings_files(found)
    rows = list(csv.DictReader(io.StringIO(whole(files["findings.csv"]).decode())))

    assert list(files) == ["findings.csv", "findings.xlsx", "findings.html"]
    assert [
        [row[name] for name in ("subject_id", "site", "item", "rule_id", "severity", "query_state")]
        for row in rows
    ] == [
        ["S1", "01", "vas_mm", "out_of_range", "hard", "open"],
        ["S2", "a/b", "vas_mm", "unusual", "soft", "open"],
        ["S3", "", "side", "not_a_choice", "hard", "open"],
    ]
    assert rows[1]["message"] == (
        "Pain: 96 mm is unusual; expected is 95 mm or less. Correct it, or confirm it.; " + LABEL
    )
    assert {row["asked_on"] for row in rows} == {"2025-02-27"}


def test_what_nobody_was_asked_has_no_day(found):
    content = whole(findings_files(replace(found, asks=False))["findings.csv"]).decode()
    assert {row["asked_on"] for row in csv.DictReader(io.StringIO(content))} == {""}


def test_the_workbook_and_the_page_have_the_same_findings(found):
    files = findings_files(found)
    page = files["findings.html"].decode()

    assert subjects_asked(files["findings.xlsx"]) == {"S1", "S2", "S3"}
    for words in ("500", "96 mm is unusual", "none of the choices", LABEL, "Mini", "2025-02-27"):
        assert words in page


def test_the_page_counts_forms_by_whom_they_are_expected_of_and_the_number_planned(found):
    size = SampleSize(planned=40)
    planned = replace(
        found,
        trial=replace(found.trial, protocol=replace(found.trial.protocol, sample_size=size)),
    )

    assert "40 planned" in findings_files(planned)["findings.html"].decode()
    page = findings_files(found)["findings.html"].decode()
    assert "planned" not in page
    for title in ("Screening", "Randomisation", "Pain", "Diary", "End of study", "BL", "W6"):
        assert title in page


def test_the_files_have_their_names(found):
    assert list(findings_files(found)) == ["findings.csv", "findings.xlsx", "findings.html"]


def test_each_site_gets_a_workbook_with_its_own_findings(found):
    assert {name: subjects_asked(book) for name, book in site_workbooks(found).items()} == {
        "findings_no_site.xlsx": {"S3"},
        "findings_01.xlsx": {"S1"},
        "findings_a_b.xlsx": {"S2"},
    }


def test_where_nothing_is_to_be_answered_no_workbook_is_written(tmp_path):
    whole = validated(Miniature(), tmp_path / "trial")

    assert site_workbooks(whole) == {}


@pytest.mark.slow
def test_sites_whose_names_become_the_same_have_workbooks_of_their_own(tmp_path):
    mini = trial("a/b", "a:b", "01", "01")
    mini.protocol = replace(
        mini.protocol,
        sites=tuple(Site(code=code, label=code) for code in ("a/b", "a:b", "01")),
    )

    written = site_workbooks(validated(mini, tmp_path / "trial"))

    assert {name: subjects_asked(book) for name, book in written.items()} == {
        "findings_01.xlsx": {"S3"},
        "findings_a_b.xlsx": {"S1"},
        "findings_a_b-2.xlsx": {"S2"},
    }
