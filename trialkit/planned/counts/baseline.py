"""What the baseline table prints: each characteristic in each allocated arm, and no p value."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.analysis.describing.balance import difference_of_categories, difference_of_numbers
from trialkit.analysis.describing.descriptive import summarise
from trialkit.analysis.frames.groups import contrast_label
from trialkit.datasets.model import Datasets
from trialkit.errors import AnalysisError
from trialkit.planned.task.stating import Statement, summary_statistics
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

BASELINE = "baseline"


def state_baseline(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Numbers with term blank; each category, also one nobody in an arm has, under its label."""
    rows = datasets.characteristics
    for name in rows["characteristic"].cat.categories if len(rows) else ():
        own = rows[rows["characteristic"] == name]
        statement = Statement(
            analysis_id=BASELINE, method=Method.DESCRIPTIVE.value, outcome=str(name)
        )
        if own["category"].isna().all():
            yield from _numbers(statement, own, protocol)
        else:
            yield from _categories(statement, own, protocol)
        if protocol.report.standardised_differences:
            yield from _differences(statement, own, protocol)


def _differences(statement: Statement, own: pd.DataFrame, protocol: Protocol) -> Iterator[Result]:
    """Each arm's standardised difference from the reference; where it has no size, why."""
    numeric = own["category"].isna().all()
    levels = own["category"].dropna().unique()
    for arm in protocol.experimental:
        term = contrast_label(arm.code, protocol.reference.code)
        about = statement.about(term=term)
        here, there = own[own["arm"] == arm.code], own[own["arm"] == protocol.reference.code]
        try:
            difference = (
                difference_of_numbers(_values(here), _values(there))
                if numeric
                else difference_of_categories(_counts(here, levels), _counts(there, levels))
            )
        except AnalysisError as error:
            yield about.state(Stat.STANDARDISED_DIFFERENCE, None, note=str(error))
        else:
            yield about.state(Stat.STANDARDISED_DIFFERENCE, difference)


def _values(rows: pd.DataFrame) -> np.ndarray:
    return rows["value"].dropna().to_numpy(dtype=float)


def _counts(rows: pd.DataFrame, levels: np.ndarray) -> np.ndarray:
    return np.array([int((rows["category"] == level).sum()) for level in levels])


def _numbers(statement: Statement, own: pd.DataFrame, protocol: Protocol) -> Iterator[Result]:
    for arm in protocol.arm_codes:
        values = own.loc[own["arm"] == arm, "value"].to_numpy(dtype=float)
        yield from statement.about(arm=arm).state_all(summary_statistics(summarise(values)))


def _categories(statement: Statement, own: pd.DataFrame, protocol: Protocol) -> Iterator[Result]:
    """The categories in the order of the form; free text by how often it occurs."""
    counts = own.groupby("category", sort=False).agg(rank=("rank", "min"), n=("rank", "size"))
    ordered = counts.sort_values(["rank", "n"], ascending=[True, False], kind="stable").index
    for category in ordered:
        for arm in protocol.arm_codes:
            here = own.loc[own["arm"] == arm, "category"]
            present, events = int(here.notna().sum()), int((here == category).sum())
            yield from statement.about(term=str(category), arm=arm).state_all(
                {
                    Stat.N: present,
                    Stat.N_MISSING: len(here) - present,
                    Stat.EVENTS: events,
                    Stat.PERCENT: 100 * events / present if present else None,
                }
            )
