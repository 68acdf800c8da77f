"""Of each row what an expression may read: values that can be right, and a mark at the others."""

from pathlib import Path

from tests.miniature import Miniature
from tests.store.in_hand import in_hand
from trialkit.schemas.rules.joining import ROW, SHARED
from trialkit.store.rows_as_read import one_row_a_key, tables_as_read

PAIN = """\
subject_id,visit,visit_date,vas_mm,side,drug,drug_name
S1,BL,2025-01-14,101,l,no,
S1,W6,2025-02-26,x,l,,
S2,BL,2025-01-15,,r,maybe,
S2,BL,2025-01-15,60,r,no,
S3,W6,2025-02-27,ND,,no,
"""


def test_a_value_that_cannot_be_right_is_marked_and_not_known(tmp_path: Path) -> None:
    trial = Miniature()
    trial.data["pain"] = PAIN
    forms, schemas = in_hand(trial, tmp_path)
    pain = schemas.form("pain")
    read = pain.conditions["visit <> 'W6' OR ABS(vas_mm - BL.pain.vas_mm) <= 60"].references
    tables = tables_as_read(pain, read, forms, schemas)
    assert list(tables) == ["pain"]
    table = tables["pain"]
    assert table[ROW].to_list() == [0, 1, 2, 3, 4]
    assert table["vas_mm"].to_list() == [None, None, None, 60.0, None]
    assert table["vas_mm__wrong"].to_list() == [True, True, True, False, False]
    assert table["vas_mm__missing"].to_list() == [None, None, None, None, "ND"]
    assert "drug" not in table.columns
    assert table[SHARED].to_list() == [False, False, True, True, False]
    first = one_row_a_key(tables, schemas)["pain"]
    assert first[ROW].to_list() == [0, 1, 2, 4]


def test_what_is_asked_under_a_condition_may_be_blank_and_days_have_limits(tmp_path: Path) -> None:
    trial = Miniature()
    trial.data["pain"] = PAIN.replace("2025-01-14", "2026-01-01")
    trial.forms["pain"] = trial.forms["pain"].replace(
        'required_when = "drug = TRUE"', "required = true"
    )
    trial.forms["pain"] += (
        '[[rules]]\nid = "ALL"\nexpression = "visit_date IS NULL OR drug_name IS NULL OR drug"\n'
        'severity = "note"\nmessage = "So."\nitems = ["drug"]\n'
    )
    forms, schemas = in_hand(trial, tmp_path)
    pain = schemas.form("pain")
    read = pain.conditions["visit_date IS NULL OR drug_name IS NULL OR drug"].references
    table = tables_as_read(pain, read, forms, schemas)["pain"]
    assert table["drug_name__wrong"].to_list() == [False] * 5
    assert table["drug__wrong"].to_list() == [False, True, True, False, False]
    assert table["visit_date__wrong"].to_list() == [True, False, False, False, False]
