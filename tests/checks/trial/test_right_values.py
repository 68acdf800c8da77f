"""The values of a form that can be right, as what looks at several rows together reads them."""

from tests.monitored.looking import looked_at, setting
from tests.monitored.trial import row_of
from trialkit.checks.trial.right_values import ROW, right_values


def test_what_cannot_be_right_is_missing_and_rows_that_share_a_key_are_left_out():
    wrong = setting("nrs_pain", {"subject_id": "N-001", "visit": "W6"}, nrs="14")
    twice = lambda rows: rows["nrs_pain"].append(
        row_of(rows, "nrs_pain", subject_id="N-002", visit="W6").copy()
    )
    cells = looked_at(wrong, twice).cells["nrs_pain"]

    table = right_values(cells, [cells.form.item("nrs")])

    assert table.columns == ["subject_id", "visit", "nrs", ROW]
    of_w6 = {row[0]: row[2] for row in table.iter_rows() if row[1] == "W6"}
    assert of_w6["N-001"] is None
    assert of_w6["N-003"] is not None
    assert "N-002" not in of_w6
    assert (
        cells.data.values["subject_id"].iloc[table[ROW].to_list()].tolist()
        == table["subject_id"].to_list()
    )
