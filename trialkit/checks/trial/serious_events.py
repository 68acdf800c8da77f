"""Serious adverse events and their reports: each has the other, and the report came within 24 hours.

A trial without a form of kind serious_events reports them elsewhere, and nothing is asked about.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose, Schemas, Severity
from trialkit.schemas.items.kind import Nature

IN_TIME = pd.Timedelta(hours=24)
_A_DAY = pd.Timedelta(days=1)


def check_serious_events(schemas: Schemas, cells: Mapping[str, CheckedCells]) -> tuple[Hits, ...]:
    """Late reports, serious events without a report, and reports of no serious event."""
    reports, log = map(schemas.of_kind, (FormKind.SERIOUS_EVENTS, FormKind.ADVERSE_EVENTS))
    if reports is None:
        return ()
    hits = list(_late(reports, cells[reports.id]))
    number = reports.item_for(Purpose.EVENT_NUMBER)
    serious = log.item_for(Purpose.EVENT_SERIOUS) if log else None
    if log is not None and serious is not None and number is not None and log.repeating:
        hits += _unmatched(log, serious, reports, number, cells)
    return tuple(hits)


def _late(form: Form, cells: CheckedCells) -> tuple[Hits, ...]:
    """Reports that came more than 24 hours after the site knew, whatever the hour of a date is."""
    known, reported = map(form.item_for, (Purpose.EVENT_KNOWN, Purpose.EVENT_REPORTED))
    if known is None or reported is None:
        return ()
    right = ~(cells.wrong[known.id] | cells.wrong[reported.id])
    rows = cells.rows[right[cells.rows]]
    first, last = (cells.data.values[item.id].iloc[rows] for item in (known, reported))
    if Nature.DAY in {known.kind.nature, reported.kind.nature}:
        late = last.dt.normalize() - first.dt.normalize() > _A_DAY
    else:
        late = last - first > IN_TIME
    there = late.fillna(value=False).to_numpy(dtype=bool)
    since = cells.data.raw[known.id].iloc[rows[there]].reset_index(drop=True)
    return hits_at_rows(
        form,
        cells.data,
        rows[there],
        lambda entered: (
            f"{reported.label}: "
            + shown(entered)
            + f" is more than 24 hours after {known.label!r}, "
            + shown(since)
            + ". Correct the one that is wrong, or confirm it and say why."
        ),
        item=reported.id,
        rule_id=BuiltIn.LATE_REPORT.value,
        severity=Severity.SOFT,
    )


def _unmatched(
    log: Form, serious: Item, reports: Form, number: Item, cells: Mapping[str, CheckedCells]
) -> list[Hits]:
    """Serious events that no report names, and reports that name no serious event."""
    events, told = cells[log.id], cells[reports.id]
    answers = events.data.values[serious.id].iloc[events.rows]
    unclear = answers.isna().to_numpy() | events.wrong[serious.id][events.rows]
    is_serious = answers.fillna(value=False).to_numpy(dtype=bool) & ~unclear
    has_number = told.data.values[number.id].notna().to_numpy() & ~told.wrong[number.id]
    named = told.rows[has_number[told.rows]]
    nameless = told.data.values["subject_id"].iloc[np.setdiff1d(told.rows, named)]
    of_events, of_reports = _places(events, events.rows, "repeat"), _places(told, named, number.id)
    may_be_told = of_events.isin(of_reports) | of_events.get_level_values(0).isin(nameless)
    without = events.rows[is_serious & ~may_be_told]
    astray = named[~of_reports.isin(of_events[is_serious | unclear])]
    return [
        *hits_at_rows(
            log,
            events.data,
            without,
            lambda _: pd.Series(
                f"The event is serious, but no {reports.title!r} has its number; enter that form, or "
                "correct the answer.",
                index=range(len(without)),
            ),
            item=serious.id,
            rule_id=BuiltIn.UNREPORTED_EVENT.value,
            severity=Severity.HARD,
        ),
        *hits_at_rows(
            reports,
            told.data,
            astray,
            lambda entered: (
                f"{number.label}: the participant has no serious event number "
                + shown(entered)
                + f" in {log.title!r}; correct the number, or enter the event there as serious."
            ),
            item=number.id,
            rule_id=BuiltIn.REPORT_OF_NO_EVENT.value,
            severity=Severity.HARD,
        ),
    ]


def _places(cells: CheckedCells, rows: np.ndarray, number: str) -> pd.MultiIndex:
    """Whose event each row is about, and which."""
    values = cells.data.values
    numbers = pd.to_numeric(values[number].iloc[rows]).astype("float64")
    return pd.MultiIndex.from_arrays([values["subject_id"].iloc[rows].astype("object"), numbers])
