"""The trail of a crossover trial counts participants, names periods, and shows each period's treatment."""

from pathlib import Path

import pandas as pd
import pytest

from tests.line import Line, line_of
from tests.report.crossover_trial import write_crossover
from tests.report.kinds_of_trial import Tables
from trialkit.datasets.sources import Sources
from trialkit.results.vocabulary import Stat
from trialkit.trails.periods import parted
from trialkit.trails.tracing import follow
from trialkit.trails.trail import Trail

WITHOUT_SECOND, WITHOUT_ANY = 2, 4
"""How many lack the value of the second period, and of both."""


def _empty(tables: Tables) -> None:
    people = [row["subject_id"] for row in tables["randomisation"]]
    second, none = people[:WITHOUT_SECOND], people[-WITHOUT_ANY:]
    for row in tables["assessment"]:
        who, visit = row["subject_id"], row["visit"]
        if (who in second and visit == "V3") or (who in none and visit in {"V1", "V3"}):
            row["pain_mm"] = ""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    folder: Path = tmp_path_factory.mktemp("gaps") / "trial"
    return line_of(write_crossover(folder, change=_empty))


def trail_of(line: Line, analysis: str, stat: Stat = Stat.ESTIMATE) -> Trail:
    (name,) = (
        row.result_id
        for row in line.results.rows
        if (row.analysis_id, row.term, row.stat_name, row.arm) == (analysis, "B - A", stat, "")
    )
    sources = Sources(snapshot=line.snapshot, schemas=line.schemas)
    return follow(
        name, line.results, datasets=line.datasets, sources=sources, protocol=line.protocol
    )


def test_a_model_of_periods_leaves_out_participants_and_periods(line: Line) -> None:
    trail = trail_of(line, "model")
    assert len(trail.used) == 24 - WITHOUT_ANY
    assert len(trail.left_out) == WITHOUT_ANY
    assert not {*trail.left_out["subject_id"]} & {*trail.used}
    assert {*trail.left_out["arm"]} <= {"AB", "BA"}
    assert len(trail.periods_left_out) == WITHOUT_SECOND
    assert {*trail.periods_left_out["subject_id"]} <= {*trail.used}
    assert {*trail.periods_left_out["arm"]} <= {"A", "B"}


def test_a_closed_form_leaves_out_participants_alone(line: Line) -> None:
    for name in ("primary", "from_the_start"):
        trail = trail_of(line, name)
        assert len(trail.used) == 24 - WITHOUT_ANY - WITHOUT_SECOND
        assert len(trail.left_out) == WITHOUT_ANY + WITHOUT_SECOND
        assert trail.periods_left_out.empty


@pytest.mark.parametrize("name", ["primary", "model", "from_the_start"])
def test_a_cell_has_the_treatment_of_its_period(line: Line, name: str) -> None:
    drawn = line.snapshot["randomisation"].values
    sequence = dict(zip(drawn["subject_id"], drawn["arm"], strict=True))
    cells = trail_of(line, name).cells
    place = cells["visit"].map({"V0": 0, "V1": 0, "V2": 1, "V3": 1}).astype(int)
    expected = [
        sequence[who][period] for who, period in zip(cells["subject_id"], place, strict=True)
    ]
    assert {*cells["arm"]} == {"A", "B"}
    assert cells["arm"].tolist() == expected


def test_cells_give_the_estimate_again(line: Line) -> None:
    """A second route: half the differences of the two sequences, from the text of the cells."""
    trail = trail_of(line, "primary")
    cells = trail.cells.assign(number=trail.cells["entered"].astype(float))
    wide = cells.pivot_table(index="subject_id", columns="arm", values="number")
    first = cells[cells["visit"] == "V1"].set_index("subject_id")["arm"]
    per_sequence = (wide["B"] - wide["A"]).groupby(first).mean()
    (row,) = (each for each in line.results.rows if each.result_id == trail.origin.result_id)
    assert per_sequence.mean() == pytest.approx(row.stat, rel=1e-12)


def test_who_has_one_treatment_twice_is_in_it_by_either_period() -> None:
    left = pd.DataFrame(
        {"subject_id": ["1", "2", "2"], "arm": ["A", "A", "A"], "reason": ["x", "y", "z"]}
    )
    subjects = pd.DataFrame({"subject_id": ["1", "2"], "arm": ["ABA", "ABA"]})
    people, periods = parted(left, ["1"], subjects)
    assert people.to_numpy().tolist() == [["2", "ABA", "y"]]
    assert periods.to_numpy().tolist() == [["1", "A", "x"]]
