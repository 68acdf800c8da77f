"""What stays as it is from visit to visit for nearly everybody, and changed for somebody.

The level that is measured, the method, the device: choices of a form at several visits that were no
answers to a questionnaire. That they are steady is taken from the data.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.checks.trial.blank_answers import questions
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Item, Severity
from trialkit.schemas.items.kind import Nature

_PEOPLE = 10
_STEADY = 0.95
_STATES = frozenset({"incomplete", "unverified", "complete"})
"""The labels of how far the entry of a form is, which moves on by itself."""


def check_steady(cells: CheckedCells) -> tuple[Hits, ...]:
    """Choices that differ from the other visits of a participant, where hardly any does."""
    form = cells.form
    if len(form.visits) < 2 or form.repeating:
        return ()
    rated = questions(form)
    return tuple(
        hits
        for item in form.asked
        if item.kind.nature is Nature.CODE
        and item not in rated
        and item.purpose is None
        and not item.identifier  # the message would tell it
        and not {choice.label.lower() for choice in item.choices} <= _STATES
        for hits in _changed(item, cells)
    )


def _changed(item: Item, cells: CheckedCells) -> Iterator[Hits]:
    order = pl.Enum(list(cells.form.visits))
    rows = right_values(cells, [item]).rename({item.id: "value"}).drop_nulls("value")
    rows = rows.with_columns(pl.col("visit").cast(order)).sort("subject_id", "visit")
    seen = rows.group_by("subject_id", maintain_order=True).agg(
        pl.len().alias("n"), pl.col("value").n_unique().alias("values")
    )
    several = seen.filter(pl.col("n") > 1)
    changed = several.filter(pl.col("values") > 1)
    if several.height < _PEOPLE or changed.height > (1 - _STEADY) * several.height:
        return
    theirs = rows.join(changed.select("subject_id"), on="subject_id", maintain_order="left")
    usual = theirs.group_by("subject_id", maintain_order=True).agg(
        pl.col("value").value_counts(sort=True).first().struct.field("count").alias("most"),
        pl.col("value").first().alias("first"),
        pl.col("value").mode().sort().first().alias("mode"),
        pl.len().alias("n"),
    )
    kept = usual.select(
        "subject_id",
        steady=pl.when(pl.col("most") * 2 > pl.col("n")).then("mode").otherwise("first"),
    )
    odd = (
        theirs.join(kept, on="subject_id", maintain_order="left")
        .filter(pl.col("value") != pl.col("steady"))
        .unique("subject_id", keep="first", maintain_order=True)
        .sort(ROW)
    )
    labels = {choice.code: choice.label for choice in item.choices}
    steady = pd.Series([labels.get(code, code) for code in odd["steady"]], dtype="str")
    yield from hits_at_rows(
        cells.form,
        cells.data,
        odd[ROW].to_numpy().astype(np.intp),
        lambda entered: (
            f"{item.label}: "
            + shown(entered.str.strip().replace(labels))
            + " was entered, but at the other visits of this participant it is "
            + steady
            + ". Correct the one that is wrong, or confirm the change."
        ),
        item=item.id,
        rule_id=BuiltIn.CHANGED_BETWEEN_VISITS.value,
        severity=Severity.SOFT,
    )
