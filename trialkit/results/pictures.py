"""What can be drawn of a result, as plain numbers: no drawing library is known here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.results.effect import Scale
from trialkit.results.vocabulary import Stat


class PictureKind(StrEnum):
    """What of a result is drawn."""

    EFFECTS = "effects"
    MEANS = "means"
    CURVES = "curves"
    LEVELS = "levels"
    RESIDUALS = "residuals"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEffect:
    """An effect with its limits, infinite where there is none to a side."""

    label: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsPicture:
    """Effects of one scale below each other; ``left_out`` are the labels of those without a number."""

    across: str
    null: float
    logarithmic: bool
    effects: tuple[DrawnEffect, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnCourse:
    """The means of an arm at each place (k,) with their limits."""

    label: str
    means: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursesPicture:
    """Means of arms over visits, or side by side where there is one time alone."""

    upwards: str
    places: tuple[str, ...]
    courses: tuple[DrawnCourse, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnCurve:
    """Steps (k,) of an arm with their limits, who is at risk before each, and where some are censored."""

    label: str
    times: np.ndarray
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    censored: np.ndarray

    def at_risk_at(self, times: np.ndarray) -> list[int]:
        """Who is at risk at each of these times."""
        place = np.searchsorted(self.times, times, side="left")
        return [int(self.at_risk[at]) if at < len(self.times) else 0 for at in place]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvesPicture:
    """Curves over time; of a share they are drawn in percent, up to 100."""

    across: str
    upwards: str
    is_share: bool
    curves: tuple[DrawnCurve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelsPicture:
    """How many of each arm have each level."""

    levels: tuple[str, ...]
    counts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualsPicture:
    """Residuals (n,) over fitted values, and whose they are."""

    fitted: np.ndarray
    residuals: np.ndarray
    arms: tuple[str, ...]
    codes: np.ndarray


Picture: TypeAlias = (
    EffectsPicture | CoursesPicture | CurvesPicture | LevelsPicture | ResidualsPicture
)
Pictures: TypeAlias = Mapping[PictureKind, Callable[[], Picture]]
"""What a result can be drawn as, the usual one first."""

NAMED_BY = ("subgroup", "level", "effect", "factor", "held", "arm", "contrast", "visit")
"""The columns that say which row of a table an effect is."""
SCALED_BY = ("measure", "scale", "stat_name")
LIMITS = (Stat.CONF_LOW.value, Stat.CONF_HIGH.value)


def effects_picture(table: pd.DataFrame, *, scale: Scale | None = None) -> EffectsPicture:
    """The rows of a table of estimates with limits, of the scale of its first row.

    Raises ``AnalysisError`` for a table without estimates and limits, or without any that is a number.
    """
    wanting = [each for each in (Stat.ESTIMATE.value, *LIMITS) if each not in table.columns]
    if wanting or not len(table):
        raise AnalysisError("nothing of this result has an estimate with limits to be drawn")
    rows = table
    by = next((each for each in SCALED_BY if each in table.columns), None)
    if scale is None and by is not None:
        rows = table[table[by] == table[by].iloc[0]]
        scale = _scale(str(table[by].iloc[0]))
    names = [each for each in NAMED_BY if each in rows.columns]
    said = rows[names].astype(object).where(rows[names].notna(), "").astype(str).to_numpy()
    labels = [_label(parts) for parts in said.tolist()]
    numbers = rows[[Stat.ESTIMATE.value, *LIMITS]].astype(float).to_numpy()
    drawn = [
        DrawnEffect(label=label, estimate=estimate, low=low, high=high)
        for label, (estimate, low, high) in zip(labels, numbers.tolist(), strict=True)
        if np.isfinite(estimate) and not np.isnan([low, high]).any()
    ]
    if not drawn:
        raise AnalysisError("no effect of this result is estimable, so none can be drawn")
    shown = {each.label for each in drawn}
    return EffectsPicture(
        across=_across("" if by is None else str(rows[by].iloc[0]), scale, table),
        null=0.0 if scale is None else scale.null_value,
        logarithmic=scale is not None and scale.is_ratio,
        effects=tuple(drawn),
        left_out=tuple(each for each in labels if each not in shown),
    )


def means_picture(table: pd.DataFrame, *, upwards: str) -> CoursesPicture:
    """The rows of a table of marginal means: by ``arm``, and by ``visit`` where it has any."""
    arms = list(dict.fromkeys(table["arm"])) if "arm" in table.columns else ["all"]
    places = list(dict.fromkeys(table["visit"])) if "visit" in table.columns else [""]
    columns = (Stat.ESTIMATE.value, *LIMITS)
    cells = table[list(columns)].astype(float).to_numpy().reshape(len(arms), len(places), 3)
    return CoursesPicture(
        upwards=f"{upwards}, mean with {_level(table)} limits",
        places=tuple(str(each) for each in places),
        courses=tuple(
            DrawnCourse(label=str(arm), means=own[:, 0], low=own[:, 1], high=own[:, 2])
            for arm, own in zip(arms, cells, strict=True)
        ),
    )


def curves_picture(
    table: pd.DataFrame, *, value: str, across: str, upwards: str, start: float | None
) -> CurvesPicture:
    """The steps of each arm (and cause) from ``start``; a share where that is 0 or 1, else a number."""
    by = [each for each in ("arm", "cause") if each in table.columns]
    curves = []
    for labels, own in table.groupby(by, sort=False, dropna=False):
        named = labels if isinstance(labels, tuple) else (labels,)
        first = start or 0.0
        censored = own["censored"].to_numpy() > 0 if "censored" in own.columns else False
        curves.append(
            DrawnCurve(
                label=", ".join(str(each) for each in named),
                times=np.append(0.0, own["time"].to_numpy(dtype=float)),
                values=np.append(first, own[value].to_numpy(dtype=float)),
                low=np.append(first, own[LIMITS[0]].to_numpy(dtype=float)),
                high=np.append(first, own[LIMITS[1]].to_numpy(dtype=float)),
                at_risk=np.append(own["at_risk"].iloc[0], own["at_risk"].to_numpy()),
                censored=np.append(False, np.broadcast_to(censored, len(own))),
            )
        )
    return CurvesPicture(
        across=across,
        upwards=f"{upwards} with {_level(table)} limits",
        is_share=start is not None,
        curves=tuple(curves),
    )


def levels_picture(counts: pd.DataFrame) -> LevelsPicture:
    """A table of counts, a row an arm and a column a level."""
    return LevelsPicture(
        levels=tuple(str(each) for each in counts.columns),
        counts={
            str(arm): tuple(int(n) for n in row)
            for arm, row in zip(counts.index, counts.to_numpy(), strict=True)
        },
    )


def residuals_picture(table: pd.DataFrame) -> ResidualsPicture:
    """A table with ``fitted``, ``residual`` and ``arm``."""
    codes, arms = pd.factorize(table["arm"])
    return ResidualsPicture(
        fitted=table["fitted"].to_numpy(dtype=float),
        residuals=table["residual"].to_numpy(dtype=float),
        arms=tuple(str(each) for each in arms),
        codes=np.asarray(codes),
    )


def _scale(name: str) -> Scale | None:
    """The scale that a table names in its words."""
    if name.startswith(Scale.PROBABILITY.value):
        return Scale.WIN_PROBABILITY
    known = name.replace(" ", "_")
    return Scale(known) if known in {each.value for each in Scale} else None


def _label(parts: Sequence[str]) -> str:
    """The parts that say something."""
    return ", ".join(each for each in parts if each) or "effect"


def _level(table: pd.DataFrame) -> str:
    level = float(table[Stat.CONF_LEVEL.value].iloc[0])
    return f"{100 * level:.6g}%"


def _across(named: str, scale: Scale | None, table: pd.DataFrame) -> str:
    what = named or (Scale.DIFFERENCE if scale is None else scale).value
    known = Stat.CONF_LEVEL.value in table.columns
    said = what.replace("_", " ").capitalize()
    return f"{said} with {_level(table)} limits" if known else f"{said} with limits"
