"""A trial of classes from its files: who is in which, what is stated of them, and what is refused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Line, line_of
from tests.report.factory import content_of
from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.errors import AnalysisError, ProtocolError
from trialkit.planned.methods.cluster_comparisons import CLUSTER_MEANS
from trialkit.planned.task.task import Task, task_of
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.cluster_comparisons import ClusterMeansComparison
from trialkit.protocol.trial.clusters import Clusters
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
    (row,) = [row for row in stated(classes, {"cluster": alone}) if row.term == Term.CLUSTERS]
    assert (row.stat_name, row.stat, row.status) == (Stat.ICC, None, Status.NOT_ESTIMABLE)
    assert row.note.startswith("not estimable: ")


def test_clusters_that_nobody_recorded_are_named_in_the_words_of_the_trial(classes: Line) -> None:
    with pytest.raises(AnalysisError, match="group class"):
        stated(classes, {"cluster": None})


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
        MEANS_WORDS.short_name(ClusterMeansComparison()) == "t test of cluster means, final value"
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
