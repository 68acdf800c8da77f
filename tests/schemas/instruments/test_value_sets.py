"""Value sets of EQ-5D-5L are files that the user brings; the one here is made up."""

import pandas as pd
import pytest

from trialkit.errors import DataFileError, DatasetError
from trialkit.schemas.instruments import index_values, read_value_set
from trialkit.schemas.instruments.value_sets import STATES


def made_up(state):
    """Full health is worth 1, and every step of a dimension costs 0.08."""
    return round(1 - 0.08 * (sum(map(int, str(state))) - 5), 4)


def written(folder, lines):
    file = folder / "values.csv"
    file.write_text("state,value\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def lines():
    return [f"{state},{made_up(state)}" for state in STATES]


def test_a_state_has_the_value_that_the_country_gives_it(tmp_path, lines):
    file = written(tmp_path, reversed(lines))
    value_set = read_value_set(file, country="Nowhere", version="1")
    states = pd.Series([11111, None, 55555, 21345], index=list("abcd"), dtype="Int64", name="s")
    found = index_values(states, value_set)
    assert found["a"] == 1
    assert pd.isna(found["b"])
    assert found["c"] == pytest.approx(-0.6)
    assert found["d"] == pytest.approx(made_up(21345))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: lines[:-1], "1 of the 3125 states have no value, the first 55555"),
        (lambda lines: [*lines, lines[0]], "line 3127: the state 11111 stands twice"),
        (lambda lines: ["11116,0.5", *lines], "line 2: '11116' is no state"),
        (lambda lines: ["1111,0.5", *lines], "line 2: '1111' is no state"),
        (lambda lines: ["11111,much", *lines[1:]], "'much' is no value"),
        (lambda lines: ["11111,nan", *lines[1:]], "'nan' is no value"),
        (lambda lines: ["11111,1.2", *lines[1:]], "'1.2' is no value"),
        (lambda lines: ["11111", *lines[1:]], "no value"),
    ],
)
def test_a_file_that_is_no_value_set_says_where(tmp_path, lines, change, words):
    with pytest.raises(DataFileError, match=words):
        read_value_set(written(tmp_path, change(lines)), country="Nowhere", version="1")


def test_a_value_set_needs_its_columns_country_and_file(tmp_path, lines):
    file = written(tmp_path, lines)
    with pytest.raises(DataFileError, match="country and version"):
        read_value_set(file, country=" ", version="1")
    file.write_text("zustand,wert\n11111,1\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="needs the columns 'state' and 'value'"):
        read_value_set(file, country="Nowhere", version="1")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataFileError, match="cannot be read"):
        read_value_set(file, country="Nowhere", version="1")
    with pytest.raises(DataFileError, match="cannot be read"):
        read_value_set(tmp_path / "none.csv", country="Nowhere", version="1")


def test_what_is_no_state_is_refused(tmp_path, lines):
    value_set = read_value_set(written(tmp_path, lines), country="Nowhere", version="1")
    with pytest.raises(DatasetError, match="'s' holds 1 number"):
        index_values(pd.Series([11111, 11160], name="s"), value_set)
