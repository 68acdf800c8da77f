"""Every limit stands in one place, is told in the documents, and refuses no trial that people carry out."""

import re
from pathlib import Path

import trialkit
from trialkit import limits

PACKAGE = Path(trialkit.__file__).parent
LIMITS = {name: value for name, value in vars(limits).items() if name.isupper()}


def test_the_documents_tell_every_limit_and_no_other() -> None:
    text = (PACKAGE.parent / "docs" / "limits.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| ([0-9,]+)", text, re.MULTILINE))

    assert told == {name: f"{value:,}" for name, value in LIMITS.items()}


def test_every_limit_is_used() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if path.name != "limits.py"
    )

    assert [name for name in LIMITS if name not in code] == []


def test_a_large_honest_trial_meets_no_limit() -> None:
    participants, items, visits, bytes_a_cell = 26_000, 50, 10, 12

    assert participants * items * visits * bytes_a_cell < limits.LARGEST_CSV
    assert participants * items <= limits.MOST_CELLS
    assert participants * items <= limits.MOST_PLACES
    assert participants * items * 3 + participants < limits.MOST_ELEMENTS
    assert participants * items * bytes_a_cell < limits.MOST_CHARACTERS
    assert visits < limits.MOST_VISITS
    assert items < limits.MOST_ITEMS
