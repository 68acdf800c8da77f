"""Van Elteren's stratified rank test. The method is in ``docs/methods/ordinal.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr
from scipy.stats import rankdata

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, column, sequence_of_names
from trialkit.analysis.frames.groups import arm_codes, contrast_label, excluded_rows, refuse_empty
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome, read_outcome
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class VanElteren(Tabular):
    """The test of two arms: ``probability`` is the strata's probability of superiority, weighted as in it.

    ``empty_strata`` have subjects of one arm alone and tell nothing.
    """

    outcome: str
    contrast: str
    probability: float
    statistic: float
    p_value: float
    strata: int
    empty_strata: tuple[str, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What was tested."""
        return f"Van Elteren's test of {self.outcome} ({self.strata} strata)"

    def to_frame(self) -> pd.DataFrame:
        """One row: ``contrast``, ``measure``, ``estimate``, ``statistic`` (z), ``p_value``, ``strata``."""
        return pd.DataFrame(
            {
                "contrast": [self.contrast],
                "measure": ["probability_of_superiority"],
                Stat.ESTIMATE.value: [self.probability],
                Stat.STATISTIC.value: [self.statistic],
                Stat.P_VALUE.value: [self.p_value],
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
        section 3.3.

    Checked against
        ``tests/reference/ordinal/ordinal_pgic_simulated.json``

    ``frame`` has one row a subject, two arms, and an ``outcome`` of numbers or of levels in order.
    ``strata`` are columns; each combination is a stratum. With one stratum it is the Wilcoxon test
    without correction for continuity. Strata of one arm alone are named and tell nothing; rows without
    outcome, arm or stratum are listed in ``.excluded``.

    Raises ``AnalysisError`` for more than two arms, an arm without a value, no stratum with both arms,
    values that are equal in every stratum, two rows of a subject.
    """
    frame = as_pandas(frame)
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
    excess, variance, weight = (float(sum(part)) for part in zip(*both, strict=True))
    if not variance:
        raise AnalysisError("the values are equal in every stratum: nobody has the higher one")
    z = excess / float(np.sqrt(variance))
    name = str(next(each for each in arms if each != reference))
    return VanElteren(
        outcome=outcome,
        contrast=contrast_label(name, str(reference)),
        probability=0.5 + excess / weight,
        statistic=z,
        p_value=float(2 * ndtr(-abs(z))),
        strata=len(both),
        empty_strata=tuple(str(label) for label, part in found if part is None),
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


def _of_stratum(values: np.ndarray, experimental: np.ndarray) -> tuple[float, float, float] | None:
    """The rank sum above its expectation, its variance, and how many pairs that is of, all weighted.

    None for a stratum of one arm alone.
    """
    size = len(values)
    m = int(experimental.sum())
    n = size - m
    if not m or not n:
        return None
    ranks = rankdata(values)
    excess = float(ranks[experimental].sum()) - m * (size + 1) / 2
    _, ties = np.unique(values, return_counts=True)
    variance = m * n / 12 * (size + 1 - float(np.sum(ties**3.0 - ties)) / (size * (size - 1)))
    by = 1 / (size + 1)
    return excess * by, variance * by**2, m * n * by
