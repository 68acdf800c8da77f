"""What draws of an imputation model are: parameters, and how often each subject counts with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trialkit.analysis.imputation.incomplete import IncompleteTrial
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.methods.repeated import CovarianceStructure, Likelihood
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Convergence:
    """How well the chains of a Gibbs sampler agree, for each parameter.

    ``r_hat`` compares halves of chains, and is 1 where they agree; ``effective`` is how many
    independent draws the draws are worth.
    """

    parameter: tuple[str, ...]
    r_hat: np.ndarray
    effective: np.ndarray
    chains: int
    burn_in: int
    thin: int

    @property
    def settled(self) -> bool:
        """Whether no parameter has an R̂ above 1.05."""
        return bool((self.r_hat < 1.05).all())

    def to_frame(self) -> pd.DataFrame:
        """Columns ``parameter``, ``r_hat``, ``effective``."""
        return pd.DataFrame(
            {
                "parameter": self.parameter,
                "r_hat": self.r_hat,
                "effective": self.effective,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Draws(Tabular):
    """Parameters of the imputation model, D times.

    The outcome of a subject with the profile z (d) is expected to be zᵀ ``coefficients`` at each
    visit. Conditional means have the fit to everybody first, then one draw a resample. ``counts`` are
    missing where every subject counts once. ``numbers`` are those of the draws, by which each draws
    its random numbers; ``n_failed`` bootstrap samples could not be fitted and were drawn anew.
    """

    method: DrawMethod
    trial: IncompleteTrial
    profiles: np.ndarray  # (n, d)
    structure: CovarianceStructure
    likelihood: Likelihood
    coefficients: np.ndarray  # (D, m, d)
    sigma: np.ndarray  # (D, arm, m, m)
    counts: np.ndarray | None  # (D, n)
    numbers: np.ndarray  # (D,)
    seed: int | None
    nested: int
    n_failed: int
    convergence: Convergence | None

    @property
    def n_draws(self) -> int:
        """How many draws there are, that of everybody included."""
        return len(self.coefficients)

    @property
    def title(self) -> str:
        """What was drawn, in a line."""
        seed = "" if self.seed is None else f", seed {self.seed}"
        failed = f", {self.n_failed} samples drawn anew" if self.n_failed else ""
        return f"{self.n_draws} draws of the imputation model ({self.method.value}{seed}{failed})"

    def to_frame(self) -> pd.DataFrame:
        """Mean and standard deviation over draws of the covariance matrix.

        Columns ``arm``, ``visit``, ``with_visit``, ``mean``, ``sd``; draws that resample have the fit
        to everybody left out of both.
        """
        first = int(self.method.is_conditional_mean)
        rows = [
            (self.trial.arms[arm], self.trial.visits[u], self.trial.visits[v])
            for arm in range(self.sigma.shape[1])
            for u in range(self.sigma.shape[2])
            for v in range(u + 1)
        ]
        lower = np.tril_indices(self.sigma.shape[2])
        cells = self.sigma[first:, :, *lower].reshape(len(self.sigma) - first, -1)
        frame = pd.DataFrame(rows, columns=["arm", "visit", "with_visit"])
        return frame.assign(mean=cells.mean(axis=0), sd=cells.std(axis=0, ddof=1))

    def some(self, which: slice) -> "Draws":
        """The draws ``which``; each keeps its number, and so its random values."""
        return replace(
            self,
            coefficients=self.coefficients[which],
            sigma=self.sigma[which],
            counts=None if self.counts is None else self.counts[which],
            numbers=self.numbers[which],
        )

    def profiles_in(self, arm: int) -> np.ndarray:
        """The profiles as if every subject were in ``arm`` (n, d)."""
        changed = self.profiles.copy()
        arms = len(self.trial.arms)
        changed[:, 1:arms] = np.arange(1, arms) == arm
        return changed


def join_draws(parts: Sequence[Draws]) -> Draws:
    """Draws of the same model, made apart, in the order of their numbers.

    Raises :class:`AnalysisError` for parts of other draws, or a number that stands in two.
    """
    if not parts:
        raise AnalysisError("there are no draws to join")
    first = parts[0]
    for each in parts[1:]:
        if (each.method, each.seed, each.nested) != (first.method, first.seed, first.nested) or (
            each.trial.subjects != first.trial.subjects
        ):
            raise AnalysisError("draws of other methods, seeds or trials cannot be joined")
    numbers = np.concatenate([each.numbers for each in parts])
    if len(np.unique(numbers)) < len(numbers):
        raise AnalysisError("a draw stands in two of the parts; give each part numbers of its own")
    order = np.argsort(numbers, kind="stable")
    counts = [each.counts for each in parts if each.counts is not None]
    return replace(
        first,
        coefficients=np.concatenate([each.coefficients for each in parts])[order],
        sigma=np.concatenate([each.sigma for each in parts])[order],
        counts=np.concatenate(counts)[order] if counts else None,
        numbers=numbers[order],
        n_failed=sum(each.n_failed for each in parts),
    )
