"""Rates of many replicates at once against a loop over statsmodels, in one run.

Run ``python benchmarks/counts_benchmark.py``: seconds of CPU for 10,000 replicates, the loop's from
some of them, and the ratio, which is what counts. Nothing is asserted about time.
"""

import time
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
import statsmodels.api as sm

from trialkit.analysis.counts.batched_counts import negative_binomial_batch, poisson_batch

REPLICATES, LOOPED, SUBJECTS = 10_000, 60, 240


def seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def loop(kind: type, counts: np.ndarray, design: np.ndarray, follow_up: np.ndarray) -> None:
    for each in counts[:LOOPED]:
        kind(each, design, exposure=follow_up).fit(disp=0)


def main() -> None:
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(20260701)
    design = np.column_stack([np.ones(SUBJECTS), np.arange(SUBJECTS) % 2]).astype(float)
    own = rng.uniform(0.3, 1.0, SUBJECTS)
    for name, follow_up in (("equal follow-up", np.ones(SUBJECTS)), ("follow-up of its own", own)):
        mean = follow_up * np.exp(0.1 - 0.3 * design[:, 1])
        counts = rng.poisson(mean * rng.gamma(1.1, 1 / 1.1, (REPLICATES, SUBJECTS)))

        for model, batch, kind in (
            ("negative binomial", negative_binomial_batch, sm.NegativeBinomial),
            ("Poisson", poisson_batch, sm.Poisson),
        ):
            ours = seconds(partial(batch, counts, design, exposure=follow_up))
            theirs = seconds(partial(loop, kind, counts, design, follow_up)) / LOOPED * REPLICATES
            print(
                f"{model}, {name}: {REPLICATES:,} replicates of {SUBJECTS} in {ours:.2f} s, "
                f"a loop over statsmodels {theirs:.0f} s, {theirs / ours:.0f} times"
            )


if __name__ == "__main__":
    main()
