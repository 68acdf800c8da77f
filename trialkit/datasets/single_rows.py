"""Each row of a form is the only one with its key, or nothing is derived from any of them.

Of two rows with one key, alike or not, nobody knows which was meant, and the first is as good a
guess as the last. So this is the one place that decides for whatever reads a form: it refuses.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from trialkit.errors import DatasetError
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.not_done import FORM
from trialkit.store.snapshot import FormData, Snapshot

_NAMED = 5
_ROW = "__row"
_WORDS = {"subject_id": "subject", "visit": "visit", "repeat": "number", FORM: "form"}


def refuse_shared_keys(snapshot: Snapshot, schemas: Schemas) -> None:
    """Raise :class:`DatasetError` when any form, or ``not_done.csv``, has a key in several rows."""
    shared = [
        each
        for form in schemas.forms
        for each in _shared(snapshot[form.id], form.key, _placed(snapshot[form.id], form))
    ]
    if snapshot.not_done is not None:
        marks = snapshot.not_done.data
        shared += _shared(marks, ("subject_id", "visit", FORM), _of_somebody(marks))
    if not shared:
        return
    more = len(shared) - _NAMED
    rest = f"; and {more} more" if more > 0 else ""
    raise DatasetError(
        "duplicate rows, of which nobody knows which one counts: "
        f"{'; '.join(shared[:_NAMED])}{rest}. Keep one row of each, or correct the key of the "
        "others, before the analysis: --allow-hard does not choose between them"
    )


def _placed(data: FormData, form: Form) -> pl.Series:
    """The rows with a whole key, at a visit that the form has; no dataset reads others."""
    whole = pl.all_horizontal(pl.col(form.key).is_not_null())
    if form.visits:
        whole &= pl.col("visit").is_in(form.visits)
    return data.typed.select(whole.fill_null(value=False)).to_series()


def _of_somebody(marks: FormData) -> pl.Series:
    """The marks of a subject for a form by name, or for a whole visit."""
    named = marks.typed[FORM].is_not_null()
    whole_visit = marks.entered[FORM].str.strip_chars() == ""
    return marks.typed["subject_id"].is_not_null() & (named | whole_visit)


def _shared(data: FormData, key: Sequence[str], placed: pl.Series) -> Iterator[str]:
    """Each key that several rows have: where they stand, and in what they differ."""
    keys = data.typed.select(key).with_row_index(_ROW).filter(placed)
    if keys.select(key).n_unique() == keys.height:
        return
    again = keys.filter(pl.struct(key).is_duplicated())
    for same, group in again.group_by(key, maintain_order=True):
        rows = data.take(group[_ROW].to_numpy())
        pairs = zip(key, same, strict=True)
        named = ", ".join(f"{_WORDS[name]} {part}" for name, part in pairs if part is not None)
        yield (
            f"{data.file}: {named} in {data.counted}s {_listed(rows.lines)}, "
            f"{_difference(rows.entered, key)}"
        )


def _listed(lines: np.ndarray) -> str:
    more = len(lines) - _NAMED
    first = ", ".join(str(line) for line in lines[:_NAMED])
    return f"{first} and {more} more" if more > 0 else first


def _difference(rows: pl.DataFrame, key: Sequence[str]) -> str:
    """In which items the rows contradict each other, with what each of them says."""
    said = {
        name: rows[name].str.strip_chars().unique(maintain_order=True).to_list()
        for name in rows.columns
        if name not in key
    }
    apart = [
        f"{name} ({', '.join(text or 'blank' for text in texts[:_NAMED])})"
        for name, texts in said.items()
        if len(texts) > 1
    ]
    if not apart:
        return "which are alike"
    more = len(apart) - _NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"which differ in {', '.join(apart[:_NAMED])}{rest}"
