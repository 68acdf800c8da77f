"""What a finding rests on besides its own value: a confirmation holds while all of it is unchanged.

Whether a change since baseline is large depends on the baseline too. A rule, or the condition of an
item, names what it reads; a visit's window depends on the date of randomisation.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas
from trialkit.schemas.forms.identifying import identifying, masked_texts
from trialkit.schemas.rules.names import NO_ITEMS
from trialkit.store.snapshot import FormData, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAddress:
    """A cell that a rule reads: of the same row, or of another form or visit."""

    form: str
    item: str
    visit: str = ""
    """A visit that was named; empty for the finding's own, or none."""

    @property
    def name(self) -> str:
        """As a rule writes it."""
        return ".".join(filter(None, (self.visit, self.form, self.item)))


class Entered:
    """What was entered in the rows of some subjects, looked up by the row's key."""

    def __init__(self, snapshot: Snapshot, schemas: Schemas, subjects: Iterable[str]) -> None:
        self._snapshot = snapshot
        self._schemas = schemas
        self._subjects = pl.Series(sorted(set(subjects)), dtype=pl.String)
        self._tables: dict[str, FormData] = {}
        self._columns: dict[tuple[str, str], Mapping[tuple[str, ...], str]] = {}
        self._keys: dict[str, list[tuple[str, ...]]] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._read: dict[tuple[str, str, str], tuple[CellAddress, ...]] = {}

    def form(self, form_id: str) -> Form | None:
        """The form with this id; None where the trial has none any more."""
        return next((form for form in self._schemas.forms if form.id == form_id), None)

    def text(
        self, form: Form, item: str, *, subject_id: str, visit: str, repeat: str
    ) -> str | None:
        """What stands in a cell, without the space around it; None where its row is not there.

        What names a person is not shown.
        """
        place = {"subject_id": subject_id, "visit": visit, "repeat": repeat}
        return self._column(form, item).get(tuple(place[key] for key in form.key))

    def has_row(self, form: Form, *, subject_id: str, visit: str, repeat: str) -> bool:
        """Whether the form has a row with this key."""
        where = {"subject_id": subject_id, "visit": visit, "repeat": repeat}
        return self.text(form, form.key[0], **where) is not None

    def grounds(
        self, rule_id: str, form: Form, item: str, *, subject_id: str, visit: str, repeat: str
    ) -> str:
        """What else the rule read for this row, as ``form.item=text``; empty where nothing."""
        if rule_id == BuiltIn.NOT_RANDOMISED:  # it is about how many rows somebody has
            return f"{form.id} rows={self._counts_of(form)[subject_id]}"
        place = (rule_id, form.id, item)
        if place not in self._read:
            self._read[place] = tuple(cells_read(rule_id, form, item, self._schemas))
        texts = []
        for cell in self._read[place]:
            where = {"subject_id": subject_id, "visit": cell.visit or visit, "repeat": repeat}
            text = self.text(self._schemas.form(cell.form), cell.item, **where) or ""
            texts.append(f"{cell.name}={text}")
        return "; ".join(texts)

    def _column(self, form: Form, item: str) -> Mapping[tuple[str, ...], str]:
        """By key, the text of the first row that has it."""
        if (form.id, item) not in self._columns:
            entered = self._rows_of(form).entered[item].str.strip_chars()
            if item in identifying(form):
                entered = masked_texts(entered)
            pairs = zip(reversed(self._keys_of(form)), reversed(entered.to_list()), strict=True)
            self._columns[form.id, item] = dict(pairs)
        return self._columns[form.id, item]

    def _keys_of(self, form: Form) -> list[tuple[str, ...]]:
        if form.id not in self._keys:
            keys = self._rows_of(form).typed.select(form.key)
            self._keys[form.id] = keys.select(pl.all().cast(pl.String).fill_null("")).rows()
        return self._keys[form.id]

    def _counts_of(self, form: Form) -> Counter[str]:
        if form.id not in self._counts:
            self._counts[form.id] = Counter(key[0] for key in self._keys_of(form))
        return self._counts[form.id]

    def _rows_of(self, form: Form) -> FormData:
        if form.id not in self._tables:
            data = self._snapshot[form.id]
            rows = data.typed["subject_id"].is_in(self._subjects.implode()).fill_null(value=False)
            self._tables[form.id] = data.take(rows.arg_true().to_numpy())
        return self._tables[form.id]


def cells_read(rule_id: str, form: Form, item: str, schemas: Schemas) -> Iterable[CellAddress]:
    """The cells that a rule reads, but for the one that the finding is about, each once."""
    expression = expression_of(rule_id, form, item)
    cells: list[CellAddress] = []
    if expression:
        references = form.conditions[expression].references
        cells = [
            CellAddress(form=each.form, item=each.item, visit=each.visit)
            for each in references
            if each.item not in NO_ITEMS
        ]
    elif rule_id == BuiltIn.VISIT_WINDOW:
        cells = list(_date_of_randomisation(schemas))
    elif rule_id in {BuiltIn.WRONG_SUM, BuiltIn.ONE_SIDE_ONLY}:
        cells = [CellAddress(form=form.id, item=each) for each in _declared_with(form, item)]
    own = CellAddress(form=form.id, item=item)
    return (cell for cell in dict.fromkeys(cells) if cell != own)


def _declared_with(form: Form, item_id: str) -> Iterable[str]:
    """The items of a sum, and the other side of one that has two."""
    for item in form.items:
        if item.id == item_id:
            yield from (*item.sum_of, *filter(None, (item.other_side,)))
        elif item.other_side == item_id:
            yield item.id


def expression_of(rule_id: str, form: Form, item: str) -> str:
    """The condition that a finding is of; empty where the form states none."""
    for rule in form.rules:
        if rule.id == rule_id:
            return rule.expression
    asked = next((each for each in form.items if each.id == item), None)
    if asked is None:
        return ""
    match rule_id:
        case BuiltIn.REQUIRED_WHEN:
            return asked.required_when
        case BuiltIn.NOT_SHOWN:
            return asked.shown_when
        case _:
            return ""


def _date_of_randomisation(schemas: Schemas) -> Iterable[CellAddress]:
    form = schemas.of_kind(FormKind.RANDOMISATION)
    item = form.item_for(Purpose.RANDOMISATION_DATE) if form else None
    if form is not None and item is not None:
        yield CellAddress(form=form.id, item=item.id)
