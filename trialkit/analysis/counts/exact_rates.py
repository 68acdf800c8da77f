"""The exact ratio of two rates, given all events. The method is in ``docs/methods/counts.md``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import bdtr, bdtrc, betaincinv, gammaln, xlog1py, xlogy

from trialkit.analysis.counts.exposure import read_counts
from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import ExactRateLimits
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRate:
    """An arm's events in all, its time at risk in all and how many subjects that is."""

    arm: str
    events: int
    time: float
    n: int

    @property
    def rate(self) -> float:
        """Events for each unit of time."""
        return self.events / self.time


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio:
    """A ratio of two rates with its limits and the p value of no difference."""

    contrast: str
    experimental: ArmRate
    reference: ArmRate
    estimate: float
    conf_low: float
    conf_high: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ExactRates(Tabular):
    """Rates of the arms and their exact ratios; ``excluded`` lists the rows that count nowhere."""

    outcome: str
    arm: str
    conf_level: float
    limits: ExactRateLimits
    rates: tuple[ArmRate, ...]
    ratios: tuple[RateRatio, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The outcome, the arms, and what kind of limits."""
        return f"Rates of {self.outcome} by {self.arm} ({self.limits.value} limits)"

    def to_frame(self) -> pd.DataFrame:
        """A row a contrast: estimate, p value and limits, events and time of both arms."""
        return pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    "measure": Scale.RATE_RATIO.value,
                    Stat.ESTIMATE.value: each.estimate,
                    Stat.P_VALUE.value: each.p_value,
                    Stat.CONF_LOW.value: each.conf_low,
                    Stat.CONF_HIGH.value: each.conf_high,
                    Stat.CONF_LEVEL.value: self.conf_level,
                    "limits": self.limits.value,
                    "events_experimental": each.experimental.events,
                    "time_experimental": each.experimental.time,
                    "events_reference": each.reference.events,
                    "time_reference": each.reference.time,
                }
                for each in self.ratios
            ]
        )


def exact_rate_ratio(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    exposure: str | None = None,
    limits: ExactRateLimits | str = ExactRateLimits.EXACT,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> ExactRates:
    """Ratio of two rates, exact given how many events there are in both arms together.

    Estimand
        Events for a unit of time at risk in each other arm, over those in ``reference``.

    Reference
        Przyborowski J, Wilenski H. Biometrika 1940;31:313-323. Clopper CJ, Pearson ES. Biometrika
        1934;26:404-413. Lancaster HO. JASA 1961;56:223-234 (mid-p).

    Checked against
        ``tests/reference/counts/counts_falls_simulated.json``

    ``frame`` has one row a subject: ``outcome`` is how many events it had, ``exposure`` how long it
    was at risk. All events are taken as independent: where some people have many, the limits are too
    narrow (see ``negative_binomial_regression``). p is two-sided by the probabilities no larger than
    the observed one (R's ``poisson.test``), or with ``mid_p`` limits twice the smaller mid-p tail.
    Without events in an arm the ratio is 0 or infinite, with one finite limit.

    Raises ``AnalysisError`` for what ``poisson_regression`` refuses.
    """
    frame = as_pandas(frame)
    kind = choose(ExactRateLimits, limits, parameter="limits")
    check_level(conf_level)
    rows, time = read_counts(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        exposure=exposure,
        covariates=(),
        categories=(),
        subject=subject,
        order=order,
    )
    codes, count = rows.arm.codes, len(rows.arm.levels)
    rates = tuple(
        ArmRate(arm=str(name), events=int(events), time=float(at_risk), n=int(n))
        for name, events, at_risk, n in zip(
            rows.arm.levels,
            np.bincount(codes, weights=rows.outcome, minlength=count),
            np.bincount(codes, weights=time, minlength=count),
            np.bincount(codes, minlength=count),
            strict=True,
        )
    )
    control = rates[rows.arm.base]
    return ExactRates(
        outcome=outcome,
        arm=arm,
        conf_level=conf_level,
        limits=kind,
        rates=rates,
        ratios=tuple(
            rate_ratio(each, control, limits=kind, conf_level=conf_level)
            for each in rates
            if each is not control
        ),
        excluded=rows.excluded,
    )


def rate_ratio(
    experimental: ArmRate,
    reference: ArmRate,
    *,
    limits: ExactRateLimits = ExactRateLimits.EXACT,
    conf_level: float = 0.95,
) -> RateRatio:
    """The ratio of two rates by the binomial distribution of the events that are the experimental arm's.

    Raises ``AnalysisError`` where neither arm has an event.
    """
    x, n = experimental.events, experimental.events + reference.events
    if not n:
        raise AnalysisError(
            f"neither {experimental.arm} nor {reference.arm} has an event: no ratio can be estimated"
        )
    share = experimental.time / (experimental.time + reference.time)
    alpha = 1 - conf_level
    if limits is ExactRateLimits.EXACT:
        low = float(betaincinv(x, n - x + 1, alpha / 2)) if x else 0.0
        high = float(betaincinv(x + 1, n - x, 1 - alpha / 2)) if x < n else 1.0
        p_value = _no_more_probable(x, n, share)
    else:
        low, high = _mid_p_limits(x, n, alpha)
        p_value = min(1.0, 2 * min(_mid_tail(x, n, share), 1 - _mid_tail(x, n, share)))
    by = reference.time / experimental.time
    return RateRatio(
        contrast=contrast_label(experimental.arm, reference.arm),
        experimental=experimental,
        reference=reference,
        estimate=experimental.rate / reference.rate if reference.events else np.inf,
        conf_low=low / (1 - low) * by,
        conf_high=high / (1 - high) * by if high < 1 else np.inf,
        p_value=p_value,
    )


def _no_more_probable(x: int, n: int, share: float) -> float:
    """The probability of all divisions that are no more probable than the observed one."""
    every = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(every + 1) - gammaln(n - every + 1)
    logs = logs + xlogy(every, share) + xlog1py(n - every, -share)
    # R's tolerance: what differs by rounding alone is as probable
    return min(1.0, float(np.exp(logs[logs <= logs[x] + 1e-7]).sum()))


def _mid_tail(x: int, n: int, share: float) -> float:
    """The probability of more than ``x``, and half that of ``x``."""
    above = float(bdtrc(x, n, share)) if x < n else 0.0
    at_least = 1.0 - (float(bdtr(x - 1, n, share)) if x else 0.0)
    return (above + at_least) / 2


def _mid_p_limits(x: int, n: int, alpha: float) -> tuple[float, float]:
    def root(tail: float) -> float:
        return bracketed_root(lambda share: _mid_tail(x, n, share) - tail, 0.0, 1.0, xtol=1e-15)

    low = root(alpha / 2) if x else 0.0
    return low, root(1 - alpha / 2) if x < n else 1.0
