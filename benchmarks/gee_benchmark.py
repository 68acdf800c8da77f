"""Estimating equations of 10,000 subjects over six visits against statsmodels, in one run.

Run ``python benchmarks/gee_benchmark.py``: seconds of CPU of both, frame to errors, and the ratio,
which is what counts. Nothing is asserted about time.
"""

import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf

from trialkit.analysis.gee.estimating import generalised_estimating_equations

SUBJECTS, VISITS = 10_000, 6


def made_up() -> pd.DataFrame:
    rng = np.random.default_rng(20260701)
    who = np.repeat(np.arange(SUBJECTS), VISITS)
    own = rng.normal(0, 1, SUBJECTS)[who]
    odds = own + 0.1 - 0.3 * (who % 2)
    frame = pd.DataFrame(
        {
            "id": who,
            "visit": np.tile(np.arange(VISITS), SUBJECTS),
            "arm": np.where(who % 2 == 0, "C", "E"),
            "x": rng.normal(size=SUBJECTS)[who],
            "y": (rng.random(len(who)) < 1 / (1 + np.exp(-odds))).astype(int),
        }
    )
    return frame[rng.random(len(frame)) < 0.9].reset_index(drop=True)


def seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def main() -> None:
    warnings.simplefilter("ignore")
    frame = made_up()
    for name, theirs in (
        ("independence", sm.cov_struct.Independence()),
        ("exchangeable", sm.cov_struct.Exchangeable()),
    ):
        for covariance, kind in (("robust", "robust"), ("mancl_derouen", "bias_reduced")):

            def ours(name: str = name, covariance: str = covariance) -> object:
                return generalised_estimating_equations(
                    frame, outcome="y", subject="id", visit="visit", arm="arm", reference="C",
                    family="binomial", correlation=name, covariance=covariance, covariates=["x"],
                ).to_frame()  # fmt: skip

            def other(theirs: object = theirs, kind: str = kind) -> object:
                model = smf.gee(
                    "y ~ arm + x", "id", frame, family=sm.families.Binomial(), cov_struct=theirs
                )
                return model.fit(cov_type=kind).summary()

            one, two = seconds(ours), seconds(other)
            print(
                f"GEE of {SUBJECTS:,} x {VISITS}, {name}, {covariance}: {one:.2f} s, "
                f"statsmodels {two:.2f} s, {two / one:.1f} times"
            )


if __name__ == "__main__":
    main()
