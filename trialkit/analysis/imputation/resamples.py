"""How often each subject counts: all but one, or as often as a bootstrap sample has it."""

import numpy as np

from trialkit.analysis.imputation.model import ImputationModel


def left_out(n: int) -> np.ndarray:
    """One row for everybody, then one for each subject left out (n + 1, n)."""
    return np.concatenate([np.ones((1, n)), 1 - np.eye(n)])


def stream(seed: int, *place: int) -> np.random.Generator:
    """The random numbers of one place, which do not depend on what is drawn at others."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=place))


def strata_of(model: ImputationModel) -> np.ndarray:
    """The stratum of each subject: its arm, and what else is stratified by (n,)."""
    n, m = model.trial.shape
    code = model.trial.arm.astype(np.intp)
    for name in model.strata:
        values = model.trial.frame[name].to_numpy(dtype=object)[::m]
        _, found = np.unique(values.astype(str), return_inverse=True)
        code = np.unique(code * n + found, return_inverse=True)[1]
    return code


def sampled(strata: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """How often each subject stands in one sample with replacement within strata (n,)."""
    counts = np.zeros(len(strata))
    for each in range(int(strata.max()) + 1):
        members = np.flatnonzero(strata == each)
        chosen = random.integers(0, len(members), len(members))
        counts[members] = np.bincount(chosen, minlength=len(members))
    return counts
