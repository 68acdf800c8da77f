"""The values of outcomes are those assumed, at every visit of everybody randomised."""

from dataclasses import replace

import numpy as np
import pytest

from tests.design.simulation.small import (
    ANNA,
    CHOICES,
    CURED,
    PAIN,
    PEOPLE,
    SCHEMAS,
    SURE,
    assuming,
    form,
    item,
    outcome,
    planned,
)
from trialkit.design.simulation.assumptions import ArmChange, OutcomeAssumption
from trialkit.design.simulation.outcome_values import outcome_values
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.forms import Expected, FormKind, Schemas
from trialkit.schemas.items.item_types import ItemType


def test_outcome_values_are_of_the_randomised_at_every_visit_lost_or_not() -> None:
    found = outcome_values(
        PEOPLE, planned(PAIN, CURED), SCHEMAS, assuming(*SURE), np.random.default_rng(1)
    )
    assert found == {
        ("anna", "assessment", "pain", "BL"): 50.0,
        ("anna", "assessment", "pain", "W6"): 40.0,
        ("ben", "assessment", "pain", "BL"): 50.0,
        ("ben", "assessment", "pain", "W6"): pytest.approx(52.25, abs=0.051),
        ("anna", "assessment", "cured", "BL"): False,
        ("anna", "assessment", "cured", "W6"): True,
        ("ben", "assessment", "cured", "BL"): False,
        ("ben", "assessment", "cured", "W6"): False,
    }
    assert (
        round(found["ben", "assessment", "pain", "W6"], 1)
        == (found["ben", "assessment", "pain", "W6"])
    )


def test_a_binary_outcome_with_choices_is_its_first_choice_when_it_happened() -> None:
    asked = item("result", ItemType.CHOICE, choices=CHOICES)
    once = form(FormKind.ASSESSMENT, Expected.RANDOMISED, asked, name="once", visits=("BL", "W6"))
    found = outcome_values(
        (ANNA,),
        planned(outcome("c", "result", OutcomeType.BINARY, at="once")),
        Schemas(forms=(once,), data=DataFormat()),
        assuming(SURE[1]),
        np.random.default_rng(1),
    )
    assert found == {
        ("anna", "once", "result", "BL"): "same",
        ("anna", "once", "result", "W6"): "better",
    }


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ((), {"": 40.0}),
        (("W6",), {"W6": 40.0}),
        # halfway between the baseline and the time point, and before and after both
        (("W3", "W6"), {"W3": 45.0, "W6": 40.0}),
        (("SCR", "BL", "W9"), {"SCR": 50.0, "BL": 50.0, "W9": 40.0}),
    ],
)
def test_a_change_grows_from_the_baseline_whenever_the_outcome_is_measured(
    visits: tuple[str, ...], expected: dict[str, float]
) -> None:
    window = Window(early=0, late=0)
    others = [
        Visit(code=code, label=code, target_day=target, window=window)
        for code, target in (("SCR", -14), ("W3", 21), ("W9", 63))
    ]
    protocol = planned(outcome("p", "x", OutcomeType.CONTINUOUS, at="once"))
    every = sorted([*protocol.visits, *others], key=lambda visit: visit.target_day)
    once = form(
        FormKind.OTHER,
        Expected.RANDOMISED,
        item("x", ItemType.DECIMAL),
        name="once",
        visits=visits,
    )
    found = outcome_values(
        (ANNA,),
        replace(protocol, visits=tuple(every)),
        Schemas(forms=(once,), data=DataFormat()),
        assuming(SURE[0]),
        np.random.default_rng(1),
    )
    assert found == {("anna", "once", "x", visit): value for visit, value in expected.items()}


def test_values_have_the_assumed_spread_correlation_and_chance() -> None:
    people = [replace(ANNA, subject_id=str(number)) for number in range(2000)]
    spread = OutcomeAssumption(
        code="p", baseline=50, sd=8, correlation=0.7, changes=(ArmChange(arm="A", change=-5),)
    )
    chance = OutcomeAssumption(code="c", baseline=0.3, changes=(ArmChange(arm="A", change=0.4),))
    found = outcome_values(
        tuple(people),
        planned(PAIN, CURED),
        SCHEMAS,
        assuming(spread, chance),
        np.random.default_rng(20260103),
    )
    pain = np.array(
        [
            [found[p.subject_id, "assessment", "pain", visit] for visit in ("BL", "W6")]
            for p in people
        ]
    )
    assert pain.mean(axis=0) == pytest.approx([50, 45], abs=4 * 8 / 2000**0.5)
    assert pain.std(axis=0) == pytest.approx([8, 8], abs=4 * 8 / 4000**0.5)
    assert np.corrcoef(pain.T)[0, 1] == pytest.approx(0.7, abs=4 * 0.51 / 2000**0.5)
    for visit, expected in (("BL", 0.3), ("W6", 0.7)):
        share = np.mean([found[p.subject_id, "assessment", "cured", visit] for p in people])
        assert share == pytest.approx(expected, abs=4 * (0.21 / 2000) ** 0.5)
