"""A fitted model whose arms are compared by a ratio: of rates, of odds, of risks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.generalised.named_ratios import NamedModel
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.linear.linear_model import Design, build_design, refuse_collinear
from trialkit.analysis.linear.model_rows import ModelRows
from trialkit.analysis.linear.named_contrasts import NOWHERE
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale, Status
from trialkit.results.pictures import PictureKind, Pictures, effects_picture, means_picture
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


class RatioLikelihood(Protocol):
    """A log likelihood that can be maximised with some of its coefficients held."""

    @property
    def highest(self) -> float:
        """The maximum."""

    def highest_without(self, columns: np.ndarray) -> float:
        """The maximum of the model without some of its ``columns``, a mask (p,)."""

    def limits(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """Profile limits of a coefficient, everything else maximised anew."""

    def limits_at_dispersion(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """Profile limits of a coefficient, the dispersion held at its estimate."""


def arm_design(rows: ModelRows) -> Design:
    """Intercept, arm, covariates, in this order; raises ``AnalysisError`` where columns are collinear."""
    columns = (rows.arm, *rows.covariates)
    design = build_design(columns, tuple((column.name,) for column in columns))
    refuse_collinear(design)
    return design


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RatioModel(Tabular):
    """A model of the logarithm of a rate, of odds or of a risk, by arm and covariates.

    ``model`` and ``variance`` name what was fitted and what the standard errors are, ``scale`` is
    that of the arms' ratio, ``estimates`` (p,) and ``covariance`` (p, p) the coefficients',
    ``df`` those of the t that they are compared with, infinite for the normal distribution.
    ``notes`` say what a reader must know: a penalty, an estimate at infinity, a limit of the model.
    ``infinite`` names the coefficients without a finite estimate of maximum likelihood, also where the
    model that is stated has finite ones by a penalty.
    """

    outcome: str
    model: str
    variance: str
    scale: Scale
    reference: object
    rows: ModelRows
    design: Design
    estimates: np.ndarray
    covariance: np.ndarray
    df: float
    likelihood: RatioLikelihood | None
    notes: tuple[str, ...] = ()
    infinite: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        adjusted = ", ".join(each.name for each in self.rows.covariates)
        by = f" adjusted for {adjusted}" if adjusted else ""
        return (
            f"{self.model.capitalize()} model of {self.outcome} by {self.rows.arm.name}{by} "
            f"(n = {self.n}, {self.variance} variance)"
        )

    @property
    def n(self) -> int:
        """How many rows are used."""
        return len(self.rows.outcome)

    @property
    def counts(self) -> dict[object, int]:
        """How many rows of each arm are used."""
        return self.rows.counts

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    @property
    def log_likelihood(self) -> float:
        """The maximum of the log likelihood; penalised where the model is."""
        return self._need("log likelihood").highest

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts()),
            PictureKind.MEANS: lambda: means_picture(self.marginal_means(), upwards=self.outcome),
        }

    def to_frame(self) -> pd.DataFrame:
        """The arms against the reference, with Wald limits of 95 %."""
        return self.contrasts()

    def contrasts(
        self, *, limits: RatioLimits | str = RatioLimits.WALD, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The ratio of each arm to the reference.

        Columns ``contrast``, ``measure``, ``estimate``, ``log_estimate``, ``se`` (of the
        logarithm), ``df``, ``statistic``, ``p_value`` (Wald), ``conf_low``, ``conf_high``,
        ``conf_level``, ``limits``, ``variance``, ``status``, ``note``. Where an arm has no event the
        ratio is 0 or infinite: Wald limits do not exist, profile limits have one finite end.
        """
        at = np.flatnonzero(self.design.term_of == 1)
        table = self._table(at, limits, conf_level)
        arms = [contrast_label(str(arm), str(self.reference)) for arm in self.rows.arm.other_levels]
        finite = np.isfinite(table[Stat.CONF_LOW.value]) | np.isfinite(table[Stat.CONF_HIGH.value])
        return pd.DataFrame(
            {
                "contrast": arms,
                "measure": self.scale.value,
                Stat.ESTIMATE.value: np.exp(table[Stat.ESTIMATE.value]),
                "log_estimate": table[Stat.ESTIMATE.value],
                **{
                    name.value: table[name.value]
                    for name in (Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE)
                },
                Stat.CONF_LOW.value: np.exp(table[Stat.CONF_LOW.value]),
                Stat.CONF_HIGH.value: np.exp(table[Stat.CONF_HIGH.value]),
                Stat.CONF_LEVEL.value: conf_level,
                "limits": table["limits"],
                "variance": self.variance,
                "status": np.where(finite, Status.ESTIMATED.value, Status.NOT_ESTIMABLE.value),
                "note": "; ".join(self.notes),
            }
        )

    def contrast(
        self, arm: object, *, at: Mapping[str, object] = NOWHERE, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """A ratio by the names of arms, in a row, with Wald limits.

        ``arm`` is an arm (against the reference), a pair ``("A", "B")`` or weights by arm that sum to
        0; ``at`` holds covariates. Columns as of :meth:`contrasts`, without limits and notes. Raises
        ``AnalysisError`` with the names that there are for one that is not known, and where there is
        no finite estimate.
        """
        return self._named.contrast(arm, None, at=at, conf_level=conf_level)

    def marginal_means(
        self, *, at: Mapping[str, object] = NOWHERE, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """What is expected of a subject in each arm where covariates stand ``at`` values or at their average.

        Columns ``arm``, ``estimate`` (a probability, or a rate for one unit of exposure), ``conf_low``,
        ``conf_high``, ``conf_level``. It is no average over people: that is what ``standardised_risks``
        gives.
        """
        if not self.gives_means:
            raise AnalysisError(
                f"the levels of {self.outcome!r} have an order and no mean",
                advice="counts_by_level() has how many have each, contrast() the odds ratios",
            )
        return self._named.means(at=at, conf_level=conf_level)

    @property
    def gives_means(self) -> bool:
        """Whether its linear predictor is of something that a subject is expected to have."""
        return True

    @property
    def _named(self) -> NamedModel:
        return NamedModel(
            design=self.design,
            arm=self.rows.arm,
            by_visit=None,
            reference=self.reference,
            estimates=self.estimates,
            covariance=self.covariance,
            df=self.df,
            scale=self.scale,
        )

    def coefficients(
        self, *, limits: RatioLimits | str = RatioLimits.WALD, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """All coefficients, on the scale of the logarithm, a row each; columns as of the contrasts."""
        every = np.arange(len(self.estimates))
        return self._table(every, limits, conf_level)

    def likelihood_ratio_test(self) -> pd.DataFrame:
        """Whether the arms differ at all: twice the fall of the log likelihood without the arm.

        Columns ``term``, ``statistic``, ``df``, ``p_value``. Raises ``AnalysisError`` for a model
        without a likelihood.
        """
        likelihood = self._need("likelihood ratio test")
        without = self.design.term_of == 1
        fall = max(2 * (likelihood.highest - likelihood.highest_without(without)), 0.0)
        df = int(without.sum())
        return pd.DataFrame(
            {
                "term": [self.rows.arm.name],
                Stat.STATISTIC.value: [fall],
                Stat.DF.value: [float(df)],
                Stat.P_VALUE.value: [float(chdtrc(df, fall))],
            }
        )

    def contrast_ratio_tests(self) -> pd.DataFrame:
        """Whether each other arm differs from the reference: the likelihood ratio test of its column.

        Rows as of ``contrasts``, whose profile limits leave out 1 exactly where this rejects it.
        Columns ``contrast``, ``statistic``, ``df`` (1), ``p_value``. Raises ``AnalysisError`` for a
        model without a likelihood.
        """
        likelihood = self._need("likelihood ratio test")
        own = np.arange(len(self.estimates))
        falls = np.array(
            [
                max(2 * (likelihood.highest - likelihood.highest_without(own == index)), 0.0)
                for index in np.flatnonzero(self.design.term_of == 1)
            ]
        )
        arms = self.rows.arm.other_levels
        return pd.DataFrame(
            {
                "contrast": [contrast_label(str(arm), str(self.reference)) for arm in arms],
                Stat.STATISTIC.value: falls,
                Stat.DF.value: 1.0,
                Stat.P_VALUE.value: chdtrc(1, falls),
            }
        )

    def _need(self, what: str) -> RatioLikelihood:
        if self.likelihood is None:
            raise AnalysisError(
                f"a {self.model} model with {self.variance} variance has no {what}",
                advice="ask for Wald limits and the Wald test, or for a model with a likelihood",
            )
        return self.likelihood

    def _table(self, at: np.ndarray, limits: RatioLimits | str, conf_level: float) -> pd.DataFrame:
        check_level(conf_level)
        kind = choose(RatioLimits, limits, parameter="limits")
        estimate = self.estimates[at]
        finite = np.isfinite(estimate)
        se = np.where(finite, np.sqrt(np.diag(self.covariance)[at]), np.inf)
        statistic = np.divide(estimate, se, out=np.full(len(at), np.nan), where=finite & (se > 0))
        if kind is RatioLimits.WALD:
            reach = t_critical(conf_level, self.df) * np.where(finite, se, 0.0)
            low = np.where(finite, estimate - reach, -np.inf)
            high = np.where(finite, estimate + reach, np.inf)
        else:
            likelihood = self._need("profile likelihood")
            find = (
                likelihood.limits
                if kind is RatioLimits.PROFILE
                else likelihood.limits_at_dispersion
            )
            found = [find(int(index), conf_level=conf_level) for index in at]
            low, high = (np.array([each[side] for each in found]) for side in (0, 1))
        return pd.DataFrame(
            {
                "term": [self.design.names[index] for index in at],
                Stat.ESTIMATE.value: estimate,
                Stat.SE.value: se,
                Stat.DF.value: self.df,
                Stat.STATISTIC.value: statistic,
                Stat.P_VALUE.value: t_p_value(statistic, self.df),
                Stat.CONF_LOW.value: low,
                Stat.CONF_HIGH.value: high,
                Stat.CONF_LEVEL.value: conf_level,
                "limits": kind.value,
            }
        )


def names_at_infinity(estimates: np.ndarray, design: Design) -> tuple[str, ...]:
    """The coefficients without a finite estimate."""
    return tuple(
        name for name, each in zip(design.names, estimates, strict=True) if not np.isfinite(each)
    )


def at_infinity(estimates: np.ndarray, design: Design, *, why: str) -> tuple[str, ...]:
    """A note that names the coefficients without a finite estimate, where there are any."""
    names = names_at_infinity(estimates, design)
    if not names:
        return ()
    return (f"no finite estimate of {', '.join(names)}: {why}",)
