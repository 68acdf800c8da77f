"""Random intercepts of 2,000 clusters of 10 against statsmodels' MixedLM, in one run.

Run ``python benchmarks/mixed_benchmark.py``: seconds of CPU of both, frame to errors, and the ratio, which
is what counts; statsmodels has no small-sample degrees of freedom, ours are Kenward and Roger's. Nothing
is asserted about time.
"""

import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

from trialkit.analysis.mixed.random_intercepts import random_intercepts

CLUSTERS, SIZE = 2_000, 10


def made_up() -> pd.DataFrame:
    rng = np.random.default_rng(20261130)
    who = np.repeat(np.arange(CLUSTERS), SIZE)
    x = rng.normal(size=len(who))
    y = 50 + 2 * x + rng.normal(0, 2, CLUSTERS)[who] + rng.normal(0, 4, len(who))
    frame = pd.DataFrame({"cluster": who, "arm": np.where(who % 2 == 0, "C", "E"), "x": x, "y": y})
    return frame[rng.random(len(frame)) < 0.9].reset_index(drop=True)


def seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def main() -> None:
    warnings.simplefilter("ignore")
    frame = made_up()

    def ours() -> object:
        return random_intercepts(
            frame, outcome="y", arm="arm", reference="C", cluster="cluster", covariates=["x"]
        ).coefficients()

    def theirs() -> object:
        return smf.mixedlm("y ~ x + arm", frame, groups="cluster").fit(reml=True).summary()

    ours()
    one, two = seconds(ours), seconds(theirs)
    print(
        f"random intercepts of {CLUSTERS:,} clusters, {len(frame):,} rows: {one:.3f} s, "
        f"statsmodels {two:.2f} s, {two / one:.0f} times"
    )


if __name__ == "__main__":
    main()
