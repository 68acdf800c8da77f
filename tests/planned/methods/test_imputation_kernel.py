"""A planned imputation in simulated trials is the direct call of its steps in each of them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.linear.ancova import ancova
from trialkit.planned.methods.imputation_kernel import decide_imputed, imputation_refusal
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy
from trialkit.protocol.methods.multiple_imputation import MultipleImputation

JUMP = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)
STAYING = np.array([1.0, 0.9, 0.75])


def trials(sets: int = 2, n: int = 30, *, gaps: bool = True) -> SimulatedTrials:
    rng = np.random.default_rng(5)
    arms = np.arange(n) % 3
    values = rng.standard_normal((sets, n, 1)) + rng.standard_normal((sets, n, 3)) + arms[:, None]
    if gaps:
        values[rng.random((sets, n, 1)) >= STAYING] = np.nan
        values[0, 0, 1] = np.nan
        values[0, 0, 2] = 1.5
    return SimulatedTrials(values=values, arms=arms, place=2, covariates=(), level=0.9, rng=rng)


def long(given: SimulatedTrials, place: int) -> pd.DataFrame:
    rows = [
        {"who": f"P{who:02d}", "when": visit, "arm": "ABC"[arm], "y": own[visit], "before": own[0]}
        for who, (own, arm) in enumerate(zip(given.values[place], given.arms, strict=True))
        for visit in (1, 2)
    ]
    frame = pd.DataFrame(rows)
    for name in ("when", "arm"):
        frame[name] = pd.Categorical(frame[name], ordered=True)
    return frame


@pytest.mark.parametrize("strategy", [*ImputationStrategy])
def test_each_trial_is_imputed_and_analysed_as_by_hand(strategy: ImputationStrategy) -> None:
    given = trials()
    found = decide_imputed(replace(JUMP, strategy=strategy), given)
    for place in range(2):
        rows = long(given, place)
        gone = [
            {"who": f"P{who:02d}", "when": 1 if np.isnan(own[1]) else 2, "strategy": strategy.value}
            for who, own in enumerate(given.values[place])
            if np.isnan(own[2])
        ]
        if strategy is ImputationStrategy.LAST_MEAN:
            gone = [each for each in gone if each["when"] == 2]
        model = imputation_model(
            rows, outcome="y", subject="who", visit="when", arm="arm", reference="A",
            covariates_by_visit=("before",),
            events=None if strategy is ImputationStrategy.MISSING_AT_RANDOM else pd.DataFrame(gone),
        )  # fmt: skip
        made = impute(imputation_draws(model, method=DrawMethod.JACKKNIFE))
        pooled = pool_imputations(
            analyse_imputations(made, ImputedAncova(covariates=("before",))), conf_level=0.9
        ).to_frame()
        for arm, name in enumerate("BC"):
            own = pooled[(pooled["arm"] == name) & (pooled["visit"] == 2)]
            row = own[own["quantity"] == "difference"].iloc[0]
            for stat in ("estimate", "se", "p_value", "conf_low", "conf_high"):
                assert getattr(found, stat)[place, arm] == pytest.approx(row[stat], rel=1e-9)


def test_without_anything_missing_it_is_the_analysis_of_covariance() -> None:
    given = trials(1, gaps=False)
    found = decide_imputed(MultipleImputation(), given)
    rows = long(given, 0)
    fit = ancova(
        rows[rows["when"] == 2], outcome="y", arm="arm", reference="A", covariates=("before",)
    )
    assert found.estimate[0] == pytest.approx(fit.contrasts()["estimate"].to_numpy(), rel=1e-9)


def test_random_draws_and_categories_are_simulated_too() -> None:
    given = replace(trials(1), covariates=(("site", 3),))
    drawn = MultipleImputation(
        draws=DrawMethod.APPROXIMATE_BAYES, samples=5, seed=1, covariates=("site",)
    )
    found = decide_imputed(drawn, given)
    assert np.isfinite(found.estimate).all()
    assert not np.allclose(found.estimate, decide_imputed(drawn, given).estimate), "drawn anew"


@pytest.mark.parametrize("event", ["stopped", ""], ids=["recorded", "not recorded"])
def test_values_after_leaving_are_left_out_of_the_model_where_a_form_records_it(event: str) -> None:
    """As in the analysis of such data: who left and was seen afterwards is affected from then on."""
    whole = trials(1, gaps=False)
    gone = np.zeros(whole.values.shape, dtype=bool)
    gone[0, ::5, 2] = True
    gone[0, 1::7, 1:] = True
    values = np.where(gone, whole.values + 4, whole.values)
    values[0, ::10, 2] = np.nan
    given = replace(whole, values=values, gone=gone, event=event)
    rows = long(given, 0)
    affected = gone[0] if event else np.isnan(values[0])
    left = pd.DataFrame(
        {"who": f"P{who:02d}", "when": int(own.argmax()), "strategy": JUMP.strategy.value}
        for who, own in enumerate(affected)
        if own.any()
    )
    model = imputation_model(
        rows, outcome="y", subject="who", visit="when", arm="arm", reference="A",
        covariates_by_visit=("before",), events=left,
    )  # fmt: skip
    made = impute(imputation_draws(model, method=DrawMethod.JACKKNIFE))
    pooled = pool_imputations(analyse_imputations(made, ImputedAncova(covariates=("before",))))
    frame = pooled.to_frame()
    at_end = frame[(frame["visit"] == 2) & (frame["quantity"] == "difference")]
    found = decide_imputed(JUMP, given)
    assert found.estimate[0] == pytest.approx(at_end["estimate"].to_numpy(), rel=1e-9)
    other = decide_imputed(JUMP, replace(given, event="" if event else "stopped"))
    assert not np.allclose(found.estimate, other.estimate), "the values matter"
    elsewhere = decide_imputed(replace(JUMP, after=("missing",)), given)
    unrecorded = decide_imputed(JUMP, replace(given, event=""))
    assert elsewhere.estimate == pytest.approx(unrecorded.estimate), "the plan says after what"


def test_a_trial_that_cannot_be_imputed_has_no_number() -> None:
    given = trials(2)
    given.values[1, given.arms == 2, 1:] = np.nan
    found = decide_imputed(JUMP, given)
    assert np.isfinite(found.estimate[0]).all()
    assert np.isnan(found.estimate[1]).all()


@pytest.mark.parametrize(
    ("specification", "words"),
    [
        (replace(JUMP, delta={"EG": 2.0}), "a delta has no kernel"),
        (replace(JUMP, visits=("W6",)), "chosen visits"),
        (replace(JUMP, strategies={"missing": ImputationStrategy.LAST_MEAN}), "by event"),
        (replace(JUMP, model=Ancova(covariates=("baseline", "site"))), "other covariates"),
        (JUMP, ""),
        (replace(JUMP, auxiliary=("site",)), ""),
    ],
)  # fmt: skip
def test_what_is_not_simulated_says_why(specification: MultipleImputation, words: str) -> None:
    reason = imputation_refusal(specification)
    assert words in reason
    assert bool(reason) is bool(words)
