"""Contrasts of a planned model held against a margin: by the model's own limits and by hand."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tests.planned.feeling import tried
from tests.planned.hand import ARM, BETTER, PAIN, Rows, task_of
from trialkit.planned.methods.margin_comparison import MARGIN_COMPARISON
from trialkit.planned.methods.model_margins import margin_size
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.linear_models import OutcomeScale, RobustCovariance
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.lwyy import Lwyy
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison, MeanNumbers
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.results.effect import Scale, Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

LIMITS = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
NON_INFERIOR = MarginComparison(method=Method.NON_INFERIORITY, margin=9)


def stated(specification: MarginComparison, outcome: str = "pain", **data: np.ndarray) -> Rows:
    task = task_of(specification, outcome, **data)
    return Rows(MARGIN_COMPARISON.carry_out(task, specification))


def test_the_margin_of_an_ancova_is_tested_by_its_t() -> None:
    """Pain is better lower, so that the upper limit must stay below the margin."""
    rows = stated(replace(NON_INFERIOR, model=Ancova(), alpha=0.05))
    design = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0]]).astype(float)
    fit = sm.OLS(PAIN[:, 2], design).fit()
    for code in (1, 2):
        at = {"term": f"A{code} - A0", "visit": "V2"}
        t = (fit.params[code] - 9) / fit.bse[code]
        found = rows.values((Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE), **at)
        wanted = [fit.params[code], fit.bse[code], 20, t, stats.t.cdf(t, 20)]
        np.testing.assert_allclose(found, wanted, rtol=1e-7)
        low, high = fit.conf_int(alpha=0.1)[code]
        assert rows.values((Stat.CONF_LOW, Stat.CONF_HIGH), **at) == pytest.approx([low, high])
        assert rows.values((Stat.CONF_LEVEL, Stat.MARGIN), **at) == [0.9, 9]
        row = rows.row(Stat.P_VALUE, **at)
        assert row.method == "non_inferiority"
        assert str(row.interval_kind) == "one-sided"
        said = (
            "is non-inferior to Arm 0" if high < 9 else "was not shown to be non-inferior to Arm 0"
        )
        assert row.note.startswith(f"Arm {code} {said}")
        assert row.note.endswith("(margin 9 mm)")


MODELS: list[tuple[str, str, Specification, Scale, float]] = [
    ("three arms", "function", Ancova(robust=RobustCovariance.HC3), Scale.DIFFERENCE, 6),
    ("three arms", "function", Ancova(scale=OutcomeScale.LOG), Scale.RATIO, 0.8),
    ("three arms", "function", Mmrm(), Scale.DIFFERENCE, 6),
    ("three arms", "function", ConstrainedLongitudinal(), Scale.DIFFERENCE, 6),
    ("made up", "better", StandardisedRiskComparison(), Scale.PERCENTAGE_POINTS, 0.2),
    ("made up", "better", StandardisedRiskComparison(), Scale.RISK_RATIO, 0.8),
    ("made up", "better", StandardisedRiskComparison(), Scale.ODDS_RATIO, 0.8),
    ("made up", "better", Logistic(limits=RatioLimits.WALD), Scale.ODDS_RATIO, 0.8),
    ("made up", "better", ModifiedPoisson(), Scale.RISK_RATIO, 0.8),
    ("made up", "better", LogBinomialRegression(limits=RatioLimits.WALD), Scale.RISK_RATIO, 0.8),
    ("made up", "better", Gee(), Scale.ODDS_RATIO, 0.8),
    ("made up", "better", Glmm(), Scale.ODDS_RATIO, 0.8),
    ("falls", "falls", PoissonComparison(), Scale.RATE_RATIO, 1.2),
    ("falls", "falls", NegativeBinomialComparison(), Scale.RATE_RATIO, 1.2),
    ("returns", "return", Cox(), Scale.HAZARD_RATIO, 0.8),
    ("recurrences", "pain_again", Lwyy(), Scale.RATE_RATIO, 1.2),
    ("recurrences", "pain_again", MeanCumulativeComparison(), Scale.DIFFERENCE, 0.5),
    (
        "recurrences",
        "pain_again",
        MeanCumulativeComparison(compare=MeanNumbers.RATIO),
        Scale.RATIO,
        1.2,
    ),
]


@pytest.mark.parametrize(
    ("trial", "outcome", "model", "scale", "margin"),
    MODELS,
    ids=[f"{each[2].method.value}-{each[3].value}" for each in MODELS],
)
def test_limits_at_the_level_of_the_plan_are_those_of_the_model_and_p_is_of_them(
    trial: str, outcome: str, model: Specification, scale: Scale, margin: float
) -> None:
    made = next(each for each in tried() if each.name == trial)
    asked = replace(
        NON_INFERIOR, margin=margin, model=model, scale=scale if scale in MEASURED else None,
        alpha=(1 - made.protocol.plan.confidence_level) / 2,
    )  # fmt: skip
    own, held = made.rows(model, outcome), made.rows(asked, outcome)
    at_the_end = made.protocol.outcome(outcome).time_point
    limits: dict[str, list[dict[Stat, float]]] = {"own": [], "held": []}
    for name, rows in (("own", own), ("held", held)):
        found: dict[tuple[str, str], dict[Stat, float]] = {}
        for key, row in rows.items():
            if not isinstance(row, Result) or row.stat is None:
                continue
            if row.visit == at_the_end and not row.arm:
                found.setdefault((key[2], key[4]), {})[row.stat_name] = row.stat
        limits[name] = [
            each for (method, _), each in found.items()
            if Stat.CONF_LOW in each
            and (name == "own" or method == "non_inferiority")
            and (name == "held" or method in {model.method.value, MEASURED.get(scale, "")})
        ]  # fmt: skip
    assert limits["own"]
    assert len(limits["own"]) == len(limits["held"])
    for one, other in zip(limits["own"], limits["held"], strict=True):
        assert [other[stat] for stat in LIMITS] == pytest.approx([one[s] for s in LIMITS], rel=1e-7)
        better = made.protocol.outcome(outcome).direction
        lower = (better == "lower") is not (scale is Scale.HAZARD_RATIO)
        end = other[Stat.CONF_HIGH] if lower else other[Stat.CONF_LOW]
        edge = margin if scale.is_ratio or lower else -margin
        beyond = end < edge if lower else end > edge
        assert (other[Stat.P_VALUE] < asked.alpha) is beyond
        assert other[Stat.MARGIN] == margin


MEASURED = {
    Scale.PERCENTAGE_POINTS: "risk_difference",
    Scale.RISK_RATIO: "risk_ratio",
    Scale.ODDS_RATIO: "odds_ratio",
}


def test_every_visit_of_a_repeated_measures_model_is_held_against_the_margin() -> None:
    rows = stated(replace(NON_INFERIOR, model=Mmrm()))
    seen = {(row.visit, row.term) for row in rows.rows if row.stat_name is Stat.MARGIN}
    assert seen == {(v, f"A{a} - A0") for v in ("V1", "V2", "average") for a in (1, 2)}
    assert {row.visit for row in rows.rows if row.term == "marginal mean"} == {"V1", "V2"}


def test_ratios_beside_the_one_that_is_held_stay_as_the_model_has_them() -> None:
    asked = replace(
        NON_INFERIOR, margin=0.1, model=StandardisedRiskComparison(), method=Method.EQUIVALENCE
    )
    rows = stated(asked, "better")
    found = {(row.method, row.stat_name) for row in rows.rows if row.term == "A2 - A0"}
    assert ("risk_ratio", Stat.CONF_LOW) in found
    assert ("equivalence", Stat.MARGIN) in found
    assert not [each for each in found if each[0] == "risk_difference"]
    row = rows.row(Stat.ESTIMATE, term="A2 - A0", visit="V2", by="equivalence")
    assert (row.unit, row.scale) == ("", Scale.PERCENTAGE_POINTS)
    assert row.note.endswith("(margin 10 percentage points)")
    task = task_of(asked, "better")
    assert margin_size(asked, Scale.RISK_RATIO, task) == "0.1"


def test_a_contrast_that_the_model_does_not_give_stays_without_numbers_and_says_why() -> None:
    nobody = BETTER.copy()
    nobody[ARM < 2, 2] = 0
    asked = replace(NON_INFERIOR, margin=0.1, model=StandardisedRiskComparison())
    rows = stated(asked, "better", better=nobody)
    row = rows.row(Stat.ESTIMATE, term="A1 - A0", visit="V2", by="non_inferiority")
    assert (row.stat, row.status) == (None, Status.NOT_ESTIMABLE)
    assert "nothing varies within the arms" in row.note
    assert rows.row(Stat.MARGIN, term="A2 - A0", visit="V2").stat == 0.1


@pytest.mark.parametrize("held", [Scale.PERCENTAGE_POINTS, Scale.RISK_RATIO, Scale.ODDS_RATIO])
@pytest.mark.parametrize("method", [Method.NON_INFERIORITY, Method.EQUIVALENCE])
def test_one_measure_alone_has_a_margin_and_a_p(method: Method, held: Scale) -> None:
    asked = replace(
        NON_INFERIOR, method=method, margin=0.8, scale=held, model=StandardisedRiskComparison()
    )
    rows = stated(asked, "better")
    at = [row for row in rows.rows if row.term == "A2 - A0"]
    assert {row.method for row in at} == {method.value, *MEASURED.values()} - {MEASURED[held]}
    tests = {Stat.MARGIN, Stat.P_VALUE, Stat.STATISTIC}
    assert {row.method for row in at if row.stat_name in tests} == {method.value}
    (estimate,) = (r for r in at if r.method == method.value and r.stat_name is Stat.ESTIMATE)
    assert estimate.scale is held


def test_a_contrast_at_a_time_of_the_plan_says_both_its_conclusion_and_its_time() -> None:
    made = next(each for each in tried() if each.name == "recurrences")
    model = MeanCumulativeComparison(at=6)
    rows = made.rows(replace(NON_INFERIOR, margin=0.5, model=model), "pain_again")
    notes = {
        row.note
        for row in rows.values()
        if isinstance(row, Result) and row.stat_name is Stat.MARGIN
    }
    assert notes
    for note in notes:
        assert "(margin 0.5" in note
        assert "; at 6 " in note
