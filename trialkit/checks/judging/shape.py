"""The first phase: which row is this? Rows that cannot be placed are found and then left alone.

A row has one fault of shape at most, the first of: a blank key, a subject that was never screened,
a visit that the form does not have, a number that is none, a key that an earlier row has. Such rows
are not looked at further, so that one wrong key makes one finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.hits import KEY_LABELS, Hits, hits_at_rows, hits_without_row
from trialkit.checks.judging.lookalikes import alike_subjects, plain_names
from trialkit.checks.judging.wording import shown
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormKind, Schemas, Severity
from trialkit.store.snapshot import FormData, Snapshot, as_pandas
from trialkit.store.subjects import known_subjects

NEAREST = " Did you mean "
"""What stands before the nearest name of a participant."""
_SUGGESTED = 20
_SEARCHED = 5000
"""For how many unknown subjects the nearest known one is looked up, and among how many."""
_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormShape:
    """Which rows of a form can be placed, and what kept the others from it."""

    usable: np.ndarray
    """Whether each row has a known subject and visit, and a key that no earlier row has."""
    shared: np.ndarray
    """Whether each row has a whole key that another row has, too."""
    adrift: np.ndarray
    """Whether nobody knows whose row it is: subject blank or unknown."""
    astray: np.ndarray
    """Whether the subject is known, but not the visit or the number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableShape:
    """What the first phase found."""

    forms: Mapping[str, FormShape]
    subjects: pd.Series
    """The subjects that exist, in the order of the screening form."""
    hits: tuple[Hits, ...]


def screening_form(schemas: Schemas) -> Form:
    """The form at which a finding about a participant as a whole stands."""
    return schemas.of_kind(FormKind.SCREENING) or schemas.forms[0]


def check_shape(snapshot: Snapshot, schemas: Schemas) -> TableShape:
    """Whose row each is, at which visit, and whether it is the only one."""
    screening = schemas.of_kind(FormKind.SCREENING)
    subjects = known_subjects(snapshot.forms, schemas)
    forms: dict[str, FormShape] = {}
    hits: list[Hits] = []
    for form in schemas.forms:
        of_others = screening is not None and form is not screening
        shape, found = _check_form(form, snapshot[form.id], subjects if of_others else None)
        forms[form.id] = shape
        hits += found
        if form is screening and (shape.shared.any() or form.key != ("subject_id",)):
            subjects = subjects.unique(maintain_order=True)
    hits += alike_subjects(screening_form(schemas), subjects)
    if screening is not None:
        hits += _unknown_subjects(snapshot, schemas, subjects, forms, screening)
    return TableShape(forms=forms, subjects=as_pandas(subjects), hits=tuple(hits))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlacedRows:
    """Which rows have a whole key of a known subject and visit, each row for itself."""

    adrift: np.ndarray
    """Whether nobody knows whose row it is."""
    faulty: np.ndarray
    """Whether the row cannot be placed, for whatever reason."""
    hits: tuple[Hits, ...]


def placed_rows(form: Form, data: FormData, subjects: pl.Series | None = None) -> PlacedRows:
    """Which rows can be placed; without ``subjects``, whoever is there is one."""
    subject = data.typed["subject_id"]
    nobody = subject.is_null().to_numpy()
    adrift = nobody
    if subjects is not None:
        adrift = nobody | ~subject.is_in(subjects.implode()).fill_null(value=False).to_numpy()
    hits = list(_blank(form, data, nobody, key="subject_id"))
    faulty = adrift
    if "visit" in form.key:
        visit = data.typed["visit"]
        blank = visit.is_null().to_numpy() & ~faulty
        known = visit.is_in(list(form.visits)).fill_null(value=False).to_numpy()
        unknown = ~known & ~blank & ~faulty
        hits += _blank(form, data, blank, key="visit")
        hits += _unknown_visit(form, data, unknown)
        faulty = faulty | blank | unknown
    if "repeat" in form.key:
        none = data.typed["repeat"].is_null().to_numpy() & ~faulty
        blank = none & (data.entered["repeat"].str.strip_chars() == "").to_numpy()
        hits += _blank(form, data, blank, key="repeat")
        hits += _no_number(form, data, none & ~blank)
        faulty = faulty | none
    return PlacedRows(adrift=adrift, faulty=faulty, hits=tuple(hits))


