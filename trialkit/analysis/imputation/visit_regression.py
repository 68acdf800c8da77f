"""Regressions of a yes-or-no outcome, or a count, for many data sets at once, and draws from them.

Arrays have the data sets (D) first. Coefficients other than the intercept have a weak normal prior on
the scale of standardised columns (standard deviation 2.5, 5 for counts), by which an outcome that a
column foretells perfectly has finite ones; so has the logarithm of the dispersion (1, deviation 3).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, polygamma

from trialkit.protocol.methods.imputation import SequentialFamily

_PRIOR = {
    SequentialFamily.LOGISTIC: 2.5,
    SequentialFamily.POISSON: 5.0,
    SequentialFamily.NEGATIVE_BINOMIAL: 5.0,
}
_STEPS = 60
_FAR = 25.0  # of a linear predictor: e to this is more than any count
_LOG_THETA = (1.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitRegression:
    """A regression in each data set: coefficients (D, p), and the dispersion (D) of counts."""

    family: SequentialFamily
    coefficients: np.ndarray
    log_theta: np.ndarray

    def predictor(self, rows: np.ndarray) -> np.ndarray:
        """The linear predictor of rows (D, n, p)."""
        eta = np.einsum("dnp,dp->dn", rows, self.coefficients)
        return np.asarray(np.clip(eta, -_FAR, _FAR))

    def draw(self, eta: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Outcomes with the linear predictor ``eta`` (D, n)."""
        if self.family is SequentialFamily.LOGISTIC:
            return np.asarray((random.random(eta.shape) < expit(eta)).astype(float))
        mean = np.exp(np.clip(eta, -_FAR, _FAR))
        if self.family is SequentialFamily.NEGATIVE_BINOMIAL:
            theta = np.exp(self.log_theta)[:, None]
            mean = np.minimum(random.gamma(theta, mean / theta, eta.shape), np.exp(_FAR))
        return np.asarray(random.poisson(mean).astype(float))

    def log_likelihood(self, outcome: np.ndarray, eta: np.ndarray) -> np.ndarray:
        """That of each outcome (D, n), without what does not depend on ``eta``."""
        if self.family is SequentialFamily.LOGISTIC:
            return np.asarray(outcome * eta - np.logaddexp(0, eta))
        if self.family is SequentialFamily.POISSON:
            return np.asarray(outcome * eta - np.exp(eta))
        log_theta = self.log_theta[:, None]
        return np.asarray(
            outcome * eta - (outcome + np.exp(log_theta)) * np.logaddexp(log_theta, eta)
        )


def drawn_regression(
    family: SequentialFamily,
    rows: np.ndarray,
    outcome: np.ndarray,
    offset: np.ndarray,
    *,
    draws: int,
    random: np.random.Generator,
) -> VisitRegression:
    """A draw from the normal approximation to each posterior.

    ``rows`` (D or 1, n, p), ``outcome`` (n) and ``offset`` (n): one set of rows serves all ``draws``.
    """
    coefficients, log_theta, information, bend = fitted_regression(family, rows, outcome, offset)
    sets, p = coefficients.shape
    noise = random.standard_normal((draws, p))
    root = np.linalg.cholesky(information)
    turned = np.swapaxes(root, 1, 2)
    if sets == 1:
        moved = np.linalg.solve(turned[0], noise.T).T
    else:
        moved = np.linalg.solve(turned, noise[:, :, None])[:, :, 0]
    wobble = random.standard_normal(draws) / np.sqrt(bend)
    counted = family is SequentialFamily.NEGATIVE_BINOMIAL
    return VisitRegression(
        family=family,
        coefficients=coefficients + moved,
        log_theta=np.broadcast_to(log_theta + wobble * counted, (draws,)),
    )


def fitted_regression(
    family: SequentialFamily, rows: np.ndarray, outcome: np.ndarray, offset: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The mode: coefficients (D, p), log dispersion (D), and the information of either."""
    sets, _, p = rows.shape
    penalty = np.full(p, 1 / _PRIOR[family] ** 2)
    penalty[0] = 1e-4
    beta = np.zeros((sets, p))
    log_theta = np.full(sets, _LOG_THETA[0])
    bend = np.ones(sets)
    if family is not SequentialFamily.LOGISTIC:
        beta[:, 0] = np.log((outcome.sum() + 0.5) / np.exp(offset).sum())
    counted = family is SequentialFamily.NEGATIVE_BINOMIAL
    for _ in range(_STEPS):
        eta = np.clip(np.einsum("dnp,dp->dn", rows, beta) + offset, -_FAR, _FAR)
        if counted:
            log_theta, bend = _dispersion(outcome, np.exp(eta), log_theta)
        gradient, weight = _slopes(family, outcome, eta, log_theta)
        information = np.einsum("dnp,dn,dnq->dpq", rows, weight, rows, optimize=True)
        information = information + np.diag(penalty)
        total = np.einsum("dnp,dn->dp", rows, gradient) - penalty * beta
        step = np.linalg.solve(information, total[:, :, None])[:, :, 0]
        longest = np.abs(step).max(axis=1, keepdims=True)
        beta = beta + step / np.maximum(1.0, longest / 2)
        if longest.max() < 1e-9:
            break
    return beta, log_theta, information, bend


def _slopes(
    family: SequentialFamily, outcome: np.ndarray, eta: np.ndarray, log_theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The derivative of the log likelihood by the linear predictor, and the expected second one."""
    if family is SequentialFamily.LOGISTIC:
        share = expit(eta)
        return outcome - share, share * (1 - share)
    mean = np.exp(eta)
    if family is SequentialFamily.POISSON:
        return outcome - mean, mean
    shrink = 1 + mean / np.exp(log_theta)[:, None]
    return (outcome - mean) / shrink, mean / shrink


def _dispersion(
    outcome: np.ndarray, mean: np.ndarray, log_theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A few of Newton's steps of log θ (D), and its information, the prior included."""
    centre, deviation = _LOG_THETA
    bend = np.ones_like(log_theta)
    for _ in range(5):
        theta = np.exp(log_theta)[:, None]
        both = theta + mean
        first = digamma(outcome + theta) - digamma(theta) + np.log(theta) + 1 - np.log(both)
        first = (first - (outcome + theta) / both).sum(axis=1)
        second = polygamma(1, outcome + theta) - polygamma(1, theta) + 1 / theta - 2 / both
        second = (second + (outcome + theta) / both**2).sum(axis=1)
        size = theta[:, 0]
        slope = size * first - (log_theta - centre) / deviation**2
        curve = -(size * first + size**2 * second) + 1 / deviation**2
        bend = np.where(curve > 1 / deviation**2, curve, 1 / deviation**2)
        log_theta = np.clip(log_theta + np.clip(slope / bend, -1, 1), -8.0, 12.0)
    return log_theta, bend
