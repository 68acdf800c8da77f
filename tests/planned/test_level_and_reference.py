"""Every method takes its level from the plan and its reference from the arms."""

from dataclasses import replace
from math import inf

import pytest

from tests.planned.feeling import SEX, Tried, stat_of, tried
from tests.variations import CARRIED_OUT, specification_of
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specification import Specification

OWN_LEVEL = {Method.NON_INFERIORITY, Method.EQUIVALENCE}
"""A margin is tested at an alpha of its own."""
OF_A_GRID = {Method.TIPPING_POINT}
"""Its limits are of 1 - alpha, and its contrasts stand under each delta: its own test has them."""
METHODS = [each for each in CARRIED_OUT if each not in OWN_LEVEL | OF_A_GRID]
OF_ALL_ARMS = {Method.ONE_WAY_ANOVA, Method.WELCH_ANOVA, Method.KRUSKAL_WALLIS}
WITHIN_ARMS = {Method.PAIRED_T, Method.SIGNED_RANK, Method.MCNEMAR, Method.MCNEMAR_EXACT}
"""Methods that compare no two arms."""


def specified(method: Method) -> Specification:
    least = specification_of(method, category=SEX)
    return replace(least, replicates=999) if hasattr(least, "replicates") else least


@pytest.mark.parametrize("method", METHODS)
def test_limits_at_a_lower_level_lie_within_those_at_a_higher(method: Method) -> None:
    trial = tried()[3]
    plan = replace(trial.protocol.plan, confidence_level=0.8)
    at_80 = Tried("at 80", replace(trial.protocol, plan=plan), trial.datasets, trial.outcomes)
    own = specified(method)
    for outcome in trial.outcomes_for(own):
        before, after = trial.rows(own, outcome), at_80.rows(own, outcome)
        assert before.keys() == after.keys()
        for key, row in before.items():
            stat, now = stat_of(row), after[key]
            if stat.endswith("conf_low"):
                assert row.stat < now.stat or (
                    row.stat == now.stat and now.stat in {-1, 0}
                )  # the least there is
            elif stat.endswith("conf_high"):
                assert row.stat > now.stat or (row.stat == now.stat and now.stat in {1, inf})
            elif stat == "conf_level":
                assert (row.stat, now.stat) == (0.95, 0.8)
            else:
                assert row == now


@pytest.mark.parametrize("method", [each for each in CARRIED_OUT if each not in OF_A_GRID])
def test_arms_are_compared_with_the_reference_arm(method: Method) -> None:
    trial = tried()[3]
    own = replace(specified(method), margin=0.1) if method in OWN_LEVEL else specified(method)
    arms = tuple(replace(each, reference=each.code == "A1") for each in trial.protocol.arms)
    turned = Tried("turned", replace(trial.protocol, arms=arms), trial.datasets, trial.outcomes)
    for outcome in trial.outcomes_for(own):
        for made, reference in ((trial, "A0"), (turned, "A1")):
            named = {
                row.term.partition(" | ")[0].removeprefix("interaction ")
                for row in made.rows(own, outcome).values()
                if getattr(row, "scale", None) is not None and not row.arm
            }
            others = {"A0", "A1", "A2"} - {reference}
            compared = set() if method in OF_ALL_ARMS | WITHIN_ARMS else others
            assert named == {f"{each} - {reference}" for each in compared}