def form_shape(form: Form, data: FormData) -> FormShape:
    """The shape of one form, of whose subjects nothing is known: whoever is there is one."""
    return _check_form(form, data, None)[0]


def _check_form(
    form: Form, data: FormData, subjects: pl.Series | None
) -> tuple[FormShape, tuple[Hits, ...]]:
    """The shape of a form, whose subjects are those, or in the first form whoever is there."""
    placed = placed_rows(form, data, subjects)
    again, shared, found = _duplicates(form, data, np.flatnonzero(~placed.faulty))
    shape = FormShape(
        usable=~placed.faulty & ~again,
        shared=shared,
        adrift=placed.adrift,
        astray=placed.faulty & ~placed.adrift,
    )
    return shape, (*placed.hits, *found)


def _blank(form: Form, data: FormData, faulty: np.ndarray, *, key: str) -> tuple[Hits, ...]:
    rows = np.flatnonzero(faulty)
    return hits_at_rows(
        form,
        data,
        rows,
        lambda _: f"{KEY_LABELS[key]} is blank" + _where(data, rows) + "; enter it.",
        item=key,
        rule_id=BuiltIn.BLANK_KEY.value,
        severity=Severity.HARD,
    )


def _unknown_visit(form: Form, data: FormData, faulty: np.ndarray) -> tuple[Hits, ...]:
    rows = np.flatnonzero(faulty)
    visits = ", ".join(form.visits)
    return hits_at_rows(
        form,
        data,
        rows,
        lambda entered: (
            "'"
            + shown(entered)
            + "'"
            + _where(data, rows)
            + f" is no visit of this form, which is filled in at {visits}; correct it."
        ),
        item="visit",
        rule_id=BuiltIn.UNKNOWN_VISIT.value,
        severity=Severity.HARD,
    )


def _no_number(form: Form, data: FormData, faulty: np.ndarray) -> tuple[Hits, ...]:
    rows = np.flatnonzero(faulty)
    return hits_at_rows(
        form,
        data,
        rows,
        lambda entered: (
            "'"
            + shown(entered)
            + "'"
            + _where(data, rows)
            + " cannot be read as a whole number, by which the rows of a participant are counted; "
            "correct it."
        ),
        item="repeat",
        rule_id=BuiltIn.UNREADABLE_KEY.value,
        severity=Severity.HARD,
    )


def _where(data: FormData, rows: np.ndarray) -> pd.Series:
    lines = data.line.iloc[rows].astype("str").reset_index(drop=True)
    return f" in {data.counted} " + lines + f" of {data.file}"


def _duplicates(
    form: Form, data: FormData, clear: np.ndarray
) -> tuple[np.ndarray, np.ndarray, tuple[Hits, ...]]:
    """Which rows repeat a key, which share one, and a finding for each key that several have.

    ``clear`` are the rows whose key is whole; a finding stands at the first of its rows.
    """
    again = np.zeros(data.typed.height, dtype=bool)
    several = again.copy()
    keys = data.typed.select(form.key)
    if len(clear) < keys.height:
        keys = keys.select(pl.all().gather(pl.Series(clear, dtype=pl.UInt32)))
    if _all_differ(keys):
        return again, several, ()
    key = pl.struct(form.key) if len(form.key) > 1 else pl.col(form.key)
    again[clear] = keys.select(~key.is_first_distinct()).to_series().to_numpy()
    several[clear] = keys.is_duplicated().to_numpy()
    shared = keys.with_columns(__row=pl.Series(clear), __line=pl.Series(data.lines[clear])).filter(
        keys.is_duplicated()
    )
    together = shared.group_by(form.key, maintain_order=True).agg(
        pl.col("__row").first(), pl.len().alias("__count"), _listed(pl.col("__line"))
    )
    messages = together.select(
        pl.format(
            f"{{}} rows have the same key ({data.counted}s {{}} of {{}}); keep one, or correct the key of the "
            "others.",
            "__count",
            "__line",
            pl.lit(data.file),
        )
    ).to_series()
    hits = hits_at_rows(
        form,
        data,
        together["__row"].to_numpy(),
        lambda _: as_pandas(messages),
        item="",
        rule_id=BuiltIn.DUPLICATE_KEY.value,
        severity=Severity.HARD,
    )
    return again, several, hits


