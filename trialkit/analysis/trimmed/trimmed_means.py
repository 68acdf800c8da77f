"""Arms compared by trimmed means. The method is in ``docs/methods/trimmed-means.md``."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, column, numbers, sequence_of_names
from trialkit.analysis.frames.groups import (
    arm_codes,
    check_generator,
    check_level,
    contrast_label,
    excluded_rows,
    places_within,
    refuse_empty,
)
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.resampling.allocations import other_allocations
from trialkit.analysis.trimmed.trimming import TrimmedPair, Trimming, limits, trimmed_mean
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import MissingRank
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

MOST_ENUMERATED = 20_000
"""Up to this many allocations are all counted; more are sampled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimmedArm:
    """One arm: ``n`` participants, of whom ``n_worst`` have no value to rank, ``n_trimmed`` are out."""

    arm: str
    n: int
    n_worst: int
    n_trimmed: int
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimmedContrast:
    """A difference of trimmed means, its permutation p value and the limits by inverting that test.

    ``exact`` says that all ``allocations`` were counted; otherwise that many were drawn.
    """

    contrast: str
    estimate: float
    p_value: float
    conf_low: float
    conf_high: float
    exact: bool
    allocations: int
    as_extreme: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TrimmedMeans(Tabular):
    """What ``compare_trimmed_means`` found; ``excluded`` lists the rows that it could not use."""

    outcome: str
    within: tuple[str, ...]
    trim: float
    adaptive: bool
    conf_level: float
    arms: tuple[TrimmedArm, ...]
    contrasts: tuple[TrimmedContrast, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What is compared, and which share of each arm is trimmed."""
        how = "the largest share that ranks worst" if self.adaptive else "as planned"
        return (
            f"Trimmed means of {self.outcome}: the worst {100 * self.trim:.4g} % of each arm trimmed "
            f"({how})"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a contrast.

        Columns ``contrast``, ``estimate``, ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``,
        ``trim``, ``exact``, ``allocations``, ``as_extreme``.
        """
        return pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    Stat.ESTIMATE.value: each.estimate,
                    Stat.P_VALUE.value: each.p_value,
                    Stat.CONF_LOW.value: each.conf_low,
                    Stat.CONF_HIGH.value: each.conf_high,
                    Stat.CONF_LEVEL.value: self.conf_level,
                    "trim": self.trim,
                    "exact": each.exact,
                    "allocations": each.allocations,
                    "as_extreme": each.as_extreme,
                }
                for each in self.contrasts
            ]
        )

    def arms_frame(self) -> pd.DataFrame:
        """One row an arm: ``arm``, ``n``, ``n_worst``, ``n_trimmed`` and its trimmed ``mean``."""
        return pd.DataFrame(
            [
                {
                    "arm": each.arm,
                    "n": each.n,
                    "n_worst": each.n_worst,
                    "n_trimmed": each.n_trimmed,
                    "mean": each.mean,
                }
                for each in self.arms
            ]
        )


