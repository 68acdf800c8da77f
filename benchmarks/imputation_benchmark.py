"""Imputation of the antidepressant trial and of a large one: CPU time as ratios, and memory.

Run ``python -m benchmarks.imputation_benchmark [--large]``. R's rbmi 1.5 took 18 s for conditional means with
the jackknife and four strategies on the machine of ``RBMI``; the ratio to be had there is 50. Nothing is
asserted about time. ``--large`` draws 1 000 imputations of 1 000 subjects at 10 visits and prints how much
memory the process came to need beyond what it had before.
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from trialkit.analysis import (
    ImputedAncova,
    analyse_imputations,
    imputation_draws,
    imputation_model,
    impute,
    pool_imputations,
    tipping_point,
)
from trialkit.analysis.imputation.model import ImputationModel

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "reference" / "mmrm" / "antidepressant_data.csv"
STRATEGIES = (
    "missing-at-random",
    "jump-to-reference",
    "copy-reference",
    "copy-increments-in-reference",
)
RBMI = 18.0


def antidepressant() -> ImputationModel:
    frame = pd.read_csv(DATA, dtype={"VISIT": str})
    wide = frame.pivot_table(index="PATIENT", columns="VISIT", values="CHANGE").isna()
    first = wide.idxmax(axis=1)[wide.any(axis=1)].drop(3618)
    events = first.rename("VISIT").reset_index().assign(strategy="jump-to-reference")
    return imputation_model(
        frame,
        outcome="CHANGE",
        subject="PATIENT",
        visit="VISIT",
        arm="THERAPY",
        reference="PLACEBO",
        covariates_by_visit=["BASVAL"],
        events=events,
        order={"VISIT": ["4", "5", "6", "7"]},
    )


ANALYSIS = ImputedAncova(covariates=["BASVAL"], visits=["7"])


def jackknife() -> None:
    draws = imputation_draws(antidepressant())
    for strategy in STRATEGIES:
        pool_imputations(analyse_imputations(impute(draws, strategy=strategy), ANALYSIS))


def thousand(method: str) -> Callable[[], None]:
    def work() -> None:
        draws = imputation_draws(antidepressant(), method=method, draws=1000, seed=1)
        pool_imputations(analyse_imputations(impute(draws), ANALYSIS))

    return work


def one_fit() -> None:
    antidepressant()


def grid() -> None:
    draws = imputation_draws(antidepressant(), method="approximate-bayes", draws=1000, seed=1)
    tipping_point(
        impute(draws),
        ANALYSIS,
        arm="DRUG",
        deltas=np.arange(0, 11),
        other="PLACEBO",
        other_deltas=np.arange(-5, 6),
        important=-2,
    )


def seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def large() -> None:
    random = np.random.default_rng(1)
    n, m = 1000, 10
    base, arm = random.normal(10, 2, n), np.arange(n) % 2
    y = random.normal(size=(n, m)).cumsum(axis=1) + 0.4 * base[:, None] + arm[:, None]
    left = np.where(random.random(n) < 0.3, random.integers(1, m, n), m)
    y[np.arange(m) >= left[:, None]] = np.nan
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), m),
            "visit": np.tile(np.arange(m), n),
            "arm": np.repeat(np.array(["C", "E"])[arm], m),
            "base": np.repeat(base, m),
            "y": y.ravel(),
        }
    )
    gone = np.flatnonzero(left < m)
    events = pd.DataFrame({"id": gone, "visit": left[gone], "strategy": "jump-to-reference"})
    model = imputation_model(
        frame,
        outcome="y",
        subject="id",
        visit="visit",
        arm="arm",
        reference="C",
        covariates=["base"],
        events=events,
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    draws = imputation_draws(model, method="approximate-bayes", draws=1000, seed=1)
    drawn = time.process_time()
    imputations = impute(draws)
    analyses = analyse_imputations(imputations, ImputedAncova(covariates=["base"]))
    pool_imputations(analyses)
    end = time.process_time()
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    whole = n * m * 1000 * 8 / 2**20
    missing = int(np.isnan(y).sum())
    print(
        f"1 000 x 10 x 1 000, {missing} values missing: draws {drawn - start:.1f} s, imputed and analysed at "
        f"all visits {end - drawn:.1f} s, {more:.0f} MiB more than before (all data sets are {whole:.0f} MiB)"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    if parser.parse_args().large:
        large()
        return
    one_fit()
    unit = min(seconds(one_fit) for _ in range(3))
    works = {
        "jackknife, four strategies": jackknife,
        "1 000 approximate-Bayes draws, ANCOVA": thousand("approximate-bayes"),
        "1 000 Bayes draws, ANCOVA": thousand("bayes"),
        "1 000 bootstrap draws, ANCOVA": thousand("conditional-mean-bootstrap"),
        "two-way grid of 121 points of 1 000 draws": grid,
    }
    print(f"reading, and the fit of the imputation model: {unit:.3f} s")
    for name, work in works.items():
        took = min(seconds(work) for _ in range(3))
        print(f"{name}: {took:.3f} s, {took / unit:.1f} fits")
        if work is jackknife:
            print(f"  against rbmi's {RBMI:.0f} s: 1/{RBMI / took:.0f}")


if __name__ == "__main__":
    main()
