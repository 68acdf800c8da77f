"""Tests of strength, endurance, flexibility and balance."""

from trialkit.schemas.forms.forms import FormTest, Rule, Severity, StatedRow
from trialkit.schemas.instruments.formulas import (
    answer,
    difference,
    mean_of_answered,
    recoded,
    share,
    sum_of,
)
from trialkit.schemas.instruments.instrument import (
    AskedVisits,
    Instrument,
    Score,
    ScoreDirection,
    Threshold,
    ThresholdKind,
)
from trialkit.schemas.instruments.trials_of_a_test import (
    SIDES,
    Counted,
    counted,
    other_prefix,
    trial_ids,
    trials,
)
from trialkit.schemas.items.item_types import ItemType

_NO_THRESHOLD = "no threshold of change was found for people with low back pain"
_MEASURED = "a measurement, without words to license"
_REACHES = ("anterior", "posteromedial", "posterolateral")


def y_balance(*, count: int = 3, of: Counted = Counted.HIGHEST) -> Instrument:
    """The lower-quarter Y-balance test: ``count`` trials in each direction, on each leg."""
    items: list[AskedVisits] = []
    scores: list[Score] = []
    for side in SIDES:
        items.append(
            AskedVisits(
                id=f"yb_limb_{side}",
                label=f"Limb length, {side}",
                type=ItemType.DECIMAL,
                unit="cm",
                low=40,
                high=140,
                other_side="yb_limb_right" if side == "left" else "",
            )
        )
        for reach in _REACHES:
            items += trials(
                f"yb_{reach}_{side}",
                count,
                label=f"Reach, {reach}, standing on the {side} leg",
                unit="cm",
                high=200,
                other=other_prefix(f"yb_{reach}", side),
            )
        reaches = tuple(counted(trial_ids(f"yb_{reach}_{side}", count), of) for reach in _REACHES)
        scores.append(
            Score(
                id=f"yb_composite_{side}",
                label=f"Balance (Y-balance composite), {side} leg",
                formula=share(
                    sum_of(reaches),
                    recoded(answer(f"yb_limb_{side}"), intercept=0, slope=3),
                    factor=100,
                ),
                direction=ScoreDirection.HIGHER_IS_BETTER,
                unit="% of limb length",
                missing_rule=(
                    f"any direction missing, no composite; of the trials the {of.value} counts"
                ),
            )
        )
    return Instrument(
        id="y_balance",
        name="Y-balance test, lower quarter",
        measures="dynamic balance",
        items=tuple(items),
        scores=tuple(scores),
        reference="Plisky et al., N Am J Sports Phys Ther 2009;4:92",
        rights=_MEASURED,
        notes=(
            (
                "whether the highest or the mean of the trials counts differs between trials: say it in the "
                "protocol"
            ),
            _NO_THRESHOLD + "; give the measurement error of your own raters",
        ),
    )


Y_BALANCE = y_balance()


def sit_and_reach(*, count: int = 2, of: Counted = Counted.HIGHEST) -> Instrument:
    """Sit-and-reach; values may be negative, and the box has an offset."""
    return Instrument(
        id="sit_and_reach",
        name="Sit-and-reach test",
        measures="flexibility of the hamstrings and the lower back",
        items=(
            AskedVisits(
                id="sr_offset_cm",
                label="What the box reads at the toes",
                type=ItemType.DECIMAL,
                unit="cm",
                low=0,
                high=50,
                required=True,
            ),
            *trials("sr", count, label="Reading of the box", unit="cm", low=-50, high=80),
        ),
        scores=(
            Score(
                id="sr_beyond_toes",
                label="Flexibility (sit-and-reach, beyond the toes)",
                formula=difference(counted(trial_ids("sr", count), of), answer("sr_offset_cm")),
                direction=ScoreDirection.HIGHER_IS_BETTER,
                unit="cm",
                missing_rule=f"of the trials the {of.value} counts",
            ),
        ),
        reference="Wells & Dillon, Res Q 1952;23:115",
        rights=_MEASURED,
        notes=(
            (
                "boxes differ in what they read at the toes; the score is the distance beyond them and may be "
                "negative"
            ),
            _NO_THRESHOLD,
        ),
    )


SIT_AND_REACH = sit_and_reach()


def togu_balance(*, count: int = 2, of: Counted = Counted.LOWEST) -> Instrument:
    """The score that the TOGU board prints; its direction is an assumption of the protocol."""
    return Instrument(
        id="togu_balance",
        name="TOGU balance test",
        measures="balance on an unstable board",
        items=trials("togu", count, label="Score of the board", unit="points"),
        scores=(
            Score(
                id="togu_score",
                label="Balance (TOGU)",
                formula=counted(trial_ids("togu", count), of),
                direction=ScoreDirection.UNKNOWN,
                missing_rule=f"of the trials the {of.value} counts",
            ),
        ),
        reference="none found",
        rights=_MEASURED,
        notes=(
            (
                "no publication of range, direction, reliability or threshold of change was found: state in the "
                "protocol which end is better, and that it is assumed"
            ),
        ),
        unconfirmed=("that of several trials the lowest is the best",),
    )


