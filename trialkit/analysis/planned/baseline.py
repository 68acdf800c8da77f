"""What the baseline table prints: each characteristic in each allocated arm, and no p value."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.descriptive import summarise
from trialkit.analysis.planned.stating import Statement, summary_statistics
from trialkit.analysis.results import Result
from trialkit.analysis.vocabulary import Stat
from trialkit.datasets.model import Datasets
from trialkit.protocol.model import Protocol
from trialkit.protocol.specifications import Method

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
