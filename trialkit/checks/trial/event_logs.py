"""The events of an outcome that can happen again, beside the time in which they would be counted.

An event outside the time at risk is counted nowhere, and one of two on a day may have been entered
twice: each is asked about. Two on a day are not where a log has them all the time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.at_risk import RANDOMISATION, DateAsked, TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormKind, Item, Schemas, Severity
from trialkit.schemas.items.kind import Nature

_DAYS = frozenset({Nature.DAY, Nature.MOMENT})
"""What has one day, which is known."""
_OF_THE_RANDOMISED = frozenset(
    {FormKind.ADVERSE_EVENTS, FormKind.SESSIONS, FormKind.CONCOMITANT_CARE}
)
"""The forms whose rows of somebody not randomised are asked about whatever they say."""
_USUAL, _FEW = 0.05, 2
"""From which share of the days on, and not of so few, two events on a day are usual."""
_MEND = ", so that it is not counted. Correct the date that is wrong, or confirm them."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asking:
    """A rule that some events break, and what to say of each: between what was entered and the end."""

    rule: BuiltIn
    rows: pl.DataFrame
    said: pl.Expr


def check_event_logs(
    schemas: Schemas,
    protocol: Protocol,
    *,
    people: pd.DataFrame,
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Events before the origin, after the last day, of who was never at risk, and two on one day.

    Of several outcomes that read one log each event is asked about once.
    """
    hits: list[Hits] = []
    asked: dict[tuple[str, str, BuiltIn], set[int]] = {}
    for outcome in protocol.outcomes:
        place = _place(schemas, outcome.form, outcome.item)
        if outcome.kind.summary is not Summary.RECURRENCE or place is None:
            continue
        form, item = place
        if item.kind.nature not in _DAYS:
            continue
        own = cells[form.id]
        log = _with_times(_picked(outcome, item, own), outcome, schemas, people, cells)
        for each in (*_outside(log, form.kind, _origin_named(outcome, schemas)), _twice(log)):
            known = asked.setdefault((form.id, item.id, each.rule), set())
            rows = each.rows.filter(~pl.col(ROW).is_in([*known]))
            known |= set(rows[ROW].to_list())
            hits += _hits(each, rows, item, own)
    return tuple(hits)


def _place(schemas: Schemas, form_id: str, item_id: str) -> tuple[Form, Item] | None:
    """The form and the item of these names; None where a young trial does not have them yet."""
    for form in schemas.forms:
        for item in form.items if form.id == form_id else ():
            if item.id == item_id:
                return form, item
    return None


def _picked(outcome: Outcome, item: Item, cells: CheckedCells) -> pl.DataFrame:
    """The dated events of an outcome: the row, ``subject_id``, ``number`` and ``day``."""
    form = cells.form
    others = [form.item(name) for name in outcome.where]
    table = right_values(cells, [item, *others])
    for each in others:
        said = pl.col(each.id)
        if each.kind.nature is Nature.TRUTH:
            said = pl.when(said.cast(pl.Boolean)).then(pl.lit("yes")).otherwise(pl.lit("no"))
        table = table.filter(said.is_in(list(outcome.where[each.id])))
    number = pl.col("repeat").cast(pl.String) if form.repeating else pl.col("visit")
    return (
        table.select(
            ROW, "subject_id", number=number.cast(pl.String), day=pl.col(item.id).cast(pl.Date)
        )
        .drop_nulls("day")
        .sort("subject_id", "day", ROW)
    )


def _with_times(
    log: pl.DataFrame,
    outcome: Outcome,
    schemas: Schemas,
    people: pd.DataFrame,
    cells: Mapping[str, CheckedCells],
) -> pl.DataFrame:
    """The events with ``origin`` and ``end`` of their participants, and whether they were randomised."""
    known = pl.DataFrame(
        {
            "subject_id": people["subject_id"].tolist(),
            "randomised": people["randomised"].tolist(),
            "origin": _dates(people["randomisation_date"]),
            "end": _dates(people["end_date"]),
        },
        schema={
            "subject_id": pl.String,
            "randomised": pl.Boolean,
            "origin": pl.Date,
            "end": pl.Date,
        },
    )
    origin = (outcome.risk or TimeAtRisk()).origin
    if origin != RANDOMISATION:
        days = _days_of(DateAsked(date=origin), schemas, cells)
        known = known.drop("origin").join(days, on="subject_id", how="left")
    return log.join(known, on="subject_id", how="left", maintain_order="left")


