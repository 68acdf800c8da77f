"""The mean number of events that a subject has had by each time.

The method is in ``docs/methods/recurrent_events.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.recurrent.event_history import EventHistory, read_event_history
from trialkit.analysis.recurrent.mean_curve import MeanCurve, mean_curve
from trialkit.analysis.survival.curve_limits import normal_quantile, tested_by_normal
from trialkit.analysis.survival.follow_up import reference_code
from trialkit.analysis.survival.kaplan_meier import milestone_times
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.protocol.tables.choices import choose
from trialkit.results.pictures import PictureKind, Pictures, curves_picture
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MeanCumulative(Tabular):
    """The mean cumulative functions of the arms in their order."""

    event: str
    arms: tuple[object, ...]
    curves: tuple[MeanCurve, ...]
    limits: CurveLimits
    conf_level: float
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What the curves are of, in a line."""
        return f"Mean number of {self.event} a subject, {self.limits.value} limits"

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.CURVES: lambda: curves_picture(
                self.curve(),
                value="mean",
                across="Time",
                upwards="Mean number of events",
                start=None,
            ),
        }

    def to_frame(self) -> pd.DataFrame:
        """A row for each arm: n, events, follow_up, rate, and the mean when the last one was watched."""
        rows = [
            (arm, each.n, int(each.events.sum()), each.follow_up, each.last_time, each.rate)
            for arm, each in zip(self.arms, self.curves, strict=True)
        ]
        frame = pd.DataFrame(rows, columns=["arm", "n", "events", "follow_up", "time", "rate"])
        means = [each.at(np.array([each.last_time])) for each in self.curves]
        return frame.assign(
            mean=[float(mean[0]) for mean, _ in means], se=[float(se[0]) for _, se in means]
        )

    def curve(self) -> pd.DataFrame:
        """Every step: arm, time, at_risk, events, mean, se, conf_low, conf_high, conf_level."""
        parts = []
        for arm, each in zip(self.arms, self.curves, strict=True):
            frame = self._limits(arm, each.times, each.mean, each.se)
            frame.insert(2, "at_risk", each.at_risk)
            frame.insert(3, "events", each.events)
            parts.append(frame)
        return pd.concat(parts, ignore_index=True)

    def at(self, times: Sequence[float]) -> pd.DataFrame:
        """The mean number at stated times: arm, time, mean, se, conf_low, conf_high, conf_level.

        Later than anybody of an arm was watched it is NaN.
        """
        when = milestone_times(times)
        return pd.concat(
            [
                self._limits(arm, when, *each.at(when))
                for arm, each in zip(self.arms, self.curves, strict=True)
            ],
            ignore_index=True,
        )

    def differences(self, times: Sequence[float], *, reference: object) -> pd.DataFrame:
        """The mean of each arm minus that of the reference at stated times, with the normal test.

        Columns ``contrast``, ``time``, ``estimate``, ``se``, ``statistic``, ``p_value``,
        ``conf_low``, ``conf_high``, ``conf_level``.
        """
        return self._compared(
            times,
            reference,
            lambda mean, se, against, its_se: tested_by_normal(
                mean - against, np.hypot(se, its_se), conf_level=self.conf_level
            ),
        )

    def ratios(self, times: Sequence[float], *, reference: object) -> pd.DataFrame:
        """The mean of each arm over that of the reference at stated times, with the normal test.

        Columns as in :meth:`differences`; ``se``, the test and limits are of the logarithm, by the
        delta method. NaN but for the estimate where an arm has had no event by the time.
        """
        return self._compared(times, reference, self._ratio)

    def _ratio(
        self, mean: np.ndarray, se: np.ndarray, against: np.ndarray, its_se: np.ndarray
    ) -> pd.DataFrame:
        both = (mean > 0) & (against > 0)
        one, other = np.where(both, mean, np.nan), np.where(both, against, np.nan)
        error = np.hypot(se / one, its_se / other)
        found = tested_by_normal(np.log(one / other), error, conf_level=self.conf_level)
        for name in ("estimate", "conf_low", "conf_high"):
            found[name] = np.exp(found[name])
        with np.errstate(divide="ignore", invalid="ignore"):
            return found.assign(estimate=mean / against)

    def _compared(
        self,
        times: Sequence[float],
        reference: object,
        compare: Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], pd.DataFrame],
    ) -> pd.DataFrame:
        control = reference_code(self.arms, reference)
        when = milestone_times(times)
        against = self.curves[control].at(when)
        parts = []
        for code, arm in enumerate(self.arms):
            if code != control:
                frame = compare(*self.curves[code].at(when), *against)
                frame.insert(0, "contrast", contrast_label(str(arm), str(reference)))
                frame.insert(1, "time", when)
                parts.append(frame)
        return pd.concat(parts, ignore_index=True)

    def _limits(
        self, arm: object, times: np.ndarray, mean: np.ndarray, se: np.ndarray
    ) -> pd.DataFrame:
        z = normal_quantile(self.conf_level)
        if self.limits is CurveLimits.LOG:
            reach = np.exp(np.divide(z * se, mean, out=np.zeros(len(mean)), where=mean > 0))
            low, high = mean / reach, mean * reach
        else:
            low, high = np.maximum(mean - z * se, 0.0), mean + z * se
        return pd.DataFrame(
            {
                "arm": [arm] * len(times),
                "time": times,
                "mean": mean,
                "se": se,
                "conf_low": low,
                "conf_high": high,
                "conf_level": self.conf_level,
            }
        )


def mean_cumulative(
    frame: AnyFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    event: str,
    arm: str | None = None,
    reference: object | None = None,
    limits: CurveLimits | str = CurveLimits.LOG,
    conf_level: float = 0.95,
    event_value: object | None = None,
    order: Order | None = None,
) -> MeanCumulative:
    """The mean cumulative function of events that happen again.

    Estimand
        The mean number of events that a subject has had by each time, if those no longer watched are
        like those who are.

    Reference
        Nelson W. J Qual Technol 1988;20:24-35. Lawless JF, Nadeau C. Technometrics 1995;37:158-168
        (robust variance: the events of a subject may go together in any way).

    Checked against
        ``tests/reference/survival/recurrent_survival_cgd.json`` (R survival::survfit)

    A row of ``frame`` is an interval of a subject, watched after ``start`` and until ``stop``, where
    an ``event`` (True or 1, or ``event_value``) ended it or not. ``limits`` are symmetric on the scale
    of the logarithm (``log``) or of the mean itself (``plain``). Before the first event both limits
    are 0. Raises :class:`AnalysisError` for negative times, intervals that do not end after they
    start or that overlap, a subject of two arms, an arm without a row, and ``log-log`` limits.
    """
    frame = as_pandas(frame)
    kind = choose(CurveLimits, limits, parameter="limits")
    if kind is CurveLimits.LOG_LOG:
        raise AnalysisError("a mean number of events is no probability: limits are log or plain")
    check_level(conf_level)
    known = read_event_history(
        frame,
        subject=subject,
        start=start,
        stop=stop,
        event=event,
        arm=arm,
        reference=reference,
        event_value=event_value,
        order=order,
    )
    return MeanCumulative(
        event=event,
        arms=known.arms,
        curves=tuple(_of_arm(known, code) for code in range(len(known.arms))),
        limits=kind,
        conf_level=conf_level,
        excluded=known.excluded,
    )


def _of_arm(known: EventHistory, code: int) -> MeanCurve:
    here = known.codes == code
    return mean_curve(known.subject[here], known.start[here], known.stop[here], known.event[here])
