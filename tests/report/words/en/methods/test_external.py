"""What another program carried out is told with the program, the script and the file."""

from dataclasses import replace

import pytest

from tests.planned.external import ASKED
from tests.report.words.specifications import told
from trialkit.report.words.en.methods.external import WORDS
from trialkit.results.effect import Scale


def test_the_description_says_that_trialkit_did_not_do_it() -> None:
    assert WORDS.describe(ASKED, told()) == (
        "Cox regression with Efron's handling of ties (week 8), which gives a hazard ratio; carried "
        "out outside trialkit in R 4.5.1, survival 3.8-3, with results read from external/cox.csv"
    )


def test_a_script_is_fixed_by_the_plan_or_said_not_to_be() -> None:
    loose = replace(ASKED, script="external/cox.R")
    assert " by the script external/cox.R (not fixed in the plan), " in WORDS.describe(
        loose, told()
    )
    fixed = replace(loose, script_sha256="ab" * 32)
    assert "(SHA-256 abababababab, fixed in the plan)" in WORDS.describe(fixed, told())


def test_short_name_effect_and_sides() -> None:
    assert WORDS.short_name(ASKED) == "analysis in R 4.5.1, survival 3.8-3"
    assert WORDS.effect(ASKED) == (
        "hazard ratio (Cox regression with Efron's handling of ties; made by R 4.5.1, survival "
        "3.8-3, read from external/cox.csv)"
    )
    assert WORDS.effect_in_text(ASKED) == "The hazard ratio"
    one_sided = replace(ASKED, one_sided=True)
    assert WORDS.sides(one_sided) == "one-sided "
    assert WORDS.effect(one_sided).endswith("; p is one-sided)")


def test_a_vowel_has_its_article_and_a_note_its_capital() -> None:
    odds = replace(ASKED, scale=Scale.ODDS_RATIO)
    assert "which gives an odds ratio;" in WORDS.describe(odds, told())
    assert WORDS.compared(odds).startswith("Odds ratio (Cox")


@pytest.mark.parametrize(
    "scale", [each for each in Scale if each is not Scale.STANDARDISED_DIFFERENCE]
)
def test_every_scale_has_a_name(scale: Scale) -> None:
    assert WORDS.effect_in_text(replace(ASKED, scale=scale)).startswith("The ")
