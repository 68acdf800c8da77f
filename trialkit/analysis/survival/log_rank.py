"""The log-rank test: whether arms differ in when events happen, also within strata.

The method is in ``docs/methods/time_to_event.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, sequence_of_names
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.survival.curve_limits import tested_by_normal
from trialkit.analysis.survival.follow_up import read_follow_up, reference_code
from trialkit.analysis.survival.rank_sums import RankSums, rank_sums
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import RankWeights
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LogRankTest(Tabular):
    """One test of all arms, with the sums that it is made of.

    ``counts`` are the subjects of each arm, ``n_strata`` the strata that took part.
    """

    time: str
    event: str
    arms: tuple[object, ...]
    counts: tuple[int, ...]
    weights: RankWeights
    n_strata: int
    sums: RankSums
    statistic: float
    df: int
    p_value: float
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The test in a line."""
        strata = f", {self.n_strata} strata" if self.n_strata > 1 else ""
        return (
            f"{self.weights.value} test of {self.time} to {self.event}{strata}: chi-square "
            f"{self.statistic:.4g} with {self.df} df, p = {self.p_value:.4g}"
        )

    def to_frame(self) -> pd.DataFrame:
        """A row for each arm: n, events observed and expected (weighted), and the whole test."""
        return pd.DataFrame(
            {
                "arm": list(self.arms),
                "n": list(self.counts),
                "observed": self.sums.observed,
                "expected": self.sums.expected,
                "statistic": self.statistic,
                "df": self.df,
                "p_value": self.p_value,
            }
        )

    def peto_ratio(self, *, reference: object, conf_level: float = 0.95) -> pd.DataFrame:
        """Peto's estimate of the hazard ratio of two arms, from the sums of the test itself.

        Columns ``contrast``, ``estimate``, ``se`` (of the logarithm), ``statistic``, ``p_value`` (that
        of the test), ``conf_low``, ``conf_high``, ``conf_level``. It is exp((O - E) / V) with the
        standard error 1 / sqrt(V): one step of Newton's from 1, so that it is too near to 1 where the
        hazards are far apart. Reference: Yusuf S et al. Prog Cardiovasc Dis 1985;27:335-371. Raises
        :class:`AnalysisError` for more arms than two, and for weights other than the log-rank's.
        """
        if len(self.arms) != 2 or self.weights is not RankWeights.LOG_RANK:
            raise AnalysisError("Peto's hazard ratio is of two arms, by the log-rank test")
        check_level(conf_level)
        control = reference_code(self.arms, reference)
        other = 1 - control
        variance = self.sums.variance[other, other]
        distance = self.sums.observed[other] - self.sums.expected[other]
        found = tested_by_normal(
            np.array([distance / variance]),
            np.array([1 / np.sqrt(variance)]),
            conf_level=conf_level,
        )
        for name in ("estimate", "conf_low", "conf_high"):
            found[name] = np.exp(found[name])
        contrast = contrast_label(str(self.arms[other]), str(self.arms[control]))
        found.insert(0, "contrast", contrast)
        return found

    def variance(self) -> pd.DataFrame:
        """The covariance of observed minus expected, arm by arm."""
        names = [str(each) for each in self.arms]
        return pd.DataFrame(self.sums.variance, index=names, columns=names)


def log_rank(
    frame: AnyFrame,
    *,
    time: str,
    event: str,
    arm: str,
    strata: Sequence[str] = (),
    weights: RankWeights | str = RankWeights.LOG_RANK,
    reference: object | None = None,
    event_value: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> LogRankTest:
    """The log-rank test of two or more arms.

    Estimand
        Whether the hazards of the arms are the same at all times (in every stratum). It has no
        effect size: a hazard ratio or a difference of restricted means says how much.

    Reference
        Mantel N. Cancer Chemother Rep 1966;50:163-170. Peto R, Peto J. J R Stat Soc A
        1972;135:185-206. Harrington DP, Fleming TR. Biometrika 1982;69:553-566.

    Checked against
        ``tests/reference/survival/survival_colon_recurrence.json`` (R survival::survdiff)

    One row of ``frame`` is one subject; ``event`` is as in :func:`kaplan_meier`. ``peto-peto``
    weighs each event time by the survival of all arms just before it (R's ``rho = 1``), within a
    stratum by that of the stratum. Subjects are of one stratum if they are alike in all columns that
    ``strata`` names. Times that differ by rounding alone are one time. The order of
    arms and of strata changes nothing. Raises :class:`AnalysisError` as :func:`kaplan_meier` does,
    where nobody had the event, and where no event can tell the arms apart.
    """
    frame = as_pandas(frame)
    kind = choose(RankWeights, weights, parameter="weights")
    known = read_follow_up(
        frame,
        time=time,
        event=event,
        arm=arm,
        reference=reference,
        strata=sequence_of_names(strata, parameter="strata"),
        event_value=event_value,
        subject=subject,
        order=order,
    )
    if not known.event.any():
        raise AnalysisError(
            f"nobody had the event {event!r}: there is nothing to test",
            advice="report the numbers at risk and the time of follow-up",
        )
    number = len(known.arms)
    sums = rank_sums(
        known.time, known.event, known.codes, strata=known.strata, arms=number, weights=kind
    )
    statistic, df, p_value = sums.chi_square()
    return LogRankTest(
        time=time,
        event=event,
        arms=known.arms,
        counts=tuple(int(n) for n in np.bincount(known.codes, minlength=number)),
        weights=kind,
        n_strata=int(known.strata.max()) + 1,
        sums=sums,
        statistic=statistic,
        df=df,
        p_value=p_value,
        excluded=known.excluded,
    )
