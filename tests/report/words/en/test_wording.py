"""The small pieces of English."""

import re
from pathlib import Path

import pytest

from trialkit.report.words.en import wording as w


def test_lists_read_as_english() -> None:
    assert w.listing(["a"]) == "a"
    assert w.listing(["a", "b", "c"]) == "a, b and c"
    assert w.listing(["2", "4"], last="or") == "2 or 4"


def test_a_sentence_ends_once() -> None:
    assert w.sentence("Done") == "Done."
    assert w.sentence(" Done. ") == "Done."
    assert w.sentence("Done?") == "Done?"


def test_small_counts_are_words() -> None:
    assert w.counted(1, "arm") == "one arm"
    assert w.counted(2, "arm") == "two arms"
    assert w.counted(12, "visit") == "12 visits"
    assert w.counted(0, "visit") == "no visits"


@pytest.mark.parametrize(
    ("label", "inside", "first"),
    [
        ("tWSTRS total", "tWSTRS total", "tWSTRS total"),
        ("pH of the urine", "pH of the urine", "pH of the urine"),
        ("PH decreased", "PH decreased", "PH decreased"),
        ("mRNA", "mRNA", "mRNA"),
        ("EQ-5D index", "EQ-5D index", "EQ-5D index"),
        ("B12 in serum", "B12 in serum", "B12 in serum"),
        ("Berg Balance Scale", "Berg Balance Scale", "Berg Balance Scale"),
        ("Pain on moving", "pain on moving", "Pain on moving"),
        ("Week 8", "week 8", "Week 8"),
        ("six-minute walk", "six-minute walk", "Six-minute walk"),
        ("Vitamin D", "vitamin D", "Vitamin D"),
        ("A score", "a score", "A score"),
        ("", "", ""),
    ],
)
def test_labels_keep_their_capitals(label: str, inside: str, first: str) -> None:
    assert (w.lowered(label), w.capitalised(label)) == (inside, first)


def test_no_other_place_changes_the_case_of_a_first_letter() -> None:
    report = Path(__file__).parents[4] / "trialkit" / "report"
    elsewhere = [
        path.name
        for path in report.rglob("*.py")
        if path.name != "wording.py" and re.search(r"\[:1\]\.(lower|upper)|label\.lower\(\)",
                                                   path.read_text("utf-8"))
    ]  # fmt: skip
    assert elsewhere == []


def test_what_is_the_same_of_several_is_said_once() -> None:
    said = [("24.7%", "one"), ("10.0%", "two"), ("24.7%", "three")]
    assert w.alike(said) == {"24.7%": ["one", "three"], "10.0%": ["two"]}
    assert w.alike([]) == {}
