"""What the forms say of each subject as a whole: randomised or not, when, and until when."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, as_text, doubted_rows
from trialkit.checks.judging.others import CellsOfForms, Rows
from trialkit.checks.judging.shape import TableShape
from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose, Schemas
from trialkit.store.snapshot import Snapshot


def people_at(snapshot: Snapshot, schemas: Schemas, shape: TableShape) -> pd.DataFrame:
    """Everybody of a snapshot, as :func:`people` has them."""
    rows = rows_at(snapshot, schemas, shape)
    cells = CellsOfForms(rows, schemas, snapshot.files, snapshot.days)
    return people(shape.subjects, schemas, cells)


def rows_at(snapshot: Snapshot, schemas: Schemas, shape: TableShape) -> dict[str, Rows]:
    """By form the rows of a snapshot, and which of them can be judged."""
    return {
        form.id: Rows(
            data=snapshot[form.id],
            usable=shape.forms[form.id].usable,
            shared=shape.forms[form.id].shared,
        )
        for form in schemas.forms
    }


def people(
    subjects: pd.Series, schemas: Schemas, cells: Mapping[str, CheckedCells]
) -> pd.DataFrame:
    """One row a subject: whether and when randomised, into which arm, and until when.

    ``subject_id``, ``randomised``, ``randomisation_date``, ``arm``, ``end_date``. Dates and arms
    that cannot be right are missing here, so that nothing is concluded from them; so are those of
    whom a form has several rows.
    """
    never = pd.Series(pd.NaT, index=subjects.index, dtype="datetime64[us]")
    each = pd.DataFrame(
        {
            "subject_id": subjects,
            "randomised": False,
            "randomisation_date": never,
            "arm": pd.Series(pd.NA, index=subjects.index, dtype="str"),
            "end_date": never,
        }
    )
    form = schemas.of_kind(FormKind.RANDOMISATION)
    if form is not None:
        randomised = _by_subject(form, cells[form.id], Purpose.RANDOMISATION_DATE)
        each["randomised"] = each["subject_id"].isin(randomised.index)
        each["randomisation_date"] = randomised.reindex(each["subject_id"]).to_numpy()
        each["arm"] = _arms(form, cells[form.id]).reindex(each["subject_id"]).to_numpy()
    form = schemas.of_kind(FormKind.END_OF_STUDY)
    if form is not None:
        ended = _by_subject(form, cells[form.id], Purpose.END_DATE)
        each["end_date"] = ended.reindex(each["subject_id"]).to_numpy()
    return each


def _arms(form: Form, cells: CheckedCells) -> pd.Series:
    """The arm of each subject, missing where it cannot be right."""
    item = form.item_for(Purpose.ARM)
    subject = cells.data.values["subject_id"].iloc[cells.rows]
    if item is None:
        return pd.Series(index=subject.iloc[:0].to_numpy(), dtype="str")
    arms = cells.data.values[item.id].iloc[cells.rows].mask(_doubted(item, cells))
    by_subject = pd.Series(as_text(arms).to_numpy(), index=subject.to_numpy(), dtype="str")
    return by_subject.mask(by_subject == "")


def _by_subject(form: Form, cells: CheckedCells, purpose: Purpose) -> pd.Series:
    """The date with this purpose by subject, missing where it cannot be right."""
    subject = cells.data.values["subject_id"].iloc[cells.rows]
    item = form.item_for(purpose)
    if item is None:
        dates = pd.Series(pd.NaT, index=subject.index)
    else:
        dates = cells.data.values[item.id].iloc[cells.rows].mask(_doubted(item, cells))
    return pd.Series(np.asarray(dates), index=subject.to_numpy(), dtype="datetime64[us]")


def _doubted(item: Item, cells: CheckedCells) -> np.ndarray:
    """Which usable rows hold what cannot be right, or are one of several of their subject."""
    doubted: np.ndarray = (cells.wrong[item.id] | cells.shared)[cells.rows]
    return doubted


def without_doubted_dates(
    people: pd.DataFrame, schemas: Schemas, cells: Mapping[str, CheckedCells], found: Sequence[Hits]
) -> pd.DataFrame:
    """People whose date of randomisation is missing where a hard rule about it is broken."""
    form = schemas.of_kind(FormKind.RANDOMISATION)
    item = form.item_for(Purpose.RANDOMISATION_DATE) if form else None
    if form is None or item is None:
        return people
    rows = doubted_rows(found, form, item)
    doubted = cells[form.id].data.values["subject_id"].iloc[rows]
    certain = people["randomisation_date"].mask(people["subject_id"].isin(doubted))
    return people.assign(randomisation_date=certain)
