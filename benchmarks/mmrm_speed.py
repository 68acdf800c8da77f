"""How fast the mixed model is: against nlme::gls in the same run, with the times of R's mmrm beside.

Run ``python benchmarks/mmrm_speed.py [--large-gls]``. Where ``Rscript`` with nlme is found, each ratio
is measured here and now (that of the large trial, in which gls needs minutes, only with the option);
the times of mmrm 0.3.18 are quoted from another machine of this class (one thread).
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from trialkit.analysis import mmrm, mmrm_batch

REFERENCE = Path(__file__).parents[1] / "tests" / "reference" / "mmrm"
FEV = {
    "outcome": "FEV1",
    "subject": "USUBJID",
    "visit": "AVISIT",
    "arm": "ARMCD",
    "reference": "PBO",
    "covariates": ("RACE", "SEX"),
}
LARGE = {
    "outcome": "y",
    "subject": "id",
    "visit": "visit",
    "arm": "arm",
    "reference": "C",
    "covariates_by_visit": ("base",),
}
GLS = """
suppressMessages(library(nlme))
frame <- read.csv("{file}")
for (name in c({factors})) frame[[name]] <- factor(frame[[name]])
frame <- frame[!is.na(frame${outcome}), ]
frame <- frame[order(frame${subject}, frame${visit}), ]
frame$time <- as.integer(frame${visit})
fit <- function() gls({formula}, frame, correlation = corSymm(form = ~ time | {subject}),
                      weights = varIdent(form = ~ 1 | {visit}),
                      control = glsControl(maxIter = 500, msMaxIter = 500, opt = "{optimiser}"))
fit()
times <- replicate({repeats}, system.time(fit())[["elapsed"]])
cat(median(times))
"""


def fev_data() -> pd.DataFrame:
    frame = pd.read_csv(REFERENCE / "fev_data.csv")
    levels = {
        "RACE": ["Asian", "Black or African American", "White"],
        "SEX": ["Male", "Female"],
        "ARMCD": ["PBO", "TRT"],
        "AVISIT": ["VIS1", "VIS2", "VIS3", "VIS4"],
    }
    for name, order in levels.items():
        frame[name] = pd.Categorical(frame[name], categories=order, ordered=True)
    return frame


def large_trial(*, monotone: bool) -> pd.DataFrame:
    """1000 subjects and 10 visits, with dropout or with gaps."""
    rng = np.random.default_rng(1)
    n, m = 1000, 10
    arm = rng.integers(0, 2, n)
    base = rng.normal(50, 10, n)
    lag = np.abs(np.subtract.outer(np.arange(m), np.arange(m)))
    root = np.linalg.cholesky(0.8**lag)
    y = 5 * rng.normal(size=(n, m)) @ root.T + 0.5 * base[:, None] + 0.3 * arm[:, None]
    if monotone:
        y[np.arange(m) >= rng.geometric(0.05, n)[:, None]] = np.nan
    else:
        y[rng.random((n, m)) < 0.15] = np.nan
    return pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), m),
            "visit": np.tile(np.arange(1, m + 1), n),
            "arm": np.repeat(np.array(["C", "E"])[arm], m),
            "base": np.repeat(base, m),
            "y": y.ravel(),
        }
    )


def many_trials(sets: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Data sets of 120 subjects and 4 visits with dropout, and a baseline."""
    rng = np.random.default_rng(2)
    n, m = 120, 4
    arm = np.arange(n) % 2
    base = rng.normal(50, 10, (sets, n, 1))
    lag = np.abs(np.subtract.outer(np.arange(m), np.arange(m)))
    y = rng.normal(size=(sets, n, m)) @ np.linalg.cholesky(0.7**lag).T + 0.03 * base
    left = np.arange(m) >= rng.geometric(0.08, (sets, n, 1))
    return np.where(left, np.nan, y), arm, base


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """The median of some runs, after one to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))


def gls_milliseconds(
    frame: pd.DataFrame, model: dict[str, object], formula: str, factors: str, repeats: int
) -> float | None:
    """The median time of nlme::gls, or nothing where R or nlme is not there."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.csv"
        frame.to_csv(file, index=False)
        program = GLS.format(
            file=file,
            factors=factors,
            formula=formula,
            repeats=repeats,
            optimiser="nlminb",
            **{name: model[name] for name in ("outcome", "subject", "visit")},
        )
        done = subprocess.run(
            [rscript, "-e", program], capture_output=True, text=True, check=False, timeout=900
        )
    return 1000 * float(done.stdout.split()[-1]) if done.returncode == 0 else None


def line(what: str, ours: float, theirs: float | None, quoted: str) -> None:
    ratio = "gls not run" if theirs is None else f"gls {theirs:8.0f} ms = {theirs / ours:6.1f} ×"
    print(f"{what:<52} {ours:8.1f} ms   {ratio:<26} mmrm (quoted): {quoted}")


def main(*, large_gls: bool) -> None:
    fev = fev_data()
    gls = gls_milliseconds(
        fev, FEV, "FEV1 ~ RACE + SEX + ARMCD * AVISIT", "'RACE','SEX','ARMCD','AVISIT'", 5
    )
    line(
        "fev_data: frame to fit, Satterthwaite",
        milliseconds(lambda: mmrm(fev, **FEV, inference="satterthwaite"), 30),
        gls,
        "42 ms",
    )
    line(
        "fev_data: frame to contrasts, Kenward-Roger",
        milliseconds(lambda: mmrm(fev, **FEV, inference="kenward-roger").contrasts(), 30),
        gls,
        "142 ms",
    )
    line(
        "fev_data: frame to contrasts, Kenward-Roger-Linear",
        milliseconds(lambda: mmrm(fev, **FEV).contrasts(), 30),
        gls,
        "142 ms",
    )
    for monotone in (True, False):
        large = large_trial(monotone=monotone)
        kind = "dropout" if monotone else "gaps"
        gls = None
        if monotone and large_gls:
            gls = gls_milliseconds(
                large, LARGE, "y ~ base * visit + arm * visit", "'arm','visit'", 1
            )
        for inference, quoted in (("satterthwaite", "2.2 s"), ("kenward-roger", "25 s")):
            ours = milliseconds(
                lambda of=inference, frame=large: mmrm(frame, **LARGE, inference=of).contrasts(), 5
            )
            line(f"1000 subjects × 10 visits ({kind}): {inference}", ours, gls, quoted)
    outcomes, arm, base = many_trials(10_000)
    for inference in ("satterthwaite", "kenward-roger-linear"):
        ours = milliseconds(
            lambda of=inference: mmrm_batch(outcomes, arm=arm, covariates=base, inference=of), 2
        )
        line(f"10 000 × (120 subjects × 4 visits): {inference}", ours, None, "about 580 s")


if __name__ == "__main__":
    main(large_gls="--large-gls" in sys.argv[1:])
