"""Estimates of any model held against a margin. The method is in ``docs/methods/margins.md``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import column, numbers
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.conclusions import conclude
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

SYMMETRIC = 1e-6
"""Limits whose distances from the estimate differ by a larger share are not estimate ± t SE."""
SIGNS = (" - ", " / ")
"""What stands between two arms in the name of a contrast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateAgainstMargin:
    """One contrast: ``estimate`` and limits as they read, ``se`` and ``df`` on the scale of the test.

    ``statistic`` and one-sided ``p_value`` are of the side that is harder to exclude.
    """

    contrast: str
    estimate: float
    se: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    shown: bool
    conclusion: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EstimatesAgainstMargin(Tabular):
    """What a margin says of the contrasts of a model."""

    question: MarginQuestion
    scale: Scale
    margin: float
    direction: Direction
    alpha: float
    labels: pd.DataFrame
    contrasts: tuple[EstimateAgainstMargin, ...]

    @property
    def conf_level(self) -> float:
        """The level of the interval that answers at one-sided ``alpha``."""
        return 1 - 2 * self.alpha

    @property
    def title(self) -> str:
        """The question and the margin."""
        return f"{self.question.value}, margin {self.margin:g} ({self.scale.value})"

    def to_frame(self) -> pd.DataFrame:
        """A row a contrast.

        Columns ``contrast``, the labels of the table (such as ``visit``), ``scale``, ``estimate``, ``margin``, ``se``, ``df``, ``statistic``,
        ``p_value``, ``alpha``, ``conf_low``, ``conf_high``, ``conf_level``, ``shown``, ``conclusion``.
        """
        found = pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    "scale": self.scale.value,
                    Stat.ESTIMATE.value: each.estimate,
                    Stat.MARGIN.value: self.margin,
                    Stat.SE.value: each.se,
                    Stat.DF.value: each.df,
                    Stat.STATISTIC.value: each.statistic,
                    Stat.P_VALUE.value: each.p_value,
                    "alpha": self.alpha,
                    Stat.CONF_LOW.value: each.conf_low,
                    Stat.CONF_HIGH.value: each.conf_high,
                    Stat.CONF_LEVEL.value: self.conf_level,
                    "shown": each.shown,
                    "conclusion": each.conclusion,
                }
                for each in self.contrasts
            ]
        )
        for place, name in enumerate(self.labels.columns, start=1):
            found.insert(place, str(name), list(self.labels[name]))
        return found


def compare_estimates_with_margin(
    table: AnyFrame,
    *,
    scale: Scale | str,
    question: MarginQuestion | str,
    margin: float,
    direction: Direction | str,
    alpha: float = 0.025,
) -> EstimatesAgainstMargin:
    """Non-inferiority or equivalence of the contrasts that any model has estimated.

    Estimand
        That of the model: a difference, or a ratio (of odds, risks, rates, hazards, geometric means)
        of the other arm and the reference, held against ``margin``.

    Reference
        Schuirmann DJ. J Pharmacokinet Biopharm 1987;15:657-680 (two one-sided tests). Piaggio G et al.
        CONSORT for non-inferiority and equivalence. JAMA 2012;308:2594-2604.

    Checked against
        ``tests/reference/between/margins.json`` (R stats::t.test with mu)

    ``table`` has one row a contrast, as the models' ``contrasts()`` give: ``contrast``, ``estimate``, and
    ``se`` with ``df`` (the normal distribution where this column is not there); columns before
    ``estimate``, such as ``visit``, say which contrast it is and are repeated. Of a ratio the test is of
    the logarithm, whose standard error is ``se`` where ``log_estimate`` stands beside it; else it is
    read off ``conf_low``, ``conf_high`` and ``conf_level``, which must be limits of estimate ± t SE.
    ``margin`` of a difference is above 0, in its unit (of risks a share: 0.1). Of a ratio it is the value
    that must be excluded: below 1 where ``direction`` is ``higher``, above 1 where it is ``lower``; for
    equivalence either, with its inverse.

    Raises ``AnalysisError`` for a margin on the wrong side, ``alpha`` outside 0 to 0.5, a scale that
    is neither difference nor ratio, no usable standard error, and contrasts adjusted for several.
    """
    table = as_pandas(table)
    on = choose(Scale, scale, parameter="scale")
    ask = choose(MarginQuestion, question, parameter="question")
    way = choose(Direction, direction, parameter="direction")
    if not 0 < alpha < 0.5:
        raise AnalysisError(f"alpha is one-sided and lies between 0 and 0.5, got {alpha}")
    reach = _margin(margin, on, ask, way)
    labels = column(table, "contrast", parameter="table")
    value, se, df = _on_scale(table, on)
    if not len(table):
        raise AnalysisError("the table of estimates has no row")
    back = np.exp if on.is_ratio else np.positive
    found = []
    for label, at, error, free in zip(labels, value, se, df, strict=True):
        sides = _sides(
            float(at), se=float(error), df=float(free), margin=reach, question=ask, direction=way
        )
        statistic, p = max(sides, key=lambda side: side[1])
        half = float(-stdtrit(free, alpha)) * float(error)
        limits = (float(at) - half, float(at) + half)
        shown, words = conclude(ask, way, limits=limits, margin=reach, names=_names(str(label)))
        found.append(
            EstimateAgainstMargin(
                contrast=str(label),
                estimate=float(back(at)),
                se=float(error),
                df=float(free),
                statistic=statistic,
                p_value=p,
                conf_low=float(back(limits[0])),
                conf_high=float(back(limits[1])),
                shown=shown,
                conclusion=words,
            )
        )
    return EstimatesAgainstMargin(
        question=ask,
        scale=on,
        margin=float(margin),
        direction=way,
        alpha=alpha,
        labels=_labels(table),
        contrasts=tuple(found),
    )


