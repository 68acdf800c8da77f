"""What the plan needs of the forms is said when the trial is opened, not when it is analysed."""

from dataclasses import replace

import pytest

from tests.miniature import Miniature
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.protocol.trial.interventions import Intervention
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Characteristic, Grouping, PopulationRule

PAIN = Outcome(
    code="pain",
    label="Pain",
    type=OutcomeType.CONTINUOUS,
    role=OutcomeRole.PRIMARY,
    form="pain",
    item="vas_mm",
    time_point="W6",
    metric="change from baseline",
    aggregation="mean",
    direction=Direction.LOWER,
)


def analysed(specification, outcome=PAIN):
    """The small trial with one analysis, and its forms as they are."""
    trial = Miniature()
    analysis = Analysis(
        id="first",
        role=AnalysisRole.PRIMARY,
        outcomes=(outcome.code,),
        population="itt",
        estimand="E1",
        specification=specification,
    )
    plan = replace(trial.protocol.plan, analyses=(analysis,))
    trial.protocol = replace(trial.protocol, plan=plan, outcomes=(outcome,))
    return trial


def without_baseline(trial):
    pain = trial.forms["pain"].replace('visits = ["BL", "W6"]', 'visits = ["W6"]')
    trial.forms["pain"] = pain.split('[[rules]]\nid = "PAIN02"')[0]
    return trial


def complaints(trial, folder):
    with pytest.raises(ProtocolError) as error:
        trial.schemas(folder)
    return [str(each) for each in error.value.complaints]


@pytest.mark.parametrize(
    "specification",
    [
        Ancova(),
        Ancova(covariates=(), response=Response.CHANGE),
        MeanComparison(method=Method.WELCH_T),
        MixedAnova(),
        Mmrm(),
        WithinArms(method=Method.PAIRED_T),
        ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by=5),
        ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by=5),
    ],
)
def test_who_reads_the_baseline_needs_it_asked(specification, tmp_path):
    trial = analysed(specification)
    trial.schemas(tmp_path / "asked")

    said = complaints(without_baseline(trial), tmp_path / "unasked")

    assert len(said) == 1
    assert "[analyses 'first'] method: found " in said[0]
    assert "reads the baseline value of 'pain', but pain is filled in at W6 only" in said[0]


@pytest.mark.parametrize(
    "specification",
    [
        Ancova(covariates=()),
        MeanComparison(method=Method.WELCH_T, response=Response.FINAL),
        Mmrm(covariates=(), response=Response.FINAL),
    ],
)
def test_who_does_not_read_the_baseline_does_without(specification, tmp_path):
    trial = without_baseline(analysed(specification))

    assert trial.schemas(tmp_path).form("pain").visits == ("W6",)


def test_a_proportion_needs_no_baseline(tmp_path):
    outcome = replace(PAIN, item="drug", type=OutcomeType.BINARY)
    trial = without_baseline(analysed(ProportionComparison(), outcome))

    assert trial.schemas(tmp_path).form("pain").visits == ("W6",)


def test_a_form_without_visits_has_no_baseline_value(tmp_path):
    outcome = replace(PAIN, form="screening", item="age_years")

    said = complaints(analysed(Ancova(), outcome), tmp_path)

    assert "reads the baseline value of 'pain', but screening is filled in at W6 only" in said[0]


@pytest.mark.parametrize("specification", [MixedAnova(), Mmrm()])
def test_a_repeated_analysis_needs_a_visit_after_baseline(specification, tmp_path):
    trial = analysed(specification)
    trial.forms["pain"] = trial.forms["pain"].replace('visits = ["BL", "W6"]', 'visits = ["BL"]')

    said = " ".join(complaints(trial, tmp_path))

    assert "'pain', whose form pain is not filled in after BL" in said
    assert "found 'W6', at which pain is not asked" in said


RULE = PopulationRule(code="pp", label="Per protocol", definition="As planned.")