TOGU_BALANCE = togu_balance()


def trunk_strength(*, unit: str = "N", count: int = 3, of: Counted = Counted.HIGHEST) -> Instrument:
    """Isometric strength of the trunk in flexion and extension, in N or N·m."""
    ways = ("flexion", "extension")
    extension = Threshold(
        kind=ThresholdKind.DETECTABLE_CHANGE_95,
        value=51.1,
        population="seated trunk extension with a hand-held dynamometer",
        source="PMC6636487",
    )
    return Instrument(
        id="trunk_strength",
        name="Dynamometry of the trunk",
        measures="strength of the trunk muscles",
        items=tuple(
            item
            for way in ways
            for item in trials(f"trunk_{way}", count, label=f"Trunk {way}", unit=unit, high=2000)
        ),
        scores=(
            *(
                Score(
                    id=f"trunk_{way}_peak",
                    label=f"Trunk {way} strength",
                    formula=counted(trial_ids(f"trunk_{way}", count), of),
                    direction=ScoreDirection.HIGHER_IS_BETTER,
                    unit=unit,
                    low=0,
                    missing_rule=f"of the trials the {of.value} counts",
                    thresholds=(extension,) if way == "extension" and unit == "N" else (),
                )
                for way in ways
            ),
            Score(
                id="trunk_ratio",
                label="Trunk flexion over extension",
                formula=share(
                    *(counted(trial_ids(f"trunk_{way}", count), of) for way in ways), factor=1
                ),
                direction=ScoreDirection.NEITHER,
                unit="",
                missing_rule="both directions must be measured",
            ),
        ),
        reference="the protocol names device, position and angle",
        rights=_MEASURED,
        notes=(
            (
                "people with chronic low back pain do better on a second day (Kienbacher et al. 2016): let them "
                "practise before the baseline"
            ),
        ),
    )


TRUNK_STRENGTH = trunk_strength()


def hamstring_strength(
    *, unit: str = "N·m", count: int = 3, of: Counted = Counted.HIGHEST
) -> Instrument:
    """Strength of the hamstrings of both legs, also for each kilogram of body mass."""
    items: list[AskedVisits] = [
        AskedVisits(
            id="body_mass_kg",
            label="Body mass on the day",
            type=ItemType.DECIMAL,
            unit="kg",
            low=25,
            high=250,
        )
    ]
    scores: list[Score] = []
    peaks = {side: counted(trial_ids(f"ham_{side}", count), of) for side in SIDES}
    for side in SIDES:
        items += trials(
            f"ham_{side}",
            count,
            label=f"Knee flexion, {side}",
            unit=unit,
            high=1000,
            other=other_prefix("ham", side),
        )
        scores += [
            Score(
                id=f"ham_{side}_peak",
                label=f"Hamstring strength, {side}",
                formula=peaks[side],
                direction=ScoreDirection.HIGHER_IS_BETTER,
                unit=unit,
                low=0,
                missing_rule=f"of the trials the {of.value} counts",
            ),
            Score(
                id=f"ham_{side}_per_kg",
                label=f"Hamstring strength for each kg, {side}",
                formula=share(peaks[side], answer("body_mass_kg")),
                direction=ScoreDirection.HIGHER_IS_BETTER,
                unit=f"{unit}/kg",
                low=0,
                missing_rule="strength and body mass must be measured",
            ),
        ]
    scores.append(
        Score(
            id="ham_mean_peak",
            label="Hamstring strength, mean of both legs",
            formula=mean_of_answered(tuple(peaks.values()), at_least=2),
            direction=ScoreDirection.HIGHER_IS_BETTER,
            unit=unit,
            low=0,
            missing_rule="both legs must be measured",
        )
    )
    return Instrument(
        id="hamstring_strength",
        name="Dynamometry of the hamstrings",
        measures="strength of the knee flexors",
        items=tuple(items),
        scores=tuple(scores),
        reference="the protocol names device, joint angle and speed",
        rights=_MEASURED,
        notes=(
            "left and right of one person are not two outcomes: the mean of both legs is one",
            _NO_THRESHOLD
            + "; for knee extension with an anchored dynamometer detectable changes of 29.5 N (24.1 %, one "
            "rater) and 36.7 N (29.3 %, two raters) are published (Ann Rehabil Med 44(6))",
        ),
        checks=(
            Rule(
                severity=Severity.SOFT,
                id="HAM01",
                expression="ham_left_1 BETWEEN 0.5 * ham_right_1 AND 2 * ham_right_1",
                message="Left {ham_left_1} and right {ham_right_1} differ by more than a factor of two.",
                items=("ham_left_1", "ham_right_1"),
            ),
        ),
        tests=(
            FormTest(
                name="the left a third of the right",
                row=StatedRow(
                    form="hamstring_strength", cells=(("ham_left_1", "50"), ("ham_right_1", "150"))
                ),
                breaks=("HAM01",),
            ),
        ),
    )


HAMSTRING_STRENGTH = hamstring_strength()
