"""Contrasts and means by names, of models whose linear predictor is a logarithm, a logit or a mean."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.linear.linear_model import Design, FactorColumn
from trialkit.analysis.linear.marginal_means import marginal_row
from trialkit.analysis.linear.named_contrasts import (
    arm_weights,
    contrast_words,
    held_numbers,
    visit_weights,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import MarginalWeights
from trialkit.results.effect import Scale
from trialkit.results.vocabulary import Stat

ROUNDING = 1e-12
"""Weights that sum to less than this sum to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NamedModel:
    """Coefficients (p,) with their covariance (p, p), and the columns by which they are named.

    ``by_visit`` is the column of visits where the arms differ by visit; ``scale`` is what a contrast
    is; ``df`` those of the t that it is compared with.
    """

    design: Design
    arm: FactorColumn
    by_visit: str | None
    reference: object
    estimates: np.ndarray
    covariance: np.ndarray
    df: float
    scale: Scale

    def contrast(
        self, arm: object, visit: object, *, at: Mapping[str, object], conf_level: float
    ) -> pd.DataFrame:
        """The contrast in a row: ``contrast``, ``measure``, estimate, test and limits.

        Raises ``AnalysisError`` for names that there are not, for weights that do not sum to 0, and
        where a coefficient of the contrast has no finite estimate.
        """
        by_arm = arm_weights(arm, self.arm.levels, reference=self.reference)
        rows = self._rows(at)
        by_visit = None
        if self.by_visit is None:
            self._refuse_visit(visit)
            weights = by_arm.weights[:, None]
        else:
            by_visit = visit_weights(visit, self._visits)
            weights = np.multiply.outer(by_arm.weights, by_visit.weights)
        if abs(float(weights.sum())) > ROUNDING:
            raise AnalysisError(
                f"the weights of a contrast ({self.scale.value}) must sum to 0, as those of one less another do",
                advice="a mean is asked of marginal_means",
            )
        table = self._table(np.einsum("av,avp->p", weights, rows)[None], conf_level)
        table.insert(0, "contrast", contrast_words(by_arm, by_visit, at))
        table.insert(1, "measure", self.scale.value)
        if not self.scale.is_ratio:
            return table
        table.insert(3, "log_estimate", table[Stat.ESTIMATE.value])
        return table.assign(**{name: np.exp(table[name]) for name in ENDS})

    def means(self, *, at: Mapping[str, object], conf_level: float) -> pd.DataFrame:
        """What is expected of a subject of each arm whose covariates are as they are held.

        Columns ``arm``, ``visit`` (by visit), ``estimate``, ``conf_low``, ``conf_high``,
        ``conf_level``: a probability, a rate for one unit of exposure, or a mean.
        """
        rows = self._rows(at)
        visits = self._visits if self.by_visit is not None else ()
        table = self._table(rows.reshape(-1, rows.shape[2]), conf_level)
        kept = table[[*ENDS, Stat.CONF_LEVEL.value]]
        labels: dict[str, object] = {
            "arm": [arm for arm in self.arm.levels for _ in range(max(len(visits), 1))]
        }
        if visits:
            labels["visit"] = [*visits] * len(self.arm.levels)
        back = self._response
        return pd.DataFrame(labels | {name: back(kept[name].to_numpy()) for name in ENDS}).assign(
            **{Stat.CONF_LEVEL.value: conf_level}
        )

    def _response(self, predictor: np.ndarray) -> np.ndarray:
        """What a linear predictor says of the outcome."""
        if self.scale is Scale.ODDS_RATIO:
            return np.asarray(expit(predictor))
        return np.asarray(np.exp(predictor)) if self.scale.is_ratio else predictor

    @property
    def _visits(self) -> tuple[object, ...]:
        column = self.design.column(str(self.by_visit))
        return column.levels if isinstance(column, FactorColumn) else ()

    def _refuse_visit(self, visit: object) -> None:
        if visit is not None:
            raise AnalysisError(
                f"visit={visit!r}: in this model the arms differ alike at all visits",
                advice="fit it by_visit, or with the visit among the covariates and at={…}",
            )

    def _rows(self, at: Mapping[str, object]) -> np.ndarray:
        """The row of each arm at each visit (arm, visit, p), one visit where arms do not differ by it."""
        covariates = [
            each for each in self.design.columns if each.name not in {self.arm.name, self.by_visit}
        ]
        held = held_numbers(at, covariates)
        places: list[dict[str, float]] = [{}]
        if self.by_visit is not None:
            places = [{self.by_visit: float(visit)} for visit in range(len(self._visits))]
        return np.array(
            [
                [
                    marginal_row(
                        self.design,
                        at={**held, **place, self.arm.name: code},
                        weights=MarginalWeights.EQUAL,
                    )
                    for place in places
                ]
                for code in range(len(self.arm.levels))
            ]
        )

    def _table(self, rows: np.ndarray, conf_level: float) -> pd.DataFrame:
        """Linear combinations (m, p) with their tests and limits, on the scale of the link."""
        check_level(conf_level)
        used = np.abs(rows).max(axis=0) > 0
        if not np.isfinite(self.estimates[used]).all():
            lost = [
                name
                for name, here, value in zip(self.design.names, used, self.estimates, strict=True)
                if here and not np.isfinite(value)
            ]
            raise AnalysisError(f"no finite estimate of {', '.join(lost)}")
        estimate = rows[:, used] @ self.estimates[used]
        covariance = self.covariance[np.ix_(used, used)]
        se = np.sqrt(np.einsum("ij,jk,ik->i", rows[:, used], covariance, rows[:, used]))
        reach = t_critical(conf_level, self.df) * se
        statistic = np.divide(estimate, se, out=np.full(len(se), np.nan), where=se > 0)
        return pd.DataFrame(
            {
                Stat.ESTIMATE.value: estimate,
                Stat.SE.value: se,
                Stat.DF.value: self.df,
                Stat.STATISTIC.value: statistic,
                Stat.P_VALUE.value: t_p_value(statistic, self.df),
                Stat.CONF_LOW.value: estimate - reach,
                Stat.CONF_HIGH.value: estimate + reach,
                Stat.CONF_LEVEL.value: conf_level,
            }
        )


ENDS = (Stat.ESTIMATE.value, Stat.CONF_LOW.value, Stat.CONF_HIGH.value)
