"""Groupings beside the clusters, from a trial's files: their intercepts, what is stated, and what is refused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.line import Line, line_of
from tests.report.kinds_of_trial import CLUSTERS, Kind, Tables, in_classes, write_trial
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.errors import ProtocolError
from trialkit.planned.task.components import AT_ITS_BOUNDARY, grouping_term, state_components
from trialkit.planned.task.task import task_of
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.cluster_comparisons import ClusterIntercepts
from trialkit.report.tables.clusters import clusters_table
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

IN_CLINICS = Kind(
    per_arm=(36,), sites=3, clusters=True, change=in_classes,
    more=CLUSTERS.partition("[[analyses]]")[0],
    primary='method = "random_intercepts"\ngroupings = ["screening.site"]',
)  # fmt: skip


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_trial(tmp_path_factory.mktemp("clinics") / "trial", IN_CLINICS))


def components(line: Line) -> dict[str, dict[Stat, Result]]:
    found: dict[str, dict[Stat, Result]] = {}
    for row in line.results.rows:
        if row.term.startswith("intercepts: ") or row.term == "residuals":
            found.setdefault(row.term, {})[row.stat_name] = row
    return found


def test_each_grouping_has_its_deviation_and_crossed_ones_share_the_variance(line: Line) -> None:
    found = components(line)
    assert list(found) == ["intercepts: group class", "intercepts: Clinic", "residuals"]
    variance = {term: (rows[Stat.SD].stat or 0) ** 2 for term, rows in found.items()}
    assert variance["intercepts: group class"] > 0
    for term, rows in found.items():
        if term != "residuals":
            assert rows[Stat.ICC].stat == pytest.approx(variance[term] / sum(variance.values()))
            assert rows[Stat.ICC].unit == ""
        assert rows[Stat.SD].unit == "mm"


def test_the_table_of_clusters_prints_the_correlation_of_each(line: Line) -> None:
    table = clusters_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    heads = [row.head for row in table.groups[0].rows]
    assert heads[-2:] == ["In the model: group class", "In the model: Clinic"]
    assert table.notes[-1].startswith("In the model, a correlation is that of two participants")
    shown = table.groups[0].rows[-2].cells[3]
    icc = components(line)["intercepts: group class"][Stat.ICC]
    assert shown.text.startswith(f"{icc.stat:.3f}")
    assert icc.result_id in shown.results


def test_a_variance_at_its_boundary_says_so(line: Line) -> None:
    analysis, protocol = line.protocol.plan.analyses[0], line.protocol
    own = task_of(analysis, protocol.outcome("pain"), protocol=protocol, datasets=line.datasets)
    assert grouping_term("screening.site", own) == "intercepts: Clinic"
    frame = own.at_time_point().reset_index(drop=True)
    frame["cluster"] = [number % 9 for number in range(len(frame))]
    # within each arm the values are dealt out in their order, back and forth: all clusters are alike
    frame["value"] = [float(number // 9 % 2 * 8 + 4) for number in range(len(frame))]
    frame["value"] += [(number % 9) * (1 - 2 * (number // 9 % 2)) for number in range(len(frame))]
    fit = random_intercepts(frame, outcome="value", arm="arm", reference="CARE", cluster="cluster")
    rows = list(state_components(own, fit))
    assert (rows[0].stat, rows[0].note) == (0, AT_ITS_BOUNDARY)
    assert rows[-1].note == ""


def in_one_clinic(tables: Tables) -> None:
    in_classes(tables)
    for row in tables["screening"]:
        row["site"] = "S1"


def test_a_grouping_of_one_level_is_not_estimable_and_says_why(tmp_path: Path) -> None:
    line = line_of(write_trial(tmp_path / "trial", replace(IN_CLINICS, change=in_one_clinic)))
    rows = [row for row in line.results.rows if row.analysis_id == "primary"]
    (estimate,) = [row for row in rows if row.stat_name is Stat.ESTIMATE]
    assert estimate.stat is None
    assert "has 1 level in the rows used" in estimate.note


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ('"screening.room"', "expected a form.item among the [[characteristics]]"),
        ('"baseline"', "expected a form.item among the [[characteristics]]"),
        ('"screening.site", "screening.site"', "groupings names screening.site twice"),
        ('"demographics.age"', "each value would be a group of its own"),
    ],
)
def test_a_grouping_is_a_characteristic_with_answers(named: str, said: str, tmp_path: Path) -> None:
    plan = write_trial(tmp_path / "trial", IN_CLINICS) / "protocol.toml"
    text = plan.read_text("utf-8")
    plan.write_text(text.replace('"screening.site"]', f"{named}]"), "utf-8")
    with pytest.raises(ProtocolError, match=re.escape(said)):
        line_of(tmp_path / "trial")


def test_a_plan_without_groupings_reads_as_before(tmp_path: Path) -> None:
    plan = write_trial(tmp_path / "trial", IN_CLINICS) / "protocol.toml"
    text = plan.read_text("utf-8")
    plan.write_text(text.replace('groupings = ["screening.site"]', ""), "utf-8")
    (first, *_) = load_protocol(tmp_path / "trial").plan.analyses
    assert first.specification == ClusterIntercepts()


def test_a_covariate_is_no_grouping() -> None:
    with pytest.raises(ProtocolError, match="among the covariates and the groupings"):
        ClusterIntercepts(covariates=("a.b",), groupings=("a.b",))
