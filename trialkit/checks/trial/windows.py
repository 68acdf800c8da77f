"""The fifth phase goes on: visits outside their windows around the planned day.

A date that is wrong already, by itself or by a hard rule of its form, is not out of window too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, doubted_rows, hits_at_rows
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import FormKind, Item, Purpose, Schemas, Severity
from trialkit.store.due import windows


def visits_held(
    schemas: Schemas,
    cells: Mapping[str, CheckedCells],
    protocol: Protocol,
    *,
    people: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """By form with a date of the visit: the visits whose date can be right, and their windows.

    ``people`` have no date of randomisation where it is in doubt.
    """
    dated = ((each, each.item_for(Purpose.VISIT_DATE)) for each in schemas.forms if each.visits)
    return {each.id: _held(cells[each.id], on, protocol, people) for each, on in dated if on}


def check_windows(
    cells: CheckedCells,
    held: Mapping[str, pd.DataFrame],
    *,
    found: Sequence[Hits],
    names_days: bool = True,
) -> tuple[Hits, ...]:
    """Visit dates outside the window around the date of randomisation and the target day.

    ``held`` are the :func:`visits_held`, ``found`` is what the rules of the forms found. Without
    ``names_days`` the ends of a window are not said, since they tell the date of randomisation.
    """
    form = cells.form
    item = form.item_for(Purpose.VISIT_DATE)
    if item is None or form.id not in held:
        return ()
    visits = held[form.id]
    outside = visits[(visits["day"] < visits["opens"]) | (visits["day"] > visits["closes"])]
    outside = outside[~outside["row"].isin(doubted_rows(found, form, item))].reset_index(drop=True)
    return hits_at_rows(
        form,
        cells.data,
        outside["row"].to_numpy(dtype=np.intp),
        lambda entered: (
            f"{item.label}: "
            + wording.shown(entered)
            + " is outside the window of visit "
            + outside["visit"]
            + (
                ", which runs from " + _iso(outside["opens"]) + " to " + _iso(outside["closes"])
                if names_days
                else ""
            )
            + ". Correct it, or confirm it."
        ),
        item=item.id,
        rule_id=BuiltIn.VISIT_WINDOW.value,
        severity=Severity.SOFT,
    )


def without_what_is_late(found: Sequence[Hits], late: Sequence[Hits]) -> Iterator[Hits]:
    """What was ``found``, but for visits after the end of the study that are out of window anyway."""
    for each in found:
        if each.rule_id == BuiltIn.AFTER_THE_END:
            rows = [hits.rows for hits in late if (hits.form, hits.item) == (each.form, each.item)]
            told = np.isin(each.rows, np.concatenate(rows)) if rows else np.zeros(0, dtype=bool)
            yield replace(each, places=each.places[~told]) if told.any() else each
        else:
            yield each


def check_randomisation_dates(
    schemas: Schemas,
    cells: Mapping[str, CheckedCells],
    held: Mapping[str, pd.DataFrame],
) -> tuple[Hits, ...]:
    """Dates of randomisation around which no visit of the participant is where it should be.

    Two visits or more, all of them too early or all too late: then the day that they are counted from
    is more likely to be wrong than each of them.
    """
    form = schemas.of_kind(FormKind.RANDOMISATION)
    item = form.item_for(Purpose.RANDOMISATION_DATE) if form else None
    if form is None or item is None or not held:
        return ()
    together = pd.concat(held.values(), ignore_index=True).dropna(subset=["opens"])
    late, early = together["day"] > together["closes"], together["day"] < together["opens"]
    by_subject = together.assign(late=late, early=early).groupby("subject_id", sort=False)
    each_one = by_subject.agg({"late": "all", "early": "all", "visit": "nunique"})
    odd = each_one.index[(each_one["late"] | each_one["early"]) & (each_one["visit"] > 1)]
    subject = cells[form.id].data.values["subject_id"].iloc[cells[form.id].rows]
    return hits_at_rows(
        form,
        cells[form.id].data,
        cells[form.id].rows[subject.isin(odd).to_numpy()],
        lambda entered: (
            f"{item.label}: none of the visits lies in its window around "
            + wording.shown(entered)
            + ". Correct this date, or the visits, or confirm them."
        ),
        item=item.id,
        rule_id=BuiltIn.RANDOMISATION_DATE_DOUBTED.value,
        severity=Severity.SOFT,
    )


def _held(
    cells: CheckedCells, item: Item, protocol: Protocol, people: pd.DataFrame
) -> pd.DataFrame:
    """Row, subject, visit and day of each visit whose date can be right, and its window."""
    data = cells.data
    doubtful = cells.wrong[item.id] | cells.shared
    rows = cells.rows[~doubtful[cells.rows]]
    keys = data.values.loc[rows, ["subject_id", "visit"]].reset_index(drop=True)
    by_subject = people.set_index("subject_id")["randomisation_date"]
    randomised = by_subject.reindex(keys["subject_id"]).reset_index(drop=True)
    window = windows(keys.assign(randomisation_date=randomised), protocol.visits)
    held: pd.DataFrame = keys.assign(
        row=rows,
        day=data.values.loc[rows, item.id].reset_index(drop=True),
        opens=window.opens,
        closes=window.closes,
    )
    return held


def _iso(days: pd.Series) -> pd.Series:
    text: pd.Series = days.dt.strftime("%Y-%m-%d").reset_index(drop=True)
    return text
