"""Columns of decimal numbers in floats: differences, grids and thresholds, number by number."""

import numpy as np

from trialkit.decimals.single import SAME, SIGNIFICANT

_POWERS = np.array([float(f"1e{power}") for power in range(23)])
"""Those that are floats; numbers so small that their grid is finer keep all their digits."""


def difference(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """``values`` − ``others`` in decimal: 5.1 − 5.3 and 9.7 − 9.9 are one number."""
    return settled(np.subtract(values, others, dtype=float), size=_larger(values, others))


def settled(values: np.ndarray, *, size: np.ndarray, digits: int = SIGNIFICANT) -> np.ndarray:
    """``values`` on the decimal grid that has ``digits`` significant digits at ``size``."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        power = np.nan_to_num(digits - 1 - np.floor(np.log10(size)))
        scale = _POWERS[np.clip(power, 0, len(_POWERS) - 1).astype(int)]
        nearest = np.rint(values * scale) / scale
    kept = np.isfinite(nearest) & (power < len(_POWERS))
    result: np.ndarray = np.where(kept, nearest + 0.0, values)
    return result


def reaches(values: np.ndarray, least: np.ndarray | float, *, size: np.ndarray) -> np.ndarray:
    """Whether each value is ``least`` or more, as decimal arithmetic with numbers of ``size`` has it."""
    result: np.ndarray = np.greater_equal(values, least - SAME * size)
    return result


def _larger(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    larger: np.ndarray = np.fmax(np.abs(values), np.abs(others))
    return larger
