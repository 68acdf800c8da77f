"""What the baseline table prints: each characteristic in each allocated arm, and no p value."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.describing.balance import difference_of_categories, difference_of_numbers
from trialkit.analysis.describing.descriptive import summarise
from trialkit.analysis.frames.groups import contrast_label
from trialkit.datasets.model import CharacteristicKind, Datasets
from trialkit.errors import AnalysisError
from trialkit.planned.task.stating import Statement, summary_statistics
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.lookup import IN_LEVEL
from trialkit.results.notes import SEVERAL_APPLY
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

BASELINE = "baseline"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Category:
    """A category of a characteristic, and who has it."""

    label: str
    members: pd.Series
    """Of each row of the characteristic, whether the participant has the category."""


def state_baseline(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Numbers with term blank; each category of the form, also one that nobody has, by its label.

    Of several choices each is counted for itself. Free text has the categories that occur; where
    none does, its rows have a blank term.
    """
    rows = datasets.characteristics
    for name, kind in datasets.characteristic_kinds.items():
        own = rows[rows["characteristic"] == name]
        statement = Statement(
            analysis_id=BASELINE,
            method=Method.DESCRIPTIVE.value,
            outcome=name,
            note=SEVERAL_APPLY if kind.several else "",
        )
        if kind.is_number:
            yield from _numbers(statement, own, protocol)
        else:
            yield from _categories(statement, own, kind, protocol)
        if protocol.report.standardised_differences:
            yield from _differences(statement, own, kind, protocol)


def categories_of(own: pd.DataFrame, kind: CharacteristicKind) -> tuple[Category, ...]:
    """Those of the form in its order; of free text those that occur, the most frequent first."""
    entered = own["category"]
    if kind.several:
        chosen = entered.fillna("").map(lambda codes: frozenset(str(codes).split()))
        return tuple(
            Category(label=label, members=chosen.map(lambda codes, one=code: one in codes))
            for code, label in kind.labels.items()
        )
    labels = kind.labels or {text: str(text) for text in entered.value_counts().index}
    return tuple(Category(label=label, members=entered == code) for code, label in labels.items())


def _numbers(statement: Statement, own: pd.DataFrame, protocol: Protocol) -> Iterator[Result]:
    for arm in protocol.arm_codes:
        here = own[own["arm"] == arm]
        summary = summary_statistics(summarise(here["value"].to_numpy(dtype=float)))
        without = _without(here, here["value"].isna())
        yield from statement.about(arm=arm).state_all(summary | without)


def _categories(
    statement: Statement, own: pd.DataFrame, kind: CharacteristicKind, protocol: Protocol
) -> Iterator[Result]:
    nothing = Category(label="", members=pd.Series(data=False, index=own.index))
    for category in categories_of(own, kind) or (nothing,):
        for arm in protocol.arm_codes:
            here = own[own["arm"] == arm]
            present = int(here["category"].notna().sum())
            events = int(category.members[here.index].sum())
            counts: dict[Stat, float | None] = {Stat.N: present}
            counts |= _without(here, here["category"].isna())
            counts |= {
                Stat.EVENTS: events,
                Stat.PERCENT: 100 * events / present if present else None,
            }
            about = statement.about(term=category.label, arm=arm, note=statement.note)
            yield from about.state_all(counts)


def _without(rows: pd.DataFrame, lacking: pd.Series) -> dict[Stat, float | None]:
    """Who lacks a value; who was not asked, and who can have none, is counted apart."""
    not_asked, not_applicable = (
        rows[name].to_numpy(dtype=bool) for name in ("not_asked", "not_applicable")
    )
    missing = lacking.to_numpy(dtype=bool) & ~not_asked & ~not_applicable
    apart = {
        Stat.N_NOT_ASKED: int(not_asked.sum()),
        Stat.N_NOT_APPLICABLE: int(not_applicable.sum()),
    }
    counts: dict[Stat, float | None] = {Stat.N_MISSING: int(missing.sum())}
    return counts | {stat: count for stat, count in apart.items() if count}


def _differences(
    statement: Statement, own: pd.DataFrame, kind: CharacteristicKind, protocol: Protocol
) -> Iterator[Result]:
    """Each arm's standardised difference from the reference, of several choices one of each."""
    numeric = kind.is_number
    categories = () if numeric else categories_of(own, kind)
    for arm in protocol.experimental:
        term = contrast_label(arm.code, protocol.reference.code)
        arms = tuple(own[own["arm"] == code] for code in (arm.code, protocol.reference.code))
        if kind.several:
            for each in categories:
                about = statement.about(term=f"{term}{IN_LEVEL}{each.label}")
                yield _difference(about, arms, (each, _others(each, own)))
        else:
            yield _difference(statement.about(term=term), arms, categories)


def _others(category: Category, own: pd.DataFrame) -> Category:
    """Those who answered, and do not have the category."""
    return Category(label="", members=own["category"].notna() & ~category.members)


def _difference(
    about: Statement, arms: tuple[pd.DataFrame, ...], categories: tuple[Category, ...]
) -> Result:
    """Of numbers, or over categories; where it has no size, why."""
    try:
        difference = (
            difference_of_categories(*(_counts(rows, categories) for rows in arms))
            if categories
            else difference_of_numbers(*(_values(rows) for rows in arms))
        )
    except AnalysisError as error:
        return about.state(Stat.STANDARDISED_DIFFERENCE, None, note=error.reason)
    return about.state(Stat.STANDARDISED_DIFFERENCE, difference)


def _values(rows: pd.DataFrame) -> np.ndarray:
    return rows["value"].dropna().to_numpy(dtype=float)


def _counts(rows: pd.DataFrame, categories: tuple[Category, ...]) -> np.ndarray:
    return np.array([int(each.members[rows.index].sum()) for each in categories])
