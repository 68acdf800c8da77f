"""Fear of movement, catastrophising and fear-avoidance beliefs."""

from trialkit.schemas.instruments.formulas import Formula, answer, answers, recoded, sum_of
from trialkit.schemas.instruments.instrument import (
    Direction,
    Instrument,
    Score,
    Threshold,
    ThresholdKind,
    numbered,
    rated,
)

WOBY = "Woby et al., Pain 2005;117:137"
_TSK_REVERSED = (4, 8, 12, 16)
_TSK_11 = (1, 2, 3, 5, 6, 7, 10, 11, 13, 15, 17)


def _tsk_item(number: int) -> Formula:
    given = answer(f"tsk_{number}")
    return recoded(given, intercept=5, slope=-1) if number in _TSK_REVERSED else given


def _tsk_change() -> Threshold:
    return Threshold(
        kind=ThresholdKind.IMPORTANT_CHANGE,
        value=4,
        population="chronic low back pain; a reduction of at least 4",
        source=WOBY,
    )


TSK_17 = Instrument(
    id="tsk_17",
    name="Tampa Scale for Kinesiophobia, 17 items",
    measures="fear of movement",
    items=rated("tsk", 17, low=1, high=4, of="TSK"),
    scores=(
        Score(
            id="tsk_score",
            label="Fear of movement (TSK-17)",
            formula=sum_of(tuple(_tsk_item(number) for number in range(1, 18))),
            direction=Direction.HIGHER_IS_WORSE,
            low=17,
            high=68,
            missing_rule="all items must be answered (no rule for missing items is published)",
            thresholds=(_tsk_change(),),
        ),
    ),
    reference="Vlaeyen et al., Pain 1995;62:363",
    rights="the words are their owners' and are not here",
    notes=("items 4, 8, 12 and 16 are reversed (5 − answer)",),
)

TSK_11 = Instrument(
    id="tsk_11",
    name="Tampa Scale for Kinesiophobia, 11 items",
    measures="fear of movement",
    # the numbers of the long form, so that either form can be scored from one table
    items=tuple(item for item in TSK_17.items if int(item.id.removeprefix("tsk_")) in _TSK_11),
    scores=(
        Score(
            id="tsk_11_score",
            label="Fear of movement (TSK-11)",
            formula=sum_of(answers(numbered("tsk", _TSK_11))),
            direction=Direction.HIGHER_IS_WORSE,
            low=11,
            high=44,
            missing_rule="all items must be answered (no rule for missing items is published)",
            thresholds=(_tsk_change(),),
        ),
    ),
    reference=WOBY,
    rights="the words are their owners' and are not here",
    notes=("items 4, 8, 9, 12, 14 and 16 of the long form are left out; none is reversed",),
)


def _pcs_score(id_: str, label: str, numbers: tuple[int, ...] | range, high: int) -> Score:
    return Score(
        id=id_,
        label=label,
        formula=sum_of(answers(numbered("pcs", numbers))),
        direction=Direction.HIGHER_IS_WORSE,
        low=0,
        high=high,
        missing_rule="all items must be answered (no rule for missing items was found)",
        thresholds=_PCS_THRESHOLDS if id_ == "pcs_score" else (),
    )


_PCS_THRESHOLDS = (
    Threshold(
        kind=ThresholdKind.IMPORTANT_CHANGE,
        value=12.5,
        population="neck pain; none was found for low back pain",
        source="PMID 37423940",
    ),
    Threshold(
        kind=ThresholdKind.RELEVANT_LEVEL,
        value=30,
        population="chronic pain",
        source="Sullivan, PCS user manual",
        confirmed=False,
    ),
)

PCS = Instrument(
    id="pcs",
    name="Pain Catastrophizing Scale",
    measures="catastrophising",
    items=rated("pcs", 13, low=0, high=4, of="PCS"),
    scores=(
        _pcs_score("pcs_score", "Catastrophising (PCS)", range(1, 14), 52),
        _pcs_score("pcs_rumination", "Rumination", range(8, 12), 16),
        _pcs_score("pcs_magnification", "Magnification", (6, 7, 13), 12),
        _pcs_score("pcs_helplessness", "Helplessness", (1, 2, 3, 4, 5, 12), 24),
    ),
    reference="Sullivan et al., Psychol Assess 1995;7:524",
    rights="copyright M Sullivan; the words are not here",
    unconfirmed=("which items make the three subscales (from the manual, which was not seen)",),
)

FABQ = Instrument(
    id="fabq",
    name="Fear-Avoidance Beliefs Questionnaire",
    measures="fear-avoidance beliefs about physical activity and work",
    items=rated("fabq", 16, low=0, high=6, of="FABQ"),
    scores=(
        Score(
            id="fabq_activity",
            label="Fear-avoidance, physical activity (FABQ-PA)",
            formula=sum_of(answers(numbered("fabq", range(2, 6)))),
            direction=Direction.HIGHER_IS_WORSE,
            low=0,
            high=24,
            thresholds=(
                Threshold(
                    kind=ThresholdKind.IMPORTANT_CHANGE,
                    value=4,
                    population="low back pain",
                    source="Monticone et al. 2020",
                ),
                Threshold(
                    kind=ThresholdKind.DETECTABLE_CHANGE_95,
                    value=3.69,
                    population="low back pain",
                    source="Monticone et al. 2020",
                ),
            ),
        ),
        Score(
            id="fabq_work",
            label="Fear-avoidance, work (FABQ-W)",
            formula=sum_of(answers(numbered("fabq", (6, 7, 9, 10, 11, 12, 15)))),
            direction=Direction.HIGHER_IS_WORSE,
            low=0,
            high=42,
            thresholds=(
                Threshold(
                    kind=ThresholdKind.IMPORTANT_CHANGE,
                    value=7,
                    population="low back pain",
                    source="Monticone et al. 2020",
                ),
                Threshold(
                    kind=ThresholdKind.DETECTABLE_CHANGE_95,
                    value=5.95,
                    population="low back pain",
                    source="Monticone et al. 2020",
                ),
            ),
        ),
    ),
    reference="Waddell et al., Pain 1993;52:157",
    rights="free of charge; the words are not here",
    notes=(
        "items 1, 8, 13, 14 and 16 are not scored",
        (
            "people without work cannot answer the work items: enter a reason that is not applicable, "
            "since such a value is not missing at random but does not exist"
        ),
    ),
)
