"""A model of ratios is stated with its limits and the test that they belong to."""

import pytest

from tests.planned.every_method import SEX
from tests.planned.hand import Rows, task_of
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.planned.task.covariates import coefficient_words
from trialkit.planned.task.ratios import state_ratios
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.logistic import Logistic
from trialkit.results.vocabulary import Stat

TASK = task_of(Logistic(), "better")
FIT = logistic_regression(
    TASK.at_time_point(), outcome="value", arm="arm", reference="A0", subject="subject_id"
)


@pytest.mark.parametrize("limits", [RatioLimits.WALD, RatioLimits.PROFILE])
def test_every_contrast_has_its_ratio_limits_and_p(limits: RatioLimits) -> None:
    rows = Rows(state_ratios(TASK, FIT, limits=limits, infinite="there is no event"))
    table = FIT.contrasts(limits=limits, conf_level=0.9).set_index("contrast")
    tests = table if limits == "wald" else FIT.contrast_ratio_tests().set_index("contrast")
    for term in ("A1 - A0", "A2 - A0"):
        for stat in (Stat.ESTIMATE, Stat.SE, Stat.CONF_LOW, Stat.CONF_HIGH):
            assert rows.value(stat, term=term, visit="V2") == table[stat.value][term]
        for stat in (Stat.STATISTIC, Stat.P_VALUE):
            assert rows.value(stat, term=term, visit="V2") == tests[stat.value][term]
    assert rows.value(Stat.N, visit="V2", arm="A0") == 8


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("intercept", TASK.protocol.reference.label),
        ("arm[A1]", TASK.protocol.arm("A1").label),
        ("visit[V2]", TASK.protocol.visit("V2").label),
        ("baseline", f"{TASK.outcome.label} at {TASK.protocol.baseline.label}"),
        (f"{SEX}[Male]", "Sex: Male"),
    ],
)
def test_coefficients_are_named_as_readers_know_them(name: str, words: str) -> None:
    assert coefficient_words(name, TASK) == words
