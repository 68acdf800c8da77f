"""What one check found, before all of it becomes the listing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import polars as pl

from trialkit.decimals import significant
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Severity
from trialkit.schemas.forms.identifying import identifying, masked
from trialkit.store.snapshot import FormData, as_pandas, each_text_once

KEY_LABELS = {"subject_id": "Subject", "visit": "Visit", "repeat": "Number"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hits:
    """The places where one rule is broken, and what to say at each."""

    form: Form
    item: str
    """An item or a key column; empty when it is about the row or the form."""
    rule_id: str
    severity: Severity
    places: pd.DataFrame
    """``row`` (−1 for a row that is not there), ``subject_id``, ``visit``, ``repeat``, ``value``,
    ``missing_code`` and ``message``, all text but the first."""

    @property
    def label(self) -> str:
        """The words of the item that the rule is about."""
        if not self.item:
            return self.form.title
        return KEY_LABELS.get(self.item) or self.form.item(self.item).label

    @property
    def rows(self) -> np.ndarray:
        """The rows' numbers in the form's data."""
        rows: np.ndarray = self.places["row"].to_numpy(dtype=np.intp)
        return rows


def hits_at_rows(
    form: Form,
    data: FormData,
    rows: np.ndarray,
    words: Callable[[pd.Series], pd.Series],
    *,
    item: str,
    rule_id: str,
    severity: Severity,
) -> tuple[Hits, ...]:
    """A rule that some rows break, with what was entered there; nothing when none does.

    ``words`` makes the messages of what was entered, row for row.
    """
    if not len(rows):
        return ()
    here = data.take(rows, dict.fromkeys([*form.key, *([item] if item else [])]))
    keys = {name: _key(here, name) if name in form.key else "" for name in KEY_LABELS}
    entered = codes = pd.Series("", index=range(len(rows)), dtype="str")
    value = entered
    if item:
        entered, code = as_entered(form, here, item), _codes_of_cells(here, item)
        codes = as_pandas(code)
        value = entered.mask(codes != "", "") if (code != "").any() else entered
    places = pd.DataFrame(
        {
            "row": rows,
            **keys,
            "value": value,
            "missing_code": codes,
            "message": _each_once(words(entered)),
        }
    )
    return (Hits(form=form, item=item, rule_id=rule_id, severity=severity, places=places),)


def hits_without_row(
    form: Form,
    subjects: pd.Series,
    messages: pd.Series,
    *,
    visits: pd.Series | str = "",
    values: pd.Series | str = "",
    item: str = "",
    rule_id: str,
    severity: Severity,
) -> tuple[Hits, ...]:
    """A rule about rows that are not there, or about a participant; nothing without subjects."""
    if subjects.empty:
        return ()
    places = pd.DataFrame(
        {
            "subject_id": subjects.to_numpy(),
            "visit": visits if isinstance(visits, str) else visits.to_numpy(),
            "value": values if isinstance(values, str) else values.to_numpy(),
            "message": _each_once(messages).to_numpy(),
        }
    ).assign(row=-1, repeat="", missing_code="")
    return (Hits(form=form, item=item, rule_id=rule_id, severity=severity, places=places),)


def doubted_rows(found: Sequence[Hits], form: Form, item: Item) -> np.ndarray:
    """The rows of a form in which a hard rule about this item is broken, or its order of dates."""
    about = {rule.id for rule in form.rules if item.id in rule.items}
    rows = [
        hits.rows
        for hits in found
        if hits.severity is Severity.HARD
        and (
            hits.rule_id in about
            or (hits.rule_id, hits.form, hits.item) == (BuiltIn.DATE_ORDER.value, form, item.id)
        )
    ]
    return np.concatenate(rows) if rows else np.array([], dtype=np.intp)


def as_entered(form: Form, data: FormData, column: str) -> pd.Series:
    """The text of a column as entered, and what was calculated where nothing had to be.

    What names a person is not shown; a missing code names nobody.
    """
    if column in identifying(form):
        there = _as_entered(form, data, column)
        codes = as_pandas(data.coded[column].cast(pl.String).fill_null(""))
        return there.where((codes == there.str.strip()) & (codes != ""), there.map(masked))
    return _as_entered(form, data, column)


def _as_entered(form: Form, data: FormData, column: str) -> pd.Series:
    text = data.raw[column]
    if column not in {item.id for item in form.calculated}:
        return text
    value = data.values[column]
    number = value.map(partial(significant, digits=6), na_action="ignore").astype("str")
    number = number.where(value.notna(), "")
    return text.mask(text.str.strip() == "", number)


def _each_once(messages: pd.Series) -> pd.Series:
    """The same messages; of thousands few differ."""
    return pd.Series(each_text_once(messages.tolist(), {}), index=messages.index, dtype="str")


def _key(data: FormData, name: str) -> pd.Series:
    """A key as text; where it could not be read, empty."""
    return as_pandas(data.typed[name].cast(pl.String).fill_null(""))


def _codes_of_cells(data: FormData, item: str) -> pl.Series:
    """The missing codes, but for those that a calculated item took over beside what was entered."""
    code, text = pl.col("code").fill_null(""), pl.col("entered").str.strip_chars()
    cells = pl.DataFrame({"code": data.coded[item].cast(pl.String), "entered": data.entered[item]})
    return cells.select(
        pl.when((text == "") | (text == code)).then(code).otherwise(pl.lit("")).alias("code")
    ).to_series()


def as_text(values: pd.Series) -> pd.Series:
    """Values as text under a plain index; missing ones are empty."""
    text = values.astype("object").where(values.notna(), "")
    return text.astype("str").reset_index(drop=True)
