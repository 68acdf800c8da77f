"""The score test that a coefficient does not change with a function of time."""

from typing import assert_never

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from trialkit.analysis.distributions.ranks import midranks
from trialkit.analysis.survival.cox_fit import CoxFit
from trialkit.analysis.survival.newton import solved
from trialkit.analysis.survival.tied_times import distinct_times
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import TimeScale


def proportionality_tests(fit: CoxFit, scale: TimeScale) -> pd.DataFrame:
    """A row for each term and one for all: term, statistic, df, p_value.

    The model with x and x·g(t) has its score at the fitted coefficients and 0; only the second half
    is not 0. Raises :class:`AnalysisError` where a coefficient is not finite, for the exact likelihood and
    where all events are at one time.
    """
    likelihood = fit.tie_likelihood("a test of proportional hazards")
    if fit.maximum.unbounded.any():
        raise AnalysisError(
            "a hazard ratio without a finite estimate cannot be tested for change with time",
            advice="leave the covariate out, or look at the curves",
        )
    sets, beta = likelihood.sets, fit.maximum.beta
    value = _function_of_time(fit, scale)[sets.order][sets.deaths]
    value = value - value.mean()
    if not np.abs(value).max() > 0:
        raise AnalysisError(
            "all events are at one time: nothing shows whether hazard ratios change with time"
        )
    found = likelihood.moments(beta)
    apart = sets.of_deaths(likelihood.covariates) - found.mean
    plain = likelihood.information(found)
    mixed = likelihood.information(found, value)
    squared = likelihood.information(found, value**2)
    # the score of the first half is 0 at the maximum, so that it enters as what it takes away
    score = apart @ value
    rows = []
    count = len(beta)
    groups = [*fit.rows.terms, ("global", np.arange(count))]
    for name, places in groups:
        own = squared[np.ix_(places, places)]
        shared = mixed[:, places]
        left = own - shared.T @ np.column_stack([solved(plain, each) for each in shared.T])
        statistic = float(score[places] @ solved(left, score[places]))
        df = len(places)
        rows.append((name, statistic, df, float(chdtrc(df, statistic))))
    return pd.DataFrame(rows, columns=["term", "statistic", "df", "p_value"])


def _function_of_time(fit: CoxFit, scale: TimeScale) -> np.ndarray:
    """The function of each row's time (n,), in the order of the frame."""
    rows = fit.rows
    match scale:
        case TimeScale.IDENTITY:
            return rows.time
        case TimeScale.RANK:
            return np.asarray(midranks(rows.time))
        case TimeScale.LOG:
            if (rows.time <= 0).any():
                raise AnalysisError("a time of 0 has no logarithm; choose another scale of time")
            return np.asarray(np.log(rows.time))
        case TimeScale.KAPLAN_MEIER:
            return _distribution_before(rows.time, rows.event, rows.start)
        case _:
            assert_never(scale)


def _distribution_before(
    time: np.ndarray, event: np.ndarray, start: np.ndarray | None
) -> np.ndarray:
    """1 minus the survival of all rows just before each time (n,), whatever their stratum."""
    both = time if start is None else np.concatenate([time, start])
    times, place = distinct_times(both)
    ended = np.bincount(place[: len(time)], minlength=len(times))
    events = np.bincount(place[: len(time)], weights=event, minlength=len(times))
    at_risk = ended[::-1].cumsum()[::-1]
    if start is not None:
        # who starts at a time or later is not at risk at it
        at_risk = (
            at_risk - np.bincount(place[len(time) :], minlength=len(times))[::-1].cumsum()[::-1]
        )
    share = np.divide(events, at_risk, out=np.zeros(len(times)), where=at_risk > 0)
    before = np.concatenate([[1.0], np.cumprod(1 - share)[:-1]])
    return np.asarray(1 - before[place[: len(time)]])
