"""The difference of two independent risks, with the interval that the plan names."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from scipy.special import ndtri

from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.exact import wilson
from trialkit.analysis.proportions.score_intervals import difference_limits
from trialkit.protocol.methods.comparisons import IntervalMethod
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A comparison of two risks, with how its limits were found and what to know about them."""

    estimate: float
    conf_low: float
    conf_high: float
    conf_level: float
    interval: str
    note: str = ""
    status: Status = Status.ESTIMATED
    """Not estimable where these counts have no such limits, or no such measure."""


def risk_difference(
    experimental: ArmCount,
    reference: ArmCount,
    *,
    interval: IntervalMethod | str = IntervalMethod.MIETTINEN_NURMINEN,
    conf_level: float = 0.95,
) -> Estimate:
    """Difference in risk between two independent arms.

    Estimand
        Risk under ``experimental`` minus risk under ``reference``, from −1 to 1.

    Reference
        Newcombe RG. Stat Med 1998;17:873-890, methods 10 and 11. Miettinen O, Nurminen M. Stat
        Med 1985;4:213-226. Mee RW. Biometrics 1984;40:1175-1176.

    Checked against
        ``tests/reference/between/bin_newcombe_a_56_70_48_80.json`` (published formulas and
        examples)

    ``newcombe`` combines two Wilson intervals; ``miettinen_nurminen`` inverts the score test with
    the factor N / (N − 1), ``mee`` the same without it; ``wald`` and ``wald_corrected`` (R's
    prop.test) are here for comparison: they are too narrow in small trials.
    Raises :class:`AnalysisError` for an unknown ``interval`` and a ``conf_level`` outside 0 to 1.
    """
    kind = choose(IntervalMethod, interval, parameter="interval")
    check_level(conf_level)
    difference = (
        experimental.events * reference.n - reference.events * experimental.n
    ) / (experimental.n * reference.n)  # fmt: skip
    match kind:
        case IntervalMethod.NEWCOMBE | IntervalMethod.NEWCOMBE_CORRECTED:
            low, high = _newcombe(
                experimental,
                reference,
                corrected=kind is IntervalMethod.NEWCOMBE_CORRECTED,
                conf_level=conf_level,
            )
        case IntervalMethod.MIETTINEN_NURMINEN:
            low, high = difference_limits(experimental, reference, conf_level=conf_level)
        case IntervalMethod.MEE:
            low, high = difference_limits(
                experimental, reference, conf_level=conf_level, small_sample=False
            )
        case IntervalMethod.WALD | IntervalMethod.WALD_CORRECTED:
            low, high = _wald(
                experimental,
                reference,
                corrected=kind is IntervalMethod.WALD_CORRECTED,
                conf_level=conf_level,
            )
        case _:
            assert_never(kind)
    note = _note(experimental, reference, kind)
    return Estimate(
        estimate=difference,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        interval=kind.value,
        note=note,
        status=Status.NOT_ESTIMABLE if note else Status.ESTIMATED,
    )


def _note(experimental: ArmCount, reference: ArmCount, kind: IntervalMethod) -> str:
    """What to know about limits that rest on a standard error of zero."""
    estimated = kind in {IntervalMethod.WALD, IntervalMethod.WALD_CORRECTED}
    if not estimated or any(0 < each.risk < 1 for each in (experimental, reference)):
        return ""
    return (
        f"no arm has both subjects with and without the event: the {kind.value} standard error is "
        "0 and its limits say nothing about precision; plan newcombe or miettinen_nurminen"
    )


def _newcombe(
    experimental: ArmCount, reference: ArmCount, *, corrected: bool, conf_level: float
) -> tuple[float, float]:
    p1, p2 = experimental.risk, reference.risk
    low1, high1 = wilson(
        experimental.events, experimental.n, conf_level=conf_level, corrected=corrected
    )
    low2, high2 = wilson(reference.events, reference.n, conf_level=conf_level, corrected=corrected)
    below = np.hypot(p1 - low1, high2 - p2)
    above = np.hypot(high1 - p1, p2 - low2)
    return float(max(p1 - p2 - below, -1.0)), float(min(p1 - p2 + above, 1.0))


def _wald(
    experimental: ArmCount, reference: ArmCount, *, corrected: bool, conf_level: float
) -> tuple[float, float]:
    p1, p2 = experimental.risk, reference.risk
    n1, n2 = experimental.n, reference.n
    half = -float(ndtri((1 - conf_level) / 2)) * np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    if corrected:
        half += min(0.5 * (1 / n1 + 1 / n2), abs(p1 - p2))
        return float(max(p1 - p2 - half, -1.0)), float(min(p1 - p2 + half, 1.0))
    return float(p1 - p2 - half), float(p1 - p2 + half)
