"""The values of EQ-5D-5L states, from a country's value set that the user supplies."""

import csv
from dataclasses import dataclass
from io import StringIO
from itertools import product
from math import isfinite
from pathlib import Path

import numpy as np
import pandas as pd

from trialkit.disk.reading import bytes_within
from trialkit.errors import DataFileError, DatasetError
from trialkit.limits import LARGEST_DEFINITION

STATES = tuple(int("".join(digits)) for digits in product("12345", repeat=5))
"""All 3125 states, 11111 to 55555."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ValueSet:
    """What a population says that each state is worth: 1 is full health, 0 dead.

    ``country`` and ``version`` go into the methods text and the manifest.
    """

    country: str
    version: str
    states: np.ndarray
    values: np.ndarray


def read_value_set(file: Path, *, country: str, version: str) -> ValueSet:
    """Read a CSV file with the columns ``state`` (five digits) and ``value``, all 3125 states.

    Raises ``DataFileError`` that says which line or which state is wrong.
    """
    if not (country.strip() and version.strip()):
        raise DataFileError(
            f"{file}: a value set needs its country and version, which are reported"
        )
    found: dict[int, float] = {}
    try:
        text = bytes_within(file, LARGEST_DEFINITION).decode("utf-8-sig")
        for number, row in enumerate(csv.DictReader(StringIO(text, newline="")), 2):
            state, value = _entry(file, number, row)
            if state in found:
                raise DataFileError(f"{file}, line {number}: the state {state} stands twice")
            found[state] = value
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(f"{file}: cannot be read as a CSV file: {error}") from error
    lacking = sorted(set(STATES) - set(found))
    if lacking:
        raise DataFileError(
            f"{file}: {len(lacking)} of the 3125 states have no value, the first {lacking[0]}"
        )
    return ValueSet(
        country=country,
        version=version,
        states=np.array(STATES),
        values=np.array([found[state] for state in STATES]),
    )


def index_values(states: pd.Series, value_set: ValueSet) -> pd.Series:
    """The value of each state (five digits as a number); a missing state has no value.

    Raises ``DatasetError`` for what is no state.
    """
    numbers = states.to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(numbers)
    wrong = known & ~np.isin(numbers, value_set.states)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise DatasetError(
            f"{states.name!r} holds {int(wrong.sum())} number(s) that are no state of the EQ-5D-5L, the "
            f"first {numbers[first]:g} in row {states.index[first]!r}; a state has five digits from 1 to 5"
        )
    at = np.searchsorted(value_set.states, np.where(known, numbers, value_set.states[0]))
    values = pd.arrays.FloatingArray(value_set.values[at], ~known)
    return pd.Series(values, index=states.index, name="eq5d_value")


def _entry(file: Path, number: int, row: dict[str, str]) -> tuple[int, float]:
    """The state and value of a line."""
    if not {"state", "value"} <= set(row):
        raise DataFileError(
            f"{file}: needs the columns 'state' and 'value', has {', '.join(map(repr, row))}"
        )
    text = (row["state"] or "").strip()
    if len(text) != len("11111") or not set(text) <= set("12345"):
        raise DataFileError(
            f"{file}, line {number}: {text!r} is no state; a state has five digits from 1 to 5"
        )
    try:
        value = float(row["value"] or "")
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value > 1:
        raise DataFileError(
            f"{file}, line {number}: {row['value']!r} is no value of a state; a value is a number up to 1"
        )
    return int(text), value
