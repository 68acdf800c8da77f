"""Risk ratio and odds ratio of two independent arms; zero cells stay zero."""

from collections.abc import Callable
from typing import assert_never

import numpy as np
from scipy.special import gammaln, ndtri

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.proportions.event_counts import ArmCount, without_limits
from trialkit.analysis.proportions.risk_difference import Estimate
from trialkit.analysis.proportions.score_intervals import odds_ratio_limits, ratio_limits
from trialkit.protocol.methods.comparisons import OddsRatioMethod, RatioInterval
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Status


def risk_ratio(
    experimental: ArmCount,
    reference: ArmCount,
    *,
    interval: RatioInterval | str = RatioInterval.KATZ,
    conf_level: float = 0.95,
) -> Estimate:
    """Ratio of two independent risks.

    Estimand
        Risk under ``experimental`` divided by risk under ``reference``, from 0 to infinity.

    Reference
        Katz D et al. Biometrics 1978;34:469-474. Miettinen O, Nurminen M. Stat Med
        1985;4:213-226.

    Checked against
        ``tests/reference/between/bin_newcombe_a_56_70_48_80.json`` (published formula)

    No cell is padded: without events in an arm the ratio is 0 or infinite, Katz's limits do not
    exist and the interval is 0 to infinity with a note, where ``miettinen_nurminen`` still has a
    finite limit. Without events in either arm the estimate is missing, and the note says why.
    Raises :class:`AnalysisError` for a ``conf_level`` outside 0 to 1.
    """
    kind = choose(RatioInterval, interval, parameter="ratio_interval")
    check_level(conf_level)
    x1, x2, n1, n2 = experimental.events, reference.events, experimental.n, reference.n
    estimate, note = _quotient(x1 * n2, x2 * n1, "no event in either arm")
    match kind:
        case RatioInterval.KATZ:
            se = np.sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2) if x1 and x2 else 0.0
            low, high, missing = _log_wald(estimate, float(se), conf_level, kind.value)
            note = note or missing
        case RatioInterval.MIETTINEN_NURMINEN:
            if x1 == n1 and x2 == n2:
                low, high = _ratio_of_certainties(n1, n2, conf_level)
            else:
                low, high = ratio_limits(experimental, reference, conf_level=conf_level)
        case _:
            assert_never(kind)
    return _estimate(estimate, (low, high), note, conf_level=conf_level, interval=kind.value)


def odds_ratio(
    experimental: ArmCount,
    reference: ArmCount,
    *,
    method: OddsRatioMethod | str = OddsRatioMethod.WOOLF,
    conf_level: float = 0.95,
) -> Estimate:
    """Ratio of two independent odds.

    Estimand
        Odds of the event under ``experimental`` divided by those under ``reference``. ``woolf``
        and ``miettinen_nurminen`` state the sample odds ratio, ``conditional`` the conditional
        maximum-likelihood one with the exact interval (as R's fisher.test), ``mid_p`` the
        median-unbiased one with the mid-p interval.

    Reference
        Woolf B. Ann Hum Genet 1955;19:251-253. Cornfield J. 1956. Miettinen O, Nurminen M. Stat
        Med 1985;4:213-226. Berry G, Armitage P. Statistician 1995;44:417-423.

    Checked against
        ``tests/reference/between/bin_newcombe_a_56_70_48_80.json`` (R stats::fisher.test,
        epitools)

    No cell is padded; a zero cell is treated as in :func:`risk_ratio`. Raises
    :class:`AnalysisError` for a ``conf_level`` outside 0 to 1.
    """
    kind = choose(OddsRatioMethod, method, parameter="odds_ratio_method")
    check_level(conf_level)
    a, b = experimental.events, experimental.without
    c, d = reference.events, reference.without
    estimate, note = _quotient(a * d, b * c, "no event, or nothing but events, in both arms")
    match kind:
        case OddsRatioMethod.WOOLF:
            se = np.sqrt(1 / a + 1 / b + 1 / c + 1 / d) if min(a, b, c, d) else 0.0
            low, high, missing = _log_wald(estimate, float(se), conf_level, kind.value)
            note = note or missing
        case OddsRatioMethod.MIETTINEN_NURMINEN:
            low, high = odds_ratio_limits(experimental, reference, conf_level=conf_level)
        case OddsRatioMethod.CONDITIONAL:
            conditional = _Conditional(experimental, reference)
            tail = (1 - conf_level) / 2
            estimate = conditional.maximum_likelihood()
            low = conditional.solve(conditional.at_least, tail, none=conditional.at_start, empty=0)
            high = conditional.solve(
                conditional.at_most, tail, none=conditional.at_end, empty=np.inf
            )
        case OddsRatioMethod.MID_P:
            conditional = _Conditional(experimental, reference)
            tail = (1 - conf_level) / 2
            middle = conditional.mid_at_least
            estimate = conditional.median_unbiased()
            low = conditional.solve(middle, tail, none=conditional.at_start, empty=0)
            high = conditional.solve(middle, 1 - tail, none=conditional.at_end, empty=np.inf)
        case _:
            assert_never(kind)
    return _estimate(estimate, (low, high), note, conf_level=conf_level, interval=kind.value)


