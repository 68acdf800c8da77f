"""The root is the very number that scipy's brentq ends on, by the same calls of the function."""

from collections.abc import Callable
from math import atan, cos, exp, inf, log, nan, tanh

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from tests.conftest import examples
from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.errors import AnalysisError

CURVES: dict[str, Callable[[float], float]] = {
    "line": lambda x: x,
    "cubic": lambda x: x * x * x + x / 10,
    "flat": lambda x: x**9,
    "steep": lambda x: tanh(200 * x),
    "bent": lambda x: exp(x / 3) - 1,
    "logarithm": lambda x: log(1 + abs(x)) * (1 if x > 0 else -1),
    "waves": lambda x: x + cos(3 * x) - 1,
    "arc": atan,
    "steps": lambda x: float(round(x * 4)) + 0.1,
    "endless": lambda x: inf if x > 0 else -1.0,
}


class Watched:
    """A curve that keeps where it was asked for."""

    def __init__(self, curve: Callable[[float], float], shift: float) -> None:
        self._curve, self._shift = curve, shift
        self.asked: list[float] = []

    def __call__(self, at: float) -> float:
        self.asked.append(at)
        return self._curve(at - self._shift)


@settings(max_examples=examples(400))
@given(
    name=st.sampled_from(sorted(CURVES)),
    shift=st.floats(-50, 50),
    below=st.floats(1e-9, 60),
    above=st.floats(1e-9, 60),
    tolerance=st.sampled_from([(2e-12, 4 * 2.0**-52), (1e-15, 1e-14), (1e-3, 1e-10)]),
    turned=st.booleans(),
)
def test_it_takes_the_steps_of_scipy(
    *,
    name: str,
    shift: float,
    below: float,
    above: float,
    tolerance: tuple[float, float],
    turned: bool,
) -> None:
    xtol, rtol = tolerance
    ends = (shift + above, shift - below) if turned else (shift - below, shift + above)
    ours, theirs = Watched(CURVES[name], shift), Watched(CURVES[name], shift)
    try:
        wanted = brentq(theirs, *ends, xtol=xtol, rtol=rtol)
    except ValueError:
        with pytest.raises(ValueError, match="one sign"):
            bracketed_root(ours, *ends, xtol=xtol, rtol=rtol)
    except RuntimeError:
        with pytest.raises(AnalysisError, match="no root is found"):
            bracketed_root(ours, *ends, xtol=xtol, rtol=rtol)
    else:
        assert bracketed_root(ours, *ends, xtol=xtol, rtol=rtol) == wanted
        assert ours.asked == theirs.asked


def test_it_is_as_exact_as_scipy_where_nothing_is_said() -> None:
    assert bracketed_root(lambda x: x * x - 2, 0, 2) == brentq(lambda x: x * x - 2, 0, 2)


@pytest.mark.parametrize(("low", "high", "root"), [(0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)])
def test_an_end_may_be_the_root(low: float, high: float, root: float) -> None:
    assert bracketed_root(lambda x: x, low, high) == root


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number at 0"):
        bracketed_root(lambda x: -1.0 if x < 0 else 1.0 if x > 0 else nan, -1, 1)


def test_a_hundred_steps_are_the_end() -> None:
    with pytest.raises(AnalysisError, match="in 100 steps"):
        bracketed_root(lambda x: 1.0 if x > 1e-280 else -1.0, -1e300, 1.5e300, xtol=1e-300)
