"""How often intervals from imputed values hold the true difference, by way of pooling.

Run ``python -m benchmarks.imputation_coverage [--trials N]``. Each trial has 60 subjects an arm and four
visits; who does badly at a visit leaves more often (about 30 % by the last one). Under *missing at random* the
truth is the difference had they stayed; under *jump to reference* leavers of the experimental arm do from then
on as the reference arm does, and the truth is the difference so. The Monte Carlo error of a coverage of
95 % is 0.7 points with 1 000 trials. Rubin's rules are information-anchored: under jump to reference they are
to cover more than 95 % of repeated trials.
"""

import argparse
from collections.abc import Mapping

import numpy as np
import pandas as pd

from trialkit.analysis import (
    ImputedAncova,
    analyse_imputations,
    imputation_draws,
    imputation_model,
    impute,
    pool_imputations,
)

VISITS, PER_ARM = 4, 60
EFFECT = np.array([0.5, 1.0, 1.5, 2.0])
COVARIANCE = 4.0 * (0.4 + 0.6 * 0.7 ** np.abs(np.subtract.outer(np.arange(4), np.arange(4))))
ROOT = np.linalg.cholesky(COVARIANCE)
METHODS: Mapping[str, Mapping[str, object]] = {
    "conditional-mean-jackknife": {},
    "conditional-mean-bootstrap": {"draws": 299},
    "approximate-bayes": {"draws": 100},
    "bayes": {"draws": 100},
    "bootstrapped-maximum-likelihood": {"draws": 150, "nested": 2},
}
STRATEGIES = ("missing-at-random", "jump-to-reference")


def trial(random: np.random.Generator, n: int) -> tuple[np.ndarray, ...]:
    """Arms, baselines, outcomes had nobody left, the same of the reference arm, and when each leaves."""
    arm = np.arange(n) % 2
    base = random.normal(0, 2, n)
    residual = random.normal(size=(n, VISITS)) @ ROOT.T
    reference = 0.5 * base[:, None] + np.arange(VISITS) * 0.5 + residual
    own = reference + arm[:, None] * EFFECT
    left = np.full(n, VISITS)
    for visit in range(1, VISITS):
        chance = 1 / (1 + np.exp(2.4 + 0.35 * own[:, visit - 1]))
        leaves = (left == VISITS) & (random.random(n) < chance)
        left[leaves] = visit
    return arm, base, own, reference, left


def truth(strategy: str) -> float:
    """The difference at the last visit, among very many."""
    arm, _, own, reference, left = trial(np.random.default_rng(99), 2_000_000)
    if strategy == "missing-at-random":
        return float(EFFECT[-1])
    jumped = np.where(left < VISITS, reference[:, -1], own[:, -1])
    # the residual is the same in both arms, so that the difference needs no average of it
    return float((jumped - reference[:, -1])[arm == 1].mean())


def frames(random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    arm, base, own, _, left = trial(random, 2 * PER_ARM)
    own[np.arange(VISITS) >= left[:, None]] = np.nan
    n = len(arm)
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), VISITS),
            "visit": np.tile(np.arange(VISITS), n),
            "arm": np.repeat(np.array(["C", "E"])[arm], VISITS),
            "base": np.repeat(base, VISITS),
            "y": own.ravel(),
        }
    )
    gone = np.flatnonzero(left < VISITS)
    events = pd.DataFrame({"id": gone, "visit": left[gone], "strategy": "jump-to-reference"})
    return frame, events


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=1000)
    trials = parser.parse_args().trials
    true = {each: truth(each) for each in STRATEGIES}
    held = {(each, method): 0 for each in STRATEGIES for method in METHODS}
    estimates: dict[tuple[str, str], list[float]] = {key: [] for key in held}
    errors: dict[tuple[str, str], list[float]] = {key: [] for key in held}
    analysis = ImputedAncova(covariates=["base"], visits=[VISITS - 1])
    for number in range(trials):
        frame, events = frames(np.random.default_rng([2026, number]))
        model = imputation_model(
            frame,
            outcome="y",
            subject="id",
            visit="visit",
            arm="arm",
            reference="C",
            covariates_by_visit=["base"],
            events=events,
        )
        for method, options in METHODS.items():
            seed = None if method == "conditional-mean-jackknife" else number
            draws = imputation_draws(model, method=method, seed=seed, **options)  # type: ignore[arg-type]
            for strategy in STRATEGIES:
                imputations = impute(draws, strategy=strategy)
                pooled = pool_imputations(analyse_imputations(imputations, analysis))
                found = pooled.effect(VISITS - 1, "difference", "E")
                held[strategy, method] += found.conf_low <= true[strategy] <= found.conf_high
                estimates[strategy, method].append(found.estimate)
                errors[strategy, method].append(found.se)
    print(
        "strategy            method                            bias  deviation  mean SE  coverage"
    )
    for (strategy, method), count in held.items():
        values = np.array(estimates[strategy, method])
        print(
            f"{strategy:<19} {method:<32} {values.mean() - true[strategy]:6.3f} {values.std(ddof=1):10.3f} "
            f"{np.mean(errors[strategy, method]):8.3f} {100 * count / trials:8.1f} %"
        )


if __name__ == "__main__":
    main()
