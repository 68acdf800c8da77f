"""How fast times to an event are analysed, against lifelines and R's survival in the same run.

``python -m benchmarks.survival_speed [--peer PYTHON]``: Kaplan-Meier with medians, log-rank and Cox of
100,000 subjects (times exact, and in whole days with ties), and 10,000 replicates of the log-rank test, of
Cox and of logistic regression of 200 subjects. ``--peer`` is an interpreter that has lifelines 0.30 (whose pandas is older than ours);
R is asked where ``Rscript`` with survival is found. Times are of the processor, the least of some tries;
the loop over lifelines is measured on a hundredth of the replicates.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

from trialkit.analysis import (
    cox_batch,
    cox_regression,
    kaplan_meier,
    log_rank,
    log_rank_batch,
    logistic_batch,
)

SUBJECTS, REPLICATES, SMALL, LOOPED = 100_000, 10_000, 200, 100
KINDS = ("exact times", "whole days")
STEPS = ("Kaplan-Meier", "log-rank", "Cox")
LIFELINES = """
import sys, time, warnings
import numpy as np, pandas as pd
warnings.simplefilter("ignore")
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
def least(call, times):
    spent = []
    for _ in range(times):
        start = time.process_time(); call(); spent.append(time.process_time() - start)
    return min(spent)
small = pd.read_csv(sys.argv[1])
def loop():
    for i in range({looped}):
        t, e = small[f"t{{i}}"], small[f"e{{i}}"]
        logrank_test(t[small.a == 1], t[small.a == 0], e[small.a == 1], e[small.a == 0])
for path in sys.argv[2:]:
    d = pd.read_csv(path)
    one, two = d[d.arm == 1], d[d.arm == 0]
    def curves():
        for each in (one, two):
            KaplanMeierFitter().fit(each.time, each.event).median_survival_time_
    print(least(curves, 3))
    print(least(lambda: logrank_test(one.time, two.time, one.event, two.event), 3))
    print(least(lambda: CoxPHFitter().fit(d[["time", "event", "arm", "x"]], "time", "event"), 1))
print(least(loop, 1))
def hazards():
    for i in range({looped}):
        one = pd.DataFrame(dict(t=small[f"t{{i}}"], e=small[f"e{{i}}"], a=small.a))
        CoxPHFitter().fit(one, "t", "e")
print(least(hazards, 1))
"""
R = """
suppressMessages(library(survival))
least <- function(call) min(replicate(3, sum(system.time(call())[1:2])))
for (path in commandArgs(TRUE)) {
  d <- read.csv(path)
  cat(least(function() quantile(survfit(Surv(time, event) ~ arm, d), 0.5)), "\\n")
  cat(least(function() survdiff(Surv(time, event) ~ arm, d)), "\\n")
  cat(least(function() summary(coxph(Surv(time, event) ~ arm + x, d))), "\\n")
}
"""


def trial(kind: str) -> pd.DataFrame:
    rng = np.random.default_rng(20250722)
    arm, x = rng.integers(0, 2, SUBJECTS), rng.normal(size=SUBJECTS)
    happens = rng.exponential(400 * np.exp(0.3 * arm - 0.2 * x))
    ends = rng.uniform(100, 800, SUBJECTS)
    watched = np.minimum(happens, ends)
    return pd.DataFrame(
        {
            "time": watched if kind == KINDS[0] else np.ceil(watched),
            "event": (happens <= ends).astype(int),
            "arm": arm,
            "x": x,
        }
    )


def least(call: Callable[[], object], times: int = 5) -> float:
    spent = []
    for _ in range(times):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return min(spent)


def ours(frame: pd.DataFrame) -> list[float]:
    columns = {"time": "time", "event": "event", "arm": "arm"}
    return [
        least(lambda: kaplan_meier(frame, **columns).to_frame()),
        least(lambda: log_rank(frame, **columns)),
        least(lambda: cox_regression(frame, **columns, reference=0, covariates=("x",)).to_frame()),
    ]


def asked(command: list[str]) -> list[float]:
    """The numbers that a program prints, none where it cannot be asked."""
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)
    if run.returncode:
        print(f"{command[0]} cannot be asked: {run.stderr.strip().splitlines()[-1:]}")
        return []
    return [float(each) for each in run.stdout.split()]


def _replicates(theirs: list[float]) -> None:
    """Many small data sets at once, against a loop over lifelines, or over statsmodels without it."""
    times, events, groups = replicates()
    frame = pd.DataFrame({"arm": groups})
    design = np.column_stack([np.ones(SMALL), groups])

    def hazards() -> None:
        for one, two in zip(times[:LOOPED], events[:LOOPED], strict=True):
            sm.PHReg(one, frame, status=two, ties="efron").fit()

    def odds() -> None:
        for each in events[:LOOPED]:
            sm.Logit(each.astype(float), design).fit(disp=0)

    def ranks() -> None:
        for one, two in zip(times[:LOOPED], events[:LOOPED], strict=True):
            sm.duration.survdiff(one, two, groups)

    for name, batch, loop, peer in (
        ("log-rank tests", lambda: log_rank_batch(times, events, groups), ranks, theirs[-2:-1]),
        ("Cox regressions", lambda: cox_batch(times, events, groups), hazards, theirs[-1:]),
        ("logistic regressions", lambda: logistic_batch(events * 1.0, groups), odds, []),
    ):
        own = least(batch, 3)
        spent = (peer[0] if peer else least(loop, 1)) * REPLICATES / LOOPED
        whose = "lifelines" if peer else "statsmodels"
        print(
            f"{REPLICATES:,} {name} of {SMALL}: {own:.2f} s; a loop over {whose} {spent:.0f} s: "
            f"{spent / own:.0f} times faster (100 wanted)"
        )


def replicates() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    times = rng.exponential(size=(REPLICATES, SMALL))
    return times, rng.random((REPLICATES, SMALL)) < 0.8, np.arange(SMALL) % 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", default=sys.executable)
    peer = parser.parse_args().peer
    times, events, groups = replicates()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{kind.replace(' ', '_')}.csv" for kind in KINDS]
        frames = [trial(kind) for kind in KINDS]
        for path, frame in zip(paths, frames, strict=True):
            frame.to_csv(path, index=False)
        small = pd.DataFrame(
            {"a": groups}
            | {f"t{i}": times[i] for i in range(LOOPED)}
            | {f"e{i}": events[i].astype(int) for i in range(LOOPED)}
        )
        small.to_csv(Path(folder) / "small.csv", index=False)
        files = [str(path) for path in paths]
        program = LIFELINES.format(looped=LOOPED)
        theirs = asked([peer, "-c", program, str(Path(folder) / "small.csv"), *files])
        rscript = shutil.which("Rscript")
        of_r = asked([rscript, "-e", R, *files]) if rscript else []
    for place, (kind, frame) in enumerate(zip(KINDS, frames, strict=True)):
        mine = ours(frame)
        at = slice(3 * place, 3 * place + 3)
        print(f"{SUBJECTS:,} subjects, {kind}:")
        for name, own, *others in zip(
            (*STEPS, "together"),
            (*mine, sum(mine)),
            *([*each[at], sum(each[at])] for each in (theirs, of_r) if each),
            strict=True,
        ):
            said = [f"{other:.3f} s ({own / other:.2f} of it)" for other in others]
            print(f"  {name}: {own:.3f} s; " + ", ".join(said))
    _replicates(theirs)
    print("order of the others: lifelines, R survival; wanted: 0.10 of lifelines together, 1 of R")


if __name__ == "__main__":
    main()
