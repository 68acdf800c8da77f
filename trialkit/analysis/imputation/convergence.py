"""Whether the chains of a sampler agree, and how many independent draws they are worth."""

import numpy as np


def split_r_hat(chains: np.ndarray) -> np.ndarray:
    """Gelman and Rubin's R̂ of the halves of ``chains`` (chain, draw, parameter), by parameter."""
    halves = _halves(chains)
    size = halves.shape[1]
    within = halves.var(axis=1, ddof=1).mean(axis=0)
    between = halves.mean(axis=1).var(axis=0, ddof=1)
    total = (size - 1) / size * within + between
    ratio = np.divide(total, within, out=np.ones_like(total), where=within > 0)
    return np.asarray(np.sqrt(ratio))


def effective_draws(chains: np.ndarray) -> np.ndarray:
    """The effective number of draws, by parameter, from autocorrelations within the halves.

    Pairs of lags are summed as long as their sum is positive (Geyer), in all halves together.
    """
    halves = _halves(chains)
    count, size, parameters = halves.shape
    centred = halves - halves.mean(axis=1, keepdims=True)
    within = halves.var(axis=1, ddof=1).mean(axis=0)
    total = (size - 1) / size * within + halves.mean(axis=1).var(axis=0, ddof=1)
    total = np.where(total > 0, total, 1.0)
    time = np.ones(parameters)
    summing = np.ones(parameters, dtype=bool)
    for lag in range(1, size - 1, 2):
        pair = np.zeros(parameters)
        for each in (lag, lag + 1):
            product = (centred[:, each:] * centred[:, : size - each]).sum(axis=1) / (size - 1)
            pair += 1 - (within - product.mean(axis=0)) / total
        summing &= pair > 0
        if not summing.any():
            break
        time += np.where(summing, 2 * pair, 0.0)
    return np.asarray(np.minimum(count * size / time, count * size))


def _halves(chains: np.ndarray) -> np.ndarray:
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])
