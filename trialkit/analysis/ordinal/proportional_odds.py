"""Proportional odds of an ordered outcome. The method is in ``docs/methods/ordinal.md``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtri

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.generalised.profile import profile_limits
from trialkit.analysis.generalised.ratio_model import RatioModel, arm_design
from trialkit.analysis.linear.linear_model import Design, term_name
from trialkit.analysis.ordinal.cumulative import CumulativeFit, CumulativeLogits, fit_cumulative
from trialkit.analysis.ordinal.ordinal_rows import read_ordinal_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.results.effect import Scale
from trialkit.results.pictures import PictureKind, Pictures, effects_picture, levels_picture
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CumulativeLikelihood:
    """The likelihood of a proportional odds model; the intercept stands for the thresholds."""

    model: CumulativeLogits
    fit: CumulativeFit

    @property
    def highest(self) -> float:
        """The maximum of the log likelihood."""
        return self.fit.log_likelihood

    def highest_without(self, columns: np.ndarray) -> float:
        """The maximum without some ``columns`` of the design, a mask (p,) with the intercept."""
        shared = self.model.shared[:, ~columns[1:]]
        return fit_cumulative(replace(self.model, shared=shared)).log_likelihood

    def limits(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """Profile limits of the coefficient of a column of the design."""
        at = index - 1
        others = np.delete(self.model.shared, at, axis=1)
        thresholds = self.model.levels - 1
        last = [np.delete(self.fit.parameters, thresholds + at)]

        def highest_at(value: float) -> float:
            offset = self.model.offset + self.model.shared[:, at] * value
            found = fit_cumulative(replace(self.model, shared=others, offset=offset), start=last[0])
            last[:] = [found.parameters]
            return found.log_likelihood

        se = float(np.sqrt(self.fit.covariance[thresholds + at, thresholds + at]))
        return profile_limits(
            highest_at,
            estimate=float(self.fit.parameters[thresholds + at]),
            step=se * float(-ndtri((1 - conf_level) / 2)),
            highest=self.highest,
            conf_level=conf_level,
        )

    def limits_at_dispersion(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """The same, since there is no dispersion to be held."""
        return self.limits(index, conf_level=conf_level)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ProportionalOdds(RatioModel):
    """A proportional odds model; an odds ratio above 1 means higher levels under that arm.

    ``levels`` of the outcome that somebody has, ``counts_by_level`` a row an arm.
    """

    levels: tuple[object, ...]
    cumulative: CumulativeLikelihood

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.LEVELS: lambda: levels_picture(self.counts_by_level()),
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts()),
        }

    def thresholds(self) -> pd.DataFrame:
        """The log odds of at most each level, covariates at 0 and in the reference arm.

        Columns ``threshold`` (``1 | 2``), ``estimate``, ``se``.
        """
        count = len(self.levels) - 1
        pairs = zip(self.levels[:-1], self.levels[1:], strict=True)
        fit = self.cumulative.fit
        return pd.DataFrame(
            {
                "threshold": [f"{low} | {high}" for low, high in pairs],
                Stat.ESTIMATE.value: fit.parameters[:count],
                Stat.SE.value: np.sqrt(np.diag(fit.covariance)[:count]),
            }
        )

    @property
    def gives_means(self) -> bool:
        """Levels have an order and no mean."""
        return False

    def counts_by_level(self) -> pd.DataFrame:
        """How many of each arm have each level."""
        table = np.zeros((len(self.rows.arm.levels), len(self.levels)), dtype=int)
        np.add.at(table, (self.rows.arm.codes, self.cumulative.model.codes), 1)
        return pd.DataFrame(table, index=list(self.rows.arm.levels), columns=list(self.levels))

    def coefficients(
        self, *, limits: RatioLimits | str = RatioLimits.WALD, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The coefficients of arm and covariates, on the scale of the log odds."""
        every = np.arange(1, len(self.estimates))
        return self._table(every, limits, conf_level)

    def contrast_tests(self) -> pd.DataFrame:
        """Of each other arm, whether its odds are the reference's: the tests that profile limits go with.

        A row an arm with the columns ``contrast``, ``statistic``, ``df``, ``p_value``: twice the fall of
        the log likelihood without the arm's own column, the others' kept.
        """
        rows = []
        at = np.flatnonzero(self.design.term_of == 1)
        for index, arm in zip(at, self.rows.arm.other_levels, strict=True):
            without = np.arange(len(self.estimates)) == index
            fall = max(
                2 * (self.cumulative.highest - self.cumulative.highest_without(without)), 0.0
            )
            rows.append(
                {
                    "contrast": contrast_label(str(arm), str(self.reference)),
                    Stat.STATISTIC.value: fall,
                    Stat.DF.value: 1.0,
                    Stat.P_VALUE.value: float(chdtrc(1, fall)),
                }
            )
        return pd.DataFrame(rows)

    def nominal_test(self) -> pd.DataFrame:
        """Whether the odds are proportional: each term with a coefficient of its own at each threshold.

        A ratio test for each term. Columns ``term``, ``statistic``, ``df``, ``p_value``, ``note``;
        blank, with the reason, where the larger model has no maximum, as where an arm lacks a level.
        """
        extra = len(self.levels) - 2
        rows = []
        for number, term in enumerate(self.design.terms, start=1):
            own = self.design.term_of[1:] == number
            df, note, statistic, p_value = int(extra * own.sum()), "", np.nan, np.nan
            try:
                larger = fit_cumulative(self._nominal(own)).log_likelihood
            except AnalysisError as none:
                note = none.reason
            else:
                statistic = max(2 * (larger - self.cumulative.highest), 0.0)
                p_value = float(chdtrc(df, statistic)) if df else np.nan
            rows.append(
                {
                    "term": term_name(term),
                    Stat.STATISTIC.value: statistic,
                    Stat.DF.value: float(df),
                    Stat.P_VALUE.value: p_value,
                    "note": note if df else "two levels have one threshold",
                }
            )
        return pd.DataFrame(rows)

    def _nominal(self, own: np.ndarray) -> CumulativeLogits:
        model = self.cumulative.model
        return replace(
            model,
            own=np.column_stack([model.own, -model.shared[:, own]]),
            shared=model.shared[:, ~own],
        )


