"""Summaries as others print them; the sources stand in tests/reference/published."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from tests.published import Answers, tables_about
from trialkit.analysis.describing.descriptive import summarise


def values_of(given: Mapping[str, Any]) -> np.ndarray:
    """The values, or a first one and pairs that alternate, as NIST constructs them."""
    if "values" in given:
        return np.array(given["values"], dtype=float)
    return np.array([given["first"], *given["then"] * given["pairs"]])


def summary(given: Mapping[str, Any]) -> Answers:
    return asdict(summarise(values_of(given)))


@pytest.mark.parametrize("table", tables_about("summary"), ids=str)
def test_summary(table):
    table.holds(summary)
