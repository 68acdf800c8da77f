"""Answers in a frame become scores, or it is said which cell cannot be right."""

import numpy as np
import pandas as pd
import pytest

from trialkit.errors import DatasetError
from trialkit.schemas.instruments.formulas import answers, mean_of_answered, sum_of
from trialkit.schemas.instruments.instrument import (
    AskedVisits,
    Instrument,
    Score,
    ScoreDirection,
)
from trialkit.schemas.instruments.scoring import score
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType


def stated(id_: str, formula: object) -> Score:
    return Score(id=id_, label=id_, formula=formula, direction=ScoreDirection.UNKNOWN)


WHAT = Instrument(
    id="what",
    name="What",
    measures="what",
    items=(
        AskedVisits(id="whole", label="Whole", low=1, high=4),
        AskedVisits(id="size", label="Size", type=ItemType.DECIMAL, low=-2.5),
        AskedVisits(
            id="picked",
            label="Picked",
            type=ItemType.CHOICE,
            choices=tuple(ItemChoice(code=code, label=code) for code in ("3", "1", "5")),
        ),
        AskedVisits(id="truth", label="Truth", type=ItemType.YES_NO),
        AskedVisits(id="words", label="Words", type=ItemType.TEXT),
    ),
    scores=(
        stated("all", sum_of(answers(("whole", "size", "picked", "truth")))),
        stated("some", mean_of_answered(answers(("size", "whole")), at_least=1)),
    ),
    reference="r",
    rights="r",
)
FRAME = pd.DataFrame(
    {
        "size": [0.5, np.nan, -2.5, np.nan],
        "whole": pd.array([4, 3, None, None], "Int64"),
        "picked": [5, 3, 1, 3],
        "truth": pd.array([True, False, True, None], "boolean"),
        "other": ["a", "b", "c", "d"],
    },
    index=["S4", "S2", "S3", "S1"],
)


def test_each_row_has_its_scores_in_the_order_of_the_rows() -> None:
    found = score(WHAT, FRAME)
    assert found.instrument is WHAT
    assert list(found.scores.columns) == ["all", "some"]
    assert list(found.scores.index) == list(found.answered.index) == ["S4", "S2", "S3", "S1"]
    assert str(found.scores["all"].dtype) == "Float64"
    assert found.scores["all"].to_list() == [10.5, pd.NA, pd.NA, pd.NA]
    assert found.scores["some"].to_list() == [2.25, 3.0, -2.5, pd.NA]
    assert found.answered["all"].to_list() == [4, 3, 3, 1]
    assert found.answered["some"].to_list() == [2, 1, 1, 0]
    assert found.answered["all"].dtype == int
    both = found.to_frame()
    assert list(both.columns) == ["all", "some", "all_answered", "some_answered"]
    assert both.loc["S2", "all_answered"] == 3
    assert both.loc["S4", "some"] == 2.25


def test_an_item_may_stand_in_a_column_of_another_name() -> None:
    frame = FRAME.rename(columns={"size": "cm"})
    found = score(WHAT, frame, columns={"size": "cm"})
    assert found.scores["all"].iloc[0] == 10.5
    # an item that no score reads needs no column, and may be named all the same
    score(WHAT, frame, columns={"size": "cm", "words": "nowhere"})


def test_columns_of_all_blanks_are_no_answers() -> None:
    blank = FRAME.assign(size=[None] * 4)
    assert score(WHAT, blank).answered["some"].to_list() == [1, 1, 0, 0]


REFUSED = {
    "unknown item": (
        FRAME,
        {"sise": "cm"},
        (
            "columns: 'sise' is no item of what; its items are whole, size, picked, truth, words; did "
            "you mean 'size'?"
        ),
    ),
    "no column": (
        FRAME.drop(columns="size"),
        {},
        "the item 'size' needs a column 'size'; columns are whole, picked, truth, other",
    ),
    "named column": (
        FRAME,
        {"size": "otter"},
        (
            "the item 'size' needs a column 'otter'; columns are size, whole, picked, truth, other; "
            "did you mean 'other'?"
        ),
    ),
    "twice": (
        pd.concat([FRAME, FRAME[["size"]]], axis=1),
        {},
        "there are 2 columns 'size'; give the item one",
    ),
    "words": (
        FRAME.assign(size=["0.5", "", "1", "2"]),
        {},
        "the answers in 'size' must be numbers, got a column of type ",
    ),
    "too low": (
        FRAME.assign(whole=[4.0, 0.0, 0.5, np.nan]),
        {},
        (
            "'whole' holds 2 answer(s) that 'Whole' cannot have, the first 0.0 in row 'S2'; it takes "
            "whole numbers from 1 to 4"
        ),
    ),
    "too high": (
        FRAME.assign(whole=[4.0, 1.0, 1.0, 5.0]),
        {},
        (
            "'whole' holds 1 answer(s) that 'Whole' cannot have, the first 5.0 in row 'S1'; it takes "
            "whole numbers from 1 to 4"
        ),
    ),
    "half": (
        FRAME.assign(whole=[4.0, 1.0, 2.5, 3.0]),
        {},
        "'whole' holds 1 answer(s) that 'Whole' cannot have, the first 2.5 in row 'S3'",
    ),
    "decimal too low": (
        FRAME.assign(size=[-2.5, -2.6, 1.0, 1.0]),
        {},
        (
            "'size' holds 1 answer(s) that 'Size' cannot have, the first -2.6 in row 'S2'; it takes "
            "numbers from -2.5 to inf"
        ),
    ),
    "infinite": (
        FRAME.assign(size=[-2.5, np.inf, 1.0, 1.0]),
        {},
        "the first inf in row 'S2'",
    ),
    # the codes are from 1 to 5, in whatever order they stand
    "no code": (
        FRAME.assign(picked=[1, 5, 6, 0]),
        {},
        (
            "'picked' holds 2 answer(s) that 'Picked' cannot have, the first 6.0 in row 'S3'; it takes "
            "whole numbers from 1 to 5"
        ),
    ),
    "no truth": (
        FRAME.assign(truth=[1, 0, 2, 1]),
        {},
        (
            "'truth' holds 1 answer(s) that 'Truth' cannot have, the first 2.0 in row 'S3'; it takes "
            "whole numbers from 0 to 1"
        ),
    ),
}


@pytest.mark.parametrize(("frame", "columns", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_scored_is_told(
    frame: pd.DataFrame, columns: dict[str, str], message: str
) -> None:
    with pytest.raises(DatasetError) as error:
        score(WHAT, frame, columns=columns)
    assert message in str(error.value)
