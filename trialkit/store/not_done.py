"""What was marked as not done: its items are missing, with the reason of the mark.

A marked form gets a row in which nothing was entered and every item has the reason as its missing
code, so that it is no missing form, its blanks are no open questions, and its values are counted as
missing for this reason. Where the form has a row, the reason goes to the items that are blank, and
the checks find the contradiction. A repeating form gets no row.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from trialkit.schemas.forms.forms import Expected, Form, Schemas
from trialkit.schemas.forms.not_done import CODE, FORM, REASON
from trialkit.store.snapshot import FormData, NotDone
from trialkit.store.subjects import known_subjects


def taken(data: FormData, forms: Mapping[str, FormData], schemas: Schemas) -> NotDone:
    """The marks that can be taken: of a known subject, for a form and visit of the trial."""
    subjects = known_subjects(forms, schemas).unique()
    marks = pl.DataFrame(
        [
            data.typed["subject_id"],
            data.typed["visit"],
            data.typed[FORM].cast(pl.String),
            data.coded[REASON].cast(pl.String).alias(CODE),
            data.entered[FORM].str.strip_chars().alias("named"),
        ]
    ).filter(pl.col("subject_id").is_in(subjects.implode()) & pl.col(CODE).is_not_null())
    return NotDone(data=data, marked={form.id: _marks_of(form, marks) for form in schemas.forms})


def _marks_of(form: Form, marks: pl.DataFrame) -> pl.DataFrame:
    """The marks of a form by name, and of its visits as a whole where it is expected there.

    A mark of the form itself goes before one of the whole visit, whichever line comes first.
    """
    of_form = pl.col(FORM) == form.id
    if form.visits:
        at_visit = pl.col("visit").is_in(form.visits)
        whole = (pl.col("named") == "") & (form.expected is not Expected.AS_NEEDED)
        taken_here = at_visit & (of_form | whole)
    else:
        taken_here = of_form & pl.col("visit").is_null()
    key = [name for name in form.key if name != "repeat"]
    named_first = marks.filter(taken_here.fill_null(value=False)).sort(
        pl.col("named") == "", maintain_order=True
    )
    return named_first.select(*key, CODE).unique(key, keep="first", maintain_order=True)


def at_the_cut(marks: NotDone, whole: Mapping[str, FormData], kept: Mapping[str, FormData],
               schemas: Schemas) -> NotDone:  # fmt: skip
    """The marks that were there at the cut: those of rows, and of people, that are.

    ``whole`` are the forms with their marks before the cut, ``kept`` what it left of them. A line
    that cannot be taken is no mark of the future: it stays, and is found.
    """
    came, there = (known_subjects(forms, schemas).unique() for forms in (whole, kept))
    marked = {
        form.id: _still_marked(form, marks.marked[form.id], kept[form.id], there)
        for form in schemas.forms
    }
    lines = marks.data.typed.select(
        "subject_id", pl.col("visit").fill_null(""), marks.data.entered[FORM].str.strip_chars()
    )
    gone = pl.Series(lines["subject_id"].is_in(came.implode()))
    gone &= ~lines["subject_id"].is_in(there.implode()).fill_null(value=False)
    before, after = _places(marks.marked), _places(marked)
    for of_form, on in ((True, ["subject_id", "visit", FORM]), (False, ["subject_id", "visit"])):
        was, is_ = (_is_among(lines, places, on) for places in (before, after))
        gone |= was & ~is_ & ((lines[FORM] != "") == of_form)
    return NotDone(data=marks.data.take((~gone.fill_null(value=False)).arg_true().to_numpy()),
                   marked=marked)  # fmt: skip


def _still_marked(
    form: Form, marked: pl.DataFrame, kept: FormData, there: pl.Series
) -> pl.DataFrame:
    if form.repeating:
        return marked.filter(pl.col("subject_id").is_in(there.implode()))
    return marked.join(kept.typed, on=form.key, how="semi", maintain_order="left")


def _places(marked: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Subject, visit (empty for a form without) and form of all that is marked."""
    schema = {"subject_id": pl.String, "visit": pl.String, FORM: pl.String}
    each = (
        rows.select(
            "subject_id",
            pl.col("visit") if "visit" in rows.columns else pl.lit("").alias("visit"),
            pl.lit(form).alias(FORM),
        )
        for form, rows in marked.items()
    )
    return pl.concat([pl.DataFrame(schema=schema), *each])


def _is_among(lines: pl.DataFrame, places: pl.DataFrame, on: list[str]) -> pl.Series:
    known = places.select(on).unique().with_columns(known=True)
    found = lines.join(known, on=on, how="left", maintain_order="left")["known"]
    return found.fill_null(value=False)


def with_not_done(
    forms: Mapping[str, FormData], marks: NotDone, schemas: Schemas
) -> dict[str, FormData]:
    """The forms' data with the reason of the marks where nothing was entered."""
    return {
        form.id: _with_reasons(form, forms[form.id], marks.marked[form.id])
        for form in schemas.forms
    }


def _with_reasons(form: Form, data: FormData, marked: pl.DataFrame) -> FormData:
    if form.repeating or marked.is_empty():
        return data
    key = list(form.key)
    new = marked.join(data.typed.select(key), on=key, how="anti", maintain_order="left")
    grown = _with_rows(form, data, new)
    reasons = grown.typed.select(key).join(marked, on=key, how="left", maintain_order="left")
    coded = {item.id: _filled(grown, item.id, reasons[CODE]) for item in form.asked}
    return replace(grown, coded=grown.coded.with_columns(**coded))


def _with_rows(form: Form, data: FormData, new: pl.DataFrame) -> FormData:
    """The data with a row for each mark, in which nothing was entered."""
    blank = {item.id: pl.lit("") for item in form.items}
    keys = new.select(form.key)
    return replace(
        data,
        entered=pl.concat([data.entered, keys.with_columns(**blank)], how="vertical"),
        typed=pl.concat([data.typed, keys], how="diagonal"),
        coded=pl.concat([data.coded, _nothing(data.coded, len(new))], how="vertical"),
        lines=np.concatenate([data.lines, np.zeros(len(new), dtype=data.lines.dtype)]),
    )


def _nothing(columns: pl.DataFrame, rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.repeat(None, rows, dtype=columns[name].dtype, eager=True)
            for name in columns.columns
        }
    )


def _filled(data: FormData, item: str, reasons: pl.Series) -> pl.Series:
    """The item's missing codes, the reason of the mark where its cell is blank."""
    table = pl.DataFrame(
        {
            "code": data.coded[item],
            "value": data.typed[item],
            "text": data.entered[item],
            "reason": reasons.cast(data.coded[item].dtype),
        }
    )
    blank = pl.col("value").is_null() & (pl.col("text").str.strip_chars() == "")
    return table.select(
        pl.when(pl.col("code").is_null() & blank).then("reason").otherwise("code").alias(item)
    ).to_series()
