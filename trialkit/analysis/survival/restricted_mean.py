"""Restricted mean survival time: the area under each curve up to a horizon, compared.

The method is in ``docs/methods/time_to_event.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.survival.curve_limits import normal_quantile, tested_by_normal
from trialkit.analysis.survival.follow_up import read_follow_up, reference_code
from trialkit.analysis.survival.survival_curve import SurvivalCurve, product_limits
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RestrictedMeans(Tabular):
    """The mean time without the event up to ``horizon`` of each arm, and their comparison."""

    time: str
    event: str
    arms: tuple[object, ...]
    reference: object
    horizon: float
    conf_level: float
    means: np.ndarray
    errors: np.ndarray
    counts: tuple[int, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """What is compared, in a line."""
        return f"Restricted mean {self.time} to {self.event}, up to {self.horizon:g}"

    def to_frame(self) -> pd.DataFrame:
        """Differences and ratios of each arm and the reference.

        Columns ``contrast``, ``scale`` (difference or ratio), ``estimate``, ``se`` (of the ratio's
        logarithm), ``statistic``, ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``. Where
        nobody of either arm had the event there is no standard error, and what follows is NaN.
        """
        control = reference_code(self.arms, self.reference)
        other = [code for code in range(len(self.arms)) if code != control]
        mean, se = self.means[other], self.errors[other]
        against, its_se = self.means[control], self.errors[control]
        differences = tested_by_normal(
            mean - against, np.hypot(se, its_se), conf_level=self.conf_level
        )
        ratios = tested_by_normal(
            np.log(mean / against),
            np.hypot(se / mean, its_se / against),
            conf_level=self.conf_level,
        )
        for name in ("estimate", "conf_low", "conf_high"):
            ratios[name] = np.exp(ratios[name])
        labels = [contrast_label(str(self.arms[code]), str(self.reference)) for code in other]
        for frame, scale in ((differences, "difference"), (ratios, "ratio")):
            frame.insert(0, "contrast", labels)
            frame.insert(1, "scale", scale)
        both = pd.concat([differences, ratios], ignore_index=True)
        return both.iloc[np.arange(len(both)).reshape(2, -1).T.ravel()].reset_index(drop=True)

    def of_arms(self) -> pd.DataFrame:
        """The restricted mean of each arm: arm, n, estimate, se, conf_low, conf_high, conf_level.

        Limits are cut at 0 and the horizon.
        """
        reach = normal_quantile(self.conf_level) * np.where(self.errors > 0, self.errors, np.nan)
        return pd.DataFrame(
            {
                "arm": list(self.arms),
                "n": list(self.counts),
                "estimate": self.means,
                "se": self.errors,
                "conf_low": np.maximum(self.means - reach, 0.0),
                "conf_high": np.minimum(self.means + reach, self.horizon),
                "conf_level": self.conf_level,
            }
        )


def restricted_mean(
    frame: AnyFrame,
    *,
    time: str,
    event: str,
    arm: str,
    reference: object,
    horizon: float,
    conf_level: float = 0.95,
    event_value: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> RestrictedMeans:
    """Restricted mean survival times, their differences and ratios.

    Estimand
        The mean time without the event within ``horizon`` of each arm; experimental minus reference,
        and the ratio. It supposes nothing of the hazards. The horizon belongs in the plan.

    Reference
        Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152. Uno H et al. J Clin Oncol
        2014;32:2380-2385. The variance is Greenwood's, without the factor m / (m - 1).

    Checked against
        ``tests/reference/survival/survival_veteran.json`` (R survival, area by its formula)

    One row of ``frame`` is one subject; ``event`` is as in :func:`kaplan_meier`. Limits and test of
    the ratio are of its logarithm. Raises :class:`AnalysisError` as :func:`kaplan_meier` does, for a
    horizon that is not above 0, and for one later than an arm was watched while it had survivors.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    if not 0 < horizon < np.inf:
        raise AnalysisError(f"horizon must be a time above 0, got {horizon!r}")
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
    reference_code(known.arms, reference)
    curves = product_limits(known.time, known.event, known.codes, len(known.arms))
    _refuse_beyond(horizon, curves, known.names, arm=arm)
    found = [restricted_area(curve, horizon) for curve in curves]
    return RestrictedMeans(
        time=time,
        event=event,
        arms=known.arms,
        reference=reference,
        horizon=float(horizon),
        conf_level=conf_level,
        means=np.array([mean for mean, _ in found]),
        errors=np.array([error for _, error in found]),
        counts=tuple(curve.n for curve in curves),
        excluded=known.excluded,
    )


def latest_horizon(curves: Sequence[SurvivalCurve]) -> float:
    """The last time up to which every curve is known; infinite where all of them fall to 0."""
    return min((each.last_time for each in curves if each.survival[-1] > 0), default=float("inf"))


def _refuse_beyond(
    horizon: float, curves: Sequence[SurvivalCurve], names: Sequence[str], *, arm: str
) -> None:
    for name, curve in zip(names, curves, strict=True):
        if horizon > curve.last_time * (1 + 1e-9) and curve.survival[-1] > 0:
            raise AnalysisError(
                f"horizon={horizon:g} is later than {arm} {name} was watched "
                f"(until {curve.last_time:g}), and its curve is not at 0 there",
                advice=f"choose one of at most {latest_horizon(curves):g}, until which every arm was",
            )


def restricted_area(curve: SurvivalCurve, horizon: float) -> tuple[float, float]:
    """The area under a curve up to ``horizon``, and its standard error after Greenwood."""
    early = curve.times < horizon
    steps = np.concatenate([[0.0], curve.times[early], [horizon]])
    areas = np.concatenate([[1.0], curve.survival[early]]) * np.diff(steps)
    after = areas[::-1].cumsum()[::-1][1:]
    left = curve.at_risk[early] - curve.events[early]
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.square(after) * curve.events[early] / (curve.at_risk[early] * left)
    # after the last event of a curve that reaches 0 there is no area, so that it adds nothing
    return float(areas.sum()), float(np.sqrt(np.where(left > 0, parts, 0.0).sum()))
