"""A plan of a randomisation: its strata, its text, and what it may not be."""

import json
from fractions import Fraction

import pytest

from tests.design.randomisation.conftest import blocks_plan
from trialkit.design.randomisation.minimisation import (
    Factor,
    Imbalance,
    Minimisation,
    Preference,
)
from trialkit.design.randomisation.plans import (
    ALL,
    RandomisationPlan,
    Scheme,
    Use,
    label,
    plan_from_text,
    words,
)
from trialkit.design.randomisation.schemes import (
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Simple,
    WeiUrn,
    arms_of,
)
from trialkit.errors import DesignError
from trialkit.protocol.tables.canonical import canonical

SITE, SEX = Factor(name="site", levels=("N", "S"), weight=3), Factor(name="sex", levels=("f", "m"))
SCHEMES: dict[Scheme, tuple[dict, str]] = {
    Simple(): ({"law": "simple"}, "simple, each allocation for itself"),
    PermutedBlocks(lengths=(3, 6)): (
        {"law": "blocks", "lengths": [3, 6]},
        "permuted blocks of length 3 or 6",
    ),
    EfronCoin(p=Fraction(3, 4)): ({"law": "efron", "p": "3/4"}, "Efron's biased coin, p = 3/4"),
    WeiUrn(alpha=2, beta=5): ({"law": "urn", "alpha": 2, "beta": 5}, "Wei's urn UD(2, 5)"),
    BigStick(limit=4): ({"law": "big-stick", "limit": 4}, "big stick, at most 4 apart"),
    Minimisation(p=Fraction(3, 4), imbalance=Imbalance.VARIANCE): (
        {"law": "minimisation", "p": "3/4", "imbalance": "variance", "preference": "best"},
        "minimisation of the variance, p = 3/4",
    ),
}


def plan(scheme: Scheme = Simple(), **more: object) -> RandomisationPlan:  # noqa: B008 - frozen
    given = {"factors": (SITE, SEX), "slots": 9} | more
    return RandomisationPlan(
        trial="T", arms=arms_of((1, 2), ("OLD", "NEW")), scheme=scheme, **given
    )


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda each: type(each).__name__)
def test_a_plan_is_written_with_everything_and_read_back(scheme: Scheme) -> None:
    stated, told = SCHEMES[scheme]
    text = plan(scheme, use=Use.TRAINING).to_text()
    assert json.loads(text) == {
        "trial": "T",
        "use": "training",
        "slots": 9,
        "arms": [{"code": "OLD", "ratio": 1}, {"code": "NEW", "ratio": 2}],
        "factors": [
            {"name": "site", "levels": ["N", "S"], "weight": 3},
            {"name": "sex", "levels": ["f", "m"], "weight": 1},
        ],
        "scheme": stated,
    }
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert plan_from_text(text) == plan(scheme, use=Use.TRAINING)
    assert words(scheme) == told


def test_a_minimisation_by_ranks_is_told_with_its_q() -> None:
    by_ranks = Minimisation(p=Fraction(2, 3), preference=Preference.RANKS)
    assert words(by_ranks) == "minimisation of the range, q = 2/3"


@pytest.mark.parametrize("text", ["", "[]", '{"trial": "T"}', '{"arms": 1}', "null"])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(DesignError, match=r"this is no plan of a randomisation .* randomise plan'"):
        plan_from_text(text)


def test_strata_are_every_pair_of_levels_the_last_factor_fastest() -> None:
    assert plan().n_strata == 4
    assert plan().strata == (
        "site=N,sex=f",
        "site=N,sex=m",
        "site=S,sex=f",
        "site=S,sex=m",
    )
    assert plan(factors=()).strata == (ALL,) == ("all",)
    minimised = plan(Minimisation())
    assert (minimised.strata, minimised.n_strata) == ((ALL,), 4)


def test_somebodys_stratum_is_named_in_the_order_of_the_plan() -> None:
    entered = {"sex": "m", "site": "S"}
    assert plan().stratum(entered) == "site=S,sex=m"
    assert plan(Minimisation()).stratum(entered) == "all"
    assert plan(factors=()).stratum({}) == "all"
    assert label({"a": "1", "b": "2"}) == "a=1,b=2"
    assert canonical({"b": "ü", "a": [1, 2]}) == '{"a":[1,2],"b":"ü"}'


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({}, "the levels given are for no factor; this randomisation needs site, sex"),
        (
            {"site": "N"},
            "the levels given are for site; this randomisation needs site, sex",
        ),
        (
            {"site": "N", "sex": "f", "age": "1"},
            "the levels given are for site, sex, age; this randomisation needs site, sex",
        ),
        ({"site": "W", "sex": "f"}, "site='W' is no level of it; levels are N, S"),
        ({"site": "N", "sex": "x"}, "sex='x' is no level of it; levels are f, m"),
    ],
)
def test_levels_that_do_not_fit_the_plan_are_refused(entered: dict, said: str) -> None:
    for scheme in (Simple(), Minimisation()):
        with pytest.raises(DesignError) as error:
            plan(scheme).stratum(entered)
        assert str(error.value) == said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"slots": 0}, "each stratum needs 1 slot or more, got 0"),
        ({"factors": (SITE, SITE)}, "a factor is named twice: site, site"),
        (
            {"factors": (Factor(name="a=b", levels=("1", "2")),)},
            "'a=b' cannot name a factor or level: no '=', ',' or '|'",
        ),
        ({"factors": (Factor(name="a", levels=("1,", "2")),)}, "'1,' cannot name a factor"),
        ({"factors": (Factor(name="a", levels=("1", "|")),)}, "'|' cannot name a factor"),
        ({"factors": (Factor(name="", levels=("1", "2")),)}, "'' cannot name a factor"),
        ({"slots": 250_001}, "4 strata of 250001 slots are more than 1000000"),
        ({"scheme": Minimisation(), "factors": ()}, "minimisation needs a factor"),
        ({"scheme": Minimisation(p=Fraction(1, 3))}, "does not favour the preferred arm"),
        ({"scheme": PermutedBlocks(lengths=(3, 4))}, "block lengths must be multiples of 3"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(more: dict, said: str) -> None:
    with pytest.raises(DesignError) as error:
        plan(**more)
    assert said in str(error.value)


def test_as_many_slots_as_may_be_are_taken() -> None:
    assert plan(slots=250_000).slots == 250_000
    assert plan(Minimisation(), slots=2_000_000).slots == 2_000_000
    assert plan(slots=1).slots == 1


@pytest.mark.parametrize(
    "change",
    [
        {"slots": 1.5},
        {"slots": True},
        {"slots": 10**300},
        {"trial": 7},
        {"arms": [{"code": "A", "ratio": "1"}, {"code": "B", "ratio": 1}]},
        {"scheme": {"law": "blocks", "lengths": [2.0]}},
        {"scheme": {"law": "blocks", "lengths": [20_000]}},
        {"scheme": {"law": "efron", "p": "1e-99999999"}},
        {"scheme": {"law": "efron", "p": 0.7}},
        {"scheme": {"law": "urn", "alpha": None, "beta": 1}},
        {"scheme": {"law": "big-stick", "limit": [3]}},
    ],
)
def test_a_plan_of_other_values_than_ours_is_refused(change: dict[str, object]) -> None:
    sound = json.loads(blocks_plan().to_text())
    assert plan_from_text(json.dumps(sound)) == blocks_plan()
    with pytest.raises(DesignError):
        plan_from_text(json.dumps({**sound, **change}))
