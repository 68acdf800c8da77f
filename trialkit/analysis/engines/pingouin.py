"""What trialkit asks of pingouin: statistics for diagnostics, one question a function.

Only statistics are taken; pingouin's rounded intervals, verdicts and effect sizes are not. What it
asks of scipy itself and puts into a table, trialkit asks of scipy.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

import numpy as np
import pandas as pd

from trialkit.errors import AnalysisError


def _pingouin() -> ModuleType:
    """The library, when first asked: it loads drawing libraries, and most trials have two visits."""
    return import_module("pingouin")


@contextmanager
def _warnings_are_errors() -> Iterator[None]:
    """A warning from pingouin is a doubt about its answer; its own use of pandas is not.

    Raises :class:`AnalysisError` with the doubt.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", category=FutureWarning)
        warnings.simplefilter("ignore", category=DeprecationWarning)
        warnings.simplefilter("ignore", category=pd.errors.Pandas4Warning)
        try:
            yield
        except Warning as doubt:
            raise AnalysisError(f"pingouin doubts its answer: {doubt}") from doubt


def mauchly_w(residuals: np.ndarray) -> float:
    """Mauchly's W of ``residuals`` (n, k ≥ 3), centred in their groups.

    pingouin's p value counts n − 1 degrees of freedom whatever was centred; it is not taken.
    """
    with _warnings_are_errors():
        return float(_pingouin().sphericity(pd.DataFrame(residuals)).W)
