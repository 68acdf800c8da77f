"""Subjects that a source has under another number: whose rows went, and came, with the same answers."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from trialkit.imports.taking_in.difference import CellDifference, FormDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbered:
    """A subject that is gone, and the new one who has all of its answers."""

    before: str
    now: str


def renumbered(compared: CellDifference) -> tuple[Renumbered, ...]:
    """The pairs of a subject of whom every row is gone and the one new subject with its answers."""
    gone = _counted(form.present[list(form.gone)] for form in compared.forms)
    same = [_same_answers(form) for form in compared.forms if form.gone and form.new_rows.height]
    if not same:
        return ()
    pairs = pl.concat(same).group_by("before", "now", maintain_order=True).len()
    whole = pairs.filter(pl.col("len") == pl.col("before").replace_strict(gone, default=0))
    only = whole.filter(~pl.col("before").is_duplicated() & ~pl.col("now").is_duplicated())
    return tuple(Renumbered(before=before, now=now) for before, now, _ in only.rows())


def _counted(tables: Iterator[pl.DataFrame]) -> dict[str, int]:
    subjects = pl.concat([cells["subject_id"].str.strip_chars() for cells in tables])
    return dict(subjects.value_counts().rows())


def _same_answers(form: FormDifference) -> pl.DataFrame:
    """The subjects of rows that went and came with the same cells, of which some are answers."""
    cells = [name for name in form.present.columns if name != "subject_id"]
    items = [name for name in cells if name not in form.form.key]
    gone = form.present[list(form.gone)].rename({"subject_id": "before"})
    came = form.new_rows.rename({"subject_id": "now"})
    answered = came.filter(
        ~pl.all_horizontal(pl.lit(value=True), *(pl.col(i) == "" for i in items))
    )
    pairs = gone.join(answered, on=cells, how="inner") if cells else gone.clear()
    return pairs.select(pl.col("before", "now").str.strip_chars()) if cells else pairs
