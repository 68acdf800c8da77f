"""The difference of two arms' medians. The method is in ``docs/methods/quantiles.md``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import bdtr, ndtr, ndtri

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import Sample, check_level, contrast_label, split_by_arm
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

NO_SPREAD = (
    "half and more of each arm have one value: the medians' difference has no standard error"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianContrast:
    """A difference of medians with its standard error, z test and limits."""

    contrast: str
    estimate: float
    se: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    experimental: Sample
    reference: Sample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MedianComparison(Tabular):
    """What ``compare_medians`` found; ``excluded`` lists the rows that it could not use."""

    outcome: str
    arm: str
    conf_level: float
    contrasts: tuple[MedianContrast, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What is compared, in a line."""
        return f"Medians of {self.outcome} by {self.arm} (Bonett and Price)"

    def to_frame(self) -> pd.DataFrame:
        """A row for each other arm against the reference.

        Columns ``contrast``, ``estimate``, ``se``, ``statistic``, ``p_value``, ``conf_low``,
        ``conf_high``, ``conf_level``, ``median_experimental``, ``median_reference``,
        ``n_experimental``, ``n_reference``.
        """
        return pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    Stat.ESTIMATE.value: each.estimate,
                    Stat.SE.value: each.se,
                    Stat.STATISTIC.value: each.statistic,
                    Stat.P_VALUE.value: each.p_value,
                    Stat.CONF_LOW.value: each.conf_low,
                    Stat.CONF_HIGH.value: each.conf_high,
                    Stat.CONF_LEVEL.value: self.conf_level,
                    "median_experimental": float(np.median(each.experimental.values)),
                    "median_reference": float(np.median(each.reference.values)),
                    "n_experimental": each.experimental.n,
                    "n_reference": each.reference.n,
                }
                for each in self.contrasts
            ]
        )


def compare_medians(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> MedianComparison:
    """The difference of medians, with Bonett and Price's limits, which take no distribution.

    Estimand
        Median of each other arm less that of ``reference``, in the outcome's unit. It is no shift of one
        distribution to the other (``compare_means`` with ``mann_whitney`` estimates that).

    Reference
        Bonett DG, Price RM. Psychol Methods 2002;7:370-383.

    Checked against
        ``tests/reference/published/statpsych.json``

    ``frame`` has one row a subject. The standard error of a median is the distance of two order
    statistics over that of their normal scores; ties are taken to be rare. Rows without outcome or arm
    are in ``.excluded``.

    Raises ``AnalysisError`` for an arm of fewer than two values, arms whose middle values are all alike,
    and two rows of a ``subject``.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    groups = split_by_arm(
        frame, outcome=outcome, arm=arm, reference=reference, subject=subject, order=order
    )
    contrasts = []
    for one, other in groups.against(reference):
        estimate = float(np.median(one.values) - np.median(other.values))
        se = float(np.hypot(median_error(one.values), median_error(other.values)))
        if not se > 0:
            raise AnalysisError(NO_SPREAD, advice="compare the arms by ranks")
        reach = float(-ndtri((1 - conf_level) / 2)) * se
        contrasts.append(
            MedianContrast(
                contrast=contrast_label(one.arm, other.arm),
                estimate=estimate,
                se=se,
                statistic=estimate / se,
                p_value=float(2 * ndtr(-abs(estimate / se))),
                conf_low=estimate - reach,
                conf_high=estimate + reach,
                experimental=one,
                reference=other,
            )
        )
    return MedianComparison(
        outcome=outcome,
        arm=arm,
        conf_level=conf_level,
        contrasts=tuple(contrasts),
        excluded=groups.excluded,
    )


def median_error(values: np.ndarray) -> float:
    """The standard error of the median of ``values`` (n,); raises ``AnalysisError`` for one value.

    The order statistics number n/2 − √n, rounded and at least 1, from either end.
    """
    n = len(values)
    if n < 2:
        raise AnalysisError("a median has a standard error from two values on, got one in an arm")
    ranked = np.sort(values)
    at = max(round(n / 2 - np.sqrt(n)), 1)
    score = float(-ndtri(bdtr(at - 1, n, 0.5)))
    return float((ranked[n - at] - ranked[at - 1]) / (2 * score))