def _labels(table: pd.DataFrame) -> pd.DataFrame:
    """What stands before the estimates and tells rows of one contrast apart."""
    names = list(table.columns)
    before = names[: names.index(Stat.ESTIMATE.value)]
    own = {"contrast", "scale", *(each.value for each in Stat)}
    return table[[name for name in before if name not in own]]


def _margin(margin: float, scale: Scale, question: MarginQuestion, direction: Direction) -> float:
    """The margin as a distance from no effect on the scale of the test."""
    if scale in {Scale.STANDARDISED_DIFFERENCE, Scale.PROBABILITY}:
        raise AnalysisError(
            f"scale={scale.value!r} has no margin here: take a difference or a ratio"
        )
    if not (np.isfinite(margin) and margin > 0):
        raise AnalysisError(f"a margin is a number above 0, got {margin}")
    if not scale.is_ratio:
        if scale is Scale.PERCENTAGE_POINTS and margin >= 1:
            raise AnalysisError(
                f"a margin of risks lies between 0 and 1 (0.1 is 10 %), got {margin}"
            )
        return float(margin)
    if margin == 1:
        raise AnalysisError("a ratio of 1 is no difference, and cannot be a margin")
    wrong = (margin > 1) if direction is Direction.HIGHER else (margin < 1)
    if question is MarginQuestion.NON_INFERIORITY and wrong:
        side = "below 1, such as 0.8" if direction is Direction.HIGHER else "above 1, such as 1.25"
        raise AnalysisError(
            f"where {direction.value} is better, the margin of a ratio is {side}; got {margin}"
        )
    return float(abs(np.log(margin)))


def _on_scale(table: pd.DataFrame, scale: Scale) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimates, standard errors and degrees of freedom on the scale of the test."""
    estimate = numbers(table, Stat.ESTIMATE.value, parameter="table")
    # numbers() refuses infinite values, and the normal distribution has infinite degrees of freedom
    df = np.full(len(table), np.inf)
    if Stat.DF.value in table.columns:
        df = np.asarray(table[Stat.DF.value].astype(float).fillna(np.inf))
    if not scale.is_ratio:
        if "log_estimate" in table.columns and table["log_estimate"].notna().any():
            raise AnalysisError(
                f"the table is of ratios (it has log_estimate), and scale={scale.value!r} is not",
                advice="name the ratio, such as scale='odds_ratio'",
            )
        value, se = estimate, numbers(table, Stat.SE.value, parameter="table")
    else:
        if not (estimate > 0).all():
            raise AnalysisError("a ratio is above 0; the table has one that is not, or none")
        value = np.log(estimate)
        known = "log_estimate" in table.columns
        se = (
            numbers(table, Stat.SE.value, parameter="table")
            if known
            else _from_limits(table, value, df)
        )
    if not (np.isfinite(value).all() and (se > 0).all()):
        raise AnalysisError(
            "a contrast has no estimate with a standard error above 0: nothing is to be held against "
            "the margin"
        )
    return value, se, df


def _from_limits(table: pd.DataFrame, value: np.ndarray, df: np.ndarray) -> np.ndarray:
    """The standard errors (m,) of logarithms ``value`` whose limits are value ± t SE."""
    if "adjustment" in table.columns and (table["adjustment"] != "none").any():
        raise AnalysisError(
            "the limits are adjusted for several contrasts: a margin asks for those of one",
            advice="take adjustment='none'",
        )
    low, high, level = (
        numbers(table, name.value, parameter="table")
        for name in (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        below, above = value - np.log(low), np.log(high) - value
    if not (np.abs(above - below) <= SYMMETRIC * np.abs(above + below)).all():
        raise AnalysisError(
            "the limits of a ratio are not symmetric about it on the logarithm, so that they tell no "
            "standard error",
            advice="take Wald limits, or a table with log_estimate and se",
        )
    return np.asarray((above + below) / 2 / -stdtrit(df, (1 - level) / 2))


def _sides(
    value: float,
    *,
    se: float,
    df: float,
    margin: float,
    question: MarginQuestion,
    direction: Direction,
) -> list[tuple[float, float]]:
    """Statistic and one-sided p of each margin that must be excluded."""
    sides = []
    if question is MarginQuestion.EQUIVALENCE or direction is Direction.HIGHER:
        statistic = (value + margin) / se
        sides.append((statistic, float(stdtr(df, -statistic))))
    if question is MarginQuestion.EQUIVALENCE or direction is Direction.LOWER:
        statistic = (value - margin) / se
        sides.append((statistic, float(stdtr(df, statistic))))
    return sides


def _names(contrast: str) -> tuple[str, str]:
    """The two arms of a contrast, or general words where its name does not tell them apart."""
    for sign in SIGNS:
        parts = contrast.split(sign)
        if len(parts) == 2 and all(part.strip() for part in parts):
            return parts[0], parts[1]
    return "the experimental arm", "the reference"
