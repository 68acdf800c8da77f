"""What is told of each cell is what would be told of it alone, and a text is looked at once."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.schemas.values import distinct
from trialkit.schemas.values.distinct import numbered, once_for_each


def facts(table: pl.LazyFrame) -> pl.LazyFrame:
    """A number, a text and a truth value, the last of them never there."""
    text = pl.first()
    return table.select(
        length=text.str.len_chars(),
        start=text.str.slice(0, 1),
        never=pl.when(text != text).then(statement=True),  # noqa: PLR0124 - null everywhere
    )


@settings(max_examples=examples(25), deadline=None)
@given(texts=st.lists(st.sampled_from(["", " ", "a", "ab", "ä", None]), max_size=40))
def test_of_each_cell_the_same_is_told_as_of_it_alone(texts):
    cells = pl.Series("x", texts, dtype=pl.String)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "_FEW", 2)
        told = once_for_each(cells, facts)

    assert told.equals(cells.to_frame().lazy().pipe(facts).collect())
    assert told.columns == ["length", "start", "never"]


@pytest.mark.parametrize(
    ("texts", "looked_at"),
    [
        pytest.param(["a", "b", None, "b"] * 1000, 3, id="a few texts again and again"),
        pytest.param([str(each) for each in range(4000)], 4000, id="all of them different"),
        pytest.param(
            np.random.default_rng(1).integers(0, 5000, 100_000).astype(str).tolist(),
            5000,
            id="thousands, each of them a few times",
        ),
        pytest.param(["a", "b"] * 20, 40, id="so few cells that it makes no difference"),
        pytest.param([None] * 4000, 1, id="nothing"),
    ],
)
def test_a_text_that_a_column_has_often_is_looked_at_once(texts, looked_at):
    seen = []

    def counted(table):
        seen.append(table.collect().height)
        return facts(table)

    told = once_for_each(pl.Series("x", texts, dtype=pl.String), counted)

    assert seen == [looked_at]
    assert told.height == len(texts)


def test_each_cell_has_the_number_of_its_text():
    cells = pl.Series("x", ["b", None, "", "b", "ä", "a"])

    texts, numbers = numbered(cells)

    assert texts.gather(numbers).equals(cells)
    assert sorted(texts) == ["", "a", "b", "ä"]
    assert numbered(cells.clear())[0].is_empty()
