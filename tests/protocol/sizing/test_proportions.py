"""What a comparison of two risks assumes; the exact tests are two-sided."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.design import ProportionPower
from trialkit.protocol.sizing.proportions import TwoProportions

RIGHT = {"risk_reference": 0.2, "risk_experimental": 0.4}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"risk_reference": 0}, "risk_reference must lie between 0 and 1, got 0"),
        ({"risk_experimental": 1}, "risk_experimental must lie between 0 and 1, got 1"),
        (
            {"risk_experimental": 0.2},
            "risk_reference and risk_experimental are equal: nothing to detect",
        ),
        ({"alpha": 0.5}, "alpha must lie between 0 and 0.5, got 0.5"),
        ({"sides": 3}, "sides must be 1 or 2, got 3"),
        ({"allocation": (0, 1)}, "allocation must be 2 whole numbers"),
        *(
            (
                {"test": test, "sides": 1},
                f"test '{test}' is two-sided in trialkit; use sides = 2, or test 'normal'",
            )
            for test in ("chi_square", "fisher_exact")
        ),
    ],
)
def test_what_cannot_be_assumed_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError) as error:
        TwoProportions(**RIGHT | wrong)
    assert said in str(error.value)


def test_what_can_be_assumed_is_kept_with_its_defaults() -> None:
    trial = TwoProportions(**RIGHT)
    assert (trial.test, trial.alpha, trial.sides) == (ProportionPower.CHI_SQUARE, 0.05, 2)
    for test in ("normal", "arcsine"):
        one_sided = TwoProportions(**RIGHT, test=test, sides=1)
        assert (one_sided.test.value, one_sided.sides) == (test, 1)