@pytest.mark.parametrize(
    ("rule", "key", "expected"),
    [
        (replace(RULE, received_any=True), "received_any", "'arm_received' or 'not_received"),
        (replace(RULE, received_allocated=True), "received_allocated", "purpose = 'arm_received'"),
        (replace(RULE, group_by=Grouping.RECEIVED), "group_by", "purpose = 'arm_received'"),
        (replace(RULE, completed=True), "completed", "purpose = 'completed'"),
    ],
)
def test_a_condition_of_a_population_must_be_recorded(rule, key, expected, tmp_path):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, populations=(rule,))
    trial.forms["end_of_study"] = trial.forms["end_of_study"].replace('purpose = "completed"\n', "")

    said = complaints(trial, tmp_path)

    assert len(said) == 1
    assert f"[populations 'pp'] {key}: found a condition that no form records" in said[0]
    assert expected in said[0]


def test_a_condition_that_is_recorded_is_none(tmp_path):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, populations=(replace(RULE, completed=True),))

    assert trial.schemas(tmp_path).form("end_of_study").item("completed")


def test_attendance_needs_a_session_log_and_planned_sessions(tmp_path):
    trial = Miniature()
    rule = replace(RULE, minimum_attendance_percent=75.0)
    trial.protocol = replace(trial.protocol, populations=(rule,))

    assert "found 75 %, but no arm with planned sessions" in complaints(trial, tmp_path / "a")[0]

    placebo, active = trial.protocol.arms
    active = replace(active, intervention=Intervention(name="Training", sessions=12))
    trial.protocol = replace(trial.protocol, arms=(placebo, active))

    assert "found 75 %, but no form of kind sessions" in complaints(trial, tmp_path / "b")[0]

    trial.forms["diary"] = trial.forms["diary"].replace('"other"', '"sessions"')
    assert trial.schemas(tmp_path / "c").form("diary")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Characteristic(form="diary", item="note"), "'diary', which has several rows"),
        (Characteristic(form="screening", item="screening_date"), "an item of type date"),
        (Characteristic(form="pain", item="visit_date", visit="BL"), "an item of type date"),
    ],
)
def test_a_characteristic_is_one_value_of_a_participant(row, expected, tmp_path):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, characteristics=(row,))

    said = complaints(trial, tmp_path)

    assert len(said) == 1
    assert expected in said[0]


def test_a_characteristic_is_taken_where_its_form_is_filled_in(tmp_path):
    trial = without_baseline(Miniature())
    trial.protocol = replace(
        trial.protocol, characteristics=(Characteristic(form="pain", item="vas_mm"),)
    )

    assert "found no visit, but pain is not filled in at BL" in complaints(trial, tmp_path)[0]


def test_a_trial_records_who_was_screened(tmp_path):
    trial = Miniature()
    trial.forms["screening"] = trial.forms["screening"].replace('"screening"\nexp', '"other"\nexp')

    said = complaints(trial, tmp_path)

    assert said[0].startswith("forms/: found no form of kind screening; expected one row for every")


def test_who_was_screened_is_one_row(tmp_path):
    trial = Miniature()
    trial.forms["screening"] = trial.forms["screening"].replace("[form]", '[form]\nvisits = ["BL"]')
    trial.forms["randomisation"] = trial.forms["randomisation"].split("[[rules]]")[0]

    assert "found several rows for a person" in " ".join(complaints(trial, tmp_path))


def test_a_missing_code_that_an_item_could_mean_is_refused(tmp_path):
    trial = Miniature()
    code = MissingCode(code="1900-01-01", label="no date")
    trial.protocol = replace(trial.protocol, data=DataFormat(missing_codes=(code,)))

    said = complaints(trial, tmp_path)

    assert {each.split(": found")[0] for each in said} == {
        "forms/screening.toml: [items 'screening_date'] type",
        "forms/randomisation.toml: [items 'randomisation_date'] type",
        "forms/pain.toml: [items 'visit_date'] type",
        "forms/end_of_study.toml: [items 'end_date'] type",
    }
    assert "as which the missing code '1900-01-01' can be read" in said[0]


def test_a_missing_code_of_letters_is_taken(tmp_path):
    trial = Miniature()
    code = MissingCode(code="CLOSED", label="site closed")
    trial.protocol = replace(trial.protocol, data=DataFormat(missing_codes=(code,)))

    assert trial.schemas(tmp_path).data.missing_codes == (code,)