def proportional_odds(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    subject: str | None = None,
    order: Order | None = None,
) -> ProportionalOdds:
    """Ratio of the arms' odds of a higher level, the same at every cut, by cumulative logits.

    Estimand
        The odds of more than a level under each other arm over those under ``reference`` for
        subjects of the same covariates, taken to be the same at every level and whatever the
        covariates.

    Reference
        McCullagh P. J R Stat Soc B 1980;42:109-142. Christensen RHB. ordinal, 2022 (``clm``).

    Checked against
        ``tests/reference/ordinal/ordinal_licorice_pain.json``

    ``frame`` has one row a subject. The levels of ``outcome`` have the order of an ordered
    categorical, of ``order[outcome]`` or of numbers; those that nobody has are left out. The signs
    are those of R's ``clm``: logit P(Y ≤ k) = threshold − x β, so a ratio above 1 means higher
    levels (polr's are the same, SAS's the other way). Standard errors by the observed information.
    ``contrasts`` and ``coefficients`` take Wald or profile limits; ``likelihood_ratio_test`` is of the
    arm; ``nominal_test`` asks whether the odds are proportional.

    Raises ``AnalysisError`` for levels of unstated order, one level only, levels that an arm or a
    covariate tells apart (no finite ratio), an arm without a row, two rows of a subject, collinear
    columns.
    """
    frame = as_pandas(frame)
    rows, codes, levels = read_ordinal_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        subject=subject,
        order=order,
    )
    design = arm_design(rows)
    model = CumulativeLogits(
        codes=codes,
        levels=len(levels),
        own=np.ones((len(codes), 1)),
        shared=design.matrix[:, 1:],
        offset=np.zeros(len(codes)),
    )
    fit = fit_cumulative(model)
    cumulative = CumulativeLikelihood(model=model, fit=fit)
    estimates, covariance = _of_design(fit, design, len(levels) - 1)
    return ProportionalOdds(
        outcome=outcome,
        model="proportional odds",
        variance="model",
        scale=Scale.ODDS_RATIO,
        reference=reference,
        rows=rows,
        design=design,
        estimates=estimates,
        covariance=covariance,
        df=np.inf,
        likelihood=cumulative,
        levels=levels,
        cumulative=cumulative,
    )


def _of_design(
    fit: CumulativeFit, design: Design, thresholds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and covariance by the columns of the design; the intercept, of the thresholds, is NaN."""
    p = design.matrix.shape[1]
    covariance = np.full((p, p), np.nan)
    covariance[1:, 1:] = fit.covariance[thresholds:, thresholds:]
    return np.append(np.nan, fit.parameters[thresholds:]), covariance
