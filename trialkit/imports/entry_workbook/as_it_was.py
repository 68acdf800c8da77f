"""What a row was when an entry workbook was made: it travels with the row, whatever is done to it.

A hidden cell at the end of each row that was there holds the row's texts as JSON. So a change is
known from what somebody left alone, and from what changed in the data meanwhile.
"""

import json
import re
from collections.abc import Mapping, Sequence

from trialkit.files.workbook_writing import LONGEST_CELL, fits_a_cell

COLUMN = "as_it_was"
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def held(texts: Mapping[str, str]) -> str:
    """The texts of a row, of those columns that hold something."""
    return json.dumps({name: text for name, text in texts.items() if text.strip()})


def told(cell: str, columns: Sequence[str]) -> dict[str, str] | None:
    """The texts that a cell holds, blank where it says nothing; None where it is no such cell."""
    try:
        texts = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
        return None
    return {name: texts.get(name, "") for name in columns}


def can_be_shown(texts: Mapping[str, str]) -> bool:
    """Whether a workbook can hold the row to the sign, so that nothing in it seems to be changed."""
    return len(held(texts)) <= LONGEST_CELL and all(
        fits_a_cell(text) and not _ESCAPED.search(text) for text in texts.values()
    )
