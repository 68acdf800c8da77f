"""Sizes for two rates of events: Zhu and Lakkis by R, by simulation, and what must hold."""

import json

import numpy as np
import pytest

from tests.design.size_reference import FOLDER, values_of
from trialkit.analysis.counts.batched_counts import negative_binomial_batch
from trialkit.design.sample_size.rates import NegativeBinomialRates
from trialkit.design.sample_size.situation import EffectRange
from trialkit.errors import ProtocolError

EXPECTED = json.loads((FOLDER / "rates.json").read_text(encoding="utf-8"))
FALLS = {"rate_reference": 1.5, "rate_ratio": 0.6, "dispersion": 0.8}


@pytest.mark.parametrize(
    "case", EXPECTED["sizes"], ids=lambda c: f"{c['rate_ratio']} {c['null_rate']}"
)
def test_sizes_are_those_of_r(case: dict) -> None:
    given = {name: value for name, value in case.items() if name[:2] != "n_" and name != "power"}
    size = NegativeBinomialRates(**given | {"allocation": tuple(case["allocation"])}).solve_n(
        case["power"]
    )
    expected = (case["n_reference"], case["n_experimental"])
    assert size.unrounded_by_arm == pytest.approx(expected, rel=1e-8)
    assert size.power >= case["power"]


@pytest.mark.parametrize("case", EXPECTED["powers"], ids=lambda c: c["null_rate"])
def test_powers_are_those_of_r(case: dict) -> None:
    given = {name: value for name, value in case.items() if name not in {"n", "power"}}
    assert NegativeBinomialRates(**given).power(case["n"]) == pytest.approx(
        case["power"], abs=1e-12
    )


def test_a_simulated_trial_of_that_size_has_that_power() -> None:
    """The formula is asymptotic: 3000 trials tell a power to 1.5 points, twice its error."""
    size = NegativeBinomialRates(**FALLS).solve_n(0.8)
    n, rng = round(size.n_by_arm[0]), np.random.default_rng(5)
    arms = np.repeat([0, 1], n)
    means = 1.5 * np.where(arms == 1, 0.6, 1.0)
    counts = rng.poisson(means * rng.gamma(1 / 0.8, 0.8, size=(3000, 2 * n)))
    fitted = negative_binomial_batch(counts, np.column_stack([np.ones(2 * n), arms]))
    found = (fitted.p_value[:, 1] < 0.05) & (fitted.coefficients[:, 1] < 0)
    assert found.mean() == pytest.approx(size.power, abs=0.025)


def test_what_must_hold() -> None:
    trial = NegativeBinomialRates(**FALLS)
    twice = NegativeBinomialRates(**FALLS | {"rate_reference": 3.0, "exposure": 0.5})
    assert twice.power((60, 60)) == trial.power((60, 60))  # so many events are expected
    turned = NegativeBinomialRates(rate_reference=0.9, rate_ratio=1 / 0.6, dispersion=0.8)
    assert turned.power((70, 50)) == pytest.approx(trial.power((50, 70)), abs=1e-12)
    assert turned.effect_range() == EffectRange(null=1.0, limit=np.inf)
    best = trial.effect_range().limit
    true = NegativeBinomialRates(**FALLS, null_rate="true")
    assert 0 < best < 0.135  # below e^-2 in any case
    powers = [true.with_assumption("rate_ratio", best * by).power(60) for by in (0.9, 1, 1.1)]
    assert powers[1] == max(powers)
    assert trial.detectable(120, trial.power(120)) == pytest.approx(0.6, rel=1e-6)
    assert [trial.possible(sizes) for sizes in ((0.9, 5), (1, 1))] == [False, True]
    assert values_of(trial.quantities((50, 50))) == [
        ("rate_experimental", pytest.approx(0.9)),
        ("events_expected", pytest.approx(120)),
        ("se_log_rate_ratio", pytest.approx(np.sqrt((1 / 1.5 + 1 / 0.9 + 1.6) / 50))),
    ]


def test_it_says_what_it_assumes() -> None:
    assert NegativeBinomialRates(**FALLS).question() == (
        "to detect a rate ratio of 0.6 (rate 1.5 in the reference arm, exposure 1, dispersion 0.8) "
        "by a two-sided Wald test of a negative binomial model at the level 0.05"
    )
    assert "asymptotic" in NegativeBinomialRates(**FALLS).notes()[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate_ratio": 1}, "rate_ratio is 1: there is nothing to detect"),
        ({"rate_reference": 0}, "rate_reference must be above 0"),
        ({"dispersion": -0.1}, "dispersion must be 0 or more"),
        ({"exposure": 0}, "exposure must be above 0"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        NegativeBinomialRates(**FALLS | wrong)
