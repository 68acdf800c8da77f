"""Whether an item was to be asked: true, false, or not known, as the checks judge it."""

from pathlib import Path

import polars as pl
import pytest

from tests.miniature import Miniature
from tests.store.in_hand import in_hand
from trialkit.store.asking import shown

KEYS = pl.DataFrame(
    {"subject_id": ["S1", "S1", "S2", "S3", "S4"], "visit": ["BL", "W6", "W6", "W6", "W6"]}
)
CONDITIONS: dict[str, list[bool | None]] = {
    "visit <> 'BL'": [False, True, True, True, True],
    "drug = TRUE": [False, True, False, None, None],
    "drug = TRUE AND visit = 'BL'": [False, False, False, False, False],
    "screening.age_years >= 40": [False, False, True, True, True],
    "BL.pain.vas_mm > 55": [False, False, True, True, None],
    "drug IS NULL": [False, False, False, None, None],
    "": [True] * 5,
}


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS.items())
def test_what_is_not_known_is_neither_asked_nor_not_asked(
    tmp_path: Path, condition: str, expected: list[bool | None]
) -> None:
    """S3 left the drug blank, which must be answered; S4 has no row."""
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace(
        'shown_when = "drug = TRUE"\nrequired_when = "drug = TRUE"', f'shown_when = "{condition}"'
    )
    trial.data["pain"] = trial.data["pain"].replace(
        "S3,W6,2025-02-27,ND,,no,", "S3,W6,2025-02-27,ND,,,"
    )
    forms, schemas = in_hand(trial, tmp_path)
    pain = schemas.form("pain")
    found = shown(pain, pain.item("drug_name"), KEYS, forms, schemas)
    assert found.to_list() == expected
