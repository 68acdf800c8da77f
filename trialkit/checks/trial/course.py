"""How far the trial has come: who was screened and randomised when, which forms are there, sessions.

Facts for the people who run the trial, counted over both arms together: nothing here unblinds.
"""

from dataclasses import dataclass

import pandas as pd
import polars as pl

from trialkit.checks.listings.marking import Listing
from trialkit.checks.queries.queries import QueryState
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas, Severity
from trialkit.store.snapshot import Snapshot, as_pandas
from trialkit.store.subjects import known_subjects

_PLACE = ["subject_id", "form", "visit"]
_NO_DATES = pd.Series(index=pd.Index([], dtype="str"), dtype="datetime64[us]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """What is known of the conduct of the trial at the data cut."""

    people: pd.DataFrame
    """One row a subject: ``subject_id``, ``is_randomised`` (has a row of that form), ``arm`` as it was
    entered, and the dates ``screened`` and ``randomised`` where they are known and can be right."""
    cells: pd.DataFrame
    """``subject_id, form, visit`` (empty without visits), ``rows``, ``hard``, ``soft`` (findings
    that are not settled), ``missing`` and ``late``: what is there, or is due and is not."""
    sessions: pd.DataFrame
    """``date`` and ``attended`` (missing where nobody knows) of each session held."""


def course(snapshot: Snapshot, schemas: Schemas, listing: Listing) -> Course:
    """The course of the trial, from its data and what was found in them."""
    return Course(
        people=_people(snapshot, schemas),
        cells=_cells(snapshot, schemas, listing),
        sessions=_sessions(snapshot, schemas),
    )


def expected_of(form: Form, visit: str, protocol: Protocol) -> str:
    """Of whom a form is expected at a visit: ``everyone``, ``randomised`` or ``nobody``.

    After the randomisation a form for everyone is expected of the randomised alone.
    """
    match form.expected:
        case Expected.AS_NEEDED:
            return "nobody"
        case Expected.EVERYONE if not visit or protocol.visit(visit).is_before_randomisation:
            return "everyone"
        case _:
            return "randomised"


def _people(snapshot: Snapshot, schemas: Schemas) -> pd.DataFrame:
    screening, randomisation = map(schemas.of_kind, (FormKind.SCREENING, FormKind.RANDOMISATION))
    subjects = as_pandas(known_subjects(snapshot.forms, schemas)).drop_duplicates()
    subjects = subjects.reset_index(drop=True)
    screened = _first_dates(snapshot, screening, Purpose.SCREENING_DATE) if screening else _NO_DATES
    people = pd.DataFrame(
        {
            "subject_id": subjects,
            "is_randomised": False,
            "arm": pd.Series(pd.NA, index=subjects.index, dtype="object"),
            "screened": screened.reindex(subjects).astype("datetime64[us]").array,
            "randomised": pd.Series(pd.NaT, index=subjects.index, dtype="datetime64[us]"),
        }
    )
    if randomisation is not None:
        there = snapshot[randomisation.id].typed["subject_id"].drop_nulls().to_list()
        dates = _first_dates(snapshot, randomisation, Purpose.RANDOMISATION_DATE)
        people["is_randomised"] = subjects.isin(there)
        people["arm"] = subjects.map(_arms(snapshot, randomisation))
        people["randomised"] = dates.reindex(subjects).astype("datetime64[us]").array
    return people


def _arms(snapshot: Snapshot, randomisation: Form) -> dict[str, str]:
    """By subject, the arm that was entered; two rows that say different arms say none."""
    item = randomisation.item_for(Purpose.ARM)
    if item is None:
        return {}
    typed = snapshot[randomisation.id].typed.select(
        "subject_id", pl.col(item.id).cast(pl.String).alias("arm")
    )
    said = typed.drop_nulls().unique(maintain_order=True)
    known = said.filter(~pl.col("subject_id").is_duplicated())
    return dict(known.iter_rows())


def _first_dates(snapshot: Snapshot, form: Form, purpose: Purpose) -> pd.Series:
    """By subject as the index, the date with this purpose, where it is within the range that can be right.

    Two rows of a subject that say different days say none.
    """
    item = form.item_for(purpose)
    if item is None:
        return _NO_DATES
    typed = snapshot[form.id].typed
    subject, days = as_pandas(typed["subject_id"]), _possible(as_pandas(typed[item.id]), item)
    said = pd.DataFrame({"subject": subject, "day": days}).dropna().drop_duplicates()
    known = said[~said["subject"].duplicated(keep=False)]
    return known.set_index("subject")["day"]


def _possible(days: pd.Series, item: Item) -> pd.Series:
    if item.range.low is not None:
        days = days.where(days >= pd.Timestamp(item.range.low))
    if item.range.high is not None:
        days = days.where(days <= pd.Timestamp(item.range.high))
    return days


def _cells(snapshot: Snapshot, schemas: Schemas, listing: Listing) -> pd.DataFrame:
    """One row for each subject, form and visit of which anything is to be said."""
    there = [_rows_of(snapshot, form) for form in schemas.forms]
    frame = listing.frame[[*_PLACE, "rule_id", "severity", "query_state"]]
    waiting = frame[frame["query_state"] != QueryState.CLOSED]
    missing = waiting["rule_id"] == BuiltIn.MISSING_FORM
    said = waiting.loc[~missing].assign(
        hard=(waiting["severity"] == Severity.HARD).astype("int64"),
        soft=(waiting["severity"] == Severity.SOFT).astype("int64"),
    )
    found = said.groupby(_PLACE)[["hard", "soft"]].sum().reset_index()
    absent = waiting.loc[missing, _PLACE].drop_duplicates().assign(missing=1)
    late = [snapshot.later(form.id).assign(form=form.id, late=1) for form in schemas.forms]
    counts = pd.concat([*there, found, absent, *late], ignore_index=True)
    columns = ["rows", "hard", "soft", "missing", "late"]
    counts = counts.reindex(columns=[*_PLACE, *columns])
    counts[columns] = counts[columns].fillna(0).astype("int64")
    places = [(form.id, visit) for form in schemas.forms for visit in form.visits or ("",)]
    kept = pd.MultiIndex.from_frame(counts[["form", "visit"]]).isin(places)
    return counts[kept].groupby(_PLACE, sort=False)[columns].sum().reset_index()


def _rows_of(snapshot: Snapshot, form: Form) -> pd.DataFrame:
    keys = snapshot[form.id].typed.select(
        pl.col("subject_id"), visit=pl.col("visit") if form.visits else pl.lit("")
    )
    counted = keys.drop_nulls().group_by("subject_id", "visit", maintain_order=True).len("rows")
    return pd.DataFrame(
        {
            "subject_id": counted["subject_id"].to_list(),
            "visit": counted["visit"].to_list(),
            "rows": counted["rows"].to_list(),
        }
    ).assign(form=form.id)


def _sessions(snapshot: Snapshot, schemas: Schemas) -> pd.DataFrame:
    """Each dated session of the log, and whether the participant came."""
    form = schemas.of_kind(FormKind.SESSIONS)
    dated = form.item_for(Purpose.SESSION_DATE) if form else None
    if form is None or dated is None:
        return pd.DataFrame({"date": pd.Series(dtype="datetime64[us]"), "attended": []})
    typed = snapshot[form.id].typed
    came = form.item_for(Purpose.ATTENDED)
    every = pd.Series(data=True, index=range(typed.height), dtype="boolean")
    attended = every if came is None else as_pandas(typed[came.id])
    days = _possible(as_pandas(typed[dated.id]), dated)
    sessions = pd.DataFrame({"date": days, "attended": attended})
    return sessions[sessions["date"].notna()].reset_index(drop=True)
