"""Two binary measurements of the same subjects: McNemar's test and the ratio of changers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.groups import check_level, excluded_rows
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.proportions.event_counts import binary
from trialkit.analysis.proportions.exact import clopper_pearson
from trialkit.analysis.proportions.paired_difference import (
    PairedCounts,
    paired_difference_limits,
)
from trialkit.analysis.proportions.proportion_tests import ProportionTestResult, mcnemar
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import PairedInterval, PairedProportionTest
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PairedProportions(Tabular):
    """What ``compare_paired_proportions`` found; ``excluded`` lists the incomplete pairs.

    ``gained`` subjects changed from no to yes, ``lost`` from yes to no. ``difference`` has the
    limits of ``interval``. ``odds_ratio`` is gained over lost, with the exact interval of Clopper
    and Pearson turned into odds: ``conf_low`` and ``conf_high``.
    """

    first: str
    second: str
    n: int
    yes_first: int
    yes_second: int
    gained: int
    lost: int
    difference: float
    difference_low: float
    difference_high: float
    interval: PairedInterval
    odds_ratio: float
    conf_low: float
    conf_high: float
    conf_level: float
    test: ProportionTestResult
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What is compared."""
        return f"{self.second} against {self.first}, in the same subjects"

    def to_frame(self) -> pd.DataFrame:
        """One row."""
        row: dict[str, object] = {
            "contrast": f"{self.second} - {self.first}",
            "n": self.n,
            "gained": self.gained,
            "lost": self.lost,
            "risk_difference": self.difference,
            "difference_low": self.difference_low,
            "difference_high": self.difference_high,
            "interval": self.interval.value,
            "odds_ratio": self.odds_ratio,
            "conf_low": self.conf_low,
            "conf_high": self.conf_high,
            "conf_level": self.conf_level,
            "test": self.test.test,
            "p_value": self.test.p_value,
        }
        if self.test.statistic is not None:
            row |= {"statistic": self.test.statistic, "df": self.test.df}
        return pd.DataFrame([row])


def compare_paired_proportions(
    frame: AnyFrame,
    *,
    first: str,
    second: str,
    test: PairedProportionTest | str = PairedProportionTest.MCNEMAR_EXACT,
    interval: PairedInterval | str = PairedInterval.TANGO,
    event: object | None = None,
    conf_level: float = 0.95,
    subject: str | None = None,
) -> PairedProportions:
    """Compare two binary measurements of the same subjects.

    Estimand
        The change in risk, ``second`` minus ``first``, with the limits of
        :func:`paired_difference_limits`, and the conditional odds ratio: subjects who gained the
        event over those who lost it.

    Reference
        McNemar Q. Psychometrika 1947;12:153-157.

    Checked against
        ``tests/reference/between/mcnemar.json`` (R stats)

    ``frame`` has one row a subject. Pairs with a missing value are listed in ``.excluded``. Where
    nobody changes, p is 1 and the odds ratio cannot be estimated: it is missing, from 0 to
    infinity. Raises :class:`AnalysisError` where nobody has both values, for a ``subject`` with two
    rows, and for columns that are not binary.
    """
    frame = as_pandas(frame)
    kind = choose(PairedProportionTest, test, parameter="test")
    limits_of = choose(PairedInterval, interval, parameter="interval")
    check_level(conf_level)
    before, after = binary(frame, first, event=event), binary(frame, second, event=event)
    known = ~np.isnan(before) & ~np.isnan(after)
    n = int(known.sum())
    if n == 0:
        raise AnalysisError(f"no subject has both {first!r} and {second!r}")
    refuse_repeated(frame, subject, used=known)
    gained = int(((before == 0) & (after == 1)).sum())
    lost = int(((before == 1) & (after == 0)).sum())
    both = int(((before == 1) & (after == 1)).sum())
    pairs = PairedCounts(both=both, gained=gained, lost=lost, neither=n - both - gained - lost)
    least, most = paired_difference_limits(pairs, interval=limits_of, conf_level=conf_level)
    low, high, ratio = 0.0, np.inf, float("nan")
    if gained + lost:
        limits = clopper_pearson(gained, gained + lost, conf_level=conf_level)
        low, high = _odds(limits[0]), _odds(limits[1])
        ratio = gained / lost if lost else np.inf
    return PairedProportions(
        first=first,
        second=second,
        n=n,
        yes_first=int(before[known].sum()),
        yes_second=int(after[known].sum()),
        gained=gained,
        lost=lost,
        difference=pairs.difference,
        difference_low=least,
        difference_high=most,
        interval=limits_of,
        odds_ratio=ratio,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        test=mcnemar(gained, lost, test=kind),
        excluded=excluded_rows(
            frame,
            subject=subject,
            reasons=(
                (np.isnan(before), f"{first} is missing"),
                (np.isnan(after), f"{second} is missing"),
            ),
        ),
    )


def _odds(probability: float) -> float:
    return probability / (1 - probability) if probability < 1 else np.inf
