"""What low back pain keeps people from doing, by their own account."""

from trialkit.errors import DatasetError
from trialkit.schemas.instruments.formulas import (
    answers,
    mean_of_answered,
    ticked,
)
from trialkit.schemas.instruments.instrument import (
    AskedVisits,
    Contradiction,
    Instrument,
    Score,
    ScoreDirection,
    Threshold,
    ThresholdKind,
    numbered,
    rated,
)
from trialkit.schemas.items.item_types import ItemType

_OSTELO = "Ostelo et al., Spine 2008;33:90"
_ODI_MOST = 5
_ODI_ITEMS = numbered("odi", range(1, 11))


def odi(*, minimum_answered: int = 9) -> Instrument:
    """The Oswestry index; with fewer than ``minimum_answered`` of 10 items there is no score."""
    if minimum_answered not in range(1, 11):
        raise DatasetError(f"minimum_answered must be from 1 to 10, got {minimum_answered}")
    return Instrument(
        id="odi",
        name="Oswestry Disability Index 2.1a",
        measures="disability from low back pain",
        items=rated("odi", 10, low=0, high=_ODI_MOST, of="ODI"),
        scores=(
            Score(
                id="odi_score",
                label="Disability (ODI)",
                formula=mean_of_answered(
                    answers(_ODI_ITEMS), at_least=minimum_answered, factor=100 // _ODI_MOST
                ),
                direction=ScoreDirection.HIGHER_IS_WORSE,
                unit="%",
                low=0,
                high=100,
                missing_rule=(
                    f"at least {minimum_answered} of 10 items must be answered, and the score is the "
                    "percentage of what these could give (a choice: no floor is published)"
                ),
                thresholds=(
                    Threshold(
                        kind=ThresholdKind.IMPORTANT_CHANGE,
                        value=10,
                        percent=30,
                        population="low back pain",
                        source=_OSTELO,
                    ),
                ),
            ),
        ),
        reference="Fairbank & Pynsent, Spine 2000;25:2940",
        rights=(
            "copyright J Fairbank; distributed by Mapi Research Trust (ePROVIDE): free for academic and "
            "clinical use without funding, else with a fee"
        ),
        notes=("of two marked statements the higher counts",),
        contradictions=(
            Contradiction(
                score="odi_score", low=60, instrument="nrs_pain", other="nrs_pain", other_high=0
            ),
            Contradiction(
                score="odi_score", low=60, instrument="vas_pain", other="vas_pain", other_high=0
            ),
            Contradiction(
                score="odi_score", high=0, instrument="nrs_pain", other="nrs_pain", other_low=8
            ),
            Contradiction(
                score="odi_score", low=60, instrument="rmdq", other="rmdq_score", other_high=1
            ),
            Contradiction(
                score="odi_score", high=2, instrument="rmdq", other="rmdq_score", other_low=18
            ),
        ),
        unconfirmed=("of two marked statements the higher counts",),
    )


ODI = odi()

_RMDQ_ITEMS = numbered("rmdq", range(1, 25))

RMDQ = Instrument(
    id="rmdq",
    name="Roland–Morris Disability Questionnaire, 24 items",
    measures="disability from low back pain",
    items=(
        AskedVisits(
            id="rmdq_given",
            label="The questionnaire was handed in",
            type=ItemType.YES_NO,
            required=True,
        ),
        *(
            AskedVisits(
                id=item,
                label=f"RMDQ, item {number} ticked",
                type=ItemType.YES_NO,
                shown_when="rmdq_given",
            )
            for number, item in enumerate(_RMDQ_ITEMS, 1)
        ),
    ),
    scores=(
        Score(
            id="rmdq_score",
            label="Disability (RMDQ)",
            formula=ticked("rmdq_given", _RMDQ_ITEMS),
            direction=ScoreDirection.HIGHER_IS_WORSE,
            low=0,
            high=24,
            missing_rule="an item without a tick counts 0 once the questionnaire was handed in",
            thresholds=(
                Threshold(
                    kind=ThresholdKind.IMPORTANT_CHANGE,
                    value=5,
                    percent=30,
                    population="low back pain",
                    source=_OSTELO,
                ),
                Threshold(
                    kind=ThresholdKind.RECOVERED,
                    value=2,
                    population="low back pain",
                    source="Kamper et al., Eur Spine J 2010",
                ),
            ),
        ),
    ),
    contradictions=(
        Contradiction(
            score="rmdq_score", low=18, instrument="nrs_pain", other="nrs_pain", other_high=0
        ),
        Contradiction(
            score="rmdq_score", low=18, instrument="vas_pain", other="vas_pain", other_high=0
        ),
    ),
    reference="Roland & Fairbank, Spine 2000;25:3115",
    rights="free without permission in its published form; its sentences are not here all the same",
)


def psfs(*, activities: int = 3) -> Instrument:
    """The Patient-Specific Functional Scale with 3 to 5 activities that the patient names."""
    if activities not in range(3, 6):
        raise DatasetError(f"the PSFS has 3 to 5 activities, got {activities}")
    ratings = numbered("psfs", range(1, activities + 1))
    return Instrument(
        id="psfs",
        name="Patient-Specific Functional Scale",
        measures="activities that the patient names as hard",
        items=tuple(
            asked
            for number, rating in enumerate(ratings, 1)
            for asked in (
                AskedVisits(
                    id=f"psfs_activity_{number}",
                    label=f"Activity {number}, in the patient's words",
                    type=ItemType.TEXT,
                    identifier=True,
                ),
                AskedVisits(id=rating, label=f"Activity {number}, rating", low=0, high=10),
            )
        ),
        scores=(
            Score(
                id="psfs_score",
                label="Function (PSFS)",
                formula=mean_of_answered(answers(ratings), at_least=activities),
                direction=ScoreDirection.HIGHER_IS_BETTER,
                low=0,
                high=10,
                missing_rule="all activities must be rated, so that every visit has the same ones",
                thresholds=(
                    Threshold(
                        kind=ThresholdKind.DETECTABLE_CHANGE_90,
                        value=2,
                        population="musculoskeletal; the mean of the activities",
                        source="Stratford et al., Physiother Can 1995;47:258, as printed on its form",
                    ),
                ),
            ),
        ),
        reference="Stratford et al., Physiother Can 1995;47:258",
        rights="the patient's own words: personal data, so marked as identifiers",
        notes=(
            "the same activities are rated at every visit; none is added later",
            "a single activity changes detectably (90 %) by 3",
        ),
    )


PSFS = psfs()
