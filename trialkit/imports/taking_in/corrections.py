"""The right values that sites gave in their answers, beside what the data hold: what would change.

A right value is for the value that was asked about. Where the data hold another one by now, or two
answers name different values for one cell, nobody is guessed to be right: it is listed and left.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from trialkit.checks.queries.queries import CLEARED, Queries, Query, QueryAnswer
from trialkit.checks.queries.reconciling import kept_text
from trialkit.checks.queries.right_values import why_no_value_fits
from trialkit.files.spreadsheets import as_entered
from trialkit.imports.taking_in.difference import (
    CellChange,
    CellDifference,
    FormDifference,
    effect_of,
    same_answers,
)
from trialkit.imports.taking_in.incoming import keys
from trialkit.imports.taking_in.present import Present, present_rows
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.identifying import for_display
from trialkit.store.sources.folder_source import data_file

SOURCE = "answers to queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A right value that is not written, and why."""

    query: Query
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corrections:
    """What the right values would change."""

    difference: CellDifference
    taken: tuple[Query, ...]
    """The queries whose right values these are."""
    refused: tuple[Refused, ...]

    @property
    def cells(self) -> tuple[CellChange, ...]:
        """The cells that would change, in the order of forms and rows."""
        return tuple(cell for form in self.difference.forms for cell in form.cells)


def waiting(queries: Queries) -> tuple[Query, ...]:
    """The queries whose answer gave a right value that is not in the data as far as is known."""
    return tuple(
        query
        for query in queries.sorted
        if query.found
        and query.answer == QueryAnswer.CORRECTED
        and query.right_value
        and not query.applied_on
    )


def corrections(folder: Path, schemas: Schemas, asked: Collection[Query]) -> Corrections:
    """What the right values of these queries would change in the data of the trial in ``folder``."""
    by_form: dict[str, list[Query]] = defaultdict(list)
    refused: list[Refused] = []
    for query in asked:
        why = why_no_value_fits(query, schemas).removeprefix("has a right value, but ")
        if why:
            refused.append(Refused(query=query, why=why))
        else:
            by_form[query.form].append(query)
    forms, taken = [], []
    for form_id, own in by_form.items():
        form = schemas.form(form_id)
        there = present_rows(folder, form, schemas.data)
        fitting = _Fitting(form, there, schemas)
        fitting.add(own)
        refused += fitting.refused
        taken += fitting.taken
        forms.append(
            FormDifference(
                form=form,
                path=data_file(folder, form),
                sha256=there.sha256,
                present=there.cells,
                new_rows=there.cells.clear(),
                new_places=(),
                cells=tuple(fitting.cells),
                unchanged=0,
                incoming=len(own),
                lacking=there.lacking,
            )
        )
    return Corrections(
        difference=CellDifference(source=SOURCE, forms=tuple(forms)),
        taken=tuple(taken),
        refused=tuple(refused),
    )


class _Fitting:
    """The right values for one form, each in its cell or refused."""

    def __init__(self, form: Form, there: Present, schemas: Schemas) -> None:
        self.cells: list[CellChange] = []
        self.taken: list[Query] = []
        self.refused: list[Refused] = []
        self._form, self._there, self._schemas = form, there, schemas
        self._rows = {key: row for row, key in enumerate(keys(there.cells, form).rows())}

    def add(self, asked: Collection[Query]) -> None:
        """Put the right values into their cells."""
        by_cell: dict[tuple[int, str], list[Query]] = defaultdict(list)
        for query in asked:
            row = self._rows.get(tuple(getattr(query, key) for key in self._form.key))
            if row is None:
                self._refuse([query], "its row is not in the data any more")
            else:
                by_cell[row, query.item].append(query)
        for (row, item), queries in sorted(by_cell.items(), key=lambda each: each[0][0]):
            self._fit(row, item, queries)

    def _refuse(self, queries: Collection[Query], why: str) -> None:
        self.refused += [Refused(query=query, why=why) for query in queries]

    def _fit(self, row: int, item: str, queries: list[Query]) -> None:
        wanted = {query.right_value for query in queries}
        if len(wanted) > 1:
            listed = " and ".join(repr(self._shown(value, item)) for value in sorted(wanted))
            self._refuse(queries, f"the answers about this cell name {listed}; ask which is right")
            return
        (value,) = wanted
        now = self._there.cells[item][row]
        new = "" if value == CLEARED else as_entered(value)
        if self._is_same(now, new, item):
            self.taken += queries
            return
        here = self._shown(now.strip(), item)
        moved = [each for each in queries if kept_text(here) != _asked_about(each)]
        if moved:
            held = f"hold {here!r}" if here else "hold nothing"
            self._refuse(
                queries,
                f"the data {held} there by now, and {_asked_about(moved[0])!r} was asked about; "
                "validate, and ask again",
            )
            return
        self.taken += queries
        self.cells.append(
            CellChange(
                form_id=self._form.id,
                row=row,
                key=keys(self._there.cells[row], self._form).row(0),
                item=item,
                before=now,
                after=new,
                effect=effect_of(now, new),
                place=f"query {queries[0].query_key}",
                reason=_reason(queries[0]),
                query_key=" ".join(query.query_key for query in queries),
            )
        )

    def _shown(self, text: str, item: str) -> str:
        """A value as it was asked about: what names a person never leaves the data."""
        return for_display(self._form, item, text)

    def _is_same(self, now: str, new: str, item: str) -> bool:
        one, other = (pl.Series(item, [text], dtype=pl.String) for text in (now, new))
        return bool(same_answers(one, other, self._form, item, self._schemas.data)[0])


def _asked_about(query: Query) -> str:
    return query.missing_code or query.value


def _reason(query: Query) -> str:
    """Why the value changes, in the words of whoever answered."""
    said = as_entered(query.reason) or as_entered(query.message)
    return f"{said} (answered by {as_entered(query.answered_by)})"
