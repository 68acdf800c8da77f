"""A snapshot in which some answers of some participants are not known any more."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl

from trialkit.store.snapshot import FormData, Snapshot


def forgetting(
    snapshot: Snapshot, form_id: str, item: str, subjects: Iterable[str], code: str | None
) -> Snapshot:
    """The item of these subjects has no value: a missing code, or nothing at all."""
    form = snapshot[form_id]
    theirs = pl.col("subject_id").is_in(list(subjects))
    return _with(snapshot, replace(
        form,
        typed=form.typed.with_columns(pl.when(~theirs).then(pl.col(item)).alias(item)),
        coded=form.coded.with_columns(
            pl.when(form.typed.select(theirs).to_series())
            .then(pl.lit(code, dtype=form.coded[item].dtype))
            .otherwise(pl.col(item))
            .alias(item)
        ),
        entered=form.entered.with_columns(
            pl.when(theirs).then(pl.lit(code or "")).otherwise(pl.col(item)).alias(item)
        ),
    ))  # fmt: skip


def losing(snapshot: Snapshot, form_id: str, subjects: Iterable[str]) -> Snapshot:
    """The form of these subjects has no row."""
    form, away = snapshot[form_id], set(subjects)
    kept = [n for n, who in enumerate(form.typed["subject_id"]) if who not in away]
    return _with(snapshot, form.take(np.array(kept, dtype=np.intp)))


def _with(snapshot: Snapshot, form: FormData) -> Snapshot:
    return replace(snapshot, forms={**snapshot.forms, form.form_id: form})
