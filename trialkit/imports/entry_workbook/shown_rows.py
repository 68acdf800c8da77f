"""The rows of an entry workbook: those that are there, then those that are expected or come next.

No row shows what somebody was allocated: a form that is for some arms only has no rows held ready.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from trialkit.errors import DataFileError
from trialkit.imports.entry_workbook.as_it_was import can_be_shown, held
from trialkit.imports.taking_in.incoming import keys
from trialkit.imports.taking_in.present import present_rows
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.forms.identifying import identifying, masked_texts
from trialkit.schemas.forms.secrecy import secret_items


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row of a sheet."""

    texts: Mapping[str, str]
    """By column what its cells hold, as the data have it."""
    as_it_was: str = ""
    """The row as it is in the data; empty for one that is held ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRows:
    """The rows by form."""

    rows: Mapping[str, tuple[ShownRow, ...]]
    left_out: int
    """How many rows of the data hold what a workbook cannot, and are not in it."""

    @property
    def ready(self) -> int:
        """How many rows are held ready."""
        return sum(not row.as_it_was for rows in self.rows.values() for row in rows)


def items_to_enter(form: Form) -> tuple[Item, ...]:
    """The items of a form that a workbook asks for: none that shows an arm or a block."""
    secret = secret_items(form)
    return tuple(item for item in form.asked if item.id not in secret)


def shown_rows(
    folder: Path, schemas: Schemas, protocol: Protocol, *, site: str | None = None
) -> ShownRows:
    """The rows for all participants, or for those of a site; answers that name a person are masked.

    Raises :class:`DataFileError` for a site that nobody knows.
    """
    tables = {form.id: present_rows(folder, form, schemas.data).cells for form in schemas.forms}
    of_site = None if site is None else _of_site(site, tables, schemas, protocol)
    there = {
        form.id: tables[form.id].filter(_is_of(keys(tables[form.id], form), of_site))
        for form in schemas.forms
    }
    everyone = _subjects(schemas.of_kind(FormKind.SCREENING), there)
    randomised = _subjects(schemas.of_kind(FormKind.RANDOMISATION), there)
    rows: dict[str, tuple[ShownRow, ...]] = {}
    left_out = 0
    for form in schemas.forms:
        columns = [*form.key, *(item.id for item in items_to_enter(form))]
        known = there[form.id].select([name for name in columns if name in there[form.id].columns])
        named = [name for name in known.columns if name in identifying(form)]
        known = known.with_columns(masked_texts(known[name]) for name in named)
        texts = list(known.iter_rows(named=True))
        fitting = [each for each in texts if can_be_shown(each)]
        left_out += len(texts) - len(fitting)
        subjects = randomised if form.expected is Expected.RANDOMISED else everyone
        ready = _ready(form, subjects, keys(there[form.id], form).rows())
        rows[form.id] = (
            *(ShownRow(texts=each, as_it_was=held(each)) for each in fitting),
            *(ShownRow(texts=dict(zip(form.key, key, strict=True))) for key in ready),
        )
    return ShownRows(rows=rows, left_out=left_out)


def next_number(numbers: Iterable[str]) -> int:
    """The number after the largest of these; 1 where there is none."""
    return max((int(text) for text in numbers if text.isdigit() and len(text) < 10), default=0) + 1


def _of_site(
    site: str, tables: Mapping[str, pl.DataFrame], schemas: Schemas, protocol: Protocol
) -> frozenset[str]:
    """The participants of a site, by the form that records it."""
    known = [each.code for each in protocol.sites]
    for form in schemas.forms:
        item = form.item_for(Purpose.SITE)
        if item is not None and form.key == ("subject_id",):
            rows = tables[form.id].select(pl.col("subject_id", item.id).str.strip_chars())
            entered = rows[item.id].unique().to_list()
            if site in {*known, *entered}:
                return frozenset(rows.filter(pl.col(item.id) == site)["subject_id"].to_list())
            known = sorted({*known, *filter(None, entered)})
            break
    else:
        if known == [site]:
            return frozenset(
                subject
                for form in schemas.forms
                for subject in keys(tables[form.id], form)["subject_id"].to_list()
            )
    if not known or site in known:
        what = "no form asks for the site" if known else "neither protocol nor data name a site"
        raise DataFileError(
            f"--site: found {site!r}, but {what}, so nobody knows whose rows are meant; leave it out"
        )
    raise DataFileError(
        f"--site: found {site!r}; expected one of {', '.join(known)}{suggestion(site, known)}"
    )


def _is_of(key: pl.DataFrame, subjects: frozenset[str] | None) -> pl.Series:
    if subjects is None:
        return pl.repeat(True, key.height, eager=True)  # noqa: FBT003 - of polars
    return key["subject_id"].is_in(list(subjects))


def _subjects(form: Form | None, there: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Those who have a row in a form, in the order of its file."""
    rows = keys(there[form.id], form)["subject_id"].to_list() if form else []
    return tuple(dict.fromkeys(subject for subject in rows if subject))


def _ready(
    form: Form, subjects: tuple[str, ...], there: list[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """The keys of the rows to hold ready: what is expected, and the next of what repeats."""
    if form.arms or (form.expected is Expected.AS_NEEDED and not form.repeating):
        return []
    visits = [(visit,) for visit in form.visits] if form.visits else [()]
    wanted = [(subject, *visit) for subject in subjects for visit in visits]
    if not form.repeating:
        entered = set(there)
        return [key for key in wanted if key not in entered]
    numbers: dict[tuple[str, ...], list[str]] = {}
    for *place, number in there:
        numbers.setdefault(tuple(place), []).append(number)
    return [(*key, str(next_number(numbers.get(key, ())))) for key in wanted]
