"""Tests of two proportions: independent arms, and pairs."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from scipy.special import betainc, gammaln

from trialkit.analysis.distributions import chi_squared
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative, PairedProportionTest, ProportionTest
from trialkit.protocol.tables.choices import choose

_AS_PROBABLE = 1 + 1e-7  # R's tolerance for "as probable as the observed table"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionTestResult:
    """A test of equal risks; an exact test has no statistic and no degrees of freedom."""

    test: str
    statistic: float | None
    df: float | None
    p_value: float


def proportion_test(
    experimental: ArmCount, reference: ArmCount, *, test: ProportionTest | str
) -> ProportionTestResult:
    """Test whether two independent arms have the same risk, two-sided.

    Estimand
        None: the hypothesis is that both risks are equal.

    Reference
        Fisher RA. J R Stat Soc 1935;98:39-82. Pearson K. Phil Mag 1900;50:157-175. Yates F. Suppl
        J R Stat Soc 1934;1:217-235. Campbell I. Stat Med 2007;26:3661-3675 (N − 1).

    Checked against
        ``tests/reference/between/bin_newcombe_a_56_70_48_80.json`` (R stats)

    Where no subject, or every subject, had the event there is nothing to tell the arms apart: the
    statistic is 0 and p is 1. Raises :class:`AnalysisError` for an unknown ``test``.
    """
    kind = choose(ProportionTest, test, parameter="test")
    if kind is ProportionTest.FISHER_EXACT:
        p = fisher_exact(experimental, reference)
        return ProportionTestResult(test=kind.value, statistic=None, df=None, p_value=p)
    observed = np.array(
        [
            [experimental.events, experimental.without],
            [reference.events, reference.without],
        ],
        dtype=float,
    )
    total = observed.sum()
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / total
    if (expected == 0).any():
        return ProportionTestResult(test=kind.value, statistic=0.0, df=1.0, p_value=1.0)
    distance = np.abs(observed - expected)
    match kind:
        case ProportionTest.CHI_SQUARE:
            statistic = (distance**2 / expected).sum()
        case ProportionTest.CHI_SQUARE_CORRECTED:
            statistic = ((distance - min(0.5, distance.min())) ** 2 / expected).sum()
        case ProportionTest.CHI_SQUARE_N_MINUS_1:
            statistic = (distance**2 / expected).sum() * (total - 1) / total
        case ProportionTest.LIKELIHOOD_RATIO:
            filled = observed > 0
            statistic = 2 * (observed[filled] * np.log(observed[filled] / expected[filled])).sum()
        case _:
            assert_never(kind)
    return ProportionTestResult(
        test=kind.value,
        statistic=float(statistic),
        df=1.0,
        p_value=float(chi_squared.sf(statistic, 1)),
    )


def fisher_exact(
    experimental: ArmCount,
    reference: ArmCount,
    *,
    alternative: Alternative | str = Alternative.TWO_SIDED,
) -> float:
    """Fisher's exact p value; two-sided, it sums all tables no more probable than this one.

    Estimand
        None: the hypothesis is an odds ratio of 1. ``greater`` is more events under
        ``experimental``.

    Reference
        Fisher RA. J R Stat Soc 1935;98:39-82.

    Checked against
        ``tests/reference/between/bin_small_0_13_4_13.json`` (R stats::fisher.test)

    Raises :class:`AnalysisError` for an unknown ``alternative``.
    """
    side = choose(Alternative, alternative, parameter="alternative")
    events = experimental.events + reference.events
    support = np.arange(max(0, events - reference.n), min(experimental.n, events) + 1)
    log_weight = _log_choose(experimental.n, support) + _log_choose(reference.n, events - support)
    p = np.exp(log_weight - log_weight.max())
    p /= p.sum()
    match side:
        case Alternative.TWO_SIDED:
            here = p[support == experimental.events][0]
            chosen = p <= here * _AS_PROBABLE
        case Alternative.LESS:
            chosen = support <= experimental.events
        case Alternative.GREATER:
            chosen = support >= experimental.events
        case _:
            assert_never(side)
    return float(min(p[chosen].sum(), 1.0))


def mcnemar(
    gained: int, lost: int, *, test: PairedProportionTest | str = PairedProportionTest.MCNEMAR_EXACT
) -> ProportionTestResult:
    """McNemar's test of two measurements of the same subjects.

    Estimand
        None: the hypothesis is that as many subjects change from no to yes (``gained``) as from
        yes to no (``lost``).

    Reference
        McNemar Q. Psychometrika 1947;12:153-157. Edwards AL. Psychometrika 1948;13:185-187.

    Checked against
        ``tests/reference/between/mcnemar.json`` (R stats)

    Where nobody changes, the statistic is 0 and p is 1. Raises :class:`AnalysisError` for negative
    counts.
    """
    kind = choose(PairedProportionTest, test, parameter="test")
    if min(gained, lost) < 0:
        raise AnalysisError(f"counts cannot be negative, got {gained} and {lost}")
    changed = gained + lost
    match kind:
        case PairedProportionTest.MCNEMAR_EXACT:
            p = _exact_mcnemar(min(gained, lost), changed)
            return ProportionTestResult(test=kind.value, statistic=None, df=None, p_value=p)
        case PairedProportionTest.MCNEMAR:
            distance = abs(gained - lost)
        case PairedProportionTest.MCNEMAR_CORRECTED:
            distance = max(abs(gained - lost) - 1, 0)
        case _:
            assert_never(kind)
    statistic = distance**2 / changed if changed else 0.0
    return ProportionTestResult(
        test=kind.value, statistic=statistic, df=1.0, p_value=float(chi_squared.sf(statistic, 1))
    )


def _exact_mcnemar(fewer: int, changed: int) -> float:
    """Twice the probability of so few changes one way, where both ways are as likely."""
    if 2 * fewer >= changed:
        return 1.0
    return min(2 * float(betainc(changed - fewer, fewer + 1, 0.5)), 1.0)


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