@one_thread()
def compare_trimmed_means(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    direction: Direction | str,
    failed: str | None = None,
    missing: MissingRank | str = MissingRank.WORST,
    trim: float | None = None,
    block: str | None = None,
    strata: tuple[str, ...] = (),
    conf_level: float = 0.95,
    replicates: int = 9_999,
    rng: np.random.Generator | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> TrimmedMeans:
    """Compare the means of the best of each arm, the same worst share of each being trimmed.

    Estimand
        Each other arm less ``reference``: the difference of the means among the same best share of each,
        in the outcome's unit. Whoever ``failed`` ranks below every value, and so does whoever has no value
        unless ``missing`` is ``left_out``: a composite of outcome and failure, of which nothing is
        supposed to be missing. No effect on the chance of failing is told apart from one on the values.

    Reference
        Permutt T, Li F. Pharm Stat 2017;16:20-28.

    Checked against
        ``tests/reference/trimmed/tmsens.json`` (R tmsens: which are trimmed, and the estimate)

    ``frame`` has one row a participant; ``failed`` is a column of true and false. ``direction`` is
    ``higher`` or ``lower``, whichever is better. Without ``trim`` the share is the largest of those that
    rank worst in an arm (*adaptive*), in each allocation anew; numbers are rounded up. The test permutes
    arms within ``block`` and ``strata`` (hypothesis: the arm changes nobody's outcome or failing) and counts
    allocations whose difference is as far from 0. Limits are the ends of the differences that it does
    not reject, each taken off the values of the arm. Up to ``MOST_ENUMERATED`` allocations are all
    counted; beyond that ``replicates`` are drawn with ``rng``. With three arms or more each pair is
    permuted by itself, and the share is one for all.

    Raises ``AnalysisError`` for an arm of which nobody is left, a fixed ``trim`` that leaves somebody who
    ranks worst, a missing block or stratum, and a ``subject`` with two rows. Rows without an arm, and
    missing values that are left out, are in ``.excluded``.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    better = choose(Direction, direction, parameter="direction")
    rank = choose(MissingRank, missing, parameter="missing")
    fixed = _fixed(trim)
    if rng is not None:
        check_generator(rng)
    values = numbers(frame, outcome, parameter="outcome")
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    lost = _failures(frame, failed)
    unranked = np.isnan(values) & ~lost & (rank is MissingRank.LEFT_OUT)
    keep = (codes >= 0) & ~unranked
    within = sequence_of_names(strata, parameter="strata") + (() if block is None else (block,))
    places = places_within(frame, within)
    sizes = tuple((str(name), int((keep & (codes == i)).sum())) for i, name in enumerate(arms))
    refuse_empty(sizes, of=outcome, arm=arm)
    refuse_repeated(frame, subject, used=keep)
    ranked = np.where(lost | np.isnan(values), -np.inf, values if _is_higher(better) else -values)
    refuse_unworkable_size(values[keep & np.isfinite(ranked)], outcome)
    trimming = Trimming(fixed=fixed)
    own = [ranked[keep & (codes == i)] for i in range(len(arms))]
    described = tuple(_arms(own, arms, trimming, better))
    control = arms.index(reference)
    contrasts = []
    for index, name in enumerate(arms):
        if index == control:
            continue
        chosen = keep & ((codes == index) | (codes == control))
        others = tuple(_worst(each) for i, each in enumerate(own) if i not in {index, control})
        pair = TrimmedPair(
            values=ranked[chosen],
            treated=codes[chosen] == index,
            trimming=Trimming(fixed=fixed, elsewhere=others),
            allocations=other_allocations(
                codes[chosen] == index,
                places[chosen],
                most=MOST_ENUMERATED,
                replicates=replicates,
                rng=rng,
            ),
        )
        label = contrast_label(str(name), str(arms[control]))
        contrasts.append(_contrast(pair, label, better, conf_level))
    share = max(Fraction(*_worst(each)) for each in own) if fixed is None else fixed
    return TrimmedMeans(
        outcome=outcome,
        within=within,
        trim=float(share),
        adaptive=fixed is None,
        conf_level=conf_level,
        arms=described,
        contrasts=tuple(contrasts),
        excluded=excluded_rows(
            frame,
            subject=subject,
            reasons=((codes < 0, f"{arm} is missing"), (unranked, f"{outcome} is missing")),
        ),
    )


def _is_higher(better: Direction) -> bool:
    return better is Direction.HIGHER


def _fixed(trim: float | None) -> Fraction | None:
    """The share as the decimal that was written: 0.3 of 10 are 3, and not a little more."""
    if trim is None:
        return None
    if not 0 <= trim < 1:
        raise AnalysisError(
            f"trim is the share of each arm that is trimmed, from 0 to below 1, as 0.25 is; got {trim!r}"
        )
    return Fraction(str(trim))


def _failures(frame: pd.DataFrame, failed: str | None) -> np.ndarray:
    if failed is None:
        return np.zeros(len(frame), dtype=bool)
    found = column(frame, failed, parameter="failed")
    if not pd.api.types.is_bool_dtype(found.dtype) or found.isna().any():
        raise AnalysisError(
            f"failed={failed!r} must say true or false of everybody, got a column of type {found.dtype}"
            + (" with missing values" if found.isna().any() else "")
        )
    return found.to_numpy(dtype=bool)


def _worst(values: np.ndarray) -> tuple[int, int]:
    return int(np.isneginf(values).sum()), len(values)


def _arms(
    own: list[np.ndarray], arms: tuple[object, ...], trimming: Trimming, better: Direction
) -> Iterator[TrimmedArm]:
    """Each arm without its worst; refuses what leaves nobody, or somebody without a value."""
    counts = tuple(map(_worst, own))
    sign = 1.0 if _is_higher(better) else -1.0
    for values, name, (worst, n) in zip(own, arms, counts, strict=True):
        number = trimming.number(n, counts)
        if number >= n:
            raise AnalysisError(
                f"of {n} in {name} {number} are trimmed, and nobody is left to have a mean",
                advice="compare the arms by ranks, or the shares that failed",
            )
        if worst > number:
            raise AnalysisError(
                f"of {n} in {name} {number} are trimmed, but {worst} rank worst: a mean of those left is no "
                "number",
                advice="trim a larger share, or none that is fixed",
            )
        yield TrimmedArm(
            arm=str(name),
            n=n,
            n_worst=worst,
            n_trimmed=number,
            mean=sign * trimmed_mean(values, number),
        )


def _contrast(
    pair: TrimmedPair, label: str, better: Direction, conf_level: float
) -> TrimmedContrast:
    low, high = limits(pair, 1 - conf_level)
    estimate, hits = pair.difference, pair.as_extreme()
    if not _is_higher(better):
        estimate, low, high = -estimate, -high, -low
    return TrimmedContrast(
        contrast=label,
        estimate=estimate,
        p_value=pair.share(hits),
        conf_low=low,
        conf_high=high,
        exact=pair.allocations.exact,
        allocations=pair.allocations.treated.shape[1],
        as_extreme=hits,
    )
