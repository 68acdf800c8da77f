"""An analysis may have a time point of its own: one outcome, several analyses."""

import shutil
from pathlib import Path

import pytest
from scipy.stats import ttest_ind

from tests.conftest import THREE_ARMS
from tests.line import Line, line_of
from trialkit.errors import ProtocolError
from trialkit.protocol.analysis_times import complain_of_analysis_times
from trialkit.protocol.headline_tests import headline_p_values
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.tables.definitions import Complaints
from trialkit.report.figures.forest_figure import forest_figures
from trialkit.report.lint.plan_rules import _when
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.definitions import outcome_definitions
from trialkit.report.tables.headlines import main_headlines
from trialkit.report.tables.outcome_heads import at_its_time, outcome_head
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat


def analysis(at: str, *, role: str = "secondary", outcome: str = "walk") -> str:
    return f"""
[[analyses]]
id = "walk_early"
role = "{role}"
outcomes = ["{outcome}"]
population = "itt"
estimand = "E2"
method = "welch_t"
response = "change"
time_point = "{at}"
"""


def with_analysis(folder: Path, text: str) -> Path:
    trial = folder / "trial"
    shutil.copytree(THREE_ARMS, trial, ignore=shutil.ignore_patterns("output", "*.py"))
    place = trial / "protocol.toml"
    place.write_text(place.read_text(encoding="utf-8") + text, encoding="utf-8")
    return trial


def test_the_outcome_of_an_analysis_is_at_its_own_time(tmp_path: Path) -> None:
    protocol = load_protocol(with_analysis(tmp_path, analysis("W4")))
    planned = protocol.plan.analysis("walk_early")
    assert planned is not None
    assert protocol.analysed(planned, "walk").time_point == "W4"
    assert protocol.outcome("walk").time_point == "W12"
    usual = protocol.plan.analysis("walk_change")
    assert usual is not None
    assert protocol.analysed(usual, "walk") is protocol.outcome("walk")


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        (analysis("W5"), "'W5'", "one of the visits: BL, W4, W8, W12"),
        (analysis("BL"), "'BL', which is not after the baseline visit", "a visit after baseline"),
        (analysis("W4", role="primary"), "'W4' in a primary analysis of 'walk'", "another role"),
    ],
    ids=["unknown", "baseline", "primary"],
)
def test_a_time_that_cannot_be_is_a_complaint(
    text: str, found: str, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(ProtocolError) as raised:
        load_protocol(with_analysis(tmp_path, text))
    assert found in str(raised.value)
    assert expected in str(raised.value)


@pytest.mark.parametrize("kind", ["count", "time_to_event", "recurrent_events"])
def test_events_up_to_a_time_have_no_other_one(kind: str) -> None:
    complaints = Complaints("protocol.toml")
    raw = {
        "outcomes": [{"code": "falls", "type": kind, "time_point": "W12"}],
        "analyses": [{"outcomes": ["falls", "no such"], "role": "secondary", "time_point": "W4"}],
    }
    complain_of_analysis_times(raw, complaints)
    (only,) = complaints.all()
    assert only.key == "time_point"
    assert "is no value of a visit" in only.found


def test_periods_have_time_points_of_their_own() -> None:
    complaints = Complaints("protocol.toml")
    raw = {"periods": [{"code": "1"}], "analyses": [{"outcomes": ["x"], "time_point": "W4"}]}
    complain_of_analysis_times(raw, complaints)
    assert [each.found for each in complaints.all()] == ["'W4'"]


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Line:
    beside = analysis("W8", role="exploratory").replace("walk_early", "walk_beside")
    return line_of(with_analysis(tmp_path_factory.mktemp("times"), analysis("W4") + beside))


def test_the_analysis_is_that_of_the_values_at_its_time(analysed: Line) -> None:
    """By hand from the measurements: Welch's t test of the change to week 4."""
    rows = analysed.datasets.measurements.query("outcome == 'walk' and visit == 'W4'")
    members = analysed.datasets.population("itt").members
    rows = rows.drop(columns="arm").merge(members, on="subject_id").dropna(subset=["change"])
    of = {arm: own["change"].to_numpy() for arm, own in rows.groupby("arm", observed=True)}
    index = ResultIndex(analysed.results)
    found = index.find(
        "walk_early", outcome="walk", visit="W4", term="HIGH - CTRL", arm="", method="welch_t"
    )
    expected = ttest_ind(of["HIGH"], of["CTRL"], equal_var=False)
    assert found[Stat.ESTIMATE].stat == pytest.approx(of["HIGH"].mean() - of["CTRL"].mean())
    assert found[Stat.P_VALUE].stat == pytest.approx(expected.pvalue)


def test_it_is_one_outcome_whose_times_are_told(analysed: Line) -> None:
    protocol, index = analysed.protocol, ResultIndex(analysed.results)
    walk = [each for each in main_headlines(protocol, index) if each.outcome.code == "walk"]
    heads = [outcome_head(each.outcome, each, protocol) for each in walk]
    assert [head.split(" \N{EN DASH} ")[1] for head in heads] == [
        "secondary outcome, week 12, higher is better",
        "secondary outcome, week 4, higher is better",
    ]
    assert [at_its_time(each) for each in walk] == ["", "week 4"]
    table = additional_table(protocol, index)
    assert table is not None
    words = [row.head for group in table.groups for row in group.rows]
    assert any(str(each).endswith(", week 8") for each in words)
    defined = str(outcome_definitions(protocol))
    assert "Week 12; also analysed: week 4 and week 8" in defined


def test_forest_and_tests_name_the_time(analysed: Line) -> None:
    protocol, index = analysed.protocol, ResultIndex(analysed.results)
    said = " ".join(each.description for each in forest_figures(protocol, index))
    assert "Six-minute walk, week 4, Two sessions a week vs Leaflet" in said
    tested = [
        row for row in headline_p_values(protocol, analysed.results.rows) if row.outcome == "walk"
    ]
    at = {(row.analysis_id, row.visit) for row in tested}
    assert {("walk_early", "W4"), ("walk_change", "W12")} <= at
    early = [row for row in tested if row.analysis_id == "walk_early"]
    assert _when(early[0], protocol) == ", week 4"
