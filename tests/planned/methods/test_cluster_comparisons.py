"""A trial of classes from its files: who is in which, what is stated of them, and what is refused."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.anova import anova_lm

from tests.line import Line, line_of
from tests.report.factory import content_of, page_in_words
from tests.report.kinds_of_trial import KINDS, Tables, write_trial
from trialkit.errors import AnalysisError, ProtocolError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.cluster_comparisons import (
    CLUSTER_INTERCEPTS,
    CLUSTER_MEANS,
    CLUSTER_REGRESSION,
)
from trialkit.planned.task.task import Task, task_of
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
)
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.clusters import Clusters, ExcludedClusters
from trialkit.report.tables.clusters import clusters_table
from trialkit.report.words.en.methods.cluster_comparisons import MEANS_WORDS
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return line_of(write_trial(tmp_path_factory.mktemp("classes") / "trial", KINDS["classes"]))


def task(line: Line) -> Task:
    analysis, protocol = line.protocol.plan.analyses[0], line.protocol
    outcome = protocol.outcome("pain")
    return task_of(analysis, outcome, protocol=protocol, datasets=line.datasets)


def stated(line: Line, change: dict[str, object]) -> list[Result]:
    own = task(line)
    subjects = own.subjects.assign(**change)
    found = CLUSTER_MEANS.analyse(replace(own, subjects=subjects), ClusterMeansComparison())
    return [each for each in found if isinstance(each, Result)]


def test_a_participants_cluster_is_what_the_form_says(classes: Line) -> None:
    rows = classes.snapshot["randomisation"].values
    said = dict(zip(rows["subject_id"], rows["group_class"], strict=True))
    people = classes.datasets.subjects
    randomised = people[people["randomised"]]
    assert dict(zip(randomised["subject_id"], randomised["cluster"], strict=True)) == said
    assert people.loc[~people["randomised"], "cluster"].isna().all()


def test_clusters_are_counted_by_arm_with_their_correlation(classes: Line) -> None:
    rows = [row for row in stated(classes, {}) if row.term == Term.CLUSTERS]
    counts = {row.arm: row.stat for row in rows if row.stat_name is Stat.N_CLUSTERS}
    assert counts == {"CARE": 6, "TRAIN": 6}
    alike = {row.stat_name: row for row in rows if not row.arm}
    assert set(alike) == {
        Stat.ICC, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL, Stat.DESIGN_EFFECT,
    }  # fmt: skip
    assert {row.unit for row in rows} == {""}


def test_clusters_of_one_participant_have_no_correlation_and_say_so(classes: Line) -> None:
    alone = classes.datasets.subjects["subject_id"]
    rows = [row for row in stated(classes, {"cluster": alone}) if row.term == Term.CLUSTERS]
    (row,) = [row for row in rows if not row.arm]
    assert (row.stat_name, row.stat, row.status) == (Stat.ICC, None, Status.NOT_ESTIMABLE)
    assert row.note.startswith("not estimable: ")
    counts = {row.arm: row.stat for row in rows if row.stat_name is Stat.N_CLUSTERS}
    assert counts == {"CARE": 36, "TRAIN": 36}


def test_classes_of_one_arm_have_their_correlation_and_the_other_arm_no_row(tmp_path: Path) -> None:
    line = line_of(write_trial(tmp_path / "trial", KINDS["classes in one arm"]))
    rows = [row for row in line.results.rows if row.term == Term.CLUSTERS]
    assert {row.arm for row in rows} == {"TRAIN", ""}
    found = {row.stat_name: row.stat for row in rows}
    assert found[Stat.N_CLUSTERS] == 6
    people = line.datasets.subjects[["subject_id", "cluster"]]
    pain = line.datasets.measurements.query(
        "outcome == 'pain' and visit == 'V1' and arm == 'TRAIN'"
    )
    own = pain.merge(people, on="subject_id").dropna(subset=["value", "baseline"])
    between, within = anova_lm(smf.ols("value ~ C(cluster)", own).fit())["mean_sq"]
    size = (len(own) - (own.groupby("cluster").size() ** 2).sum() / len(own)) / 5
    assert found[Stat.ICC] == pytest.approx((between - within) / (between + (size - 1) * within))
    table = clusters_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    heads = [row.head for row in table.groups[0].rows]
    assert heads == ["Training", "All arms with group classes"]


CARDS = (
    (CLUSTER_MEANS, ClusterMeansComparison()),
    (CLUSTER_REGRESSION, ClusterCovarianceModel(covariates=())),
    (CLUSTER_INTERCEPTS, ClusterIntercepts(covariates=())),
)


def of_both_arms(line: Line, *, randomised: bool) -> Task:
    """A task whose clusters are numbered anew within each arm."""
    own = task(line)
    people = own.subjects.assign(cluster=own.subjects["cluster"].str[-1])
    clusters = Clusters(label="class", plural="classes", randomised=randomised)
    return replace(own, subjects=people, protocol=replace(own.protocol, clusters=clusters))


@pytest.mark.parametrize(("card", "plan"), CARDS)
def test_clusters_allocated_whole_are_in_one_arm_or_not_compared(
    card: MethodCard[Any], plan: Specification, classes: Line
) -> None:
    said = r"class '1' has participants of 2 arms, and classes"
    with pytest.raises(AnalysisError, match=said):
        list(card.analyse(of_both_arms(classes, randomised=True), plan))


@pytest.mark.parametrize(("card", "plan"), CARDS[1:])
def test_clusters_whose_people_were_allocated_may_be_in_two_arms(
    card: MethodCard[Any], plan: Specification, classes: Line
) -> None:
    rows = card.analyse(of_both_arms(classes, randomised=False), plan)
    found = {
        row.stat for row in rows if isinstance(row, Result) and row.stat_name is Stat.N_CLUSTERS
    }
    assert found == {6}


def test_clusters_that_nobody_recorded_are_named_in_the_words_of_the_trial(classes: Line) -> None:
    with pytest.raises(AnalysisError, match="group class"):
        stated(classes, {"cluster": None})


def without_a_class(tables: Tables) -> None:
    """Nobody says to which class the first five of the control arm went, and a third of who train."""
    for arm, last in (("CARE", 5), ("TRAIN", 12)):
        own = [row for row in tables["randomisation"] if row["arm"] == arm]
        for row in own[:last]:
            row["group_class"] = ""


@pytest.mark.parametrize(
    ("kind", "without"), [("classes", (5, 12)), ("classes in one arm", (0, 12))]
)
def test_who_has_no_cluster_is_counted_as_excluded_in_flow_and_results(
    kind: str, without: tuple[int, int], tmp_path: Path
) -> None:
    plain = KINDS[kind]

    def change(tables: Tables) -> None:
        plain.change(tables)
        without_a_class(tables)

    line = line_of(write_trial(tmp_path / "trial", replace(plain, change=change)))
    primary = line.protocol.plan.analyses[0].id
    flow = line.datasets.disposition.arms
    for arm, blank in zip(flow, without, strict=True):
        reasons = {each.text: each.count for each in arm.excluded}
        assert reasons.get("no group class recorded", 0) <= blank
        assert bool(reasons.get("no group class recorded")) is bool(blank)
        assert arm.analysed + sum(reasons.values()) + sum(each.count for each in arm.lost) == 36
        (n,) = [
            row.stat
            for row in line.results.rows
            if (row.analysis_id, row.arm, row.stat_name) == (primary, arm.arm, Stat.N)
            and not row.term
        ]
        assert n == arm.analysed
    assert "no group class recorded" in page_in_words(content_of(line))


def test_the_table_prints_each_arm_and_what_all_have_in_common(classes: Line) -> None:
    index = ResultIndex(classes.results)
    table = clusters_table(classes.protocol, index)
    assert table is not None
    assert [row.head for row in table.groups[0].rows] == ["Usual care", "Training", "All arms"]
    assert [cell.text for cell in table.groups[0].rows[0].cells[:3]] == ["6", "6.0", "0.33"]
    icc = next(row for row in classes.results.rows if row.stat_name is Stat.ICC)
    assert icc.stat is not None
    assert table.groups[0].rows[2].cells[3].text.startswith(f"{icc.stat:.3f} (")
    assert clusters_table(replace(classes.protocol, clusters=None), index) is None


def test_words_of_the_weights(classes: Line) -> None:
    assert (
        MEANS_WORDS.short_name(ClusterMeansComparison())
        == "t test of cluster summaries, final value"
    )


@pytest.mark.parametrize("randomised", [True, False])
def test_the_lint_objects_where_clusters_were_allocated_and_not_analysed(
    randomised: bool, classes: Line
) -> None:
    protocol = classes.protocol
    first, *others = protocol.plan.analyses
    passed_over = replace(first, specification=Ancova())
    changed = replace(
        protocol,
        plan=replace(protocol.plan, analyses=(passed_over, *others)),
        clusters=Clusters(label="class", plural="classes", randomised=randomised),
    )
    found = content_of(replace(classes, protocol=changed)).lint
    objections = [each.found for each in found if each.rule == "R29"]
    assert len(objections) == 2 * randomised  # the secondary outcome is compared by risks
    assert all(each.startswith("Classes were allocated") for each in objections)


def test_a_plan_with_clusters_needs_them_described_and_asked(tmp_path: Path) -> None:
    trial = write_trial(tmp_path / "trial", KINDS["classes"])
    plan, form = trial / "protocol.toml", trial / "forms" / "randomisation.toml"
    form.write_text(form.read_text("utf-8").replace('purpose = "cluster"\n', ""), "utf-8")
    with pytest.raises(ProtocolError, match="no form that asks for a participant's"):
        form_schemas(trial, load_protocol(trial))
    text = plan.read_text("utf-8")
    without = text.replace("[clusters]", "[[not_reported]]\nitem = '3'\nreason = 'x'\n#").replace(
        'label = "group class"\nplural = "group classes"\nrandomised = true', ""
    )
    plan.write_text(without, "utf-8")
    with pytest.raises(ProtocolError, match=r"cluster_summaries', and no \[clusters\]"):
        load_protocol(trial)


@pytest.mark.parametrize(
    ("kind", "old", "new", "said"),
    [
        (
            "classes",
            "randomised = true",
            'randomised = false\narms = ["TRAIN"]',
            "with clusters in some of the arms; expected partially_nested",
        ),
        (
            "classes in one arm",
            'arms = ["TRAIN"]',
            "",
            "with clusters in every arm; expected cluster_summaries or cluster_regression",
        ),
        ("classes in one arm", '["TRAIN"]', '["TRIAN"]', "did you mean 'TRAIN'?"),
        (
            "classes in one arm",
            '["TRAIN"]',
            '["TRAIN", "CARE"]',
            (
                "the codes of all arms; expected those of the arms that have clusters where others have "
                "none; where all have clusters, leave 'arms' out"
            ),
        ),
    ],
)
def test_clusters_of_some_arms_and_of_all_have_their_own_methods(
    kind: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    plan = write_trial(tmp_path / "trial", KINDS[kind]) / "protocol.toml"
    text = plan.read_text("utf-8")
    plan.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ProtocolError, match=re.escape(said)):
        load_protocol(tmp_path / "trial")


def test_clusters_have_names() -> None:
    with pytest.raises(ProtocolError, match="neither is blank"):
        Clusters(label=" ", plural="classes", randomised=True)
    with pytest.raises(ProtocolError, match="in every arm"):
        Clusters(label="class", plural="classes", randomised=True, arms=("TRAIN",))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"assessed": 1}, "2 excluded of 1 assessed"),
        ({}, "excluded counts some of assessed"),
        ({"assessed": 4, "randomised": False}, "leave them out where randomised = false"),
    ],
)
def test_clusters_are_assessed_before_they_are_randomised(more: dict[str, Any], said: str) -> None:
    own = {"randomised": True, **more}
    left = (ExcludedClusters(reason="No room", count=2),)
    with pytest.raises(ProtocolError, match=said):
        Clusters(label="class", plural="classes", excluded=left, **own)


@pytest.mark.parametrize(("reason", "count"), [(" ", 2), ("No room", -1)])
def test_excluded_clusters_have_a_reason_and_a_count(reason: str, count: int) -> None:
    with pytest.raises(ProtocolError, match=r"blank|0 or more"):
        ExcludedClusters(reason=reason, count=count)
