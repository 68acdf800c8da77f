"""Subgroups are told with their levels: those of the form, or those that a number is cut into."""

import pytest

from tests.report.words.specifications import PROTOCOL, told
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.report.numbers.styles import STYLES, Style, printed_in
from trialkit.report.words.en.methods.subgroups import WORDS

AGES = Subgroups(by="demographics.age", cut_points=(40, 64.5))
UNTESTED = (
    "Effects of single subgroups are not tested; the test of the interaction says whether they "
    "differ."
)
BORDER = "A cut point belongs to the level above it."


def test_levels_of_a_number_are_told_with_their_ends() -> None:
    assert WORDS.describe(AGES, told()) == (
        "effect on the final value (week 8), adjusted for the outcome's baseline value, within each "
        "level of age, years (< 40, 40 to < 64.5, ≥ 64.5; a cut point belongs to the level above "
        "it), and a test of the interaction"
    )
    assert WORDS.describe(AGES, told("better")).endswith(
        " (week 8), unadjusted, within each level of age, years (< 40, 40 to < 64.5, ≥ 64.5; a cut "
        "point belongs to the level above it), and a test of the interaction"
    )
    assert WORDS.row(AGES, PROTOCOL) == "subgroups by age, years"


def test_a_number_that_is_a_covariate_too_is_told_as_both() -> None:
    both = Subgroups(by=AGES.by, cut_points=(50,), covariates=(AGES.by,), response=Response.CHANGE)
    assert WORDS.describe(both, told()) == (
        "effect on the change from baseline (week 8), adjusted for age, years, within each level of "
        "age, years (< 50, ≥ 50; a cut point belongs to the level above it), and a test of the "
        "interaction. The model has age, years as levels and, among the covariates, as a number"
    )
    # the levels of a choice are in the model already; risks are unadjusted
    choice = Subgroups(by="demographics.sex", covariates=("demographics.sex",))
    assert "adjusted" not in WORDS.describe(choice, told())
    assert "The model has" not in WORDS.describe(both, told("better"))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_level_is_printed_in_the_style_of_the_page(style: Style) -> None:
    point = style.decimal_point
    cold = Subgroups(by="a.b", cut_points=(-0.5, 40))
    with printed_in(style):
        levels = [f"{each} °C" for each in ("< -0.5", "-0.5 to < 40", "≥ 40")]
        assert [WORDS.level(cold, each) for each in levels] == [
            f"< −0{point}5 °C", f"−0{point}5 to < 40 °C", "≥ 40 °C",
        ]  # fmt: skip
        assert WORDS.level(cold, "< -0.5") == f"< −0{point}5"
        # what is no level of these cut points stays as it is, and so does what a form calls a level
        assert WORDS.level(cold, "< -0.55 °C") == "< -0.55 °C"
        assert WORDS.level(Subgroups(by="a.b"), "< -0.5 °C") == "< -0.5 °C"


def test_a_table_says_once_which_level_a_cut_point_is_in() -> None:
    assert WORDS.notes(AGES) == (UNTESTED, BORDER)
    assert WORDS.notes(Subgroups(by="demographics.sex")) == (UNTESTED,)
    assert WORDS.at_cut_points(AGES) == BORDER
    assert WORDS.at_cut_points(Subgroups(by="demographics.sex")) == ""
