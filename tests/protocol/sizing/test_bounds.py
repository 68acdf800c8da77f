"""Each bound lets through what lies inside it and refuses what does not, by its name."""

from math import inf, nan

import pytest

from trialkit.errors import AnalysisError, ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.sizing.association import Correlation
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_at_least,
    check_between,
    check_finite,
    check_inside_margins,
    check_level,
    check_level_and_sides,
    check_not_worse_than_margin,
    check_not_zero,
    check_retention,
    check_risk,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import CorrelationPower

TINY = 1e-12

REFUSED = {
    "nan": (lambda: check_finite("sd", nan), "sd must be a finite number, got nan"),
    "infinity": (lambda: check_finite("sd", -inf), "sd must be a finite number, got -inf"),
    "a text": (lambda: check_finite("sd", "4"), "sd must be a finite number, got '4'"),
    "zero": (lambda: check_not_zero("f", 0), "f is 0: there is nothing to detect"),
    "not above zero": (lambda: check_above_zero("w", 0), "w must be above 0, got 0"),
    "below zero": (lambda: check_above_zero("w", -0.5), "w must be above 0, got -0.5"),
    "below the least": (lambda: check_at_least("df", 1.9, 2), "df must be 2 or more, got 1.9"),
    "at the low end": (
        lambda: check_between("r", -1, -1, 1),
        "r must lie between -1 and 1, got -1",
    ),
    "at the high end": (lambda: check_between("r", 1, -1, 1), "r must lie between -1 and 1, got 1"),
    "no risk": (lambda: check_risk("p0", 1), "p0 must lie between 0 and 1, got 1"),
    "risk zero": (lambda: check_risk("p0", 0), "p0 must lie between 0 and 1, got 0"),
    "no level": (lambda: check_level("alpha", 0.5), "alpha must lie between 0 and 0.5, got 0.5"),
    "level zero": (lambda: check_level("alpha", 0), "alpha must lie between 0 and 0.5, got 0"),
    "level of a test": (
        lambda: check_level_and_sides(0.6, 2),
        "alpha must lie between 0 and 0.5, got 0.6",
    ),
    "three sides": (lambda: check_level_and_sides(0.05, 3), "sides must be 1 or 2, got 3"),
    "no side": (lambda: check_level_and_sides(0.05, 0), "sides must be 1 or 2, got 0"),
    "too few shares": (
        lambda: check_shares((1, 2), arms=3),
        "allocation must be 3 whole numbers of 1 or more, the reference first, got [1, 2]",
    ),
    "a share of nothing": (
        lambda: check_shares((0, 2), arms=2),
        "allocation must be 2 whole numbers of 1 or more, the reference first, got [0, 2]",
    ),
    "half a share": (lambda: check_shares((1.5, 2), arms=2), "2 whole numbers of 1 or more"),
    "no shares": (lambda: check_shares((), arms=2), "2 whole numbers of 1 or more"),
    "too few visits": (
        lambda: check_retention("retention", (1.0, 0.9), 3),
        "retention must have one share for each visit, 3 in all",
    ),
    "no visit": (
        lambda: check_retention("retention", (), 0),
        "retention must have one share for each visit, 0 in all",
    ),
    "nobody left": (
        lambda: check_retention("retention", (1.0, 0.0), 2),
        "retention holds shares above 0 and at most 1, got [1.0, 0.0]",
    ),
    "more than all": (
        lambda: check_retention("retention", (1.1, 1.0), 2),
        "retention holds shares above 0 and at most 1, got [1.1, 1.0]",
    ),
    "coming back": (
        lambda: check_retention("retention", (1.0, 0.8, 0.9), 3),
        "retention cannot grow from visit to visit, got [1.0, 0.8, 0.9]",
    ),
    "worse by the margin": (
        lambda: check_not_worse_than_margin(-2, 2, Direction.HIGHER),
        "the true difference -2 is worse by the margin 2 or more: non-inferiority would be false",
    ),
    "worse by the margin where less is better": (
        lambda: check_not_worse_than_margin(2, 2, Direction.LOWER),
        "the true difference 2 is worse by the margin 2 or more: non-inferiority would be false",
    ),
    "no true difference": (
        lambda: check_not_worse_than_margin(nan, 2, Direction.LOWER),
        "difference must be a finite number, got nan",
    ),
    "on the margin": (
        lambda: check_inside_margins(-2, 2),
        "the true difference -2 is not inside the margins of ±2: equivalence would be false",
    ),
    "past the margin": (
        lambda: check_inside_margins(3, 2),
        "the true difference 3 is not inside the margins of ±2: equivalence would be false",
    ),
    "no true difference of equivalence": (
        lambda: check_inside_margins(inf, 2),
        "difference must be a finite number, got inf",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_lies_outside_is_refused_by_its_name(name: str) -> None:
    call, said = REFUSED[name]
    with pytest.raises(ProtocolError) as error:
        call()
    assert said in str(error.value)


INSIDE = {
    "finite": lambda: check_finite("sd", -3.5),
    "not zero": lambda: check_not_zero("f", -TINY),
    "above zero": lambda: check_above_zero("w", TINY),
    "the least": lambda: check_at_least("df", 2, 2),
    "between": lambda: (check_between("r", -1 + TINY, -1, 1), check_between("r", 1 - TINY, -1, 1)),
    "a risk": lambda: (check_risk("p0", TINY), check_risk("p0", 1 - TINY)),
    "a level": lambda: (check_level("alpha", TINY), check_level("alpha", 0.5 - TINY)),
    "one and two sides": lambda: (check_level_and_sides(0.05, 1), check_level_and_sides(0.05, 2)),
    "shares": lambda: (check_shares((1, 4), arms=2), check_shares((2, 1, 1), arms=3)),
    "shares that may be left out": lambda: check_shares((), arms=3, may_be_empty=True),
    "a retention": lambda: check_retention("retention", (1.0, 0.9, 0.9, TINY), 4),
    "worse by less": lambda: check_not_worse_than_margin(-2 + TINY, 2, Direction.HIGHER),
    "better by more": lambda: check_not_worse_than_margin(-9, 2, Direction.LOWER),
    "inside": lambda: (check_inside_margins(2 - TINY, 2), check_inside_margins(TINY - 2, 2)),
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_lies_inside_is_let_through(name: str) -> None:
    INSIDE[name]()


def test_text_becomes_the_choice_that_it_names() -> None:
    assert EQUAL_ARMS == (1, 1)
    given = Correlation(correlation=0.3, test="fisher_z")
    assert given.test is CorrelationPower.FISHER_Z
    name_choices(given, test=CorrelationPower)
    assert given.test is CorrelationPower.FISHER_Z
    with pytest.raises(AnalysisError) as error:
        Correlation(correlation=0.3, test="fisher")
    assert str(error.value) == (
        "test='fisher' is not known; known are exact, fisher_z; did you mean 'fisher_z'?"
    )
