"""Whether each form of each subject is there, as it should be, and free of findings."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.pages.listing_inputs import Column, ExpectedOf, ListingInputs
from trialkit.pages.listing_page import (
    COMPLETE,
    HARD,
    LATE,
    MISSING,
    NOT_DUE,
    NOT_EXPECTED,
    SOFT,
    STATES,
    CountRow,
    FormHead,
    MatrixCell,
    MatrixRow,
)
from trialkit.report.numbers.numbers import count

SUBJECTS = 500
"""Subjects that the completeness matrix shows at most."""
_FACTS = ["rows", "hard", "soft", "missing", "late"]
_ALL = (*STATES, NOT_EXPECTED)


def states_of(inputs: ListingInputs) -> pd.DataFrame:
    """One row a subject, one column a form at a visit, holding the number of a state."""
    people = inputs.people.drop_duplicates("subject_id").set_index("subject_id")
    randomised = people["is_randomised"].to_numpy(dtype=bool)
    table = {}
    known = dict(iter(inputs.cells.groupby(["form", "visit"], sort=False)))
    for column in inputs.columns:
        own = known.get((column.form, column.visit), inputs.cells.head(0))
        facts = own.set_index("subject_id")[_FACTS].reindex(people.index).to_numpy(dtype=float)
        there, hard, soft, missing, late = (facts > 0).T
        state = np.full(len(people), _ALL.index(NOT_EXPECTED))
        if column.expected is ExpectedOf.EVERYONE:
            state[:] = _ALL.index(NOT_DUE)
        elif column.expected is not ExpectedOf.NOBODY:
            of_arms = people["arm"].isin(column.arms).to_numpy() if column.arms else True
            state[randomised & of_arms] = _ALL.index(NOT_DUE)
        facts_first_to_last = (
            (late, LATE),
            (there, COMPLETE),
            (there & soft, SOFT),
            (hard, HARD),
            (missing & ~there, MISSING),
        )
        for holds, meant in facts_first_to_last:
            state[holds] = _ALL.index(meant)
        table[column.form, column.visit] = state
    return pd.DataFrame(table, index=people.index)


def form_heads(columns: Sequence[Column]) -> tuple[FormHead, ...]:
    """The forms' titles over their visits."""
    spans: dict[str, int] = {}
    titles = {column.form: column.title for column in columns}
    for column in columns:
        spans[column.form] = spans.get(column.form, 0) + 1
    return tuple(FormHead(title=titles[form], span=span) for form, span in spans.items())


def matrix_rows(
    inputs: ListingInputs, states: pd.DataFrame, anchors: Mapping[str, str]
) -> list[MatrixRow]:
    """Each subject who is shown, with how each form stands."""
    shown = states[_shown_subjects(states)]
    cells = inputs.cells[inputs.cells["subject_id"].isin(shown.index)]
    rows_of = cells.set_index(["subject_id", "form", "visit"])["rows"].to_dict()
    return [
        MatrixRow(
            subject=str(subject),
            anchor=anchors.get(str(subject), ""),
            cells=tuple(
                MatrixCell(
                    state=_ALL[number],
                    rows=count(many) if (many := rows_of.get((subject, *place), 0)) > 1 else "",
                )
                for place, number in zip(states.columns, numbers, strict=True)
            ),
        )
        for subject, *numbers in shown.itertuples(name=None)
    ]


def _shown_subjects(states: pd.DataFrame) -> pd.Series:
    """Whom the matrix shows: everybody, or those with most to do, in the order of the trial."""
    to_do = states.isin([_ALL.index(each) for each in (HARD, SOFT, MISSING)]).sum(axis="columns")
    first = to_do.sort_values(ascending=False, kind="stable").index[:SUBJECTS]
    return pd.Series(states.index.isin(first), index=states.index)


def matrix_note(inputs: ListingInputs) -> str:
    """What is not shown; empty when everybody is."""
    people = inputs.people["subject_id"].nunique()
    if people <= SUBJECTS:
        return ""
    return (
        f"The {count(SUBJECTS)} of {count(people)} participants with most to do are shown; the table "
        "below counts all of them."
    )


def counts_by_column(inputs: ListingInputs, states: pd.DataFrame) -> list[CountRow]:
    """How many subjects are in each state, by form and visit."""
    rows = []
    for column in inputs.columns:
        own = states[column.form, column.visit]
        counts = (int((own == number).sum()) for number, _ in enumerate(STATES))
        name = f"{column.title}, {column.visit}" if column.visit else column.title
        rows.append(CountRow(name=name, counts=tuple(map(count, counts))))
    return rows
