"""Group-sequential designs as others print them; the sources stand in tests/reference/published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import accumulate
from typing import Any

import pytest

from tests.published import Answers, tables_about
from trialkit.design.sequential import (
    BetaSpending,
    Boundaries,
    GroupSequentialDesign,
    HwangShihDeCani,
    KimDeMets,
    OBrienFleming,
    OBrienFlemingSpending,
    Pocock,
    PocockSpending,
    WangTsiatis,
    boundaries,
    equal_looks,
)
from trialkit.design.sequential.recursion import crossings

FAMILIES = {
    "obrien_fleming": OBrienFleming,
    "pocock": Pocock,
    "wang_tsiatis": WangTsiatis,
    "obrien_fleming_spending": OBrienFlemingSpending,
    "pocock_spending": PocockSpending,
    "hwang_shih_decani": HwangShihDeCani,
    "kim_demets": KimDeMets,
}
DRIFTS = {"0": 0.0, "half": 0.5, "1": 1.0, "1.5": 1.5}


def family(stated: Sequence[Any]) -> Any:
    """``["kim_demets", 2]`` as what spends or shapes the error."""
    name, *parameters = stated
    kind = FAMILIES[name]
    names = (each.name for each in fields(kind))
    return kind(**dict(zip(names, parameters, strict=True)))


def design_of(given: Mapping[str, Any]) -> GroupSequentialDesign:
    futility = given.get("futility")
    return GroupSequentialDesign(
        times=equal_looks(given["looks"]),
        efficacy=family(given["efficacy"]),
        futility=None if futility is None else BetaSpending(spending=family(futility)),
        binding=given.get("binding", False),
        alpha=given["alpha"],
        power=given.get("power", 0.9),
        sides=given["sides"],
    )


def by_look(name: str, values: Iterable[float]) -> Answers:
    return {f"{name}_{look}": value for look, value in enumerate(values, 1)}


def expected_sizes(found: Boundaries) -> Answers:
    """Expected information at shares of the effect: of the fixed design's, also in percent."""
    inflated = {
        name: found.inflation * found.expected_information(share * found.drift)
        for name, share in DRIFTS.items()
    }
    return {f"expected_inflated_{name}": value for name, value in inflated.items()} | {
        f"expected_{name}": 100 * value for name, value in inflated.items()
    }


def group_sequential(given: Mapping[str, Any]) -> Answers:
    found = boundaries(design_of(given))
    at_effect, under_null = found.stopping(), found.stopping(0.0)
    return {
        "drift": found.drift,
        "inflation_percent": 100 * found.inflation,
        **expected_sizes(found),
        **by_look("z", found.upper),
        **by_look("low_z", found.lower),
        **by_look("level", found.levels),
        **by_look("level_two_sided", (2 * level for level in found.levels)),
        **by_look("spent", found.alpha_spent),
        **by_look("information", (time * found.inflation for time in found.times)),
        **by_look("up", at_effect.upper),
        **by_look("low", at_effect.lower),
        **by_look("up_null", under_null.upper),
        **by_look("low_null", under_null.lower),
    }


def constants(given: Mapping[str, Any]) -> Answers:
    """The constant of a classical boundary, which is its last bound, and the most information."""
    found = boundaries(design_of(given))
    return {"last_z": found.upper[-1], "inflation": found.inflation}


def exit_probabilities(given: Mapping[str, Any]) -> Answers:
    upper = tuple(given["upper"])
    crossed = crossings(
        tuple(given["times"]), upper, tuple(-bound for bound in upper), given["drift"]
    )
    both = [up + low for up, low in zip(crossed.upper, crossed.lower, strict=True)]
    return {
        "power": sum(both),
        **by_look("up", crossed.upper),
        **by_look("both", both),
        **by_look("cumulative", accumulate(both)),
    }


def repeated_tests(given: Mapping[str, Any]) -> Answers:
    """How often one side of a test that is repeated without adjustment rejects."""
    bounds = (given["z"],) * given["looks"]
    lower = tuple(-bound for bound in bounds)
    return {"rejected": sum(crossings(equal_looks(given["looks"]), bounds, lower, 0.0).upper)}


@pytest.mark.parametrize("table", tables_about("group-sequential design"), ids=str)
def test_group_sequential_design(table):
    table.holds(group_sequential)


@pytest.mark.parametrize("table", tables_about("group-sequential constants"), ids=str)
def test_group_sequential_constants(table):
    table.holds(constants)


@pytest.mark.parametrize("table", tables_about("exit probabilities"), ids=str)
def test_exit_probabilities(table):
    table.holds(exit_probabilities)


@pytest.mark.parametrize("table", tables_about("repeated tests"), ids=str)
def test_repeated_tests(table):
    table.holds(repeated_tests)
