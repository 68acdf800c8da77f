"""Limits leave out no effect exactly where the p value beside them rejects it, method by method.

Of every method, with every other value of every option, those whose effect says that its limits and
its p value come from one test. Which methods say so is written by hand below.
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pytest

from tests.conftest import few_at_once
from tests.planned.hand import ARM, BETTER, PAIN, PER_ARM, task_of
from tests.variations import CASES, changed, specification_of
from trialkit.errors import AnalysisError
from trialkit.planned.methods.methods import every_card
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.results.agreement import is_one_sided, limits_of, p_beside, pair_of
from trialkit.results.effect import Effect, IntervalKind, Scale
from trialkit.results.lookup import Statistics
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

CONTINUOUS, BINARY = OutcomeType.CONTINUOUS, OutcomeType.BINARY
ARMS = 3


def effect_of(specification: Specification) -> tuple[Effect, str] | None:
    """The effect of a specification on the outcome that it takes, and that outcome."""
    kind = SPECIFICATIONS[specification.method]
    for outcome, name in ((CONTINUOUS, "pain"), (BINARY, "better")):
        if kind.takes(specification.method, outcome):
            effect = specification.effect(outcome, ARMS)
            return None if effect is None else (effect, name)
    return None


def every_specification() -> dict[str, Specification]:
    """Each method, and each with each other value of each option."""
    varied = (
        each for method, option in CASES for each in changed(specification_of(method), option)
    )
    found = chain((specification_of(method) for method in SPECIFICATIONS), varied)
    return {repr(each): each for each in found}


def paired(every: dict[str, Specification]) -> Iterator[Specification]:
    """Those that state limits and a p value, of parallel arms.

    Those of a crossover trial are in ``tests/planned/methods/test_crossover_comparisons.py``.
    """
    for each in every.values():
        found = None if each.READS_PERIODS else effect_of(each)
        if found and found[0].interval is not None and found[0].has_headline_p:
            yield each


EVERY = list(paired(every_specification()))
AGREEING = [each for each in EVERY if (found := effect_of(each)) and found[0].agrees]
METHODS_THAT_AGREE = {
    Method.WELCH_T,
    Method.STUDENT_T,
    Method.MANN_WHITNEY,
    Method.MANN_WHITNEY_ASYMPTOTIC,
    Method.MANN_WHITNEY_CORRECTED,
    Method.ANCOVA,
    Method.MIXED_ANOVA,
    Method.MMRM,
    Method.QUANTILE_DIFFERENCE,
    Method.TRIMMED_MEAN,
    Method.COMPLIER_EFFECT,
    Method.CONSTRAINED_LONGITUDINAL,
    Method.MULTIPLE_IMPUTATION,
    Method.CLUSTER_SUMMARIES,
    Method.CLUSTER_REGRESSION,
    Method.RANDOM_INTERCEPTS,
    Method.PARTIALLY_NESTED,
    Method.FACTORIAL,  # carried out in tests/planned/methods/test_factorial.py
    Method.FACTORIAL_RISKS,
    Method.CROSSOVER_DIFFERENCE,
    Method.CROSSOVER_MODEL,
    Method.CLUSTER_GEE,
    Method.CLUSTER_GLMM,
    Method.RISK_DIFFERENCE,
    Method.RESPONDERS,
    Method.LOGISTIC,
    Method.MODIFIED_POISSON,
    Method.LOG_BINOMIAL,
    Method.GEE,
    Method.GLMM,
    Method.NON_INFERIORITY,
    Method.EQUIVALENCE,
}
"""Whose defaults give limits and a p value of one test."""


def test_the_defaults_of_all_methods_but_strata_agree() -> None:
    defaults = {method: effect_of(specification_of(method)) for method in SPECIFICATIONS}
    agree = {
        method
        for method, found in defaults.items()
        if found and found[0].agrees and found[0].has_headline_p and found[0].interval
    }
    assert agree == METHODS_THAT_AGREE
    apart = {each.method for each in EVERY if each not in AGREEING}
    assert Method.COCHRAN_MANTEL_HAENSZEL in apart


def moved(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The trial's numbers, with the arms anywhere between alike and far apart."""
    rng = np.random.default_rng(seed)
    pain = PAIN + np.array([0, *rng.uniform(-2, 16, size=2)])[ARM][:, None] * np.array([0, 1, 1])
    better = BETTER.copy()
    for arm in range(ARMS):
        rows = arm == ARM
        better[rows, 2] = rng.permutation(PER_ARM) < rng.integers(0, PER_ARM + 1)
    return pain.round(1), better


def effects_of(specification: Specification, seed: int) -> Iterator[Statistics]:
    """The statistics of each contrast, its p value beside each of its measures."""
    pain, better = moved(seed)
    found = effect_of(specification)
    assert found is not None
    task = task_of(specification, found[1], pain=pain, better=better)
    (card,) = [each for each in every_card() if isinstance(specification, each.specification)]
    places: dict[tuple[str, str, str], dict[Stat, Result]] = {}
    try:
        rows = [each for each in card.carry_out(task, specification) if isinstance(each, Result)]
    except AnalysisError:
        return
    for row in rows:
        places.setdefault((row.term, row.visit, row.method), {})[row.stat_name] = row
    for (term, visit, _), statistics in places.items():
        tests = [
            each
            for (a, b, _), each in places.items()
            if (a, b) == (term, visit)
            and any(stat in each for stat in (Stat.P_VALUE, Stat.P_ADJUSTED))
        ]
        if Stat.CONF_LOW in statistics and tests:
            yield {**tests[0], **statistics}


@pytest.mark.parametrize("specification", few_at_once(AGREEING, 12), ids=str)
def test_limits_leave_out_no_effect_exactly_where_p_rejects_it(
    specification: Specification,
) -> None:
    for seed in range(4):
        for found in effects_of(specification, seed):
            if found[Stat.CONF_LOW].scale in {None, Scale.PROBABILITY}:
                continue
            pair = pair_of(found, found)
            if Stat.MARGIN in found:
                assert pair is None
                assert is_one_sided(found[Stat.P_VALUE])
                continue
            if pair is None or abs(pair.p - (1 - pair.level)) < 1e-7:
                continue
            assert pair.agrees, (found[Stat.CONF_LOW].term, pair)


@pytest.mark.parametrize("specification", few_at_once(EVERY, 12), ids=str)
def test_every_interval_is_of_the_kind_of_the_p_beside_it(specification: Specification) -> None:
    """A raw p never belongs to simultaneous limits, nor an adjusted one to plain ones."""
    found = effect_of(specification)
    assert found is not None
    effect = found[0]
    for statistics in effects_of(specification, 0):
        limits = limits_of(statistics)
        assert limits is not None
        p = statistics.get(p_beside(limits))
        if statistics[Stat.CONF_LOW].scale is Scale.PROBABILITY or p is None:
            continue
        if limits.kind.is_simultaneous:
            assert p.interval_kind == (limits if effect.agrees else None)
        elif limits.kind is IntervalKind.ONE_SIDED:
            assert p.interval_kind == limits
        elif Stat.MARGIN not in statistics:
            assert not is_one_sided(p)
