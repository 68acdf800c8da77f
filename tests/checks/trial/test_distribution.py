"""What looks odd among all values is noted, the same in every run, and never asked about."""

from dataclasses import replace

import numpy as np
import pytest

from tests.miniature import Miniature, dedented
from trialkit.protocol.trial.people import Site

STRENGTH = """
    [form]
    id = "strength"
    title = "Strength"
    kind = "assessment"
    expected = "as_needed"

    [[items]]
    id = "back_kg"
    label = "Back"
    type = "decimal"
    unit = "kg"
    range = { low = 0, high = 900 }

    [[items]]
    id = "belly_kg"
    label = "Belly"
    type = "decimal"
    unit = "kg"

    [[items]]
    id = "hold_s"
    label = "Hold"
    type = "integer"
    unit = "s"

    [[items]]
    id = "grade"
    label = "Grade"
    type = "integer"
"""


def trial_of(people=40, seed=2):
    """Forty people of two sites with measurements that nobody would wonder at."""
    rng = np.random.default_rng(seed)
    trial = Miniature()
    trial.forms["screening"] += dedented("""
        [[items]]
        id = "site"
        label = "Site"
        type = "text"
        purpose = "site"
    """)
    ids = [f"S{number}" for number in range(1, people + 1)]
    trial.protocol = replace(
        trial.protocol, sites=(Site(code="01", label="A"), Site(code="02", label="B"))
    )
    trial.forms = {name: trial.forms[name] for name in ("screening", "diary")} | {
        "strength": dedented(STRENGTH)
    }
    rows = [
        [
            name,
            f"{60 + 10 * rng.normal():.1f}",
            f"{40 + 8 * rng.normal():.1f}",
            str(rng.integers(30, 120)),
            "0",
        ]
        for name in ids
    ]
    return trial, ids, rows


def found(trial, ids, rows, folder):
    screened = [f"{name},2025-01-10,30,yes,{'01' if n % 2 else '02'}" for n, name in enumerate(ids)]
    trial.data = {
        "screening": "subject_id,screening_date,age_years,eligible,site\n" + "\n".join(screened),
        "diary": "subject_id,repeat,started,note\n",
        "strength": "subject_id,back_kg,belly_kg,hold_s,grade\n"
        + "\n".join(",".join(row) for row in rows),
    }
    frame = trial.findings(folder)
    assert set(frame["severity"]) <= {"note"}, frame[["rule_id", "message"]].to_string()
    return frame


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_plausible_data_have_no_notes(seed, tmp_path):
    assert found(*trial_of(seed=seed), tmp_path).empty


def test_a_value_far_from_the_others_is_noted_with_the_middle_half(tmp_path):
    trial, ids, rows = trial_of()
    rows[4][1] = "160.5"

    frame = found(trial, ids, rows, tmp_path)

    assert frame[["subject_id", "item", "rule_id"]].to_numpy().tolist() == [
        ["S5", "back_kg", "outlier"]
    ]
    assert (
        frame["message"]
        .iloc[0]
        .startswith("Back: 160.5 kg lies far from the others: the middle half of 40")
    )


def test_a_value_that_cannot_be_right_is_no_outlier_too(tmp_path):
    trial, ids, rows = trial_of()
    rows[4][1] = "1605"

    with pytest.raises(AssertionError, match="out_of_range"):
        found(trial, ids, rows, tmp_path)

    assert "outlier" not in trial.findings(tmp_path)["rule_id"].tolist()


def test_measurements_that_end_in_nought_and_five_are_noted_once(tmp_path):
    trial, ids, rows = trial_of(people=60)
    for row in rows[:40]:
        row[3] = str(int(row[3]) // 5 * 5)

    frame = found(trial, ids, rows, tmp_path)

    assert frame[["subject_id", "item", "rule_id"]].to_numpy().tolist() == [
        ["", "hold_s", "digit_preference"]
    ]
    assert " of 60 values end in 0 or 5" in frame["message"].iloc[0]


def test_a_row_copied_from_another_participant_is_noted(tmp_path):
    trial, ids, rows = trial_of()
    rows[30][1:4] = rows[2][1:4]

    frame = found(trial, ids, rows, tmp_path)

    assert frame[["subject_id", "rule_id"]].to_numpy().tolist() == [["S31", "identical_rows"]]
    assert "(Back, Belly, Hold) are all the same as those of S3" in frame["message"].iloc[0]


def test_a_site_whose_values_are_nearly_constant_is_noted(tmp_path):
    trial, ids, rows = trial_of(people=80)
    for number, row in enumerate(rows):
        if number % 2:
            row[1] = f"{60 + number / 100:.1f}"

    frame = found(trial, ids, rows, tmp_path)

    narrow = frame[frame["rule_id"] == "narrow_site"]
    assert narrow["item"].tolist() == ["back_kg"]
    assert "the 40 values of site 01 have a standard deviation of" in narrow["message"].iloc[0]


def test_the_notes_are_the_same_in_every_run(tmp_path):
    trial, ids, rows = trial_of()
    rows[4][1], rows[30][1:4] = "160.5", rows[2][1:4]

    first = found(trial, ids, rows, tmp_path / "a")
    second = found(trial, ids, rows, tmp_path / "b")

    assert len(first) == 2
    assert first.equals(second)


def test_few_values_are_not_judged(tmp_path):
    trial, ids, rows = trial_of(people=12)
    rows[4][1] = "800.5"

    assert found(trial, ids, rows, tmp_path).empty
