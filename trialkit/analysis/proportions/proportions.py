"""Comparison of a binary outcome between independent arms.

The statistics are in ``risk_difference``, ``odds_ratio`` and ``proportion_tests``, on counts; here
a frame is counted, and the result names what was computed.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.proportions.event_counts import ArmCount, count_events
from trialkit.analysis.proportions.odds_ratio import odds_ratio, risk_ratio
from trialkit.analysis.proportions.proportion_tests import ProportionTestResult, proportion_test
from trialkit.analysis.proportions.risk_difference import Estimate, risk_difference
from trialkit.analysis.proportions.three_measures import ThreeMeasures
from trialkit.protocol.methods.comparisons import (
    IntervalMethod,
    OddsRatioMethod,
    ProportionTest,
    RatioInterval,
)
from trialkit.protocol.methods.risk_measures import risk_measures
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNeededToTreat:
    """One over the risk difference; its interval passes through infinity when that includes 0.

    It is signed as the difference is: positive where the event is more frequent under the
    experimental arm. When ``passes_infinity``, the interval is everything from ``conf_low`` up to
    infinity and from minus infinity up to ``conf_high``.
    """

    estimate: float
    conf_low: float
    conf_high: float
    passes_infinity: bool

    @property
    def note(self) -> str:
        """How the limits are to be read."""
        if not self.passes_infinity:
            return ""
        return (
            "the risk difference may be 0: the interval runs from the first limit through infinity "
            "to the second"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionContrast(ThreeMeasures):
    """Two arms' risks compared in three ways, with every test of equal risks."""

    contrast: str
    experimental: ArmCount
    reference: ArmCount
    test: ProportionTestResult

    def nnt(self) -> NumberNeededToTreat:
        """The number needed to treat, with the limits of the risk difference turned over."""
        return number_needed_to_treat(self.risk_difference)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ProportionsComparison(Tabular):
    """What ``compare_proportions`` found; ``excluded`` lists the rows that it could not use."""

    outcome: str
    arm: str
    conf_level: float
    counts: tuple[ArmCount, ...]
    contrasts: tuple[ProportionContrast, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The outcome and the arms."""
        return f"{self.outcome} by {self.arm}"

    def to_frame(self) -> pd.DataFrame:
        """Three rows a contrast: risk_difference, risk_ratio and odds_ratio."""
        return pd.DataFrame(
            [
                _row(each, name, estimate)
                for each in self.contrasts
                for name, estimate in each.measures
            ]
        )

    def nnt(self) -> pd.DataFrame:
        """One row a contrast: the number needed to treat, and how its interval is to be read."""
        rows = []
        for each in self.contrasts:
            number = each.nnt()
            rows.append(
                {
                    "stat_name": Stat.NNT.value,
                    "contrast": each.contrast,
                    "estimate": number.estimate,
                    "conf_low": number.conf_low,
                    "conf_high": number.conf_high,
                    "passes_infinity": number.passes_infinity,
                    "conf_level": self.conf_level,
                    "note": number.note,
                }
            )
        return pd.DataFrame(rows)

    def tests(self) -> pd.DataFrame:
        """One row a contrast and test of equal risks: all that are known, for description."""
        rows = []
        for each in self.contrasts:
            for kind in ProportionTest:
                found = proportion_test(each.experimental, each.reference, test=kind)
                rows.append({"contrast": each.contrast} | _test_columns(found))
        return pd.DataFrame(rows)


def compare_proportions(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    interval: IntervalMethod | str = IntervalMethod.MIETTINEN_NURMINEN,
    ratio_interval: RatioInterval | str | None = None,
    odds_ratio_method: OddsRatioMethod | str | None = None,
    test: ProportionTest | str = ProportionTest.CHI_SQUARE_N_MINUS_1,
    event: object | None = None,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> ProportionsComparison:
    """Compare a binary outcome between independent arms.

    Estimand
        Each other arm against ``reference``: risk difference, risk ratio and odds ratio of the
        event, and the number needed to treat (``.nnt()``).

    Reference
        Newcombe RG. Stat Med 1998;17:873-890. Miettinen O, Nurminen M. Stat Med 1985;4:213-226.
        Katz D et al. Biometrics 1978;34:469-474. Woolf B. Ann Hum Genet 1955;19:251-253. Altman
        DG. BMJ 1998;317:1309-1312 (number needed to treat).

    Checked against
        ``tests/reference/between/bin_indo_rct_pep.json`` (R stats, published formulas)

    ``frame`` has one row a subject; ``outcome`` is True/False or 1/0, or ``event`` names the level
    that counts. Rows without outcome or arm are listed in ``.excluded``. The limits of a ratio are
    of the kind of ``interval`` unless named: the score limits beside a score interval, Katz's and
    Woolf's beside any other. No cell is ever padded: zero events give a ratio of 0 or infinity, and
    the note says which limits do not exist.
    Raises :class:`AnalysisError` for an arm without subjects, for a ``subject`` with two
    rows and for an outcome of other values.
    """
    frame = as_pandas(frame)
    measures = risk_measures(
        interval, ratio_interval=ratio_interval, odds_ratio_method=odds_ratio_method
    )
    kind = choose(ProportionTest, test, parameter="test")
    counted = count_events(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        event=event,
        subject=subject,
        order=order,
    )
    contrasts = tuple(
        ProportionContrast(
            contrast=contrast_label(experimental.arm, control.arm),
            experimental=experimental,
            reference=control,
            risk_difference=risk_difference(
                experimental, control, interval=measures.difference, conf_level=conf_level
            ),
            risk_ratio=risk_ratio(
                experimental, control, interval=measures.ratio, conf_level=conf_level
            ),
            odds_ratio=odds_ratio(
                experimental, control, method=measures.odds, conf_level=conf_level
            ),
            test=proportion_test(experimental, control, test=kind),
        )
        for experimental, control in counted.against(reference)
    )
    return ProportionsComparison(
        outcome=outcome,
        arm=arm,
        conf_level=conf_level,
        counts=counted.arms,
        contrasts=contrasts,
        excluded=counted.excluded,
    )


def number_needed_to_treat(difference: Estimate) -> NumberNeededToTreat:
    """One over a risk difference and over its limits (Altman 1998)."""
    low, high = difference.conf_low, difference.conf_high
    return NumberNeededToTreat(
        estimate=_inverse(difference.estimate),
        conf_low=_inverse(high) if high else -np.inf,
        conf_high=_inverse(low),
        passes_infinity=low < 0 < high,
    )


def _inverse(value: float) -> float:
    return 1 / value if value else np.inf


def _row(each: ProportionContrast, name: Stat, found: Estimate) -> dict[str, object]:
    return {
        "stat_name": name.value,
        "contrast": each.contrast,
        "estimate": found.estimate,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
        "conf_level": found.conf_level,
        "interval": found.interval,
        **_test_columns(each.test),
        "events_experimental": each.experimental.events,
        "n_experimental": each.experimental.n,
        "events_reference": each.reference.events,
        "n_reference": each.reference.n,
        "note": found.note,
        "status": found.status.value,
    }


def _test_columns(found: ProportionTestResult) -> dict[str, object]:
    """The test's name and p value, and its statistic where it has one."""
    columns: dict[str, object] = {"test": found.test, "p_value": found.p_value}
    if found.statistic is not None:
        columns |= {"statistic": found.statistic, "df": found.df}
    return columns
