"""Kaplan-Meier curves of arms: survival, quantiles, numbers at risk and milestones.

The method is in ``docs/methods/time_to_event.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.survival.curve_limits import probability_limits
from trialkit.analysis.survival.follow_up import read_follow_up, reference_code
from trialkit.analysis.survival.share_differences import compared_shares
from trialkit.analysis.survival.survival_curve import SurvivalCurve, product_limits
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.protocol.tables.choices import choose
from trialkit.results.pictures import PictureKind, Pictures, curves_picture
from trialkit.results.tabular import Tabular

QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class KaplanMeier(Tabular):
    """The curves of the arms in their order; ``excluded`` lists the rows that could not be used."""

    time: str
    event: str
    arms: tuple[object, ...]
    curves: tuple[SurvivalCurve, ...]
    limits: CurveLimits
    conf_level: float
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What the curves are of, in a line."""
        return f"Kaplan-Meier of {self.time} to {self.event}, {self.limits.value} limits"

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.CURVES: lambda: curves_picture(
                self.curve(),
                value="survival",
                across=self.time,
                upwards=f"Without the event ({self.event}), %",
                start=1.0,
            ),
        }

    def to_frame(self) -> pd.DataFrame:
        """A row for each arm: n, events and the median time with its limits."""
        median = self.quantiles((0.5,)).drop(columns=["share"])
        counts = pd.DataFrame(
            {
                "arm": list(self.arms),
                "n": [each.n for each in self.curves],
                "events": [int(each.events.sum()) for each in self.curves],
            }
        )
        return counts.join(median.drop(columns=["arm"]).rename(columns={"time": "median"}))

    def curve(self) -> pd.DataFrame:
        """Every step: arm, time, at_risk, events, censored, survival, se, conf_low, conf_high."""
        parts = []
        for arm, each in zip(self.arms, self.curves, strict=True):
            low, high = each.limits(self.limits, self.conf_level)
            parts.append(
                pd.DataFrame(
                    {
                        "arm": [arm] * len(each.times),
                        "time": each.times,
                        "at_risk": each.at_risk,
                        "events": each.events,
                        "censored": each.censored,
                        "survival": each.survival,
                        "se": each.se,
                        "conf_low": low,
                        "conf_high": high,
                        "conf_level": self.conf_level,
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def at(self, times: Sequence[float]) -> pd.DataFrame:
        """Survival and numbers at risk at stated times: arm, time, at_risk, survival, se and limits.

        Later than an arm was watched its survival is NaN, unless everybody had the event.
        """
        when = milestone_times(times)
        parts = []
        for arm, each in zip(self.arms, self.curves, strict=True):
            survival = each.at(when, each.survival, start=1.0)
            se = each.at(when, each.se, start=0.0)
            low, high = probability_limits(
                survival, se, start=1.0, limits=self.limits, conf_level=self.conf_level
            )
            parts.append(
                pd.DataFrame(
                    {
                        "arm": [arm] * len(when),
                        "time": when,
                        "at_risk": each.number_at_risk(when),
                        "survival": survival,
                        "se": se,
                        "conf_low": low,
                        "conf_high": high,
                        "conf_level": self.conf_level,
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def quantiles(self, shares: Sequence[float] = QUARTILES) -> pd.DataFrame:
        """The time by which each share of an arm had the event: arm, share, time and limits.

        NaN is not reached: a curve, or a limit of it, that does not fall so far.
        """
        rows = []
        for share in shares:
            if not 0 < share < 1:
                raise AnalysisError(f"a share lies between 0 and 1, as 0.5 does; got {share!r}")
        for arm, each in zip(self.arms, self.curves, strict=True):
            for share in shares:
                low, high = each.quantile_limits(
                    share, kind=self.limits, conf_level=self.conf_level
                )
                rows.append((arm, share, each.quantile(share), low, high, self.conf_level))
        columns = ["arm", "share", "time", "conf_low", "conf_high", "conf_level"]
        return pd.DataFrame(rows, columns=columns)

    def differences(
        self,
        times: Sequence[float],
        *,
        reference: object,
        limits: CurveLimits | str = CurveLimits.PLAIN,
    ) -> pd.DataFrame:
        """Survival of each arm minus that of the reference at stated times, tested at each.

        Columns ``contrast``, ``time``, ``estimate``, ``se``, ``statistic``, ``p_value``,
        ``conf_low``, ``conf_high``, ``conf_level``. The standard error is Greenwood's of both arms.
        ``limits`` say on which scale the survival of an arm is taken to be normal: itself
        (``plain``), or ``log-log`` and ``log``, whose test is of the transformed curves (Klein and
        others, Stat Med 2007;26:4505) and whose limits of the difference come from those of both
        curves (Zou and Donner, Stat Med 2008;27:1693). Where a curve has no standard error on its
        scale, or neither has one above 0, there is no test, and its numbers are NaN.
        """
        control = reference_code(self.arms, reference)
        kind = choose(CurveLimits, limits, parameter="limits")
        when = milestone_times(times)
        values = [each.at(when, each.survival, start=1.0) for each in self.curves]
        errors = [each.at(when, each.se, start=0.0) for each in self.curves]
        parts = []
        for code, arm in enumerate(self.arms):
            if code == control:
                continue
            frame = compared_shares(
                values[code],
                errors[code],
                values[control],
                errors[control],
                limits=kind,
                conf_level=self.conf_level,
            )
            frame.insert(0, "contrast", contrast_label(str(arm), str(reference)))
            frame.insert(1, "time", when)
            parts.append(frame)
        return pd.concat(parts, ignore_index=True)


def milestone_times(times: Sequence[float]) -> np.ndarray:
    """Stated times as floats of 0 or more (T,)."""
    when = np.atleast_1d(np.asarray(times, dtype=float))
    if when.ndim != 1 or not len(when) or not np.isfinite(when).all() or (when < 0).any():
        raise AnalysisError(f"times must be one or more numbers of 0 or more, got {times!r}")
    return when


def kaplan_meier(
    frame: AnyFrame,
    *,
    time: str,
    event: str,
    arm: str | None = None,
    reference: object | None = None,
    limits: CurveLimits | str = CurveLimits.LOG_LOG,
    conf_level: float = 0.95,
    event_value: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> KaplanMeier:
    """Kaplan-Meier curves of the time to an event.

    Estimand
        The probability of not having had the event by each time, if those censored are like those
        still watched; medians and quartiles are times, milestone differences are of probabilities.

    Reference
        Kaplan EL, Meier P. JASA 1958;53:457-481. Greenwood M. Rep Public Health Med Subj
        1926;33:1-26 (variance). Brookmeyer R, Crowley J. Biometrics 1982;38:29-41 (quantiles).

    Checked against
        ``tests/reference/survival/survival_colon_recurrence.json`` (R survival::survfit)

    One row of ``frame`` is one subject. ``event`` is True or 1 where it ended the time, False or 0
    where the subject was censored, or ``event_value`` names the level that counts. ``limits`` are
    ``log-log`` (the default here and of SAS), ``log`` (R's default) or ``plain``. Times of 0 count.
    Where nobody of an arm had the event its curve stays at 1 with limits of 1: that is no evidence
    of certainty, and its numbers at risk say so. Where the curve has fallen to 0 it has no limits.
    Raises :class:`AnalysisError` for a negative time, an event that is not
    yes or no, an arm without a row and two rows of a ``subject``.
    """
    frame = as_pandas(frame)
    kind = choose(CurveLimits, limits, parameter="limits")
    check_level(conf_level)
    known = read_follow_up(
        frame,
        time=time,
        event=event,
        arm=arm,
        reference=reference,
        event_value=event_value,
        subject=subject,
        order=order,
    )
    return KaplanMeier(
        time=time,
        event=event,
        arms=known.arms,
        curves=product_limits(known.time, known.event, known.codes, len(known.arms)),
        limits=kind,
        conf_level=conf_level,
        excluded=known.excluded,
    )