def _all_differ(keys: pl.DataFrame) -> bool:
    """Whether no key is there twice: hashes that all differ prove it at once."""
    return keys.hash_rows().n_unique() == keys.height or keys.n_unique() == keys.height


def _listed(lines: pl.Expr) -> pl.Expr:
    """The first few lines of a group, and how many more there are."""
    more = lines.len().cast(pl.Int64) - _LISTED
    first = lines.head(_LISTED).cast(pl.String).str.join(", ")
    return pl.when(more > 0).then(pl.format("{} and {} more", first, more)).otherwise(first)


def _unknown_subjects(
    snapshot: Snapshot,
    schemas: Schemas,
    subjects: pl.Series,
    shapes: Mapping[str, FormShape],
    screening: Form,
) -> list[Hits]:
    """One finding for each subject without a screening row, in the first form that has it."""
    strangers = []
    for number, form in enumerate(schemas.forms):
        data = snapshot[form.id]
        rows = pl.DataFrame({"subject_id": data.typed["subject_id"], "line": data.lines})
        unknown = rows.filter(pl.Series(shapes[form.id].adrift)).drop_nulls("subject_id")
        if unknown.height:
            lines = unknown.group_by("subject_id", maintain_order=True).agg(
                pl.format(
                    f"{{}} ({data.counted}{{}} {{}})",
                    pl.lit(repr(form.title)),
                    pl.when(pl.len() > 1).then(pl.lit("s")).otherwise(pl.lit("")),
                    _listed(pl.col("line")),
                ).alias("where"),
            )
            strangers.append(lines.with_columns(form=pl.lit(number)))
    if not strangers:
        return []
    each = (
        pl.concat(strangers)
        .group_by("subject_id", maintain_order=True)
        .agg(pl.col("form").first(), pl.col("where").str.join(" and "))
    )
    messages = each.select(
        pl.format(
            "Subject has no {} row, but data in {}; correct the subject, or enter that form.{}",
            pl.lit(repr(screening.title)),
            "where",
            pl.Series(_nearest(each["subject_id"], subjects), dtype=pl.String),
        ).alias("message"),
        "subject_id",
        "form",
    )
    hits: list[Hits] = []
    for number, form in enumerate(schemas.forms):
        here = messages.filter(pl.col("form") == number)
        hits += hits_without_row(
            form,
            as_pandas(here["subject_id"]),
            as_pandas(here["message"]),
            values=as_pandas(here["subject_id"]),
            item="subject_id",
            rule_id=BuiltIn.UNKNOWN_SUBJECT.value,
            severity=Severity.HARD,
        )
    return hits


def _nearest(unknown: pl.Series, subjects: pl.Series) -> list[str]:
    """A question after the nearest known subject, for the first few of the unknown ones."""
    plain = plain_names(subjects)
    known = subjects.head(_SEARCHED).to_list()
    questions = []
    asked = unknown.head(_SUGGESTED)
    for name, seen in zip(asked, plain_names(asked), strict=True):
        alike = subjects.filter(plain == seen).head(1).to_list()
        near = alike or get_close_matches(name, known, n=1, cutoff=0.75)
        questions.append(f"{NEAREST}{near[0]}?" if near else "")
    return questions + [""] * (len(unknown) - len(questions))
