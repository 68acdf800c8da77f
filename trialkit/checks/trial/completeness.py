"""The forms that should be there and are not.

A form is expected of everyone who was screened, or of everyone randomised (into its arms, where it
is for some only), at each of its visits.

* At a visit, or without one, it is due as :mod:`trialkit.store.due` has it.
* Of people who were not randomised, a form for everyone is expected at visits up to day 0; of
  everybody at all visits where the trial has no form of randomisation, as they become due.

A row that is in the data and dated after the cut is not missing, but late.
Rows whose key is wrong may be the missing ones: while there are at least as many rows of unknown
subject as missing ones, or the subject has a row at an unknown visit, nothing is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import polars as pl

from trialkit.checks.judging.hits import Hits, hits_without_row
from trialkit.checks.judging.shape import FormShape
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Schemas, Severity
from trialkit.store.due import is_due, visits_due
from trialkit.store.snapshot import FormData, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Completeness:
    """Which rows are missing."""

    absent: Mapping[str, pd.DataFrame]
    """By form: ``subject_id`` and ``visit`` of every row that is not there, said or not."""
    hits: tuple[Hits, ...]


def check_completeness(
    snapshot: Snapshot,
    schemas: Schemas,
    protocol: Protocol,
    *,
    people: pd.DataFrame,
    shapes: Mapping[str, FormShape],
) -> Completeness:
    """Every form that is due and not there."""
    absent = absent_rows(snapshot, schemas, people=people, shapes=shapes)
    hits: list[Hits] = []
    for form_id, missing in absent.items():
        form = schemas.form(form_id)
        never = _neither_marked_nor_later(missing, form, snapshot)
        said = _unexplained(never, form, snapshot[form.id], shapes[form.id])
        hits += _missing_forms(form, said, protocol)
    return Completeness(absent=absent, hits=tuple(hits))


def absent_rows(
    snapshot: Snapshot,
    schemas: Schemas,
    *,
    people: pd.DataFrame,
    shapes: Mapping[str, FormShape],
) -> dict[str, pd.DataFrame]:
    """By form that somebody must have: ``subject_id`` and ``visit`` of what is due and not there."""
    absent: dict[str, pd.DataFrame] = {}
    for form in schemas.forms:
        if form.expected is not Expected.AS_NEEDED and not _has_everyone(form):
            due = forms_due(form, snapshot, schemas, people)
            absent[form.id] = _not_there(due, form, snapshot[form.id], shapes[form.id])
    return absent


def lacking(
    expected: pd.DataFrame, form: Form, snapshot: Snapshot, shape: FormShape
) -> pd.DataFrame:
    """The expected rows, of subject and visit, that nobody entered, marked, or entered for later."""
    missing = _not_there(expected, form, snapshot[form.id], shape)
    return _neither_marked_nor_later(missing, form, snapshot)


def _neither_marked_nor_later(
    missing: pd.DataFrame, form: Form, snapshot: Snapshot
) -> pd.DataFrame:
    if snapshot.not_done:
        missing = _without(missing, snapshot.not_done.places(form.id))
    return _without(missing, _places(snapshot.later(form.id)))


def _has_everyone(form: Form) -> bool:
    """Whether it is the form by which subjects exist, with one row for each."""
    return form.kind is FormKind.SCREENING and form.key == ("subject_id",)


def forms_due(
    form: Form, snapshot: Snapshot, schemas: Schemas, people: pd.DataFrame
) -> pd.DataFrame:
    """Subject and visit (empty for a form without) of every row that should be there by now."""
    expected = expected_people(form, people)
    if not form.visits:
        there = is_due(form, expected, snapshot, schemas)
        return expected.loc[there, ["subject_id"]].assign(visit="").reset_index(drop=True)
    at_visits = expected_visits(form, schemas, expected)
    randomises = schemas.of_kind(FormKind.RANDOMISATION) is not None
    due = visits_due(at_visits, snapshot, schemas)
    due = due.where(at_visits["randomised"] | (not randomises), other=True)
    return at_visits.loc[due, ["subject_id", "visit"]].reset_index(drop=True)


def expected_people(form: Form, people: pd.DataFrame) -> pd.DataFrame:
    """Of whom a form is expected at all: everyone, or the randomised, into its arms."""
    expected = people if form.expected is Expected.EVERYONE else people[people["randomised"]]
    return expected[expected["arm"].isin(form.arms)] if form.arms else expected


def expected_visits(form: Form, schemas: Schemas, people: pd.DataFrame) -> pd.DataFrame:
    """People by the visits of a form at which it is expected of them, sooner or later.

    Who was not randomised comes to visits up to day 0 alone, where the trial randomises.
    """
    codes = pd.DataFrame({"visit": list(form.visits)})
    rows = codes.merge(people, how="cross")
    if schemas.of_kind(FormKind.RANDOMISATION) is None:
        return rows
    early = [each.code for each in schemas.visits if each.is_before_randomisation]
    return rows[rows["randomised"] | rows["visit"].isin(early)].reset_index(drop=True)


def _not_there(due: pd.DataFrame, form: Form, data: FormData, shape: FormShape) -> pd.DataFrame:
    """The due rows that have no usable row."""
    visit = pl.col("visit") if form.visits else pl.lit("").alias("visit")
    there = data.typed.filter(pl.Series(shape.usable)).select("subject_id", visit)
    return _without(due, there)


def _without(rows: pd.DataFrame, others: pl.DataFrame) -> pd.DataFrame:
    """The rows whose subject and visit the others do not have."""
    key = ["subject_id", "visit"]
    numbered = _places(rows).with_row_index("number")
    kept = numbered.join(others, on=key, how="anti", maintain_order="left")
    return rows.iloc[kept["number"].to_numpy()][key].reset_index(drop=True)


def _places(rows: pd.DataFrame) -> pl.DataFrame:
    """Subject and visit as polars columns."""
    columns = {name: rows[name].astype("object") for name in ("subject_id", "visit")}
    return pl.DataFrame(
        {
            name: pl.Series(column.where(column.notna(), None).to_list(), dtype=pl.String)
            for name, column in columns.items()
        }
    )


def _unexplained(
    missing: pd.DataFrame, form: Form, data: FormData, shape: FormShape
) -> pd.DataFrame:
    """The missing rows that rows with a wrong key do not account for."""
    astray = data.values.loc[shape.astray, "subject_id"]
    missing = missing[~missing["subject_id"].isin(astray)]
    visits = data.values["visit"] if form.visits else pd.Series("", index=data.values.index)
    adrift = visits[shape.adrift].value_counts()
    wanted = missing["visit"].value_counts()
    covered = [code for code, n in wanted.items() if adrift.get(code, 0) >= n]
    return missing[~missing["visit"].isin(covered)]


def _missing_forms(form: Form, missing: pd.DataFrame, protocol: Protocol) -> tuple[Hits, ...]:
    labels = {visit.code: f" at {visit.code} ({visit.label})" for visit in protocol.visits}
    where = missing["visit"].map(labels).fillna("").astype("str")
    who = (
        "everyone who was screened" if form.expected is Expected.EVERYONE else "everyone randomised"
    )
    who = "this participant" if form.arms else who  # whose arm it is for would tell the arm
    messages = (
        f"There is no {form.title!r} row"
        + where
        + f", which is expected of {who}; enter it, with missing codes if it was not done."
    )
    return hits_without_row(
        form,
        missing["subject_id"],
        messages,
        visits=missing["visit"],
        rule_id=BuiltIn.MISSING_FORM.value,
        severity=Severity.HARD,
    )
