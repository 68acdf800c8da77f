"""Which findings have one cause, so that one defect makes one query.

Findings of a participant belong together where they rest on the same cell: one is about it, others
read it. A wrong date of consent contradicts every later date; all of these are one defect. Some go
together for other reasons, and all of these stand here:

* a visit that is late is late in each of its forms, where they have the same date;
* two visits of which the dates were exchanged in a form are one error;
* a visit of which every form lacks was missed as a whole;
* a row under a key that another row has is the row that lacks elsewhere;
* visits that are all too early, or all too late, rest on the date of randomisation;
* forms, sessions and care that the arm does not allow rest on the arm;
* what a rule counts in the rows of a participant it finds in each of them.

The cause is the hardest of them, then the one about the cell that the most of them rest on, then the
first. Only hard and soft findings are causes; a note hangs below a finding about its cell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.queries.grounds import CellAddress, cells_read, item_for
from trialkit.checks.queries.rows_read import is_of_all_rows
from trialkit.checks.trial.rows_asked import (
    cells_before,
    condition_with_looks,
    goes_with_the_visit,
)
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.declared import declared
from trialkit.schemas.forms.expressions import Condition, Reference
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas, Severity
from trialkit.schemas.items.days import read_day
from trialkit.schemas.items.kind import Reading
from trialkit.schemas.rules.names import NO_ITEMS
from trialkit.store.snapshot import Snapshot

_APART = "\x1f"
_OF_THE_ARM = frozenset({BuiltIn.OTHER_ARM, BuiltIn.TOO_MANY_SESSIONS, BuiltIn.OTHER_ARM_RECEIVED})
_ORDERED = frozenset({BuiltIn.DATE_ORDER, BuiltIn.AFTER_THE_END})
_SEVERITIES = tuple(severity.value for severity in Severity)


def with_causes(frame: pd.DataFrame, schemas: Schemas, snapshot: Snapshot) -> pd.DataFrame:
    """The findings with the query key of the one that each follows from, right below it.

    ``cause`` is empty for a finding that follows from no other.
    """
    found = frame.reset_index(drop=True)
    shared = None if len(found) < 2 else _shared(found, schemas, snapshot)
    if shared is None or shared.empty:
        return found.assign(cause=pd.Series("", index=found.index, dtype="str"))
    first = _first_of_each(shared, _ranks(found, shared))
    asks = (found["severity"] != Severity.NOTE.value).to_numpy()
    follows = (first != np.arange(len(found))) & asks[first]
    first = np.where(follows, first, np.arange(len(found)))
    keys = found["query_key"].to_numpy()
    cause = pd.Series(np.where(follows, keys[first], ""), index=found.index, dtype="str")
    order = np.lexsort((np.arange(len(found)), follows, first))
    return found.assign(cause=cause).take(order).reset_index(drop=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shared:
    """What several findings have in common, as pairs of a finding and a thing."""

    finding: np.ndarray
    """Positions in the listing."""
    thing: np.ndarray
    """Numbers of the things, from 0 on."""
    is_own: np.ndarray
    """Whether the finding is about the thing, and does not only read it."""

    @property
    def empty(self) -> bool:
        """Whether no two findings have anything in common."""
        return not len(self.finding)


def _shared(found: pd.DataFrame, schemas: Schemas, snapshot: Snapshot) -> _Shared:
    parts = [part for part in _things(found, schemas, snapshot) if len(part)]
    if not parts:
        nothing = np.array([], dtype=np.intp)
        return _Shared(finding=nothing, thing=nothing, is_own=nothing.astype(bool))
    pairs = pd.concat(parts, ignore_index=True).drop_duplicates(["finding", "thing"])
    pairs = pairs[pairs["thing"].duplicated(keep=False)]
    return _Shared(
        finding=pairs["finding"].to_numpy(dtype=np.intp),
        thing=pd.factorize(pairs["thing"])[0],
        is_own=pairs["is_own"].to_numpy(dtype=bool),
    )


def _ranks(found: pd.DataFrame, shared: _Shared) -> np.ndarray:
    """The place of each finding among those that could be the cause; each has its own."""
    resting = np.bincount(shared.thing)
    on_own = np.zeros(len(found), dtype=np.intp)
    np.maximum.at(on_own, shared.finding[shared.is_own], resting[shared.thing[shared.is_own]])
    severity = found["severity"].map({name: at for at, name in enumerate(_SEVERITIES)})
    phases = {rule.value: at for at, rule in enumerate(BuiltIn)}
    phase = found["rule_id"].map(phases).fillna(len(phases))
    order = np.lexsort((np.arange(len(found)), phase, -on_own, severity))
    ranks = np.empty(len(found), dtype=np.intp)
    ranks[order] = np.arange(len(found))
    return ranks


def _first_of_each(shared: _Shared, ranks: np.ndarray) -> np.ndarray:
    """For each finding the position of the first by rank of those it is connected with."""
    at_rank = np.argsort(ranks)
    label, before = ranks.copy(), None
    of_thing = np.empty(int(shared.thing.max()) + 1, dtype=np.intp)
    while before is None or (label != before).any():
        before = label.copy()
        of_thing.fill(len(ranks))
        np.minimum.at(of_thing, shared.thing, label[shared.finding])
        np.minimum.at(label, shared.finding, of_thing[shared.thing])
        label = np.minimum(label, label[at_rank[label]])
    first: np.ndarray = at_rank[label]
    return first


def _things(found: pd.DataFrame, schemas: Schemas, snapshot: Snapshot) -> Iterator[pd.DataFrame]:
    """What each finding rests on, as text: cells, and what else may be one cause."""
    somebody = found["subject_id"] != ""
    is_doubt = found["rule_id"] == BuiltIn.RANDOMISATION_DATE_DOUBTED.value
    doubted = set(found.loc[is_doubt, "subject_id"])
    for place, rows in found[somebody].groupby(["rule_id", "form", "item"], sort=False):
        rule_id, form_id, item = (str(each) for each in place)
        form = next((each for each in schemas.forms if each.id == form_id), None)
        if form is None:
            continue
        if item:
            own = CellAddress(form=form_id, item=item)
            yield _pairs(rows, _cell(rows, form, own), is_own=True)
        if rule_id == BuiltIn.VISIT_WINDOW:
            yield _pairs(rows, "day" + _joined(rows, ("subject_id", "visit", "value")))
        reading = rows
        if rule_id == BuiltIn.VISIT_WINDOW:  # else each visit is late by itself
            reading = rows[rows["subject_id"].isin(doubted)]
        for cell in _reads(rule_id, form, item, schemas):
            yield _pairs(reading, _cell(reading, schemas.form(cell.form), cell, of=form))
        condition = condition_with_looks(rule_id, form, item)
        if condition is not None:
            yield from _of_other_rows(rows, condition, form, snapshot)
    yield _exchanged_days(found, schemas)
    yield _missed_visits(found, schemas, snapshot)
    yield from _under_another_key(found)


def _of_other_rows(
    rows: pd.DataFrame, condition: Condition, form: Form, snapshot: Snapshot
) -> Iterator[pd.DataFrame]:
    if is_of_all_rows(condition):
        visit = ("visit",) if goes_with_the_visit(condition, form) else ()
        yield _pairs(rows, "rows" + _joined(rows, ("subject_id", "form", "rule_id", *visit)))
    for there, cell in cells_before(rows, condition, form, snapshot):
        yield _pairs(there, _cell(there, form, cell))


def _pairs(rows: pd.DataFrame, things: pd.Series, *, is_own: bool = False) -> pd.DataFrame:
    return pd.DataFrame({"finding": rows.index, "thing": things.to_numpy(), "is_own": is_own})


def _joined(rows: pd.DataFrame, names: Iterable[str]) -> pd.Series:
    text = pd.Series("", index=rows.index, dtype="str")
    for name in names:
        text = text + _APART + rows[name]
    return text


def _cell(
    rows: pd.DataFrame, form: Form, cell: CellAddress, *, of: Form | None = None
) -> pd.Series:
    """The cell that findings are about, or read from a row ``of`` another form, as text."""
    same = of is None or of is form
    visit: pd.Series | str = cell.visit or (rows["visit"] if form.visits or same else "")
    repeat: pd.Series | str = rows["repeat"] if same and not cell.visit else ""
    return (
        "cell"
        + _APART
        + rows["subject_id"]
        + f"{_APART}{cell.form}.{cell.item}{_APART}"
        + (visit + _APART + repeat)
    )


def _reads(rule_id: str, form: Form, item: str, schemas: Schemas) -> Iterable[CellAddress]:
    """The cells that a finding rests on beside its own."""
    yield from cells_read(rule_id, form, item, schemas)
    if rule_id in _OF_THE_ARM:
        yield from item_for(FormKind.RANDOMISATION, Purpose.ARM, schemas)
    if rule_id in {BuiltIn.AFTER_DEATH, BuiltIn.EVENT_AFTER_END}:
        yield from item_for(FormKind.END_OF_STUDY, Purpose.END_DATE, schemas)
    if rule_id == BuiltIn.EVENT_BEFORE_ORIGIN:
        yield from item_for(FormKind.RANDOMISATION, Purpose.RANDOMISATION_DATE, schemas)
    if rule_id in _ORDERED:
        for each in declared(form, schemas.forms):
            if each.item.id == item and each.rule == rule_id:
                yield from _cells(form.conditions[each.expression].references)
    calculation = next((each.calculation for each in form.calculated if each.id == item), "")
    if calculation:
        yield from _cells(form.calculations[calculation].references)


def _cells(references: Iterable[Reference]) -> Iterator[CellAddress]:
    for each in references:
        if each.item not in NO_ITEMS:
            yield CellAddress(form=each.form, item=each.item, visit=each.visit)


def _exchanged_days(found: pd.DataFrame, schemas: Schemas) -> pd.DataFrame:
    """Two visits out of their windows in a form, of which the later has the earlier date."""
    rows = found[found["rule_id"] == BuiltIn.VISIT_WINDOW.value]
    if len(rows) < 2:
        return pd.DataFrame()
    key = ["form", "subject_id"]
    rows = rows[rows.groupby(key)["visit"].transform("size") == 2]
    visits = {visit.code: number for number, visit in enumerate(schemas.visits)}
    text = pl.DataFrame({"value": rows["value"].tolist()}, schema={"value": pl.String})
    read = read_day(pl.col("value").str.strip_chars(), Reading(data=schemas.data))
    day = text.select(day=read.to_physical())["day"].to_list()
    at = pd.DataFrame(
        {"visit": rows["visit"].map(visits), "day": pd.Series(day, rows.index, dtype="float64")}
    )
    far = at.groupby([rows[name] for name in key]).rank()
    turned = (far["visit"] != far["day"]) & far.notna().all(axis=1)
    return _pairs(rows[turned], "exchanged" + _joined(rows[turned], key))


def _missed_visits(found: pd.DataFrame, schemas: Schemas, snapshot: Snapshot) -> pd.DataFrame:
    """Forms that lack at a visit at which the participant has no form at all."""
    rows = found[(found["rule_id"] == BuiltIn.MISSING_FORM.value) & (found["visit"] != "")]
    key = ["subject_id", "visit"]
    rows = rows[rows.duplicated(key, keep=False)]
    if rows.empty:
        return pd.DataFrame()
    tables = [snapshot[form.id].typed for form in schemas.forms if form.visits]
    there = pl.concat([table.select(pl.col(key).cast(pl.String)) for table in tables])
    missed = pl.DataFrame({name: rows[name].tolist() for name in key}).with_row_index("at")
    at = missed.join(there, on=key, how="anti", maintain_order="left")["at"].to_numpy()
    missed_rows = rows.iloc[at]
    return _pairs(missed_rows, "missed" + _joined(missed_rows, key))


def _under_another_key(found: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Forms that lack where a row stands under the key of another visit, or participant."""
    rows = found[found["rule_id"].isin([BuiltIn.MISSING_FORM.value, BuiltIn.DUPLICATE_KEY.value])]
    if len(rows) < 2:
        return
    for key in (("form", "subject_id"), ("form", "visit", "site")):
        one_each = rows.groupby(list(key))["rule_id"].transform("nunique") == 2
        pair = rows.groupby(list(key))["rule_id"].transform("size") == 2
        together = rows[one_each & pair]
        yield _pairs(together, "moved" + _joined(together, key))
