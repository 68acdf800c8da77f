"""The day that visits are counted from: the randomisation, or what stands for it where nobody randomises.

In a trial without a form of randomisation it is the day on which the participant's first visit had
been day 0, by its date and its target day; before a first visit with a date, the day of enrolment (of
screening, else of consent), which counts as that of the first visit.
"""

from collections.abc import Mapping

import pandas as pd
import polars as pl

from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.items.kind import Nature
from trialkit.store.snapshot import FormData, Snapshot

_ENROLLED = (Purpose.SCREENING_DATE, Purpose.CONSENT_DATE)
_KEYS = {"subject_id": pl.String, "visit": pl.String, "day": pl.Date}


def is_counted_otherwise(schemas: Schemas) -> bool:
    """Whether nobody is randomised, so that visits are counted from another day."""
    return schemas.of_kind(FormKind.RANDOMISATION) is None


def counted_from(rows: pd.DataFrame, snapshot: Snapshot, schemas: Schemas) -> pd.DataFrame:
    """Rows with ``subject_id``, whose ``randomisation_date`` is the day that visits are counted from.

    Missing where nobody knows it.
    """
    if not is_counted_otherwise(schemas):
        return rows
    days = reference_days(snapshot, schemas)
    named = rows["subject_id"].astype("object").map(days)
    return rows.assign(randomisation_date=named.astype("datetime64[us]"))


def reference_days(snapshot: Snapshot, schemas: Schemas) -> dict[str, pd.Timestamp]:
    """By subject, the day that visits are counted from in a trial that does not randomise.

    Dates that cannot be right, and those after the last day that the data can know of, tell nothing.
    """
    planned = {each.code: each.day for each in schemas.visits if each.target_day is not None}
    if not planned:
        return {}
    return {
        **_from_enrolment(snapshot, schemas, first=min(*planned.values(), 0)),
        **_from_first_visits(snapshot, schemas, planned),
    }


def _from_first_visits(
    snapshot: Snapshot, schemas: Schemas, planned: Mapping[str, int]
) -> dict[str, pd.Timestamp]:
    dated = [
        _days(form, item, snapshot)
        for form in schemas.forms
        if form.visits and (item := form.item_for(Purpose.VISIT_DATE)) is not None
    ]
    held = pl.concat([pl.DataFrame(schema=_KEYS), *dated]).filter(
        pl.col("visit").is_in(list(planned))
    )
    target = pl.col("visit").replace_strict(planned, return_dtype=pl.Int64)
    first = (
        held.with_columns(target=target)
        .sort("subject_id", "target", "day")
        .unique("subject_id", keep="first", maintain_order=True)
    )
    return _timestamps(first.with_columns(pl.col("day").dt.offset_by(_back(pl.col("target")))))


def _from_enrolment(snapshot: Snapshot, schemas: Schemas, *, first: int) -> dict[str, pd.Timestamp]:
    for purpose in _ENROLLED:
        for form in schemas.forms:
            item = form.item_for(purpose)
            if item is not None and form.key == ("subject_id",):
                days = _days(form, item, snapshot)
                day = pl.col("day").dt.offset_by(_back(pl.lit(first)))
                return _timestamps(days.with_columns(day).sort("subject_id", "day"))
    return {}


def _back(days: pl.Expr) -> pl.Expr:
    """So many days earlier, as an offset."""
    return pl.format("{}d", -days)


def _days(form: Form, item: Item, snapshot: Snapshot) -> pl.DataFrame:
    """Subject, visit (empty for a form without) and day of each row whose date can be right."""
    nothing = pl.DataFrame(schema=_KEYS)
    if item.kind.nature not in {Nature.DAY, Nature.MOMENT}:
        return nothing
    data: FormData = snapshot[form.id]
    visit = pl.col("visit") if form.visits else pl.lit("").alias("visit")
    days = data.typed.select("subject_id", visit, day=pl.col(item.id).cast(pl.Date)).drop_nulls()
    for limit, is_low in ((item.range.low, True), (item.range.high, False)):
        if limit is not None:
            end = pl.lit(limit).cast(pl.Date)
            days = days.filter(pl.col("day") >= end if is_low else pl.col("day") <= end)
    if snapshot.days.today is not None:
        days = days.filter(pl.col("day") <= snapshot.days.today)
    return days


def _timestamps(days: pl.DataFrame) -> dict[str, pd.Timestamp]:
    """By subject, the first of its days."""
    first = days.unique("subject_id", keep="first", maintain_order=True)
    return dict(
        zip(first["subject_id"].to_list(), map(pd.Timestamp, first["day"].to_list()), strict=True)
    )
