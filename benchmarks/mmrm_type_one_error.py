"""Type I error of the mixed model in a small trial: 13 and 13 subjects, three and four visits, dropout.

Run ``python benchmarks/mmrm_type_one_error.py [replicates]``. Two arms with the same means; the last
visit is tested at 5 %. Rates are printed with their Monte Carlo standard error.
"""

import sys

import numpy as np

from trialkit.analysis import mmrm_batch

PER_ARM = 13
SEED = 20261121
DROPOUT = 0.10  # chance to leave before each visit after the first


def simulate(sets: int, visits: int, rng: np.random.Generator) -> np.ndarray:
    """Outcomes (set, subject, visit) with unequal variances and correlations that fade."""
    lag = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    sd = 1 + 0.15 * np.arange(visits)
    root = np.linalg.cholesky(0.75**lag * np.outer(sd, sd))
    values = rng.normal(size=(sets, 2 * PER_ARM, visits)) @ root.T
    stays = rng.random((sets, 2 * PER_ARM, visits)) >= DROPOUT
    stays[:, :, 0] = True
    return np.where(np.logical_and.accumulate(stays, axis=2), values, np.nan)


def main(replicates: int) -> None:
    rng = np.random.default_rng(SEED)
    arm = np.repeat([0, 1], PER_ARM)
    print(f"{replicates} replicates, {PER_ARM} + {PER_ARM} subjects, dropout {DROPOUT:.0%} a visit")
    print(f"{'visits':>6} {'inference':<22} {'fitted':>7} {'type I error':>13} {'± MC SE':>8}")
    for visits in (3, 4):
        outcomes = simulate(replicates, visits, rng)
        for inference in ("kenward-roger-linear", "satterthwaite"):
            found = mmrm_batch(outcomes, arm=arm, inference=inference)
            p_values = found.p_value[found.converged, 0, -1]
            rate = float(np.mean(p_values < 0.05))
            error = float(np.sqrt(rate * (1 - rate) / len(p_values)))
            print(
                f"{visits:>6} {inference:<22} {len(p_values):>7} {100 * rate:>11.2f} % "
                f"{100 * error:>6.2f} %"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
