"""Gray's test: whether the incidence of one of several competing events differs between arms.

The method is in ``docs/methods/competing_events.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, sequence_of_names
from trialkit.analysis.survival.competing_events import read_competing
from trialkit.analysis.survival.gray_sums import gray_sums
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class GrayTest(Tabular):
    """One test of all arms; ``events`` are those of the cause in each arm."""

    time: str
    cause: object
    arms: tuple[object, ...]
    counts: tuple[int, ...]
    events: tuple[int, ...]
    statistic: float
    df: int
    p_value: float
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The test in a line."""
        return (
            f"Gray's test of {self.time} to {self.cause}: chi-square {self.statistic:.4g} with "
            f"{self.df} df, p = {self.p_value:.4g}"
        )

    def to_frame(self) -> pd.DataFrame:
        """A row for each arm, n and events, and the whole test."""
        return pd.DataFrame(
            {
                "arm": list(self.arms),
                "n": list(self.counts),
                "events": list(self.events),
                "statistic": self.statistic,
                "df": self.df,
                "p_value": self.p_value,
            }
        )


def gray_test(
    frame: AnyFrame,
    *,
    time: str,
    event: str,
    cause: object,
    censored: object | None,
    arm: str,
    strata: Sequence[str] = (),
    reference: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> GrayTest:
    """Gray's test that the cumulative incidence of a cause is the same in all arms.

    Estimand
        Whether the subdistribution hazards of the cause are the same at all times (in every stratum).

    Reference
        Gray RJ. Ann Stat 1988;16:1141-1154, with weights of 1.

    Checked against
        ``tests/reference/survival/competing_mgus2.json`` (R cmprsk::cuminc)

    Data are as in :func:`cumulative_incidence`, ``cause`` the event that is tested; subjects are of
    one stratum if they are alike in all columns that ``strata`` names. Raises :class:`AnalysisError` as
    :func:`cumulative_incidence` does, for a cause that nobody had, and where no event tells the arms
    apart.
    """
    frame = as_pandas(frame)
    known = read_competing(
        frame,
        time=time,
        event=event,
        censored=censored,
        arm=arm,
        reference=reference,
        strata=sequence_of_names(strata, parameter="strata"),
        subject=subject,
        order=order,
    )
    rows, number = known.follow_up, known.number_of(cause)
    arms = len(rows.arms)
    score, variance = np.zeros(arms - 1), np.zeros((arms - 1, arms - 1))
    for place in range(int(rows.strata.max()) + 1):
        own = rows.in_stratum(place)
        kind = np.where(own.event == number, 1, np.where(own.event > 0, 2, 0))
        one_score, one_variance = gray_sums(own.time, kind, own.codes, arms=arms)
        score += one_score
        variance += one_variance
    df = int(np.linalg.matrix_rank(variance))
    if df < arms - 1:
        raise AnalysisError(
            f"the events {cause!r} cannot tell the arms apart: at none of them were subjects of all "
            "arms at risk",
            advice="look at the curves",
        )
    statistic = float(score @ np.linalg.solve(variance, score))
    happened = np.bincount(rows.codes[rows.event == number], minlength=arms)
    return GrayTest(
        time=time,
        cause=cause,
        arms=rows.arms,
        counts=tuple(int(n) for n in np.bincount(rows.codes, minlength=arms)),
        events=tuple(int(n) for n in happened),
        statistic=statistic,
        df=df,
        p_value=float(chdtrc(df, statistic)),
        excluded=rows.excluded,
    )
