"""Numbers in the sentences of a sample size: as they were given, and power never overstated."""

import pytest

from trialkit.design.sample_size.words import listed, percent_shown, power_shown, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10, "10"),
        (-10, "−10"),
        (-0.5, "−0.5"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333333333"),
        (24.0, "24"),
        (1e-7, "1e−07"),
        ((1.0, 0.9, -2), "1, 0.9, −2"),
        ("ar1-x", "ar1-x"),
    ],
)
def test_an_assumption_is_written_as_it_was_given(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_power_is_cut_off_and_a_share_is_written_out() -> None:
    powers = [power_shown(each) for each in (0.79999, 0.8, 0.80005, 0.99999)]
    assert powers == ["0.7999", "0.8000", "0.8000", "0.9999"]
    assert [percent_shown(each) for each in (0.1, 0.125, 0.07, 1.0)] == [
        "10%",
        "12.5%",
        "7%",
        "100%",
    ]


def test_sizes_are_listed_with_their_arms_unless_there_is_one() -> None:
    assert listed([34], ["all"]) == ""
    assert listed([64, 65], ["reference", "experimental"]) == "64 reference and 65 experimental"
    assert listed([1, 2, 3], ["a", "b", "c"]) == "1 a, 2 b and 3 c"