def _dates(days: pd.Series) -> list[object]:
    return [*days.dt.date.astype("object").where(days.notna(), None)]


def _days_of(asked: DateAsked, schemas: Schemas, cells: Mapping[str, CheckedCells]) -> pl.DataFrame:
    """The first day of each participant that an item has; none of one whose days are known in part."""
    place = _place(schemas, asked.form, asked.item)
    if place is None or place[1].kind.nature not in _DAYS:
        return pl.DataFrame(schema={"subject_id": pl.String, "origin": pl.Date})
    form, item = place
    table = right_values(cells[form.id], [item])
    return table.group_by("subject_id").agg(origin=pl.col(item.id).cast(pl.Date).min())


def _origin_named(outcome: Outcome, schemas: Schemas) -> str:
    origin = (outcome.risk or TimeAtRisk()).origin
    if origin == RANDOMISATION:
        return "the day of the randomisation"
    asked = DateAsked(date=origin)
    place = _place(schemas, asked.form, asked.item)
    return f"'{place[1].label}' of the form '{place[0].title}'" if place else origin


def _outside(log: pl.DataFrame, kind: FormKind, origin: str) -> Iterator[_Asking]:
    """Events that no time at risk holds."""
    never = ~pl.col("randomised").fill_null(value=False)
    if kind in _OF_THE_RANDOMISED:
        log = log.filter(~never)
    yield _Asking(
        rule=BuiltIn.EVENT_NEVER_AT_RISK,
        rows=log.filter(never),
        said=pl.lit(" is an event of somebody who was not randomised" + _MEND),
    )
    there = log.filter(~never)
    yield _Asking(
        rule=BuiltIn.EVENT_BEFORE_ORIGIN,
        rows=there.filter(pl.col("day") < pl.col("origin")),
        said=pl.lit(f" is before {origin}{_MEND}"),
    )
    yield _Asking(
        rule=BuiltIn.EVENT_AFTER_END,
        rows=there.filter(pl.col("day") > pl.col("end")),
        said=pl.lit(" is after the last day in the study" + _MEND),
    )


def _twice(log: pl.DataFrame) -> _Asking:
    """The later rows of two events on a day, beside the one before."""
    near = log.with_columns(
        before=pl.col("number").shift(1).over("subject_id", "day"),
        is_later=pl.col(ROW).shift(1).over("subject_id", "day").is_not_null(),
    )
    rows = near.filter(pl.col("is_later"))
    days = log.select("subject_id", "day").n_unique()
    usual = rows.height > max(_FEW, _USUAL * days)
    return _Asking(
        rule=BuiltIn.EVENTS_ON_ONE_DAY,
        rows=rows.clear() if usual else rows,
        said=pl.format(
            " is the day of row {}, too, and both are counted. Correct the date or take the second one "
            "out, or confirm that there were two.",
            pl.col("before").fill_null("before"),
        ),
    )


def _hits(asking: _Asking, rows: pl.DataFrame, item: Item, cells: CheckedCells) -> tuple[Hits, ...]:
    rows = rows.sort(ROW)
    words = pd.Series(rows.select(said=asking.said)["said"].to_list(), dtype="str")
    if len(words) < rows.height:  # a literal is one text for all
        words = pd.Series([*words] * rows.height, dtype="str")
    return hits_at_rows(
        cells.form,
        cells.data,
        rows[ROW].to_numpy().astype(np.intp),
        lambda entered: f"{item.label}: " + shown(entered) + words,
        item=item.id,
        rule_id=asking.rule.value,
        severity=Severity.SOFT,
    )
