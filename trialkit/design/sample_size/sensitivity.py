"""What a size is worth when an assumption does not hold, and the power of other sizes."""

from collections.abc import Sequence

import pandas as pd

from trialkit.design.sample_size.situation import RequiredSize, Situation
from trialkit.errors import DesignError, ProtocolError
from trialkit.results.power_curve import PowerCurve, PowerLine

FACTORS = (0.8, 0.9, 1.1, 1.25)
EFFECTS = (0.8, 1.0, 1.25)
_CURVE_POINTS = 33


def sensitivity_table(size: RequiredSize, *, factors: Sequence[float] = FACTORS) -> pd.DataFrame:
    """One assumption changed at a time, by each factor.

    The effect is moved by the factor from where there is none (a hazard ratio from 1, a margin from
    the true difference). Values that cannot be are left out. Columns: ``assumption``, ``factor``,
    ``value``, ``power`` (of the size found), and ``n``, ``n_randomised`` for the target power.
    """
    situation = size.situation
    rows = [_row(size, situation, name="", factor=1.0)]
    for name in situation.varied:
        value = getattr(situation, name)
        if value is None or value == 0:
            continue
        for factor in factors:
            changed = _changed(situation, name, factor)
            if changed is not None:
                rows.append(_row(size, changed, name=name, factor=factor))
    return pd.DataFrame(rows)


def power_curve(size: RequiredSize, *, effects: Sequence[float] = EFFECTS) -> pd.DataFrame:
    """Power over a range of sizes, for the assumed effect and for multiples of it.

    Columns: ``factor``, ``effect``, ``n`` (in the situation's unit, whole blocks of the
    allocation), ``power``.
    """
    situation = size.situation
    unit = sum(situation.shares)
    centre = max(1, round(size.n / unit))
    low, high = max(1, round(0.3 * centre)), round(1.7 * centre) + 3
    width = (high - low) / (_CURVE_POINTS - 1)
    steps = sorted({centre, *(round(low + width * place) for place in range(_CURVE_POINTS))})
    rows = []
    for factor in effects:
        changed = _changed(situation, situation.effect_name, factor)
        if changed is None:
            continue
        for blocks in steps:
            sizes = tuple(float(blocks * share) for share in situation.shares)
            if changed.possible(sizes):
                rows.append(
                    {
                        "factor": factor,
                        "effect": changed.assumed_effect,
                        "n": blocks * unit,
                        "power": changed.power_of(sizes),
                    }
                )
    return pd.DataFrame(rows, columns=["factor", "effect", "n", "power"])


def _changed(situation: Situation, name: str, factor: float) -> Situation | None:
    """The situation with one assumption moved; None when nothing can be so."""
    null = situation.effect_range().null if name == situation.effect_name else 0.0
    value = null + (float(getattr(situation, name)) - null) * factor
    try:
        return situation.with_assumption(name, value)
    except ProtocolError:
        return None


def _row(
    size: RequiredSize, situation: Situation, *, name: str, factor: float
) -> dict[str, object]:
    again = _again(size, situation)
    return {
        "assumption": name or "as planned",
        "factor": factor,
        "value": getattr(situation, name) if name else None,
        "power": situation.power_of(size.n_by_arm),
        "n": None if again is None else again.n,
        "n_randomised": None if again is None else again.n_randomised,
    }


def _again(size: RequiredSize, situation: Situation) -> RequiredSize | None:
    """The size for the changed assumption; None when only the power was asked for."""
    if size.target_power is None:
        return None
    try:
        return situation.solve_n(size.target_power, dropout=size.dropout)
    except DesignError:
        return None


def drawn_curve(size: RequiredSize, curve: pd.DataFrame | None = None) -> PowerCurve:
    """What a figure draws; ``curve`` is :func:`power_curve`'s frame, where it was made already."""
    points = power_curve(size) if curve is None else curve
    return PowerCurve(
        title=size.title,
        sentence=size.sentence,
        unit=size.situation.unit,
        effect_name=size.situation.effect_name,
        n=size.n,
        power=size.power,
        target_power=size.target_power,
        lines=tuple(
            PowerLine(
                effect=float(line["effect"].iloc[0]),
                assumed=float(line["factor"].iloc[0]) == 1,
                sizes=tuple(line["n"].tolist()),
                powers=tuple(line["power"].tolist()),
            )
            for _, line in points.groupby("factor", sort=False)
        ),
    )
