"""The RAND-36 is scored by RAND's two tables, which stand here a second time as they are printed."""

import numpy as np
import pandas as pd
import pytest

from trialkit.schemas.instruments.instrument import ScoreDirection
from trialkit.schemas.instruments.quality_of_life import RAND_36
from trialkit.schemas.instruments.scoring import score

# step 1 of RAND's instructions: what answers 1, 2, 3 ... of these items become
RECODED = (
    ((1, 2, 20, 22, 34, 36), (100, 75, 50, 25, 0)),
    ((3, 4, 5, 6, 7, 8, 9, 10, 11, 12), (0, 50, 100)),
    ((13, 14, 15, 16, 17, 18, 19), (0, 100)),
    ((21, 23, 26, 27, 30), (100, 80, 60, 40, 20, 0)),
    ((24, 25, 28, 29, 31), (0, 20, 40, 60, 80, 100)),
    ((32, 33, 35), (0, 25, 50, 75, 100)),
)
# step 2: which items each scale is the mean of
SCALES = {
    "rand_physical_functioning": (3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    "rand_role_physical": (13, 14, 15, 16),
    "rand_role_emotional": (17, 18, 19),
    "rand_energy": (23, 27, 29, 31),
    "rand_emotional": (24, 25, 26, 28, 30),
    "rand_social": (20, 32),
    "rand_pain": (21, 22),
    "rand_general_health": (1, 33, 34, 35, 36),
}
VALUES = {item: values for items, values in RECODED for item in items}


@pytest.mark.parametrize("scale", SCALES)
def test_every_answer_to_every_item_gives_the_value_that_is_printed(scale: str) -> None:
    for item in SCALES[scale]:
        # one item is answered, by each of its answers in turn; the others are blank
        frame = pd.DataFrame(
            {f"rand_{number}": [np.nan] * len(VALUES[item]) for number in range(1, 37)}
        )
        frame[f"rand_{item}"] = np.arange(1.0, len(VALUES[item]) + 1)
        found = score(RAND_36, frame)
        assert found.scores[scale].to_list() == list(VALUES[item])
        assert found.answered[scale].to_list() == [1] * len(VALUES[item])
        others = [other for other in SCALES if other != scale]
        assert found.scores[others].isna().all(axis=None)


def test_a_scale_is_the_mean_of_what_is_answered() -> None:
    # each item has its own answer; every second item of a scale is blank in the second row
    rows = []
    for skipped in (False, True):
        given = {item: item % len(VALUES[item]) + 1 for item in VALUES}
        for items in SCALES.values():
            for place, item in enumerate(items):
                if skipped and place % 2:
                    given[item] = np.nan
        rows.append({f"rand_{item}": answer for item, answer in given.items()})
    found = score(RAND_36, pd.DataFrame(rows)).scores
    for scale, items in SCALES.items():
        values = [VALUES[item][item % len(VALUES[item])] for item in items]
        assert found[scale].to_list() == pytest.approx([np.mean(values), np.mean(values[::2])])


def test_what_is_known_of_it() -> None:
    assert RAND_36.id == "rand_36"
    assert [item.id for item in RAND_36.items] == [f"rand_{number}" for number in range(1, 37)]
    assert [item.label for item in RAND_36.items][-1] == "RAND-36, item 36"
    ends = [(item.low, item.high) for item in RAND_36.items]
    assert ends == [(1, len(VALUES[number])) for number in range(1, 37)]
    assert [(each.id, each.label) for each in RAND_36.scores] == [
        ("rand_physical_functioning", "Physical functioning"),
        ("rand_role_physical", "Role limitations, physical health"),
        ("rand_role_emotional", "Role limitations, emotional problems"),
        ("rand_energy", "Energy and fatigue"),
        ("rand_emotional", "Emotional well-being"),
        ("rand_social", "Social functioning"),
        ("rand_pain", "Pain"),
        ("rand_general_health", "General health"),
    ]
    for each in RAND_36.scores:
        assert (each.low, each.high, each.unit) == (0, 100, "points")
        assert each.direction is ScoreDirection.HIGHER_IS_BETTER
        assert "mean of the items that are answered" in each.missing_rule
    assert RAND_36.notes[0] == "item 2, health compared with a year ago, is not scored"
