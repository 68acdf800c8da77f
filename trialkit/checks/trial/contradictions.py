"""Answers to two instruments at one visit that hardly go together, as the instruments say."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Schemas, Severity
from trialkit.schemas.instruments.contradicting import Declared, declared_contradictions


def check_contradictions(schemas: Schemas, cells: Mapping[str, CheckedCells]) -> tuple[Hits, ...]:
    """Scores of two forms at one visit that contradict each other, at the one that says so."""
    return tuple(
        hits for each in declared_contradictions(schemas) for hits in _contradicted(each, cells)
    )


def _contradicted(each: Declared, cells: Mapping[str, CheckedCells]) -> tuple[Hits, ...]:
    form, own, other, item, said = each.form, each.own, each.other, each.item, each.said
    here = right_values(cells[form.id], [own]).rename({own.id: "own"})
    there = right_values(cells[other.id], [item]).drop(ROW).rename({item.id: "there"})
    both = here.join(there, on=list(form.key), how="inner", maintain_order="left")
    odd = both.filter(
        _beyond(pl.col("own"), said.low, said.high)
        & _beyond(pl.col("there"), said.other_low, said.other_high)
    )
    value = pd.Series(odd["there"].cast(pl.Float64).to_list(), dtype="float64")
    text = (
        value.map("{:g}".format)
        .astype("str")
        .str.replace(".", cells[form.id].written.decimal, regex=False)
    )
    unit = {each.id: f" {each.unit}" if each.unit else "" for each in (own, item)}
    return hits_at_rows(
        form,
        cells[form.id].data,
        odd[ROW].to_numpy().astype(np.intp),
        lambda entered: (
            f"{own.label}: "
            + entered
            + f"{unit[own.id]} hardly goes together with {item.label!r} of the form {other.title!r}, "
            "which is "
            + text
            + f"{unit[item.id]} at the same visit. Correct the one that is wrong, or confirm both."
        ),
        item=own.id,
        rule_id=BuiltIn.CONTRADICTORY_ANSWERS.value,
        severity=Severity.SOFT,
    )


def _beyond(value: pl.Expr, low: float | None, high: float | None) -> pl.Expr:
    if low is not None:
        return (value >= low).fill_null(value=False)
    return (value <= high).fill_null(value=False)
