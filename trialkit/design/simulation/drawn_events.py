"""Events of many people: whether they happen by a visit, and when."""

import numpy as np
from scipy.special import ndtri


def drawn_events(
    risks: np.ndarray, covariance: np.ndarray, replicates: int, rng: np.random.Generator
) -> np.ndarray:
    """1 and 0 of each risk (people, visits): (replicates, people, visits).

    Those of one person hang together as normal variables of this covariance do that are cut at their risks.
    """
    spread = np.sqrt(np.diagonal(covariance))
    root = np.linalg.cholesky(covariance / np.outer(spread, spread))
    normal = rng.standard_normal((replicates, *risks.shape)) @ root.T
    return np.asarray(normal < ndtri(risks), dtype=float)


def drawn_times(
    risks: np.ndarray, staying: float, replicates: int, rng: np.random.Generator
) -> np.ndarray:
    """Times until an event, whose hazard is constant, or until nobody looks: (replicates, people, 2).

    Beside each time stands 1 if the event ended it. ``risks`` (people,) are those of the event by the
    time point, which is 1 and ends the time; ``staying`` is the share that is still followed then.
    """
    shape = (replicates, len(risks))
    with np.errstate(divide="ignore"):
        happens = rng.standard_exponential(shape) / -np.log1p(-risks)
        leaves = rng.standard_exponential(shape) / np.abs(np.log(staying))
    ends = np.minimum(leaves, 1.0)
    return np.stack([np.minimum(happens, ends), (happens <= ends).astype(float)], axis=2)
