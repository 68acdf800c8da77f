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

from trialkit.checks.hits import KEY_LABELS, Hits, hits_at_rows, hits_without_row
from trialkit.checks.wording import shown
from trialkit.schemas.built_in import BuiltIn
from trialkit.schemas.forms import Form, FormKind, Schemas, Severity
from trialkit.store.snapshot import FormData, Snapshot

_SUGGESTED = 20
_SEARCHED = 5000
"""For how many unknown subjects the nearest known one is looked up, and among how many."""
_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormShape:
    """Which rows of a form can be placed, and what kept the others from it."""

    usable: np.ndarray
    """Whether each row has a known subject and visit, and a key of its own."""
    adrift: np.ndarray
    """Whether nobody knows whose row it is: subject blank or unknown."""
    astray: np.ndarray
    """Whether the subject is known, but not the visit or the number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """What the first phase found."""

    forms: Mapping[str, FormShape]
    subjects: pd.Series
    """The subjects that exist, in the order of the screening form."""
    hits: tuple[Hits, ...]


def screening_form(schemas: Schemas) -> Form:
    """The form whose rows say which subjects exist."""
    return schemas.of_kind(FormKind.SCREENING) or schemas.forms[0]


def check_shape(snapshot: Snapshot, schemas: Schemas) -> Shape:
    """Whose row each is, at which visit, and whether it is the only one."""
    screening = screening_form(schemas)
    subjects = snapshot[screening.id].values["subject_id"].dropna().drop_duplicates()
    subjects = subjects.reset_index(drop=True)
    forms: dict[str, FormShape] = {}
    hits: list[Hits] = []
    for form in schemas.forms:
        shape, found = _check_form(form, snapshot[form.id], subjects)
        forms[form.id] = shape
        hits += found
    hits += _unknown_subjects(snapshot, schemas, subjects, screening)
    return Shape(forms=forms, subjects=subjects, hits=tuple(hits))


def _check_form(
    form: Form, data: FormData, subjects: pd.Series
) -> tuple[FormShape, tuple[Hits, ...]]:
    subject = data.values["subject_id"]
    nobody = subject.isna().to_numpy()
    adrift = nobody | ~subject.isin(subjects).to_numpy()
    hits = list(_blank(form, data, nobody, key="subject_id"))
    faulty = adrift
    if "visit" in form.key:
        visit = data.values["visit"]
        blank = visit.isna().to_numpy() & ~faulty
        unknown = ~visit.isin(form.visits).to_numpy() & ~blank & ~faulty
        hits += _blank(form, data, blank, key="visit")
        hits += _unknown_visit(form, data, unknown)
        faulty = faulty | blank | unknown
    if "repeat" in form.key:
        none = data.values["repeat"].isna().to_numpy() & ~faulty
        blank = none & (data.raw["repeat"].str.strip() == "").to_numpy()
        hits += _blank(form, data, blank, key="repeat")
        hits += _no_number(form, data, none & ~blank)
        faulty = faulty | none
    again = np.zeros(len(subject), dtype=bool)
    clear = np.flatnonzero(~faulty)
    again[clear] = data.values.loc[clear, list(form.key)].duplicated().to_numpy()
    hits += _duplicates(form, data, clear)
    shape = FormShape(usable=~faulty & ~again, adrift=adrift, astray=faulty & ~adrift)
    return shape, tuple(hits)


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
            + f"' is no visit of this form, which is filled in at {visits}"
            + _where(data, rows)
            + "; correct it."
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
            + "' cannot be read as a whole number, which the rows of a participant are counted by"
            + _where(data, rows)
            + "; correct it."
        ),
        item="repeat",
        rule_id=BuiltIn.UNREADABLE_KEY.value,
        severity=Severity.HARD,
    )


def _where(data: FormData, rows: np.ndarray) -> pd.Series:
    lines = data.line.iloc[rows].astype("str").reset_index(drop=True)
    return " in line " + lines + f" of {data.file}"


def _duplicates(form: Form, data: FormData, clear: np.ndarray) -> tuple[Hits, ...]:
    """One finding for each key that several rows have, at the first of them."""
    keys = data.values.loc[clear, list(form.key)]
    shared = keys[keys.duplicated(keep=False)]
    if shared.empty:
        return ()
    numbered = shared.assign(row=shared.index, line=data.line.loc[shared.index].astype("str"))
    together = numbered.groupby(list(form.key), sort=False).agg(
        row=("row", "first"), count=("row", "size"), lines=("line", _listed)
    )
    messages = (
        together["count"].astype("str")
        + " rows have the same key (lines "
        + together["lines"]
        + f" of {data.file}); keep one, or correct the key of the others."
    )
    return hits_at_rows(
        form,
        data,
        together["row"].to_numpy(dtype=np.intp),
        lambda _: messages.reset_index(drop=True),
        item="",
        rule_id=BuiltIn.DUPLICATE_KEY.value,
        severity=Severity.HARD,
    )


def _unknown_subjects(
    snapshot: Snapshot, schemas: Schemas, subjects: pd.Series, screening: Form
) -> list[Hits]:
    """One finding for each subject without a screening row, in the first form that has it."""
    strangers = []
    for number, form in enumerate(schemas.forms):
        data = snapshot[form.id]
        subject = data.values["subject_id"]
        unknown = subject[subject.notna() & ~subject.isin(subjects)]
        if len(unknown):
            lines = data.line.loc[unknown.index].astype("str").groupby(unknown, sort=False)
            where = f"{form.id} (line " + lines.agg(_listed) + ")"
            strangers.append(where.rename("where").reset_index().assign(form=number))
    if not strangers:
        return []
    by_subject = pd.concat(strangers).groupby("subject_id", sort=False)
    each = by_subject.agg(form=("form", "first"), where=("where", " and ".join)).reset_index()
    messages = (
        f"Subject has no {screening.title!r} row, but data in "
        + each["where"]
        + "; correct the subject, or enter that form."
        + pd.Series(_nearest(each["subject_id"], subjects), dtype="str")
    )
    hits: list[Hits] = []
    for number, form in enumerate(schemas.forms):
        here = each[each["form"] == number]
        hits += hits_without_row(
            form,
            here["subject_id"],
            messages[here.index],
            values=here["subject_id"],
            item="subject_id",
            rule_id=BuiltIn.UNKNOWN_SUBJECT.value,
            severity=Severity.HARD,
        )
    return hits


def _nearest(unknown: pd.Series, subjects: pd.Series) -> list[str]:
    """A question after the nearest known subject, for the first few of the unknown ones."""
    known = subjects.head(_SEARCHED).tolist()
    questions = []
    for name in unknown.head(_SUGGESTED):
        near = get_close_matches(name, known, n=1, cutoff=0.75)
        questions.append(f" Did you mean {near[0]}?" if near else "")
    return questions + [""] * (len(unknown) - len(questions))


def _listed(lines: pd.Series) -> str:
    more = len(lines) - _LISTED
    return ", ".join(lines.iloc[:_LISTED]) + (f" and {more} more" if more > 0 else "")
