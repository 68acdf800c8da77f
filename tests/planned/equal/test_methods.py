"""A planned analysis states what its estimator says of frames that are derived independently."""

import re
from collections.abc import Iterator

import pytest

from tests.planned.equal.by_scipy import BY_SCIPY
from tests.planned.equal.cases import cases
from tests.planned.equal.directly import DIRECTLY, Asked, Place
from tests.planned.equal.worlds import World
from tests.variations import CARRIED_OUT
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

OF_RATES = {
    method
    for method, kind in SPECIFICATIONS.items()
    if method in CARRIED_OUT and kind.takes(method, OutcomeType.COUNT)
}
"""The methods of counts, whose trial is that of ``test_planned_rates.py``."""
OF_TIMES = {
    method for method, kind in CARRIED_OUT.items() if kind.takes(method, OutcomeType.TIME_TO_EVENT)
}
"""The methods of times to an event, whose trial is that of ``test_times.py``."""
OF_FACTORS = {method for method, kind in CARRIED_OUT.items() if kind.READS_FACTORS}
"""The methods of factorial trials, whose trial is that of ``test_planned_factorial.py``."""
OF_RECURRENCES = {
    method
    for method, kind in CARRIED_OUT.items()
    if kind.takes(method, OutcomeType.RECURRENT_EVENTS)
}
"""The methods of events that happen again, whose trial is that of ``test_recurrences.py``."""
OF_PERIODS = {method for method, kind in CARRIED_OUT.items() if kind.READS_PERIODS}
"""The methods of crossover trials, whose trial is that of ``test_periods.py``."""
OF_GRIDS = {Method.TIPPING_POINT}
"""The methods that state a difference for each point of a grid: ``test_tipping.py``."""
HERE = {
    method
    for method, kind in CARRIED_OUT.items()
    if method not in OF_FACTORS | OF_PERIODS | OF_GRIDS
    and any(kind.takes(method, each) for each in (OutcomeType.CONTINUOUS, OutcomeType.BINARY))
}
"""The others, and those of them that take counts, too."""


def test_every_method_is_worked_out_and_planned() -> None:
    assert set(DIRECTLY) == HERE
    planned = {each.specification.method for each in cases(paired_events=True).values()}
    assert planned == HERE


def of_the_plan(world: World) -> Iterator[tuple[Analysis, Asked, dict[Place, Result]]]:
    """Each analysis of the plan with each of its outcomes, and the rows that it states."""
    for analysis in world.protocol.plan.analyses:
        for outcome in analysis.outcomes:
            asked = Asked(
                trial=world.trial,
                specification=analysis.specification,
                outcome=outcome,
                population=analysis.population,
            )
            rows = {
                (row.method, row.visit, row.term, row.arm, row.stat_name): row
                for row in world.rows(analysis.id)
                # what a family adjusts is stated after all analyses, and tested there
                if row.outcome == outcome
                and not (analysis.family and row.stat_name is Stat.P_ADJUSTED)
            }
            yield analysis, asked, rows


def unnamed(note: str) -> str:
    """The note without the terms of a model, which the plan tells in the words of the trial."""
    return re.sub(r"(no finite estimate of )[^:]*:", r"\1...:", note)


def test_every_planned_analysis_states_the_direct_call_number_by_number(world: World) -> None:
    wrong = []
    for analysis, asked, found in of_the_plan(world):
        expected = DIRECTLY[analysis.specification.method](asked)
        wrong += [(analysis.id, "lacks", place) for place in expected.keys() - found.keys()]
        wrong += [(analysis.id, "has", place) for place in found.keys() - expected.keys()]
        about = (analysis.role, analysis.family, analysis.population, analysis.estimand)
        for place in expected.keys() & found.keys():
            row, wanted = found[place], expected[place]
            if (unnamed(row.note), row.unit) != (unnamed(wanted.note), wanted.unit):
                wrong.append((analysis.id, place, row.note, row.unit, wanted))
            if (row.role, row.family, row.population, row.estimand) != about:
                wrong.append((analysis.id, place, row))
            if row.stat is None or wanted.stat is None:
                if row.stat is not wanted.stat:
                    wrong.append((analysis.id, place, row.stat, wanted.stat))
            elif row.stat != pytest.approx(wanted.stat, rel=1e-9, abs=1e-12):
                wrong.append((analysis.id, place, row.stat, wanted.stat))
    assert not wrong, f"{len(wrong)} rows, such as {wrong[:4]}"


def test_simple_methods_agree_with_scipy_and_statsmodels(world: World) -> None:
    models = {
        Method.MMRM, Method.CONSTRAINED_LONGITUDINAL, Method.GLMM, Method.CLUSTER_GLMM,
        Method.MULTIPLE_IMPUTATION,
    }  # fmt: skip
    assert set(BY_SCIPY) == HERE - models
    wrong = []
    for analysis, asked, found in of_the_plan(world):
        if analysis.specification.method in BY_SCIPY:
            for place, number in BY_SCIPY[analysis.specification.method](asked):
                stated = found[place].stat if place in found else None
                if stated != pytest.approx(number, rel=1e-6, abs=1e-9):
                    wrong.append((analysis.id, place, stated, number))
    assert not wrong, f"{len(wrong)} rows, such as {wrong[:4]}"
