"""Cumulative incidence where one event keeps another from happening.

The method is in ``docs/methods/competing_events.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.survival.competing_events import cause_number, read_competing
from trialkit.analysis.survival.curve_limits import probability_limits
from trialkit.analysis.survival.follow_up import reference_code
from trialkit.analysis.survival.incidence_curve import IncidenceCurve, aalen_johansen
from trialkit.analysis.survival.kaplan_meier import milestone_times
from trialkit.analysis.survival.share_differences import compared_shares
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.protocol.tables.choices import choose
from trialkit.results.pictures import PictureKind, Pictures, curves_picture
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CumulativeIncidence(Tabular):
    """The incidence of each cause in each arm; ``excluded`` lists the rows that could not be used."""

    time: str
    event: str
    arms: tuple[object, ...]
    causes: tuple[object, ...]
    curves: tuple[IncidenceCurve, ...]
    limits: CurveLimits
    conf_level: float
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What the curves are of, in a line."""
        return f"Cumulative incidence of {self.event} by {self.time}, {self.limits.value} limits"

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.CURVES: lambda: curves_picture(
                self.curve(),
                value="incidence",
                across=self.time,
                upwards="Cumulative incidence, %",
                start=0.0,
            ),
        }

    def to_frame(self) -> pd.DataFrame:
        """A row for each arm and cause: n, events, and the incidence when the last one was watched."""
        rows = [
            (
                arm,
                cause,
                curve.any_event.n,
                int(curve.events[:, place].sum()),
                curve.any_event.last_time,
                float(curve.incidence[-1, place]),
                float(curve.se[-1, place]),
            )
            for arm, curve in zip(self.arms, self.curves, strict=True)
            for place, cause in enumerate(self.causes)
        ]
        columns = ["arm", "cause", "n", "events", "time", "incidence", "se"]
        return pd.DataFrame(rows, columns=columns)

    def curve(self) -> pd.DataFrame:
        """Every step: arm, cause, time, at_risk, events, incidence, se, conf_low, conf_high."""
        return self._table(None)

    def at(self, times: Sequence[float]) -> pd.DataFrame:
        """The incidence at stated times: arm, cause, time, at_risk, incidence, se and limits.

        Later than an arm was watched it is NaN, unless everybody had an event.
        """
        return self._table(milestone_times(times))

    def differences(
        self,
        times: Sequence[float],
        *,
        reference: object,
        cause: object,
        limits: CurveLimits | str = CurveLimits.PLAIN,
    ) -> pd.DataFrame:
        """The incidence of a cause in each arm minus that in the reference, tested at each time.

        Columns ``contrast``, ``cause``, ``time``, ``estimate``, ``se``, ``statistic``, ``p_value``,
        ``conf_low``, ``conf_high``, ``conf_level``; ``limits`` as of the differences of survival.
        """
        kind = choose(CurveLimits, limits, parameter="limits")
        control = reference_code(self.arms, reference)
        place = cause_number(self.causes, cause) - 1
        when = milestone_times(times)
        found = [
            (
                each.any_event.at(when, each.incidence[:, place], start=0.0),
                each.any_event.at(when, each.se[:, place], start=0.0),
            )
            for each in self.curves
        ]
        parts = []
        for code, arm in enumerate(self.arms):
            if code == control:
                continue
            frame = compared_shares(
                *found[code], *found[control], limits=kind, conf_level=self.conf_level
            )
            frame.insert(0, "contrast", contrast_label(str(arm), str(reference)))
            frame.insert(1, "cause", [cause] * len(when))
            frame.insert(2, "time", when)
            parts.append(frame)
        return pd.concat(parts, ignore_index=True)

    def _table(self, when: np.ndarray | None) -> pd.DataFrame:
        parts = []
        for arm, each in zip(self.arms, self.curves, strict=True):
            free = each.any_event
            times = free.times if when is None else when
            for place, cause in enumerate(self.causes):
                incidence = free.at(times, each.incidence[:, place], start=0.0)
                se = free.at(times, each.se[:, place], start=0.0)
                low, high = probability_limits(
                    incidence, se, start=0.0, limits=self.limits, conf_level=self.conf_level
                )
                parts.append(
                    pd.DataFrame(
                        {
                            "arm": [arm] * len(times),
                            "cause": [cause] * len(times),
                            "time": times,
                            "at_risk": free.number_at_risk(times),
                            "incidence": incidence,
                            "se": se,
                            "conf_low": low,
                            "conf_high": high,
                            "conf_level": self.conf_level,
                        }
                    )
                )
                if when is None:
                    parts[-1].insert(4, "events", each.events[:, place].astype(int))
        return pd.concat(parts, ignore_index=True)


def cumulative_incidence(
    frame: AnyFrame,
    *,
    time: str,
    event: str,
    censored: object | None,
    arm: str | None = None,
    reference: object | None = None,
    limits: CurveLimits | str = CurveLimits.LOG_LOG,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> CumulativeIncidence:
    """The cumulative incidence of each of several competing events.

    Estimand
        The probability of having had an event of a cause by each time, in a world in which the
        other causes happen too. (1 minus a Kaplan-Meier curve that censors the others is larger, and
        is of a world without them.)

    Reference
        Aalen OO, Johansen S. Scand J Stat 1978;5:141-150. Gray RJ. Ann Stat 1988;16:1141-1154.

    Checked against
        ``tests/reference/survival/competing_mgus2.json`` (R cmprsk::cuminc)

    One row of ``frame`` is one subject; ``event`` holds what ended the time, and ``censored`` is the
    value that stands for none of the events (None where nobody was censored). The variance is Aalen's
    as cmprsk gives it; ``limits`` are symmetric on the scale of log(-log F) (``log-log``, as in SAS),
    log F (``log``) or F (``plain``). Before the first event of a cause both limits are 0. Raises
    :class:`AnalysisError` for a negative time, a ``censored`` that no row has, where all are
    censored, for an arm without a row and two rows of a ``subject``.
    """
    frame = as_pandas(frame)
    kind = choose(CurveLimits, limits, parameter="limits")
    check_level(conf_level)
    known = read_competing(
        frame,
        time=time,
        event=event,
        censored=censored,
        arm=arm,
        reference=reference,
        subject=subject,
        order=order,
    )
    rows = known.follow_up
    return CumulativeIncidence(
        time=time,
        event=event,
        arms=rows.arms,
        causes=known.causes,
        curves=tuple(
            aalen_johansen(*rows.of_arm(code), len(known.causes)) for code in range(len(rows.arms))
        ),
        limits=kind,
        conf_level=conf_level,
        excluded=rows.excluded,
    )
