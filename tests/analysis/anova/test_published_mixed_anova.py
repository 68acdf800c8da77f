"""Analyses of variance of repeated measures as others print them.

The sources stand in tests/reference/published; the data sets are those that pingouin brings along.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pingouin
import pytest

from tests.published import Answers, tables_about
from trialkit.analysis.anova.mixed_anova import MixedAnova, mixed_anova

PRINTED = {
    "df_num": "df_num",
    "df_den": "df_den",
    "statistic": "statistic",
    "p_value": "p_value",
    "p_value_gg": "p_gg",
    "sum_squares": "sum_squares",
    "partial_eta_squared": "partial",
    "generalised_eta_squared": "generalised",
}
EFFECTS = {"Group": "between", "Time": "within", "Group:Time": "interaction"}


def long_frame(given: Mapping[str, Any]) -> pd.DataFrame:
    """The data set, a row a measurement; ``most`` leaves out the subjects after it."""
    frame = pingouin.read_dataset(given["dataset"])
    if "Subject" not in frame:
        frame = frame.rename_axis("Subject").reset_index()
        frame = frame.melt("Subject", var_name="Time", value_name="Scores")
    return frame[frame["Subject"] <= given.get("most", frame["Subject"].max())]


def answers(found: MixedAnova) -> Answers:
    effects = {
        f"{EFFECTS[row['term']]} {printed}": row[name]
        for _, row in found.to_frame().iterrows()
        for name, printed in PRINTED.items()
    }
    sphericity = found.sphericity
    return {
        **effects,
        "gg": sphericity.epsilon_gg,
        "lower_bound": sphericity.epsilon_lower_bound,
        "mauchly_w": sphericity.mauchly_w,
        "mauchly_p": sphericity.mauchly_p_value,
    }


def repeated_measures(given: Mapping[str, Any], between: str | None = None) -> Answers:
    frame = long_frame(given)
    order = {"Time": list(dict.fromkeys(frame["Time"]))}
    if between is not None:
        order[between] = sorted(frame[between].unique())
    return answers(
        mixed_anova(
            frame,
            outcome="Scores",
            subject="Subject",
            between=between,
            within="Time",
            sum_of_squares=given.get("kind", 3),
            order=order,
        )
    )


def between_and_within(given: Mapping[str, Any]) -> Answers:
    return repeated_measures(given, between="Group")


@pytest.mark.parametrize("table", tables_about("repeated measures"), ids=str)
def test_repeated_measures(table):
    table.holds(repeated_measures)


@pytest.mark.parametrize("table", tables_about("mixed analysis of variance"), ids=str)
def test_between_and_within(table):
    table.holds(between_and_within)
