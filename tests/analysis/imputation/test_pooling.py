"""Each way of pooling, by its formula written out again, and by Rubin's rules of mice's values."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from trialkit.analysis.imputation.analysing import ImputedAnalyses
from trialkit.analysis.imputation.pooling import jackknife_se, pool_imputations
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod, VarianceMeant

FILE = "rbmi_antidepressant.json"  # compared in test_rbmi.py
MICE = json.loads(
    (Path(__file__).parents[2] / "reference" / "mi" / "pool_scalar.json").read_text("utf-8")
)


def analyses(method, estimates, variances=None, df=np.inf, nested=1):
    values = np.asarray(estimates, dtype=float)[:, None]
    spread = np.full_like(values, np.nan) if variances is None else np.array(variances)[:, None]
    return ImputedAnalyses(
        method=method,
        nested=nested,
        by=("visit",),
        keys=((1,),),
        estimates=values,
        variances=spread,
        df=np.full_like(values, df),
    )


@pytest.mark.parametrize("case", [each for each in MICE if each["b"] > 0])
@pytest.mark.parametrize("method", [DrawMethod.BAYES, DrawMethod.APPROXIMATE_BAYES])
def test_rubins_rules_are_those_of_mice(case, method):
    pooled = pool_imputations(analyses(method, case["q"], case["u"], df=float(case["dfcom"])))
    found = pooled.effect(1)
    assert found.estimate == pytest.approx(case["qbar"], rel=1e-10)
    assert found.se == pytest.approx(case["se"], rel=1e-10)
    assert found.df == pytest.approx(case["df_barnard_rubin"], rel=1e-10)
    assert found.p_value == pytest.approx(case["p"], rel=1e-8)
    assert pooled.variance is VarianceMeant.INFORMATION_ANCHORED


def test_the_jackknife_of_a_mean_is_its_standard_error():
    y = np.random.default_rng(1).normal(3, 2, 25)
    left_out = (y.sum() - y) / 24
    pooled = pool_imputations(analyses(DrawMethod.JACKKNIFE, [y.mean(), *left_out]))
    found = pooled.effect(1)
    se = y.std(ddof=1) / 5
    assert found.se == pytest.approx(se, rel=1e-10)
    assert jackknife_se(left_out) == pytest.approx(se, rel=1e-10)
    assert found.estimate == pytest.approx(y.mean())
    assert [found.conf_low, found.conf_high] == pytest.approx(
        stats.norm.interval(0.95, y.mean(), se)
    )
    assert found.p_value == pytest.approx(2 * stats.norm.sf(y.mean() / se))
    assert pooled.variance is VarianceMeant.REPEATED_SAMPLING


def test_the_percentile_bootstrap_has_quantiles_of_the_sixth_kind():
    samples = np.random.default_rng(2).normal(1.5, 1, 199)
    pooled = pool_imputations(analyses(DrawMethod.BOOTSTRAP, [1.4, *samples]), conf_level=0.9)
    found = pooled.effect(1)
    # type 6 of 199 values: the quantile p is the value of rank 200 p
    ranked = np.sort(samples)
    assert [found.conf_low, found.conf_high] == pytest.approx([ranked[9], ranked[189]])
    below = int((samples < 0).sum())
    assert found.p_value == pytest.approx(2 * (below + 1) / 200)
    assert found.estimate == 1.4
    assert np.isnan(found.df)


def test_the_normal_bootstrap_has_the_deviation_of_the_samples():
    samples = np.random.default_rng(2).normal(1.5, 1, 100)
    pooled = pool_imputations(
        analyses(DrawMethod.BOOTSTRAP, [1.4, *samples]), limits="normal", conf_level=0.9
    )
    found = pooled.effect(1)
    assert found.se == pytest.approx(samples.std(ddof=1))
    assert found.conf_high == pytest.approx(1.4 + stats.norm.isf(0.05) * found.se)
    assert pooled.limits == "normal"


def test_nested_imputations_are_an_analysis_of_variance_of_the_samples():
    random = np.random.default_rng(3)
    samples, within = 50, 4
    table = random.normal(0, 1, (samples, 1)) + random.normal(0, 0.5, (samples, within)) + 2
    pooled = pool_imputations(analyses(DrawMethod.NESTED_BOOTSTRAP, table.ravel(), nested=within))
    found = pooled.effect(1)
    f = stats.f_oneway(*table)
    msw = table.var(axis=1, ddof=1).mean()
    msb = float(f.statistic) * msw
    variance = (1 + 1 / samples) * (msb - msw) / within + msw / (samples * within)
    assert found.estimate == pytest.approx(table.mean())
    assert found.se == pytest.approx(np.sqrt(variance))
    # Satterthwaite's degrees of freedom of a sum of two mean squares
    of_between = (samples + 1) / (samples * within) * msb
    of_within = -msw / within
    df = variance**2 / (of_between**2 / (samples - 1) + of_within**2 / (samples * (within - 1)))
    assert found.df == pytest.approx(df)
    assert found.conf_low == pytest.approx(table.mean() - stats.t.isf(0.025, df) * found.se)


def test_what_cannot_be_pooled_is_refused():
    with pytest.raises(AnalysisError, match="imputed data set 1 has no estimate of"):
        pool_imputations(analyses(DrawMethod.JACKKNIFE, [1.0, np.nan, 2.0]))
    uneven = analyses(DrawMethod.BAYES, [1.0, 2.0], [1.0, 1.0])
    uneven.df[:] = [[3.0], [4.0]]
    with pytest.raises(AnalysisError, match=r"different degrees of freedom \(3 to 4\)"):
        pool_imputations(uneven)
    even = analyses(DrawMethod.NESTED_BOOTSTRAP, [0.0, 2.0, 2.0, 0.0], nested=2)
    with pytest.raises(AnalysisError, match="vary more within bootstrap samples"):
        pool_imputations(even)
    with pytest.raises(AnalysisError, match="there is no row"):
        pool_imputations(analyses(DrawMethod.JACKKNIFE, [1.0, 0.5, 2.0])).effect(9)


def test_the_title_says_which_variance_is_meant():
    pooled = pool_imputations(analyses(DrawMethod.JACKKNIFE, [1.0, 0.5, 2.0]))
    assert pooled.title == (
        "Pooled over 3 imputed data sets (conditional-mean-jackknife); standard errors are "
        "repeated-sampling"
    )
    assert pooled.to_frame()["variance"].tolist() == ["repeated-sampling"]
