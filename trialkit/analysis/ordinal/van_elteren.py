"""Van Elteren's stratified rank test. The method is in ``docs/methods/ordinal.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from trialkit.analysis.distributions.ranks import midranks
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, column, sequence_of_names
from trialkit.analysis.frames.groups import (
    arm_codes,
    check_level,
    contrast_label,
    excluded_rows,
    refuse_empty,
)
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.linear.contrasts import t_critical
from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome, read_outcome
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class VanElteren(Tabular):
    """The test of two arms: ``probability`` is the strata's probability of superiority, weighted as in it.

    ``se`` and the limits are None where a stratum has one subject in an arm (``lone_strata``).
    ``empty_strata`` have subjects of one arm alone and tell nothing.
    """

    outcome: str
    contrast: str
    probability: float
    se: float | None
    limits: tuple[float, float] | None
    conf_level: float
    statistic: float
    p_value: float
    strata: int
    empty_strata: tuple[str, ...]
    lone_strata: tuple[str, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What was tested."""
        return f"Van Elteren's test of {self.outcome} ({self.strata} strata)"

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Columns ``contrast``, ``measure``, ``estimate``, ``se``, ``statistic`` (z), ``p_value``,
        ``conf_low``, ``conf_high``, ``conf_level``, ``strata``.
        """
        low, high = self.limits or (None, None)
        return pd.DataFrame(
            {
                "contrast": [self.contrast],
                "measure": ["probability_of_superiority"],
                Stat.ESTIMATE.value: [self.probability],
                Stat.SE.value: [np.nan if self.se is None else self.se],
                Stat.STATISTIC.value: [self.statistic],
                Stat.P_VALUE.value: [self.p_value],
                Stat.CONF_LOW.value: [np.nan if low is None else low],
                Stat.CONF_HIGH.value: [np.nan if high is None else high],
                Stat.CONF_LEVEL.value: [self.conf_level],
                "strata": [self.strata],
            }
        )


def van_elteren(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    strata: Sequence[str],
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> VanElteren:
    """Wilcoxon's rank test within strata, each weighted by 1 / (size + 1), locally the most powerful.

    Estimand
        Whether a subject of the other arm tends to have a higher value than one of ``reference`` of
        the same stratum; ``probability`` is how probable that is, ties half, averaged over strata
        with the test's weights.

    Reference
        van Elteren PH. Bull Inst Int Stat 1960;37:351-361. Lehmann EL. Nonparametrics, 1975,
        section 3.3. Kawaguchi A, Koch GG, Wang X. Stat Biopharm Res 2011;3:217-231 (strata averaged);
        Brunner E, Munzel U. Biom J 2000;42:17-25 (limits).

    Checked against
        ``tests/reference/ordinal/ordinal_pgic_simulated.json``

    ``frame`` has one row a subject, two arms, and an ``outcome`` of numbers or of levels in order.
    ``strata`` are columns; each combination is a stratum. With one stratum it is the Wilcoxon test
    without correction for continuity. The limits are Brunner and Munzel's in each stratum, averaged with
    the same weights, by t with Satterthwaite's degrees of freedom: unlike the test they allow unequal
    distributions, so that they may hold 0.5 where p rejects it, or the reverse. Strata of one arm alone are named and tell nothing; rows without
    outcome, arm or stratum are listed in ``.excluded``.

    Raises ``AnalysisError`` for more than two arms, an arm without a value, no stratum with both arms,
    values that are equal in every stratum, two rows of a subject.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    names = sequence_of_names(strata, parameter="strata")
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    if len(arms) != 2:
        raise AnalysisError(f"van Elteren's test compares two arms; {arm!r} has {len(arms)}")
    value = read_outcome(frame, RankedOutcome(column=outcome), order=order).value
    parts = [column(frame, name, parameter="strata") for name in names]
    unknown = [part.isna().to_numpy() for part in parts]
    used = ~np.any([codes < 0, np.isnan(value), *unknown], axis=0)
    refuse_repeated(frame, subject, used=used)
    experimental = codes != arms.index(reference)
    sizes = tuple(
        (str(name), int((used & (codes == number)).sum())) for number, name in enumerate(arms)
    )
    refuse_empty(sizes, of=outcome, arm=arm)
    labels = np.array(
        [", ".join(str(each) for each in row) for row in zip(*parts, strict=True)], dtype=object
    )
    found = [
        (name, _of_stratum(value[own], experimental[own]))
        for name in pd.unique(labels[used])
        for own in [used & (labels == name)]
    ]
    both = [part for _, part in found if part is not None]
    if not both:
        raise AnalysisError("no stratum has subjects of both arms")
    excess, variance, weight = (
        sum(getattr(part, each) for part in both) for each in ("excess", "variance", "weight")
    )
    if not variance:
        raise AnalysisError("the values are equal in every stratum: nobody has the higher one")
    z = excess / float(np.sqrt(variance))
    name = str(next(each for each in arms if each != reference))
    probability = 0.5 + excess / weight
    spread = _spread(both, weight)
    return VanElteren(
        outcome=outcome,
        contrast=contrast_label(name, str(reference)),
        probability=probability,
        se=None if spread is None else spread[0],
        limits=None if spread is None else _limits(probability, *spread, conf_level=conf_level),
        conf_level=conf_level,
        statistic=z,
        p_value=float(2 * ndtr(-abs(z))),
        strata=len(both),
        empty_strata=tuple(str(label) for label, part in found if part is None),
        lone_strata=tuple(str(label) for label, part in found if part is not None and part.is_lone),
        excluded=excluded_rows(
            frame,
            subject=subject,
            reasons=(
                (codes < 0, f"{arm} is missing"),
                (np.isnan(value), f"{outcome} is missing"),
                *((gone, f"{each} is missing") for each, gone in zip(names, unknown, strict=True)),
            ),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stratum:
    """The rank sum above its expectation, its variance, and how many pairs that is of, all weighted.

    ``parts`` are the variances of the arms' mean placements, each with its degrees of freedom.
    """

    excess: float
    variance: float
    weight: float
    parts: tuple[tuple[float, int], tuple[float, int]]

    @property
    def is_lone(self) -> bool:
        """Whether an arm has one subject here, of which nothing can be said to vary."""
        return any(df < 1 for _, df in self.parts)


def _of_stratum(values: np.ndarray, experimental: np.ndarray) -> _Stratum | None:
    """What a stratum adds; None for one of one arm alone."""
    size = len(values)
    m = int(experimental.sum())
    n = size - m
    if not m or not n:
        return None
    ranks = midranks(values)
    excess = float(ranks[experimental].sum()) - m * (size + 1) / 2
    _, ties = np.unique(values, return_counts=True)
    variance = m * n / 12 * (size + 1 - float(np.sum(ties**3.0 - ties)) / (size * (size - 1)))
    by = 1 / (size + 1)
    one, other = (
        _placements(ranks[own], values[own], others)
        for own, others in ((experimental, n), (~experimental, m))
    )
    return _Stratum(
        excess=excess * by, variance=variance * by**2, weight=m * n * by, parts=(one, other)
    )


def _placements(ranks: np.ndarray, values: np.ndarray, others: int) -> tuple[float, int]:
    """The variance of the mean share of the other arm that lies below, and its degrees of freedom."""
    shares = (ranks - midranks(values)) / others
    if len(shares) < 2:
        return np.nan, 0
    return float(np.var(shares, ddof=1)) / len(shares), len(shares) - 1


def _spread(strata: Sequence[_Stratum], weight: float) -> tuple[float, float] | None:
    """Standard error and degrees of freedom of the weighted mean; None where a stratum is lone."""
    if any(each.is_lone for each in strata):
        return None
    parts = [
        ((each.weight / weight) ** 2 * variance, df)
        for each in strata
        for variance, df in each.parts
    ]
    total = sum(variance for variance, _ in parts)
    if not total:
        return 0.0, np.inf
    return float(np.sqrt(total)), total**2 / sum(variance**2 / df for variance, df in parts)


def _limits(
    probability: float, se: float, df: float, *, conf_level: float
) -> tuple[float, float] | None:
    """None where nothing varies within the strata."""
    if not se:
        return None
    reach = t_critical(conf_level, df) * se
    return max(probability - reach, 0.0), min(probability + reach, 1.0)
