"""Sizes and powers as others print them; the sources stand in tests/reference/published."""

from collections.abc import Mapping
from math import log, log1p, sqrt
from typing import Any

import pytest

from tests.published import Answers, tables_about
from trialkit.design.sample_size import SITUATIONS, RequiredSize, cohen_f
from trialkit.design.sample_size.situation import Situation
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.sizing.design import CorrelationPower, SampleSizeMethod

ABOUT_THE_ANSWER = {"method", "n", "target", "means", "crossover"}
READ = {"direction": Direction, "test": CorrelationPower, "allocation": tuple}


def situation(given: Mapping[str, Any]) -> Situation:
    """The assumptions of a case as a situation.

    Means and their SD stand for Cohen's f; two periods of a crossover for two arms, whose
    difference has twice the variance.
    """
    assumed = {name: value for name, value in given.items() if name not in ABOUT_THE_ANSWER}
    if "means" in given:
        assumed["f"] = cohen_f(given["means"], sd=assumed.pop("sd"))
    if "crossover" in given:
        assumed |= as_arms(given["crossover"])
    kind = SITUATIONS[SampleSizeMethod(given["method"])]
    return kind(**{name: READ.get(name, _same)(value) for name, value in assumed.items()})


def as_arms(crossover: Mapping[str, float]) -> dict[str, float]:
    """The SD, and of a ratio of lognormals the difference and the margin, of arms as precise."""
    if "residual_sd" in crossover:
        return {"sd": crossover["residual_sd"] / sqrt(2)}
    return {
        "sd": sqrt(log1p(crossover["cv"] ** 2) / 2),
        "difference": log(crossover["ratio"]),
        "margin": abs(log(crossover["bound"])),
    }


def _same(value: Any) -> Any:
    return value


def solved(given: Mapping[str, Any]) -> Answers:
    found: RequiredSize = situation(given).solve_n(power=given["target"])
    assert found.unrounded_by_arm is not None
    assert found.n_unrounded is not None
    return {
        "n": sum(found.n_by_arm),
        "power": found.power,
        "n_unrounded": found.n_unrounded,
        "n_unrounded_arm": found.unrounded_by_arm[0],
        "df_den_unrounded": found.n_unrounded - given.get("tested", 0) - 1,
    }


def power(given: Mapping[str, Any]) -> Answers:
    if "n" not in given:
        return solved(given)
    asked, n = situation(given), given["n"]
    if "target" in given:
        return {"effect": abs(asked.detectable(n, power=given["target"]))}
    effect = {} if "means" not in given else {"f": asked.assumed_effect}
    return {"power": asked.power(n), **effect}


@pytest.mark.parametrize("table", tables_about("sample size"), ids=str)
def test_sample_size(table):
    table.holds(solved)


@pytest.mark.parametrize("table", tables_about("power"), ids=str)
def test_power(table):
    table.holds(power)
