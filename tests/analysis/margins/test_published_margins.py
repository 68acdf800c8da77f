"""Comparisons with a margin as others print them; sources in tests/reference/published."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.published import Answers, tables_about
from trialkit.analysis.margins.margins import (
    MarginContrast,
    compare_means_with_margin,
    compare_proportions_with_margin,
)

ORDER = {"arm": ["CG", "EG"]}


def answers(found: MarginContrast) -> Answers:
    return {
        "estimate": found.estimate,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
        "statistic": found.statistic,
        "p_value": found.p_value,
    }


def sample(values: Sequence[float] | Mapping[str, float]) -> np.ndarray:
    """The values, or some that have the mean and the SD given."""
    if not isinstance(values, Mapping):
        return np.array(values)
    apart = np.linspace(-1, 1, int(values["n"]))
    return values["mean"] + apart * values["sd"] / apart.std(ddof=1)


def equivalent_means(given: Mapping[str, Any]) -> Answers:
    samples = {"EG": sample(given["experimental"]), "CG": sample(given["reference"])}
    frame = pd.DataFrame(
        [{"arm": arm, "y": value} for arm, values in samples.items() for value in values]
    )
    found = compare_means_with_margin(
        frame,
        outcome="y",
        arm="arm",
        reference="CG",
        question="equivalence",
        margin=given["margin"],
        direction="higher",
        alpha=0.05,
        method=given["method"],
        order=ORDER,
    )
    return answers(found.contrasts[0])


def not_inferior_risks(given: Mapping[str, Any]) -> Answers:
    counts = {"EG": given["experimental"], "CG": given["reference"]}
    frame = pd.DataFrame(
        [
            {"arm": arm, "event": int(place < events)}
            for arm, (events, n) in counts.items()
            for place in range(n)
        ]
    )
    found = compare_proportions_with_margin(
        frame,
        outcome="event",
        arm="arm",
        reference="CG",
        question="non_inferiority",
        margin=given["margin"],
        direction=given["direction"],
        alpha=0.05,
        method=given["method"],
        order=ORDER,
    )
    return answers(found.contrasts[0])


@pytest.mark.parametrize("table", tables_about("equivalence of means"), ids=str)
def test_equivalence_of_means(table):
    table.holds(equivalent_means)


@pytest.mark.parametrize("table", tables_about("non-inferiority of risks"), ids=str)
def test_non_inferiority_of_risks(table):
    table.holds(not_inferior_risks)
