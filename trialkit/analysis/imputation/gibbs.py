"""Draws from the posterior of an unstructured imputation model, by Gibbs sampling.

A cycle draws the means given the covariance and what is observed, then the missing residuals, then
the covariance given all residuals, from the inverse Wishart distribution to which its prior is
conjugate. All chains (C) go side by side, as the first axis.
"""

import numpy as np

from trialkit.analysis.imputation.convergence import effective_draws, split_r_hat
from trialkit.analysis.imputation.draws import Convergence, Draws
from trialkit.analysis.imputation.model import ImputationModel
from trialkit.analysis.imputation.resamples import stream
from trialkit.analysis.repeated.refits import as_fitted
from trialkit.analysis.repeated.statistics import patterns_of
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.methods.repeated import CovarianceStructure

_CHAINS = 40
_FEWEST = 4  # draws a chain gives, so that its halves can be compared


def gibbs_draws(model: ImputationModel, *, draws: int, seed: int, burn_in: int, thin: int) -> Draws:
    """``draws`` draws, spread over chains, with the figures of their convergence.

    Raises :class:`AnalysisError` for a covariance that is not unstructured.
    """
    if model.fit.structure is not CovarianceStructure.UNSTRUCTURED:
        raise AnalysisError(
            f"method='bayes' is for an unstructured covariance, not {model.fit.structure.value}, "
            "for which its prior is not conjugate",
            advice="method='approximate-bayes' takes every structure",
        )
    if burn_in < 1 or thin < 1:
        raise AnalysisError(f"burn_in and thin must be 1 or more, got {burn_in} and {thin}")
    chains = min(_CHAINS, max(2, draws // (2 * _FEWEST)))
    kept = max(-(-draws // chains), _FEWEST)
    sampler = Sampler(model, chains=chains, random=stream(seed, 1))
    gammas, sigmas = [], []
    for cycle in range(burn_in + kept * thin):
        gamma, sigma = sampler.cycle()
        if cycle >= burn_in and (cycle - burn_in) % thin == thin - 1:
            gammas.append(gamma)
            sigmas.append(sigma)
    gamma = np.stack(gammas, axis=1)  # (C, kept, p)
    sigma = np.stack(sigmas, axis=1)  # (C, kept, group, m, m)
    parts = model.fit.parts
    reported = (gamma + parts.cohort.origin) @ parts.cohort.basis.T
    lower = np.tril_indices(sigma.shape[-1])
    every = np.concatenate(
        [reported, sigma[..., lower[0], lower[1]].reshape(chains, kept, -1)], axis=2
    )
    names = [
        f"covariance{'' if each is None else f' {each}'} {parts.records.visits[u]},{parts.records.visits[v]}"
        for each in parts.records.groups
        for u, v in zip(*lower, strict=True)
    ]
    arms, m = len(model.trial.arms), len(model.trial.visits)
    # one draw of each chain in turn
    flat = np.swapaxes(gamma, 0, 1).reshape(kept * chains, -1)[:draws] + parts.cohort.origin
    covariances = np.swapaxes(sigma, 0, 1).reshape(kept * chains, -1, m, m)[:draws]
    return Draws(
        method=DrawMethod.BAYES,
        trial=model.trial,
        profiles=model.profiles,
        structure=model.fit.structure,
        likelihood=model.fit.likelihood,
        coefficients=(flat @ parts.cohort.layout.T).reshape(draws, m, -1),
        sigma=np.repeat(covariances, arms // covariances.shape[1], axis=1),
        counts=None,
        numbers=np.arange(draws),
        seed=seed,
        nested=1,
        n_failed=0,
        convergence=Convergence(
            parameter=(*parts.design.names, *names),
            r_hat=split_r_hat(every),
            effective=effective_draws(every),
            chains=chains,
            burn_in=burn_in,
            thin=thin,
        ),
    )


class Sampler:
    """The state of all chains, and what a cycle needs of the data."""

    def __init__(self, model: ImputationModel, *, chains: int, random: np.random.Generator) -> None:
        parts = model.fit.parts
        cohort = parts.cohort
        self.random = random
        self.profiles, self.outcome, self.layout = cohort.profiles, cohort.residuals, cohort.layout
        self.patterns = patterns_of(cohort.observed, cohort.group)
        self.groups = parts.model.n_groups
        self.members = [
            np.flatnonzero(self.patterns.of_subject == k) for k in range(len(self.patterns.block))
        ]
        self.zz = np.stack([self.profiles[own].T @ self.profiles[own] for own in self.members])
        self.zy = np.stack([self.profiles[own].T @ self.outcome[own] for own in self.members])
        m = self.outcome.shape[1]
        fitted = as_fitted(model.fit).sigma[0]
        self.prior_df = m + 2.0
        self.prior = fitted  # of which the mean is the fitted covariance, with m + 2 degrees
        self.sizes = np.bincount(cohort.group, minlength=self.groups)
        # chains start apart: as if the covariance had been seen in a few dozen subjects
        spread = np.broadcast_to(fitted * 20, (chains, *fitted.shape))
        self.sigma = inverse_wishart(spread, np.full(self.groups, m + 21.0), random)

    def cycle(self) -> tuple[np.ndarray, np.ndarray]:
        """The next means (C, p) and covariances (C, group, m, m)."""
        precision = self._precision()
        gamma = self._means(precision)
        scatter = self._scatter(gamma, precision)
        self.sigma = inverse_wishart(self.prior + scatter, self.prior_df + self.sizes, self.random)
        return gamma, self.sigma

    def _precision(self) -> np.ndarray:
        """The inverse covariance of what each pattern observes (C, K, m, m), zero elsewhere."""
        present = self.patterns.present
        both = present[:, :, None] & present[:, None, :]
        alone = np.eye(present.shape[1]) * ~present[:, :, None]
        stack = np.where(both, self.sigma[:, self.patterns.block], alone)
        return np.where(both, np.linalg.inv(stack), 0.0)

    def _means(self, precision: np.ndarray) -> np.ndarray:
        """A draw of the means given the covariance, the missing values being integrated out."""
        chains, _, m, _ = precision.shape
        d = self.profiles.shape[1]
        form = np.einsum("ckab,kde->cadbe", precision, self.zz, optimize=True)
        flat = form.reshape(chains, m * d, m * d)
        information = self.layout.T @ flat @ self.layout
        wy = np.einsum("ckab,kdb->cad", precision, self.zy, optimize=True).reshape(chains, -1)
        root = np.linalg.cholesky((information + np.swapaxes(information, 1, 2)) / 2)
        half = np.linalg.solve(root, (wy @ self.layout)[:, :, None])
        noise = self.random.standard_normal(half.shape)
        return np.asarray(np.linalg.solve(np.swapaxes(root, 1, 2), half + noise)[:, :, 0])

    def _scatter(self, gamma: np.ndarray, precision: np.ndarray) -> np.ndarray:
        """The crossed residuals of each group (C, group, m, m), the missing ones drawn."""
        chains, m = len(gamma), self.outcome.shape[1]
        coefficients = (gamma @ self.layout.T).reshape(chains, m, -1)
        total = np.zeros((chains, self.groups, m, m))
        for k, own in enumerate(self.members):
            seen = self.patterns.present[k]
            sigma = self.sigma[:, self.patterns.block[k]]
            fitted = np.einsum("nd,cmd->cnm", self.profiles[own], coefficients)
            residuals = np.where(seen, self.outcome[own] - fitted, 0.0)
            if not seen.all():
                slope = (
                    sigma[:, ~seen] @ precision[:, k]
                )  # (C, missing, m), zero where not observed
                left = sigma[:, ~seen][:, :, ~seen] - slope @ sigma[:, :, ~seen]
                noise = self.random.standard_normal((chains, len(own), int((~seen).sum())))
                root = np.linalg.cholesky((left + np.swapaxes(left, 1, 2)) / 2)
                expected = residuals @ np.swapaxes(slope, 1, 2)
                residuals[:, :, ~seen] = expected + noise @ np.swapaxes(root, 1, 2)
            total[:, self.patterns.block[k]] += np.swapaxes(residuals, 1, 2) @ residuals
        return total


def inverse_wishart(scale: np.ndarray, df: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draws of covariance matrices (C, group, m, m) of these scales and degrees of freedom (group)."""
    m = scale.shape[-1]
    bartlett = np.zeros(scale.shape)
    rows, columns = np.tril_indices(m, k=-1)
    bartlett[..., rows, columns] = random.standard_normal((*scale.shape[:-2], len(rows)))
    freedom = df[:, None] - np.arange(m)
    chi = random.chisquare(np.broadcast_to(freedom, scale.shape[:-1]))
    bartlett[..., np.arange(m), np.arange(m)] = np.sqrt(chi)
    # with S = LLᵀ and a Wishart matrix AAᵀ of S⁻¹ the inverse is (L A⁻ᵀ)(L A⁻ᵀ)ᵀ
    root = np.linalg.cholesky((scale + np.swapaxes(scale, -1, -2)) / 2)
    half = np.linalg.solve(bartlett, np.swapaxes(root, -1, -2))
    return np.asarray(np.swapaxes(half, -1, -2) @ half)
