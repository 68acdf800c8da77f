"""Models of events in clusters, from a trial's files: what they state, and where there is nothing to state."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.line import Line, line_of
from tests.report.factory import content_of
from tests.report.kinds_of_trial import KINDS, Tables, write_trial
from trialkit.errors import ProtocolError
from trialkit.planned.methods.cluster_models import CLUSTER_COX, CLUSTER_GEE, CLUSTER_GLMM
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.cluster_models import ClusterCox, ClusterGee, ClusterGlmm
from trialkit.protocol.methods.generalised_models import WorkingCorrelation
from trialkit.protocol.methods.time_to_event import TiedEvents
from trialkit.report.words.en.methods.cluster_models import GEE_WORDS
from trialkit.results.effect import Scale, Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

KIND = KINDS["events in classes"]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_trial(tmp_path_factory.mktemp("events") / "trial", KIND))


def rows(line: Line, analysis: str) -> list[Result]:
    return [row for row in line.results.rows if row.analysis_id == analysis]


@pytest.mark.parametrize(
    ("analysis", "method", "scale"),
    [
        ("primary", "odds_ratio", Scale.ODDS_RATIO),
        ("glmm", "odds_ratio", Scale.ODDS_RATIO),
        ("risks", "risk_difference", Scale.PERCENTAGE_POINTS),
        ("linear", "risk_difference", Scale.PERCENTAGE_POINTS),
    ],
)
def test_each_analysis_states_its_measure_and_its_clusters(
    analysis: str, method: str, scale: Scale, line: Line
) -> None:
    own = rows(line, analysis)
    (estimate,) = [row for row in own if row.stat_name is Stat.ESTIMATE]
    assert (estimate.method, estimate.scale, estimate.unit) == (method, scale, "")
    assert estimate.term == "TRAIN - CARE"
    sizes = {row.arm: row.stat for row in own if row.stat_name is Stat.N_CLUSTERS}
    assert sizes == {"CARE": 6, "TRAIN": 6}
    assert [row.term for row in own if row.stat_name is Stat.ICC] == [Term.CLUSTERS]


def test_t_has_the_clusters_less_the_coefficients_and_a_normal_none(line: Line) -> None:
    (df,) = [row.stat for row in rows(line, "primary") if row.stat_name is Stat.DF]
    assert df == 12 - 3
    assert not [row for row in rows(line, "glmm") if row.stat_name is Stat.DF]


def test_a_class_without_an_event_has_no_logarithm_and_stops_nothing_else(line: Line) -> None:
    (estimate,) = [row for row in rows(line, "ratios") if row.stat_name is Stat.ESTIMATE]
    assert (estimate.stat, estimate.status) == (None, Status.NOT_ESTIMABLE)
    assert "it has no logarithm" in estimate.note


def nobody_better_in_training(tables: Tables) -> None:
    KIND.change(tables)
    trained = {row["subject_id"] for row in tables["randomisation"] if row["arm"] == "TRAIN"}
    for row in tables["assessment"]:
        if row["subject_id"] in trained:
            row["better"] = "no"


def test_an_arm_without_an_event_is_not_estimable_where_odds_are_and_has_its_difference(
    tmp_path: Path,
) -> None:
    kind = replace(KIND, change=nobody_better_in_training)
    line = line_of(write_trial(tmp_path / "trial", kind))
    for analysis in ("primary", "glmm"):
        (estimate,) = [row for row in rows(line, analysis) if row.stat_name is Stat.ESTIMATE]
        assert (estimate.stat, estimate.status) == (None, Status.NOT_ESTIMABLE)
        assert estimate.note.startswith("not estimable: ")
    (risk,) = [row for row in rows(line, "risks") if row.stat_name is Stat.ESTIMATE]
    assert risk.stat is not None
    assert risk.stat < 0


def test_the_lint_names_the_methods_that_the_outcome_can_have(line: Line) -> None:
    found = [each for each in content_of(line).lint if each.rule == "R29"]
    assert len(found) == 1
    assert "random_intercepts" in found[0].mend
    assert "cluster_gee" not in found[0].mend


def test_counts_in_clusters_are_compared_by_their_ratio_and_the_plan_says_so(
    tmp_path: Path,
) -> None:
    plan = write_trial(tmp_path / "trial", KIND) / "protocol.toml"
    text = plan.read_text("utf-8")
    count = text.replace('type = "binary"', 'type = "count"')
    plan.write_text(count, "utf-8")
    with pytest.raises(ProtocolError, match=r"'difference' for the count outcome 'better'"):
        load_protocol(tmp_path / "trial")


@pytest.mark.parametrize("correlation", ["ar1", "unstructured"])
def test_participants_of_a_cluster_have_no_order(correlation: str) -> None:
    with pytest.raises(ProtocolError, match="of visits in their order"):
        ClusterGee(correlation=WorkingCorrelation(correlation))


def test_nodes_covariates_and_ties_that_cannot_be_are_refused() -> None:
    with pytest.raises(ProtocolError, match="nodes must lie between"):
        ClusterGlmm(nodes=2)
    with pytest.raises(ProtocolError, match="no baseline value"):
        ClusterCox(covariates=("baseline",))
    with pytest.raises(ProtocolError, match="name it once"):
        ClusterCox(covariates=("a.b",), strata=("a.b",))
    with pytest.raises(ProtocolError, match="have no errors that hold for clusters"):
        ClusterCox(ties=TiedEvents.EXACT)


def test_the_cards_are_of_their_specifications() -> None:
    cards = (CLUSTER_GEE, CLUSTER_GLMM, CLUSTER_COX)
    assert [each.specification for each in cards] == [ClusterGee, ClusterGlmm, ClusterCox]


def test_an_adjusted_odds_ratio_is_called_so_and_others_by_their_scale() -> None:
    assert GEE_WORDS.effect_in_text(ClusterGee(covariates=("a.b",))) == "The adjusted odds ratio"
    assert GEE_WORDS.effect_in_text(ClusterGee()) == ""
