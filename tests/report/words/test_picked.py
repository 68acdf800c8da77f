"""What the report says of an outcome that is picked among several measurements, and what it is."""

from pathlib import Path

import pytest

from tests.datasets.imaging_trial import CELLS, imaging_trial, thickness
from tests.line import Line, line_of
from trialkit.datasets.picked_rows import TOO_FEW
from trialkit.report.tables.definitions import outcome_definitions
from trialkit.report.words.en.picked import picked_words
from trialkit.results.vocabulary import Stat


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(imaging_trial(tmp_path_factory.mktemp("imaging")))


def value(line: Line, subject: str, outcome: str, visit: str) -> object:
    rows = line.datasets.measurements
    row = rows[
        (rows["subject_id"] == subject) & (rows["outcome"] == outcome) & (rows["visit"] == visit)
    ].squeeze()
    return row["missing_reason"] if row["missing_reason"] == row["missing_reason"] else row["value"]


L5_LEFT = CELLS.index(("L5", "left", "ultrasound")) + 1
L5_RIGHT = CELLS.index(("L5", "right", "ultrasound")) + 1


def test_from_the_file_to_the_results_each_number_is_that_of_the_rows_that_are_named(line):
    first, *others = line.snapshot["randomisation"].values["subject_id"].tolist()
    for subject in others:
        left = thickness(subject, "W12", L5_LEFT)
        right = thickness(subject, "W12", L5_RIGHT)
        assert value(line, subject, "l5_left", "W12") == left
        assert value(line, subject, "l5_mean", "W12") == (left + right) / 2
        assert value(line, subject, "thinnest", "W12") == thickness(subject, "W12", 1)
    assert value(line, first, "l5_left", "W12") == thickness(first, "W12", L5_LEFT)
    assert value(line, first, "l5_mean", "W12") == TOO_FEW
    assert value(line, first, "thinnest", "W12") == thickness(first, "W12", 1)


def test_the_analyses_read_them(line):
    results = line.results.to_frame()
    described = results[
        (results["outcome"] == "l5_mean")
        & (results["analysis_id"] == "descriptive")
        & (results["visit"] == "W12")
        & (results["stat_name"] == Stat.N_MISSING.value)
    ]
    assert described["stat"].astype(float).sum() == 2  # of the value, and of the change
    assert set(results.loc[results["analysis_id"] == "l5_left", "outcome"]) == {"l5_left"}


def test_the_report_says_which_rows_and_how_they_are_combined(line):
    assert [picked_words(each) for each in line.protocol.outcomes if each.picks] == [
        "the measurement with level L5, side left and method ultrasound",
        (
            "the mean of the measurements with level L5 and method ultrasound; missing unless all of "
            "them have a value"
        ),
        (
            "the worst (lowest) of the measurements with method ultrasound; missing where fewer than 5 "
            "have a value"
        ),
    ]
    notes = outcome_definitions(line.protocol).notes
    assert (
        "Multifidus at L5, left: the measurement with level L5, side left and method ultrasound."
        in notes
    )


@pytest.mark.slow
def test_another_order_of_the_rows_gives_the_same(line, tmp_path: Path):
    folder = imaging_trial(tmp_path)
    path = folder / "data" / "imaging.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
    mixed = line_of(folder)
    assert mixed.datasets.measurements.equals(line.datasets.measurements)
