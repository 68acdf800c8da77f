"""What a row was travels with it, and comes back to the sign or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.files.workbook_writing import LONGEST_CELL
from trialkit.imports.entry_workbook.as_it_was import can_be_shown, held, told

TEXTS = st.dictionaries(st.sampled_from(["subject_id", "visit", "pain", "note"]), st.text())


@given(TEXTS)
def test_what_is_held_is_told_again_and_blank_is_nothing(texts: dict[str, str]) -> None:
    columns = ["subject_id", "visit", "pain", "note"]
    expected = {name: texts.get(name, "") for name in columns}
    assert told(held(texts), columns) == {
        name: text if text.strip() else "" for name, text in expected.items()
    }


@pytest.mark.parametrize("cell", ["", "3", "[]", '{"pain": 3}', "{", "[" * 100_000])
def test_a_cell_that_somebody_wrote_over_tells_nothing(cell: str) -> None:
    assert told(cell, ["pain"]) is None


def test_a_row_that_a_cell_cannot_hold_is_not_shown() -> None:
    assert can_be_shown({"note": "tired"})
    assert not can_be_shown({"note": "x" * (LONGEST_CELL + 1)})
    assert not can_be_shown({"note": "_x000D_"})
