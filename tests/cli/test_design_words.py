"""What is typed for a sample size becomes assumptions, sizes and boundaries."""

import pytest

from trialkit.cli.design_words import (
    BOUNDARIES,
    typed_boundary,
    typed_design,
    typed_situation,
    typed_size,
)
from trialkit.design.sequential.spending import (
    BetaSpending,
    FutilityBounds,
    HwangShihDeCani,
    KimDeMets,
    OBrienFleming,
    OBrienFlemingSpending,
    Pocock,
    PocockSpending,
    WangTsiatis,
)
from trialkit.errors import DesignError, ProtocolError
from trialkit.protocol.sizing.design import SampleSizeMethod

T_TEST, MMRM = SampleSizeMethod("two_sample_t"), SampleSizeMethod("mmrm")
NAMED = {
    "obrien-fleming-spending": OBrienFlemingSpending(),
    "pocock-spending": PocockSpending(),
    "obrien-fleming": OBrienFleming(),
    "pocock": Pocock(),
    "hwang-shih-decani:-4": HwangShihDeCani(gamma=-4.0),
    "kim-demets:2.5": KimDeMets(rho=2.5),
    "wang-tsiatis:0.25": WangTsiatis(delta=0.25),
}


@pytest.mark.parametrize("text", NAMED)
def test_a_boundary_goes_by_its_name_and_number(text):
    boundary = typed_boundary(text)

    assert type(boundary) is type(NAMED[text])
    assert boundary == NAMED[text]


@pytest.mark.parametrize("text", ["pokock", "pocock:1", "kim-demets", "kim-demets:", "", ":2"])
def test_what_is_no_boundary_is_told_all_there_are(text):
    with pytest.raises(DesignError) as refused:
        typed_boundary(text)

    assert f"{text!r} is no boundary; known are {', '.join(BOUNDARIES)}" in str(refused.value)
    assert len(BOUNDARIES) == len(NAMED)


def test_a_number_that_is_none_is_named():
    with pytest.raises(DesignError, match=r"kim-demets:x: 'x' is no number"):
        typed_boundary("kim-demets:x")


@pytest.mark.parametrize(
    ("text", "size"), [("128", 128), ("28,35", (28, 35)), ("7,8,9", (7, 8, 9))]
)
def test_a_size_is_one_number_or_one_for_each_arm(text, size):
    assert typed_size(text) == size


@pytest.mark.parametrize(("text", "part"), [("ten", "ten"), ("28,3.5", "3.5"), ("28,", "")])
def test_a_size_is_whole(text, part):
    with pytest.raises(DesignError) as refused:
        typed_size(text)

    assert str(refused.value) == f"{text!r}: {part!r} is no whole number"


def given(method, *words):
    return dict(typed_situation(method, words).solve_n(0.8).assumptions)


def test_assumptions_are_numbers_lists_and_names():
    words = ("difference=-10", "sd=.5", "alpha=1e-2", "allocation=[1, 2]")
    assert given(T_TEST, *words) == {
        "difference": -10.0,
        "sd": 0.5,
        "alpha": 0.01,
        "sides": 2,
        "allocation": (1, 2),
    }
    typed = given(
        MMRM, "difference=1", "correlation=0.25", "retention=[1, 0.9, 0.5]", "pattern=ar1"
    )
    assert (typed["retention"], typed["pattern"]) == ((1.0, 0.9, 0.5), "ar1")
    assert typed["correlation"] == 0.25


@pytest.mark.parametrize("word", ["difference", "=3", ""])
def test_an_assumption_has_a_name_and_a_value(word):
    with pytest.raises(DesignError, match="write NAME=VALUE, such as difference=10"):
        typed_situation(T_TEST, [word])


def test_all_that_is_wrong_with_a_call_is_said_at_once():
    with pytest.raises(ProtocolError) as refused:
        typed_situation(T_TEST, ["diff=1", "sd=one"])

    for words in ("diff: found an unknown key", "'one'", "difference"):
        assert words in str(refused.value)


def design(looks, boundary="pocock", futility=None, **changed):
    options = {"binding": False, "alpha": 0.04, "sides": 2, "power": 0.85, **changed}
    return typed_design(looks, boundary, futility, **options)


def test_looks_are_a_number_or_their_times():
    assert design("4").times == (0.25, 0.5, 0.75, 1.0)
    assert design("0.3,0.6,1").times == (0.3, 0.6, 1.0)


def test_a_design_has_the_level_sides_power_and_boundary_that_were_asked_for():
    made = design("3", "obrien-fleming")

    assert (made.alpha, made.sides, made.power) == (0.04, 2, 0.85)
    assert type(made.efficacy) is OBrienFleming
    assert (made.futility, made.binding) == (None, False)


def test_futility_spends_the_type_ii_error_or_stands_as_bounds():
    one_sided = {"alpha": 0.025, "sides": 1}

    spending = design("3", "pocock", "kim-demets:3", binding=True, **one_sided)
    bounds = design("3", "pocock", "0,-inf", **one_sided)
    endless = design("3", "pocock", "-inf,0.5", **one_sided)

    assert spending.futility == BetaSpending(spending=KimDeMets(rho=3.0))
    assert spending.binding is True
    assert bounds.futility == FutilityBounds(z=(0.0, float("-inf")))
    assert endless.futility == FutilityBounds(z=(float("-inf"), 0.5))


@pytest.mark.parametrize("futility", ["pocock", "obrien-fleming", "wang-tsiatis:0.2"])
def test_a_boundary_that_spends_nothing_is_none_for_futility(futility):
    with pytest.raises(DesignError, match="the type II error needs a spending function"):
        design("3", "pocock", futility, alpha=0.025, sides=1)


@pytest.mark.parametrize(
    ("looks", "futility", "words"),
    [
        ("three", None, "'three': 'three' is no whole number"),
        ("0.5,x", None, "--looks: 'x' is no number"),
        ("3", "0,y", "--futility: 'y' is no number"),
    ],
)
def test_a_look_that_is_no_number_is_named(looks, futility, words):
    with pytest.raises(DesignError) as refused:
        design(looks, "pocock", futility, alpha=0.025, sides=1)

    assert str(refused.value) == words
