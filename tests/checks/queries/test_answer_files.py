"""Answers that people send back are read cell by cell, and what cannot be taken says so."""

from pathlib import Path

from tests.imports.books import book, sheet, texts
from trialkit.checks.queries.answer_files import read_answers


def test_a_formula_counts_by_its_value_and_an_error_is_no_answer(tmp_path: Path) -> None:
    rows = (
        texts("Findings of the North", "their answer", "their reason"),
        texts("Query key", "ANSWER", "reason"),
        texts("K1") + '<c t="str"><f>B9</f><v>Confirmed</v></c>' + texts(" as measured "),
        texts("k2") + '<c t="e"><v>#N/A</v></c>',
        texts("k3") + "<c><f>1+1</f></c>",
        texts("k4"),
    )
    found = read_answers(book(tmp_path / "back.xlsx", sheets={"North": sheet(*rows)}))

    assert [(each.place, each.query_key, each.answer, each.reason) for each in found] == [
        ("sheet North, row 3", "k1", "confirmed", "as measured"),
        ("sheet North, row 4", "k2", "the error #n/a", ""),
        (
            "sheet North, row 5",
            "k3",
            "a formula whose value was never worked out; open the file, save it, try again",
            "",
        ),
    ]
