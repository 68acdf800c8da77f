"""A planned analysis states what its estimator says of frames that are derived independently."""

import pytest

from tests.planned.equal.by_scipy import BY_SCIPY
from tests.planned.equal.cases import cases
from tests.planned.equal.directly import DIRECTLY, Asked
from tests.planned.equal.worlds import Planned, World
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specifications import SPECIFICATIONS


def test_every_method_is_worked_out_and_planned() -> None:
    assert set(DIRECTLY) == set(SPECIFICATIONS)
    planned = {each.specification.method for each in cases(paired_events=True).values()}
    assert planned == set(SPECIFICATIONS)


def asked_of(world: World, planned: Planned) -> Asked:
    return Asked(
        trial=world.trial,
        specification=planned.specification,
        outcome=planned.outcome,
        population=planned.population,
    )


def test_every_planned_analysis_states_the_direct_call_number_by_number(world: World) -> None:
    wrong = []
    for name, planned in world.planned.items():
        asked = asked_of(world, planned)
        expected = DIRECTLY[planned.specification.method](asked)
        found = {
            (row.method, row.visit, row.term, row.arm, row.stat_name): row
            for row in world.rows(name)
        }
        wrong += [(name, "is not stated", place) for place in expected.keys() - found.keys()]
        wrong += [(name, "is stated", place) for place in found.keys() - expected.keys()]
        for place in expected.keys() & found.keys():
            row, wanted = found[place], expected[place]
            stated = (row.note, row.unit, row.outcome, row.population)
            if stated != (wanted.note, wanted.unit, planned.outcome, planned.population):
                wrong.append((name, place, stated, wanted))
            elif row.stat is None or wanted.stat is None:
                if row.stat is not wanted.stat:
                    wrong.append((name, place, row.stat, wanted.stat))
            elif row.stat != pytest.approx(wanted.stat, rel=1e-9, abs=1e-12):
                wrong.append((name, place, row.stat, wanted.stat))
    assert not wrong, f"{len(wrong)} rows, such as {wrong[:4]}"


def test_simple_methods_agree_with_scipy_and_statsmodels(world: World) -> None:
    assert set(BY_SCIPY) == set(SPECIFICATIONS) - {Method.MMRM}
    wrong = []
    for name, planned in world.planned.items():
        if planned.specification.method not in BY_SCIPY:
            continue
        asked = asked_of(world, planned)
        found = {
            (row.method, row.visit, row.term, row.arm, row.stat_name): row.stat
            for row in world.rows(name)
        }
        for place, number in BY_SCIPY[planned.specification.method](asked):
            if found.get(place) != pytest.approx(number, rel=1e-6, abs=1e-9):
                wrong.append((name, place, found.get(place), number))
    assert not wrong, f"{len(wrong)} rows, such as {wrong[:4]}"
