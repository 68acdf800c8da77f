"""Several numbers as one, against plain Python; blanks are left out."""

from statistics import mean, median, stdev

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schemas.rules.parts import column, come_to, draft
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.several_numbers import SEVERAL_NUMBERS

NUMBERS = st.none() | st.integers(-50, 50).map(float)
OF = {
    "SUM_OF": sum,
    "MEAN_OF": mean,
    "MEDIAN_OF": median,
    "STDEV_OF": stdev,
    "LEAST": min,
    "GREATEST": max,
}


def test_each_has_its_counterpart():
    assert set(OF) == set(SEVERAL_NUMBERS)


def of(name, *values):
    written = draft()
    names = [f"n{place}" for place in range(len(values))]
    parts = [column(each, Kind.NUMBER) for each in names]
    table = pl.DataFrame(dict(zip(names, ([each] for each in values), strict=True)),
                         schema=dict.fromkeys(names, pl.Float64))  # fmt: skip
    return come_to(SEVERAL_NUMBERS[name](parts, written), written, table)[0]


@pytest.mark.parametrize("name", OF)
@given(values=st.lists(NUMBERS, min_size=1, max_size=6))
def test_of_what_is_there(name, values):
    there = [each for each in values if each is not None]
    found = of(name, *values)

    if len(there) < (2 if name == "STDEV_OF" else 1):
        assert found is None
    else:
        assert found == pytest.approx(OF[name](there), abs=1e-9)


@pytest.mark.parametrize("name", OF)
def test_of_nothing_and_of_texts_it_is_refused(name):
    with pytest.raises(ProtocolError, match="takes one number or more"):
        SEVERAL_NUMBERS[name]([], draft())
    with pytest.raises(ProtocolError, match="is for numbers"):
        SEVERAL_NUMBERS[name]([column("s", Kind.TEXT)], draft())
