"""Findings of rules that ask other rows: one defect is one query there, too."""

import pytest

from tests.conftest import few_at_once
from tests.miniature import Miniature, dedented
from trialkit.checks.queries.rows_read import is_of_all_rows
from trialkit.checks.trial.rows_asked import (
    cells_before,
    condition_with_looks,
    goes_with_the_visit,
)

PAIN = """
    [[items]]
    id = "p"
    label = "Pain"
    type = "integer"
"""


def trial_of(rule: str, *rows: str, form: str = "diary") -> Miniature:
    trial = Miniature()
    trial.forms["diary"] = dedented(trial.forms["diary"]) + dedented(PAIN)
    trial.forms[form] = dedented(trial.forms[form]) + dedented(f'''
        [[rules]]
        id = "ROWS"
        expression = "{rule}"
        severity = "soft"
        message = "Look at these."
        items = ["{"p" if form == "diary" else "vas_mm"}"]
        ''')  # fmt: skip
    trial.data["diary"] = "\n".join(
        ["subject_id,repeat,started,note,p", *(f"{row[:-1]},,,{row[-1]}" for row in rows)]
    ).replace(",,,,", ",,,")
    return trial


def queries(trial: Miniature, folder) -> list[tuple[str, str, str]]:
    frame = trial.findings(folder)
    asked = frame[frame["cause"] == ""]
    return list(zip(asked["subject_id"], asked["visit"], asked["repeat"], strict=True))


DIARY = ("S1,1,9", "S1,2,2", "S1,3,8", "S2,7,9", "S2,8,1")


@pytest.mark.parametrize(
    ("rule", "form", "found"),
    few_at_once(
        [
            ("COUNT(p > 7) < 1", "diary", [("S1", "", "1"), ("S2", "", "7")]),
            ("NOT ANY(p > 7)", "diary", [("S1", "", "1"), ("S2", "", "7")]),
            ("COUNT(diary.p > 7) < 1", "pain", [("S1", "BL", ""), ("S2", "BL", "")]),
            # each row by itself
            (
                "p < 8 OR COUNT(p > 7) < 1",
                "diary",
                [("S1", "", "1"), ("S1", "", "3"), ("S2", "", "7")],
            ),
            # the 2 in the middle, which two rows are compared with
            ("ABS(p - PREVIOUS(p)) < 5", "diary", [("S1", "", "2"), ("S2", "", "8")]),
        ],
        2,
    ),
)
def test_one_defect_is_one_query(rule, form, found, tmp_path):
    assert queries(trial_of(rule, *DIARY, form=form), tmp_path) == found


def test_rows_that_do_not_look_at_each_other_are_queries_of_their_own(tmp_path):
    rows = ("S1,1,9", "S1,2,2", "S1,3,2", "S1,4,9")

    found = queries(trial_of("ABS(p - PREVIOUS(p)) < 5", *rows), tmp_path)

    assert found == [("S1", "", "2"), ("S1", "", "4")]


def test_a_rule_without_other_rows_has_none(tmp_path):
    trial = trial_of("COUNT(p > 7) < 1", *DIARY)
    schemas = trial.schemas(tmp_path)
    diary = schemas.form("diary")
    condition = condition_with_looks("ROWS", diary, "p")

    assert condition is not None
    assert is_of_all_rows(condition)
    assert not goes_with_the_visit(condition, diary)
    assert list(cells_before(trial.findings(tmp_path), condition, diary, {})) == []
    assert condition_with_looks("required", diary, "p") is None
    assert condition_with_looks("PAIN01", schemas.form("pain"), "visit_date") is None
