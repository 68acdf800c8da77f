"""Health-related quality of life: the RAND-36."""

from collections.abc import Sequence

from trialkit.schemas.instruments.formulas import Formula, answer, mean_of_answered, recoded
from trialkit.schemas.instruments.instrument import (
    AskedVisits,
    Instrument,
    Score,
    ScoreDirection,
)


def _rand_levels() -> dict[int, tuple[int, int, int]]:
    """Of each item: how many answers it has, then intercept and slope of its value from 0 to 100."""
    keys: Sequence[tuple[Sequence[int], tuple[int, int, int]]] = (
        ((1, 2, 20, 22, 34, 36), (5, 125, -25)),
        (range(3, 13), (3, -50, 50)),
        (range(13, 20), (2, -100, 100)),
        ((21, 23, 26, 27, 30), (6, 120, -20)),
        ((24, 25, 28, 29, 31), (6, -20, 20)),
        ((32, 33, 35), (5, -25, 25)),
    )
    return {number: key for numbers, key in keys for number in numbers}


_RAND_LEVELS = _rand_levels()


def _recoded(number: int) -> Formula:
    _, intercept, slope = _RAND_LEVELS[number]
    return recoded(answer(f"rand_{number}"), intercept=intercept, slope=slope)


def _rand_scale(id_: str, label: str, numbers: Sequence[int]) -> Score:
    return Score(
        id=id_,
        label=label,
        formula=mean_of_answered(tuple(_recoded(each) for each in numbers), at_least=1),
        direction=ScoreDirection.HIGHER_IS_BETTER,
        low=0,
        high=100,
        missing_rule="the mean of the items that are answered (RAND's rule, not that of the SF-36)",
    )


RAND_36 = Instrument(
    id="rand_36",
    name="RAND 36-Item Health Survey 1.0",
    measures="health-related quality of life",
    items=tuple(
        AskedVisits(
            id=f"rand_{number}",
            label=f"RAND-36, item {number}",
            low=1,
            high=_RAND_LEVELS[number][0],
        )
        for number in range(1, 37)
    ),
    scores=(
        _rand_scale("rand_physical_functioning", "Physical functioning", range(3, 13)),
        _rand_scale("rand_role_physical", "Role limitations, physical health", range(13, 17)),
        _rand_scale("rand_role_emotional", "Role limitations, emotional problems", range(17, 20)),
        _rand_scale("rand_energy", "Energy and fatigue", (23, 27, 29, 31)),
        _rand_scale("rand_emotional", "Emotional well-being", (24, 25, 26, 28, 30)),
        _rand_scale("rand_social", "Social functioning", (20, 32)),
        _rand_scale("rand_pain", "Pain", (21, 22)),
        _rand_scale("rand_general_health", "General health", (1, 33, 34, 35, 36)),
    ),
    reference="Hays, Sherbourne & Mazel, Health Econ 1993;2:217; RAND's scoring instructions",
    rights="free to use with RAND's credit line; its words are not here",
    notes=(
        "item 2, health compared with a year ago, is not scored",
        (
            "pain and general health are scored otherwise in the SF-36, whose words and weights (also those "
            "of the SF-12 and SF-36v2) are licensed: enter such scores, trialkit does not reckon them"
        ),
    ),
)