class _Conditional:
    """The distribution of the experimental events, given all margins, under an odds ratio."""

    def __init__(self, experimental: ArmCount, reference: ArmCount) -> None:
        events = experimental.events + reference.events
        first = max(0, events - reference.n)
        last = min(experimental.n, events)
        self.observed = experimental.events
        self.support = np.arange(first, last + 1)
        self.log_weight = _log_choose(experimental.n, self.support) + _log_choose(
            reference.n, events - self.support
        )

    @property
    def at_start(self) -> bool:
        """Whether no table with fewer experimental events has these margins."""
        return bool(self.observed == self.support[0])

    @property
    def at_end(self) -> bool:
        """Whether no table with more experimental events has these margins."""
        return bool(self.observed == self.support[-1])

    def probabilities(self, log_ratio: float) -> np.ndarray:
        """The probability of each possible count under the odds ratio."""
        log_p = self.log_weight + log_ratio * self.support
        p = np.exp(log_p - log_p.max())
        return np.asarray(p / p.sum())

    def at_least(self, log_ratio: float) -> float:
        """P(as many events or more)."""
        return float(self.probabilities(log_ratio)[self.support >= self.observed].sum())

    def at_most(self, log_ratio: float) -> float:
        """P(as many events or fewer)."""
        return float(self.probabilities(log_ratio)[self.support <= self.observed].sum())

    def mid_at_least(self, log_ratio: float) -> float:
        """P(more events) and half of P(as many)."""
        p = self.probabilities(log_ratio)
        more = p[self.support > self.observed].sum()
        return float(more + p[self.support == self.observed].sum() / 2)

    def mean(self, log_ratio: float) -> float:
        """The expected count."""
        return float(self.probabilities(log_ratio) @ self.support)

    def maximum_likelihood(self) -> float:
        """The odds ratio that expects the observed count; missing where margins fix it."""
        if self.at_start and self.at_end:
            return float("nan")
        if self.at_start or self.at_end:
            return 0.0 if self.at_start else np.inf
        return self.solve(self.mean, self.observed, none=False, empty=0)

    def median_unbiased(self) -> float:
        """The odds ratio under which more and fewer events are equally likely."""
        if self.at_start and self.at_end:
            return float("nan")
        if self.at_start or self.at_end:
            return 0.0 if self.at_start else np.inf
        return self.solve(self.mid_at_least, 0.5, none=False, empty=0)

    def solve(
        self, function: Callable[[float], float], target: float, *, none: bool, empty: float
    ) -> float:
        """The odds ratio at which a monotone ``function`` meets ``target``; ``empty`` if none."""
        if none:
            return float(empty)
        span = 1.0
        while (function(-span) - target) * (function(span) - target) > 0:
            span *= 2
        root = bracketed_root(lambda u: function(u) - target, -span, span, xtol=1e-14, rtol=1e-14)
        return float(np.exp(root))


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _estimate(
    estimate: float, limits: tuple[float, float], note: str, *, conf_level: float, interval: str
) -> Estimate:
    """A ratio with its interval; one with a note cannot be estimated."""
    low, high = limits
    return Estimate(
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        interval=interval,
        note=note,
        status=Status.NOT_ESTIMABLE if note else Status.ESTIMATED,
    )


def _quotient(numerator: int, denominator: int, why: str) -> tuple[float, str]:
    """A ratio that may be 0 or infinite, and missing with the reason when it is 0 / 0."""
    if denominator:
        return numerator / denominator, ""
    return (np.inf, "") if numerator else (float("nan"), f"not estimable: {why}")


def _log_wald(
    estimate: float, se: float, conf_level: float, method: str
) -> tuple[float, float, str]:
    """The interval that is symmetric about the log, or 0 to infinity where it does not exist."""
    if se <= 0:
        return 0.0, np.inf, f"a zero cell: {without_limits(method)}"
    reach = np.exp(-float(ndtri((1 - conf_level) / 2)) * se)
    return float(estimate / reach), float(estimate * reach), ""


def _ratio_of_certainties(n1: int, n2: int, conf_level: float) -> tuple[float, float]:
    """The score limits of a risk ratio when every subject had the event.

    Under a ratio r < 1 the likeliest risks are r and 1, and z² = n1 (1 − r) / r with the factor
    (N − 1) / N; under r > 1 the arms change places.
    """
    total = n1 + n2
    wide = float(ndtri((1 - conf_level) / 2)) ** 2 * total / (total - 1)
    return n1 / (n1 + wide), (n2 + wide) / n2
