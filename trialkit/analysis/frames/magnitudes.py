"""The sizes of values with which floating-point arithmetic can do statistics."""

import numpy as np

from trialkit.errors import AnalysisError

LARGEST = 1e70
"""Values up to this size, and down to its inverse, have fourth powers that can be computed."""


def refuse_unworkable_size(values: np.ndarray, name: str) -> None:
    """Refuse values whose squares overflow or vanish: nothing measured is of such a size.

    Missing values do not count, and neither do zeros.
    """
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    if largest > LARGEST or 0 < largest < 1 / LARGEST:
        raise AnalysisError(
            f"{name!r} has values of size {largest!r}, whose sums of squares cannot be computed; "
            f"give it in a unit in which its values lie between {1 / LARGEST!r} and {LARGEST!r}"
        )


def of_unit_size(values: np.ndarray) -> np.ndarray:
    """The values by a power of two, the largest between a half and one: no digit changes.

    Zeros stay zeros.
    """
    _, exponent = np.frexp(np.abs(values).max(initial=0.0))
    return np.asarray(np.ldexp(values, -int(exponent)))
