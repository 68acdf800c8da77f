"""Disability by the patient's own account: Oswestry, Roland and Morris, and the patient's activities."""

import numpy as np
import pandas as pd
import pytest

from trialkit.errors import DatasetError
from trialkit.schemas.instruments.disability import ODI, PSFS, RMDQ, odi, psfs
from trialkit.schemas.instruments.instrument import ScoreDirection, ThresholdKind
from trialkit.schemas.instruments.scoring import score
from trialkit.schemas.items.item_types import ItemType

ODI_ANSWERS = (0, 1, 2, 3, 4, 5, 5, 3, 2, 4)  # 29 of 50


def rows(prefix: str, *answers: tuple[float, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [{f"{prefix}_{number}": each for number, each in enumerate(row, 1)} for row in answers],
        dtype=float,
    )


def without(answers: tuple[int, ...], *places: int) -> tuple[float, ...]:
    """The answers, those at these places (from 1) blank."""
    return tuple(np.nan if place in places else each for place, each in enumerate(answers, start=1))


def test_oswestry_is_the_percentage_of_what_the_answered_items_could_give() -> None:
    frame = rows(
        "odi",
        ODI_ANSWERS,
        without(ODI_ANSWERS, 10),  # 25 of 45
        without(ODI_ANSWERS, 1),  # 29 of 45
        without(ODI_ANSWERS, 1, 10),  # 25 of 40, but eight answers are too few
        (0,) * 10,
        (5,) * 10,
    )
    found = score(ODI, frame)
    expected = [58.0, 25 / 45 * 100, 29 / 45 * 100, np.nan, 0.0, 100.0]
    assert found.scores["odi_score"].to_numpy(float, na_value=np.nan) == pytest.approx(
        expected, nan_ok=True
    )
    assert found.answered["odi_score"].to_list() == [10, 9, 9, 8, 10, 10]
    asked_for_all = score(odi(minimum_answered=10), frame).scores["odi_score"]
    assert asked_for_all.isna().to_list() == [False, True, True, True, False, False]
    assert asked_for_all.iloc[0] == 58.0
    eight = score(odi(minimum_answered=8), frame).scores["odi_score"]
    assert eight.iloc[3] == 62.5


def test_how_many_of_the_ten_must_be_answered_is_a_number_from_1_to_10() -> None:
    assert "at least 1 of 10" in odi(minimum_answered=1).scores[0].missing_rule
    assert "at least 10 of 10" in odi(minimum_answered=10).scores[0].missing_rule
    for wrong in (0, 11):
        with pytest.raises(DatasetError, match=f"from 1 to 10, got {wrong}"):
            odi(minimum_answered=wrong)


def test_what_is_known_of_oswestry() -> None:
    assert odi(minimum_answered=9) == ODI
    assert (ODI.id, ODI.name) == ("odi", "Oswestry Disability Index 2.1a")
    assert [(each.id, each.label, each.low, each.high) for each in ODI.items] == [
        (f"odi_{number}", f"ODI, item {number}", 0, 5) for number in range(1, 11)
    ]
    (known,) = ODI.scores
    assert (known.unit, known.low, known.high) == ("%", 0, 100)
    assert known.direction is ScoreDirection.HIGHER_IS_WORSE
    (important,) = known.thresholds
    assert important.kind is ThresholdKind.IMPORTANT_CHANGE
    # Ostelo 2008: 10 points, or 30 % of the baseline
    assert (important.value, important.percent, important.population) == (
        10, 30, "low back pain",
    )  # fmt: skip
    assert important.source == "Ostelo et al., Spine 2008;33:90"
    assert ODI.notes == ODI.unconfirmed == ("of two marked statements the higher counts",)


def test_roland_and_morris_counts_ticks_of_a_questionnaire_that_was_handed_in() -> None:
    ticks = rows("rmdq", (1,) * 24, (1,) * 7 + (0,) * 17, (np.nan,) * 24, (1,) * 24, (1,) * 24)
    found = score(RMDQ, ticks.assign(rmdq_given=[1, 1, 1, 0, np.nan])).scores["rmdq_score"]
    assert found.to_numpy(float, na_value=-1).tolist() == [24, 7, 0, -1, -1]


def test_what_is_known_of_roland_and_morris() -> None:
    given, *ticks = RMDQ.items
    assert (given.id, given.type, given.required, given.shown_when) == (
        "rmdq_given", ItemType.YES_NO, True, "",
    )  # fmt: skip
    assert [(each.id, each.label) for each in ticks] == [
        (f"rmdq_{number}", f"RMDQ, item {number} ticked") for number in range(1, 25)
    ]
    for each in ticks:
        assert (each.type, each.required, each.shown_when) == (
            ItemType.YES_NO, False, "rmdq_given",
        )  # fmt: skip
    (known,) = RMDQ.scores
    assert (known.low, known.high, known.direction) == (0, 24, ScoreDirection.HIGHER_IS_WORSE)
    assert [(each.kind, each.value, each.percent) for each in known.thresholds] == [
        (ThresholdKind.IMPORTANT_CHANGE, 5, 30),  # Ostelo 2008
        (ThresholdKind.RECOVERED, 2, None),  # Kamper 2010
    ]
    assert "counts 0 once the questionnaire was handed in" in known.missing_rule


@pytest.mark.parametrize("activities", [3, 4, 5])
def test_the_patients_activities_are_all_rated_or_there_is_no_score(activities: int) -> None:
    what = psfs(activities=activities)
    ratings = (2, 7, 9, 1, 4)[:activities]
    frame = rows("psfs", ratings, without(ratings, 1), without(ratings, activities))
    found = score(what, frame).scores["psfs_score"]
    assert found.iloc[0] == pytest.approx({3: 6, 4: 4.75, 5: 4.6}[activities])
    assert found.isna().to_list() == [False, True, True]


def test_what_is_known_of_the_patients_activities() -> None:
    assert psfs(activities=3) == PSFS
    for wrong in (2, 6):
        with pytest.raises(DatasetError, match=f"3 to 5 activities, got {wrong}"):
            psfs(activities=wrong)
    assert [(each.id, each.type, each.identifier, each.low, each.high) for each in PSFS.items] == [
        ("psfs_activity_1", ItemType.TEXT, True, None, None),
        ("psfs_1", ItemType.INTEGER, False, 0, 10),
        ("psfs_activity_2", ItemType.TEXT, True, None, None),
        ("psfs_2", ItemType.INTEGER, False, 0, 10),
        ("psfs_activity_3", ItemType.TEXT, True, None, None),
        ("psfs_3", ItemType.INTEGER, False, 0, 10),
    ]
    assert [each.label for each in PSFS.items][2:4] == [
        "Activity 2, in the patient's words",
        "Activity 2, rating",
    ]
    (known,) = PSFS.scores
    assert (known.low, known.high, known.direction) == (0, 10, ScoreDirection.HIGHER_IS_BETTER)
    (detectable,) = known.thresholds
    # as the form of Stratford 1995 prints it: 2 for the mean, 3 for one activity
    assert (detectable.kind, detectable.value) == (ThresholdKind.DETECTABLE_CHANGE_90, 2)
    assert PSFS.notes[1] == "a single activity changes detectably (90 %) by 3"
