"""Rubin's rules as others print them; the sources stand in tests/reference/published."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from tests.published import Answers, tables_about
from trialkit.analysis.missing.rubin import pool_rubin


def analyses(given: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The estimates and variances, or some that have the mean and the variances printed."""
    if "estimates" in given:
        return np.array(given["estimates"]), np.array(given["variances"])
    apart = np.linspace(-1, 1, given["m"])
    apart *= np.sqrt(given["between"]) / apart.std(ddof=1)
    return given["estimate"] + apart, np.full(given["m"], given["within"])


def pooled(given: Mapping[str, Any]) -> Answers:
    return asdict(pool_rubin(*analyses(given), df_complete=given["df_complete"]))


@pytest.mark.parametrize("table", tables_about("pooled estimate"), ids=str)
def test_pooled_estimate(table):
    table.holds(pooled)
