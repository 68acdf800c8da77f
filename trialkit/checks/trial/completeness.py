"""The forms that should be there and are not.

A form is expected of everyone who was screened, or of everyone randomised (into its arms, where it
is for some only), at each of its visits.

* At a visit, it is due once the data cut has reached the end of the visit's window, or the subject
  has an end date, which nothing can follow. It is not expected when the end date lies before the
  window opens. Without a date of randomisation no visit can be due.
* Without visits, it is due as soon as the subject is there; the end-of-study form once the window
  of the last visit has passed.
* Of people who were not randomised, a form for everyone is expected at visits up to day 0.

A row that is in the data and dated after the cut is not missing, but late.
Rows whose key is wrong may be the missing ones: while there are at least as many rows of unknown
subject as missing ones, or the subject has a row at an unknown visit, nothing is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import polars as pl

from trialkit.checks.judging.hits import Hits, hits_without_row
from trialkit.checks.judging.shape import FormShape, screening_form
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, Form, Schemas, Severity
from trialkit.store.due import is_due, window_has_passed
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
    absent: dict[str, pd.DataFrame] = {}
    hits: list[Hits] = []
    for form in schemas.forms:
        if form.expected is Expected.AS_NEEDED or _has_everyone(form, schemas):
            continue
        due = _due(form, protocol, people, snapshot.cut)
        missing = _not_there(due, form, snapshot[form.id], shapes[form.id])
        absent[form.id] = missing
        if snapshot.not_done:
            missing = _without(missing, snapshot.not_done.places(form.id))
        never = _without(missing, _places(snapshot.later(form.id)))
        said = _unexplained(never, form, snapshot[form.id], shapes[form.id])
        hits += _missing_forms(form, said, protocol)
    return Completeness(absent=absent, hits=tuple(hits))


def _has_everyone(form: Form, schemas: Schemas) -> bool:
    """Whether it is the form by which subjects exist, with one row for each."""
    return form is screening_form(schemas) and form.key == ("subject_id",)


def _due(
    form: Form, protocol: Protocol, people: pd.DataFrame, cut: pd.Timestamp | None
) -> pd.DataFrame:
    """Subject and visit (empty for a form without) of every row that should be there by now."""
    everyone = form.expected is Expected.EVERYONE
    expected = people if everyone else people[people["randomised"]]
    if form.arms:
        expected = expected[expected["arm"].isin(form.arms)]
    if form.visits:
        at_visits = [
            expected.loc[_is_due(protocol.visit(code), expected, cut), ["subject_id"]].assign(
                visit=code
            )
            for code in form.visits
        ]
        return pd.concat(at_visits, ignore_index=True)
    expected = expected[is_due(form, protocol.visits[-1], expected["randomisation_date"], cut)]
    return expected[["subject_id"]].assign(visit="").reset_index(drop=True)


def _is_due(visit: Visit, people: pd.DataFrame, cut: pd.Timestamp | None) -> pd.Series:
    opens = people["randomisation_date"] + pd.Timedelta(days=visit.target_day - visit.window.early)
    left_before = people["end_date"] < opens
    ended = people["end_date"].notna() & people["randomisation_date"].notna()
    due = (window_has_passed(visit, people["randomisation_date"], cut) | ended) & ~left_before
    return due | (~people["randomised"] & (visit.target_day <= 0))


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
    who += f" into {' or '.join(form.arms)}" if form.arms else ""
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
