"""The likelihood of a generalised linear model, for its profile limits and ratio tests."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.generalised.profile import coefficient_limits
from trialkit.analysis.generalised.scoring import GeneralisedFit, fit_generalised


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GlmLikelihood:
    """A maximised likelihood that has no parameter beside the coefficients."""

    fit: GeneralisedFit

    @property
    def highest(self) -> float:
        """The maximum of the log likelihood, or what it rises towards."""
        return self.fit.log_likelihood

    def highest_without(self, columns: np.ndarray) -> float:
        """The maximum without some ``columns``, a mask (p,)."""
        fit = self.fit
        return fit_generalised(
            fit.design[:, ~columns], fit.outcome, fit.family, offset=fit.offset
        ).log_likelihood

    def limits(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """Profile limits of a coefficient."""
        return coefficient_limits(self.fit, index, conf_level=conf_level)

    def limits_at_dispersion(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """The same, since there is no dispersion to be held."""
        return self.limits(index, conf_level=conf_level)
