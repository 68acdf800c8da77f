"""Pain intensity on one line or one number, and the patient's own word on how it changed."""

from trialkit.schemas.forms.forms import ItemChoice, ItemType, Rule, Severity
from trialkit.schemas.instruments.formulas import answer, code_of, reached, recoded
from trialkit.schemas.instruments.instrument import (
    Asked,
    Direction,
    Instrument,
    Score,
    Threshold,
    ThresholdKind,
)

OSTELO = "Ostelo et al., Spine 2008;33:90"
FARRAR = "Farrar et al., Pain 2001;94:149"
KAMPER = "Kamper et al., Eur Spine J 2010"

VAS = Instrument(
    id="vas_pain",
    name="Visual analogue scale of pain",
    measures="pain intensity",
    items=(
        Asked(
            id="vas_mm",
            label="Distance of the mark from 'no pain'",
            type=ItemType.VISUAL_ANALOGUE,
            unit="mm",
            low=0,
            high=100,
            required=True,
        ),
    ),
    scores=(
        Score(
            id="vas_pain",
            label="Pain (VAS)",
            formula=answer("vas_mm"),
            direction=Direction.HIGHER_IS_WORSE,
            unit="mm",
            low=0,
            high=100,
            missing_rule="no answer, no score",
            thresholds=(
                Threshold(
                    kind=ThresholdKind.IMPORTANT_CHANGE,
                    value=15,
                    percent=30,
                    population="low back pain",
                    source=OSTELO,
                ),
            ),
        ),
    ),
    reference="Huskisson, Lancet 1974;304:1127",
    rights="free to use",
    notes=("a scale that was read in cm gives values up to 10: measure, and enter, millimetres",),
    checks=(
        Rule(
            severity=Severity.SOFT,
            id="VAS01",
            expression="vas_mm > 10 OR vas_mm = 0",
            message="{vas_mm} mm is very low: was it measured in centimetres? Enter millimetres.",
            items=("vas_mm",),
        ),
    ),
)

NRS = Instrument(
    id="nrs_pain",
    name="Numerical rating scale of pain",
    measures="pain intensity",
    items=(Asked(id="nrs", label="Pain from 0 to 10", low=0, high=10, required=True),),
    scores=(
        Score(
            id="nrs_pain",
            label="Pain (NRS)",
            formula=answer("nrs"),
            direction=Direction.HIGHER_IS_WORSE,
            low=0,
            high=10,
            missing_rule="no answer, no score",
            thresholds=(
                Threshold(
                    kind=ThresholdKind.IMPORTANT_CHANGE,
                    value=2,
                    percent=30,
                    population="low back pain; chronic pain",
                    source=f"{OSTELO}; {FARRAR}",
                ),
                Threshold(
                    kind=ThresholdKind.RECOVERED,
                    value=0,
                    population="low back pain",
                    source=KAMPER,
                ),
            ),
        ),
    ),
    reference=FARRAR,
    rights="free to use",
    notes=(
        "the core set for low back pain asks about the last week (Chiarotto et al., Pain 2018;159:481)",
    ),
)

_CHANGE = (
    "Very much improved",
    "Much improved",
    "Minimally improved",
    "No change",
    "Minimally worse",
    "Much worse",
    "Very much worse",
)

PGIC = Instrument(
    id="pgic",
    name="Patient global impression of change",
    measures="change as the patient sees it",
    items=(
        Asked(
            id="pgic_answer",
            label="Change since the start of the trial",
            type=ItemType.CHOICE,
            choices=tuple(
                ItemChoice(code=str(code), label=label) for code, label in enumerate(_CHANGE, 1)
            ),
            required=True,
        ),
    ),
    scores=(
        Score(
            id="pgic",
            label="Impression of change",
            formula=code_of("pgic_answer"),
            direction=Direction.HIGHER_IS_WORSE,
            low=1,
            high=7,
            missing_rule="no answer, no score",
        ),
        Score(
            id="pgic_responder",
            label="Much or very much improved",
            # 1 − [answer ≥ 3]
            formula=recoded(reached(code_of("pgic_answer"), 3), intercept=1, slope=-1),
            direction=Direction.HIGHER_IS_BETTER,
            unit="",
            low=0,
            high=1,
            missing_rule="no answer, no score",
        ),
    ),
    reference="PhenX Toolkit, Patient Global Impression of Change",
    rights="the labels here are those of the PhenX Toolkit",
    notes=(
        (
            "forms differ in which end is 1: the labels are stored with the codes, and 1 is 'very much "
            "improved' here"
        ),
    ),
)
