"""Marks of ``not_done`` that tell an arm, kept apart from the others in the store.

That a form which some arms alone have was not done tells an arm by standing there. Such marks are rows
of a form of their own, which is withheld as a whole: in tables, log, listings and the rights of a server
they are what rows of the withheld form are. Who may read arms finds both in one ``not_done.csv``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import EventAction
from trialkit.files.csv_reading import RawTable
from trialkit.schemas.forms.forms import Expected, Form, Schemas
from trialkit.schemas.forms.not_done import FORM, NOT_DONE, not_done_form
from trialkit.schemas.reading.judged_part import WHOLE

APART = f"{NOT_DONE}.withheld"
"""The form of the marks that are kept apart; with its point it is the name of no form of a trial."""
KEPT_APART = "it tells an arm, and is kept apart from now on"
"""Why a mark that was entered before its form was withheld leaves the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingMarks:
    """Which marks tell an arm: by the definitions alone, whatever the store holds."""

    forms: frozenset[str]
    """The forms that are withheld as a whole."""
    shared: frozenset[str]
    """The forms that everybody may have, and know of."""
    visits: frozenset[str]
    """Visits of which nothing is expected but forms that are withheld."""

    @classmethod
    def of(cls, schemas: Schemas, *told: Mapping[str, Collection[str]]) -> "TellingMarks":
        """By what tells arms in the forms, or in the store, each by form."""
        known = {form.id for form in schemas.forms}
        whole = frozenset(
            form
            for each in told
            for form, items in each.items()
            if WHOLE in items and form != APART
        )
        expected = [form for form in schemas.forms if form.expected is not Expected.AS_NEEDED]
        hidden, open_to_all = (
            {visit for form in expected if (form.id in whole) is is_hidden for visit in form.visits}
            for is_hidden in (True, False)
        )
        return cls(
            forms=whole, shared=frozenset(known - whole), visits=frozenset(hidden - open_to_all)
        )

    def among(self, cells: pl.DataFrame) -> pl.Series:
        """Whether each line of a table of marks is one: also where nobody knows the form that it names."""
        named = pl.col(FORM).str.strip_chars()
        of_form = (named != "") & ~named.is_in(sorted(self.shared))
        of_visit = (named == "") & pl.col("visit").str.strip_chars().is_in(sorted(self.visits))
        tells = (of_form | of_visit) if self.forms else pl.lit(value=False)
        return cells.select(pl.repeat(value=False, n=pl.len()) | tells.alias(FORM)).to_series()


def apart_form(schemas: Schemas) -> Form:
    """The marks that are kept apart, as a form."""
    return replace(not_done_form(schemas), id=APART)


def every_form(schemas: Schemas) -> tuple[Form, ...]:
    """The forms that entries can be of: those of the trial, and the marks."""
    return (*schemas.forms, not_done_form(schemas), apart_form(schemas))


def no_marks(form: Form) -> RawTable:
    """A table of marks without a line, by which their form is opened."""
    columns = [*form.key, *(item.id for item in form.items)]
    cells = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return RawTable(file="", sha256="", cells=cells, lines=np.array([], dtype=np.int64))


def some_lines(raw: RawTable, which: pl.Series) -> RawTable:
    """Some lines of a table, with their numbers."""
    return replace(raw, cells=raw.cells.filter(which), lines=raw.lines[which.to_numpy()])


def with_lines(raw: RawTable, held: pl.DataFrame) -> RawTable:
    """A table of marks with those of the store that it does not have, which stay when all are parted."""
    names = ["subject_id", "visit", FORM]
    told, known = (
        each.with_columns(pl.int_range(pl.len()).over(names).alias("nth"))
        for each in (raw.cells, held)
    )
    lacking = known.join(told, on=[*names, "nth"], how="anti").select(raw.cells.columns)
    lines = np.concatenate([raw.lines, np.zeros(lacking.height, dtype=raw.lines.dtype)])
    return replace(raw, cells=pl.concat([raw.cells, lacking]), lines=lines)


def not_apart_yet() -> EvidenceError:
    """What who may not read arms is told of a store in which marks that tell one are among the others."""
    return EvidenceError(
        f"{NOT_DONE}: the store has marks of forms that some arms alone have, from before these were kept "
        "apart; nothing was compared. Let somebody who reads arms import the data, which takes them apart"
    )


def together(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables as a folder has them: the marks that were kept apart, where they are seen, come last."""
    others = {form: table for form, table in tables.items() if form != APART}
    apart = tables.get(APART)
    if apart is None or apart.is_empty():
        return others
    marks = others.get(NOT_DONE, apart.clear())
    return {**others, NOT_DONE: pl.concat([marks, apart], how="diagonal").fill_null("")}


def as_kept(form: str) -> tuple[str, ...]:
    """The forms under which the store has what people call by one name."""
    return (NOT_DONE, APART) if form == NOT_DONE else (form,)


def as_marks(events: pl.DataFrame) -> pl.DataFrame:
    """Events under the names that people know: whoever holds the marks holds those too."""
    return events.with_columns(pl.col("form").replace({APART: NOT_DONE}))


def marked_in(cells: pl.DataFrame) -> list[str]:
    """What marks are about, as they name it: forms, and visits as a whole."""
    named = pl.col(FORM).str.strip_chars()
    said = pl.when(named == "").then(pl.format("visit {}", "visit")).otherwise(named)
    return cells.select(said.unique().sort()).to_series().to_list()


def in_the_open(said: pl.DataFrame, withheld: Mapping[str, Collection[str]]) -> list[str]:
    """The withheld forms of which these entries would put a mark among those that everybody sees."""
    whole = {form for form, items in withheld.items() if WHOLE in items}
    changes = (EventAction.FILLED, EventAction.CHANGED)
    marks = said.filter(
        pl.col("action").is_in([each.value for each in changes]),
        pl.col("form") == NOT_DONE,
        pl.col("item") == FORM,
    )
    return sorted({*marks["new"].str.strip_chars()} & whole)
