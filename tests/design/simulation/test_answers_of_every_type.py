"""An answer that is made up can be read as what its item holds, whatever its type."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from trialkit.design.simulation.answers import Coded, all_written, draw_answer, written
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.values.parsing import parse_item

NEVER_DRAWN = {ItemType.CALCULATED, ItemType.FILE}
GERMAN = DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY)


@pytest.mark.parametrize("data", [DataFormat(), GERMAN], ids=["plain", "german"])
@pytest.mark.parametrize("kind", ItemType)
def test_a_drawn_answer_is_read_back_as_a_value(kind, data):
    choices = tuple(ItemChoice(code=code, label=code) for code in "abc")
    offering = "choices" in kind.kind.keys
    item = Item(id="x", label="X", type=kind, choices=choices if offering else ())
    rng = np.random.default_rng(1)

    cells = [written(draw_answer(item, date(2026, 3, 30), rng), data) for _ in range(30)]

    column = parse_item(pl.Series("x", cells, dtype=pl.String), item, data=data)
    assert column.values.null_count() == (30 if kind in NEVER_DRAWN else 0), cells
    assert not column.unreadable.any()


def test_many_answers_are_written_as_each_by_itself():
    answers = ["a", "", None, True, 3, 0.5, -0.0, date(2026, 3, 4), Coded(code="ND")]

    assert all_written(answers, DataFormat()) == [written(each, DataFormat()) for each in answers]
