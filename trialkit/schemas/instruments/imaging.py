"""Size of the paravertebral muscles by ultrasound or magnetic resonance."""

from trialkit.schemas.forms.forms import ItemChoice, ItemType, Rule, Severity
from trialkit.schemas.instruments.formulas import (
    answer,
    answers,
    difference,
    mean_of_answered,
    share,
)
from trialkit.schemas.instruments.instrument import (
    Asked,
    Direction,
    Instrument,
    Score,
)
from trialkit.schemas.instruments.trials_of_a_test import SIDES

_STATES = ("rest", "contracted")
_NOTHING_FOUND = "no threshold of change was found for the size of paravertebral muscles"
_METHOD = Asked(
    id="method",
    label="Method",
    type=ItemType.CHOICE,
    choices=(
        ItemChoice(code="ultrasound", label="Ultrasound"),
        ItemChoice(code="mri", label="Magnetic resonance imaging"),
    ),
    required=True,
)
_LEVEL = Asked(
    id="level",
    label="Vertebral level",
    type=ItemType.CHOICE,
    choices=tuple(
        ItemChoice(code=level, label=level)
        for level in ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
    ),
    required=True,
)


def _thickness_items() -> tuple[Asked, ...]:
    return tuple(
        Asked(
            id=f"thickness_{state}_{side}",
            label=f"Thickness {'at rest' if state == 'rest' else 'contracted'}, {side}",
            type=ItemType.DECIMAL,
            unit="mm",
            low=1,
            high=100,
            other_side=f"thickness_{state}_right" if side == "left" else "",
        )
        for state in _STATES
        for side in SIDES
    )


def _thickening(side: str) -> Score:
    rest = answer(f"thickness_rest_{side}")
    return Score(
        id=f"thickening_{side}",
        label=f"Thickening on contraction, {side}",
        formula=share(difference(answer(f"thickness_contracted_{side}"), rest), rest, factor=100),
        direction=Direction.UNKNOWN,
        unit="%",
        missing_rule="rest and contraction must be measured",
    )


def _mean_of_sides(prefix: str, label: str, unit: str) -> Score:
    items = tuple(f"{prefix}_{side}" for side in SIDES)
    return Score(
        id=f"{prefix}_mean",
        label=label,
        formula=mean_of_answered(answers(items), at_least=2),
        direction=Direction.UNKNOWN,
        unit=unit,
        low=0,
        missing_rule="both sides must be measured",
    )


MUSCLE_THICKNESS = Instrument(
    id="muscle_thickness",
    name="Thickness of the paravertebral muscles",
    measures="thickness of a paravertebral muscle, at rest and contracted",
    items=(_METHOD, _LEVEL, *_thickness_items()),
    scores=(
        _mean_of_sides("thickness_rest", "Thickness at rest, mean of both sides", "mm"),
        _mean_of_sides("thickness_contracted", "Thickness contracted, mean of both sides", "mm"),
        *(_thickening(side) for side in SIDES),
    ),
    reference="the protocol names muscle, level, position and who measured",
    rights="a measurement, without words to license",
    notes=(_NOTHING_FOUND, "left and right of one person are not two outcomes"),
    checks=tuple(
        Rule(
            severity=Severity.SOFT,
            id=f"THICK0{number}",
            expression=f"thickness_contracted_{side} >= thickness_rest_{side}",
            message=(
                f"Contracted {{thickness_contracted_{side}}} mm is thinner than at rest "
                f"{{thickness_rest_{side}}} mm."
            ),
            items=(f"thickness_contracted_{side}", f"thickness_rest_{side}"),
        )
        for number, side in enumerate(SIDES, 1)
    ),
)

MUSCLE_AREA = Instrument(
    id="muscle_area",
    name="Cross-section of the paravertebral muscles",
    measures="cross-sectional area of a paravertebral muscle at rest",
    items=(
        _METHOD,
        _LEVEL,
        *(
            Asked(
                id=f"area_{side}",
                label=f"Cross-section, {side}",
                type=ItemType.DECIMAL,
                unit="cm²",
                low=0.1,
                high=80,
                other_side="area_right" if side == "left" else "",
            )
            for side in SIDES
        ),
    ),
    scores=(
        _mean_of_sides("area", "Cross-section, mean of both sides", "cm²"),
        Score(
            id="area_difference",
            label="Left minus right, of the mean",
            formula=share(
                difference(answer("area_left"), answer("area_right")),
                mean_of_answered(answers(("area_left", "area_right")), at_least=2),
                factor=100,
            ),
            direction=Direction.NEITHER,
            unit="%",
            missing_rule="both sides must be measured",
        ),
    ),
    reference="the protocol names muscle, level, sequence and who measured",
    rights="a measurement, without words to license",
    notes=(_NOTHING_FOUND, "left and right of one person are not two outcomes"),
)
