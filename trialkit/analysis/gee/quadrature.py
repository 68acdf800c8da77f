"""The likelihood of a random intercept by adaptive Gauss–Hermite quadrature."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, logsumexp, roots_hermite, xlogy

from trialkit.analysis.gee.long_rows import LongRows
from trialkit.protocol.methods.generalised_models import ResponseFamily


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RandomInterceptLikelihood:
    """Subjects' outcomes given b ~ N(0, σ²), b taken away by quadrature about its mode.

    Parameters are the coefficients and σ, (p + 1,).
    """

    long: LongRows
    family: ResponseFamily
    nodes: int

    def _log_density(self, predictor: np.ndarray) -> np.ndarray:
        """Of each row and node (n, q), up to what does not depend on the parameters."""
        y = self.long.outcome[:, None]
        if self.family is ResponseFamily.BINOMIAL:
            return np.asarray(y * predictor - np.logaddexp(0.0, predictor))
        return np.asarray(y * predictor - np.exp(predictor))

    def _mean(self, predictor: np.ndarray) -> np.ndarray:
        binomial = self.family is ResponseFamily.BINOMIAL
        return np.asarray(expit(predictor) if binomial else np.exp(predictor))

    def _summed(self, values: np.ndarray) -> np.ndarray:
        """Sums over each subject's rows."""
        return np.asarray(np.add.reduceat(values, self.long.first, axis=0))

    def _mode(self, fixed: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        """Each subject's likeliest b / σ, and one over the root of the curvature there."""
        binomial = self.family is ResponseFamily.BINOMIAL
        at = np.zeros(self.long.n_subjects)
        low = high = at
        before = np.full(len(at), np.inf)
        for number in range(100):
            mean = self._mean(fixed + sigma * at[self.long.subject])
            curvature = sigma**2 * self._summed(mean * (1 - mean) if binomial else mean) + 1
            slope = sigma * self._summed(self.long.outcome - mean) - at
            if not number:  # the slope falls, and by more than one for one: the root lies between
                low, high = np.minimum(0.0, slope), np.maximum(0.0, slope)
            low, high = np.where(slope > 0, at, low), np.where(slope < 0, at, high)
            step = slope / curvature
            following = at + step
            # two points may send Newton to each other for ever, each the end of the other's interval
            in_vain = (np.abs(step) > np.abs(before) / 2) & (np.abs(step) > 1e-9 * (1 + np.abs(at)))
            outside = (following < low) | (following > high) | in_vain
            following = np.where(outside, (low + high) / 2, following)
            before = following - at
            moved = np.abs(following - at).max()
            at = following
            if moved < 1e-12 * (1 + np.abs(at).max()):
                break
        return at, 1 / np.sqrt(curvature)

    def evaluate(self, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """The log likelihood, constants included, and its gradient (p + 1,).

        The gradient is the mean of the score over each subject's distribution of b given its data.
        """
        long, sigma = self.long, float(parameters[-1])
        fixed = long.design @ parameters[:-1] + long.offset
        mode, width = self._mode(fixed, sigma)
        points, weights = roots_hermite(self.nodes)
        at = mode[:, None] + np.sqrt(2) * width[:, None] * points
        predictor = fixed[:, None] + sigma * at[long.subject]
        joint = self._summed(self._log_density(predictor)) - at**2 / 2
        terms = joint + points**2 + np.log(weights)
        whole = logsumexp(terms, axis=1)
        posterior = np.exp(terms - whole[:, None])[long.subject]
        residual = long.outcome[:, None] - self._mean(predictor)
        gradient = np.append(
            long.design.T @ np.sum(posterior * residual, axis=1),
            np.sum(posterior * residual * at[long.subject]),
        )
        level = float(np.sum(whole + np.log(width)) - len(mode) * np.log(np.pi) / 2)
        return level + self._constant(), gradient

    def _constant(self) -> float:
        if self.family is ResponseFamily.BINOMIAL:
            return 0.0
        return -float(np.sum(gammaln(self.long.outcome + 1)))

    def saturated(self) -> float:
        """The log likelihood of a model that has a mean for each value.

        lme4 leaves it out of what it calls the log likelihood with more than one node.
        """
        if self.family is ResponseFamily.BINOMIAL:
            return 0.0
        y = self.long.outcome
        return float(np.sum(xlogy(y, y) - y)) + self._constant()

    def information(self, parameters: np.ndarray) -> np.ndarray:
        """The observed information (p + 1, p + 1), by central differences of the gradient."""
        count = len(parameters)
        steps = 1e-5 * np.maximum(np.abs(parameters), 0.1)
        matrix = np.empty((count, count))
        for index in range(count):
            move = np.zeros(count)
            move[index] = steps[index]
            up, down = (self.evaluate(parameters + side * move)[1] for side in (1, -1))
            matrix[index] = (down - up) / (2 * steps[index])
        return np.asarray((matrix + matrix.T) / 2)
