"""The marks of ``not_done.csv``: whether each can be taken, and whether the data contradict it.

A line has one finding at most, the first of: a blank or unknown subject, an unknown form, a visit
that is none of the form's, a reason that is no missing code, a line that is there twice.
"""

from collections.abc import Callable, Mapping

import pandas as pd
import polars as pl

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Schemas, Severity
from trialkit.schemas.forms.not_done import CODE, FORM, REASON, not_done_form
from trialkit.store.snapshot import FormData, NotDone

Words = Callable[[pd.Series], pd.Series]


def check_not_done(
    marks: NotDone,
    schemas: Schemas,
    *,
    subjects: pd.Series,
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Marks that cannot be taken, and forms that were filled in although they are marked."""
    hits = list(_unusable(marks.data, schemas, subjects))
    for form in schemas.forms:
        hits += _contradicted(form, cells[form.id], marks.marked[form.id], file=marks.data.file)
    return tuple(hits)


def _unusable(data: FormData, schemas: Schemas, subjects: pd.Series) -> list[Hits]:
    form = not_done_form(schemas)
    where = data.entered.select(pl.all().str.strip_chars())
    subject, visit = pl.col("subject_id"), pl.col("visit")
    known = pl.Series(subjects.to_list(), dtype=pl.String).implode()
    codes = [code.code for code in schemas.data.all_missing_codes]
    listed = ", ".join(codes)
    faults: tuple[tuple[pl.Expr, str, BuiltIn, Words], ...] = (
        (
            subject == "",
            "subject_id",
            BuiltIn.BLANK_KEY,
            _says("Subject is blank; say whose form or visit was not done."),
        ),
        (
            ~subject.is_in(known),
            "subject_id",
            BuiltIn.UNKNOWN_SUBJECT,
            _says("is a subject whom the screening form does not know; correct it."),
        ),
        (
            (pl.col(FORM) != "") & ~pl.col(FORM).is_in(form.item(FORM).codes),
            FORM,
            BuiltIn.NOT_A_CHOICE,
            lambda entered: wording.not_a_choice(entered, form.item(FORM), schemas.data),
        ),
        (
            (pl.col(FORM) == "") & (visit == ""),
            "visit",
            BuiltIn.BLANK_KEY,
            _says("Neither a visit nor a form is named; say what was not done."),
        ),
        (
            ~_visit_fits(schemas, form),
            "visit",
            BuiltIn.UNKNOWN_VISIT,
            _says(
                "is no visit of the form, or of the trial where no form is named; name one of its "
                "visits, and none for a form without visits."
            ),
        ),
        (
            pl.col(REASON) == "",
            REASON,
            BuiltIn.REQUIRED,
            _says(f"Reason is blank; enter one of the missing codes {listed}."),
        ),
        (
            ~pl.col(REASON).is_in(codes),
            REASON,
            BuiltIn.NOT_A_CHOICE,
            _says(f"is no missing code of the trial; enter one of {listed}."),
        ),
        (
            ~pl.struct("subject_id", "visit", FORM).is_first_distinct(),
            "",
            BuiltIn.DUPLICATE_KEY,
            _says("An earlier line is about the same form and visit; keep one of them."),
        ),
    )
    hits: list[Hits] = []
    placed = pl.lit(value=False)
    for fault, item, rule, words in faults:
        rows = where.select((fault & ~placed).arg_true()).to_series().to_numpy()
        placed = placed | fault
        hits += hits_at_rows(
            form, data, rows, words, item=item, rule_id=rule.value, severity=Severity.HARD
        )
    return hits


def _says(sentence: str) -> Words:
    """The sentence, after what was entered where it goes on about that."""

    def words(entered: pd.Series) -> pd.Series:
        if sentence[0].isupper():
            return pd.Series(sentence, index=entered.index, dtype="str")
        return "'" + wording.shown(entered) + f"' {sentence}"

    return words


def _visit_fits(schemas: Schemas, marks: Form) -> pl.Expr:
    """Whether the visit is one of the form that is named, or of the trial where none is."""
    visit, named = pl.col("visit"), pl.col(FORM)
    fits = pl.when(named == "").then(visit.is_in(marks.visits)).otherwise(statement=True)
    for form in schemas.forms:
        own = visit.is_in(form.visits) if form.visits else visit == ""
        fits = pl.when(named == form.id).then(own).otherwise(fits)
    return fits


def _contradicted(
    form: Form, cells: CheckedCells, marked: pl.DataFrame, *, file: str
) -> tuple[Hits, ...]:
    """Rows with an answer although the form, or its visit, was marked as not done."""
    key = [name for name in form.key if name != "repeat"]
    asked = [item.id for item in form.asked]
    usable = cells.data.take(cells.rows)
    answered = usable.entered.select(
        pl.any_horizontal(pl.col(name).str.strip_chars() != "" for name in asked)
    ).to_series()
    coded = usable.coded.select(pl.all_horizontal(pl.col(asked).is_not_null())).to_series()
    rows = usable.typed.select(key).with_row_index("number")
    there = rows.filter(answered & ~coded).join(marked, on=key, how="inner", maintain_order="left")
    return hits_at_rows(
        form,
        cells.data,
        cells.rows[there["number"].to_numpy()],
        lambda _: (
            f"{form.title!r} was filled in, but {file} says that it was not done ("
            + pd.Series(there[CODE].to_list(), dtype="str")
            + "); remove the mark, or what was entered."
        ),
        item="",
        rule_id=BuiltIn.NOT_DONE_CONTRADICTED.value,
        severity=Severity.HARD,
    )
