"""What a finding rests on besides its own value: a confirmation holds while all of it is unchanged.

Whether a change since baseline is large depends on the baseline too. A rule, or the condition of an
item, names what it reads, of its own row and of others; a visit's window depends on the date of
randomisation, and some of what every monitor asks rests on other rows, too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

import polars as pl

from trialkit.checks.queries.rows_read import other_rows_told
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.declared import declared
from trialkit.schemas.forms.expressions import Calculation, Condition
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas
from trialkit.schemas.forms.identifying import identifying, masked_texts
from trialkit.schemas.instruments.contradicting import declared_contradictions
from trialkit.schemas.rules.names import NO_ITEMS
from trialkit.store.one_file.scanning import text_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What else a finding rests on, as text; empty where nothing."""

    text: str
    """All of it."""
    before: str
    """As it was told before other rows were part of it: queries of that time hold by it."""


NO_GROUNDS = Grounds(text="", before="")
_LONGEST = 400
"""Characters of what was read elsewhere that are told; of a longer text a digest tells the rest."""


def bounded(text: str) -> str:
    """A text that a person reads, and that is another one whenever the whole of it is."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}… #{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


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
        self._more: dict[tuple[str, str, str], tuple[CellAddress, ...]] = {}
        self._reckoned = {(form.id, item.id) for form in schemas.forms for item in form.calculated}
        self._told: dict[tuple[str, str, str], Mapping[tuple[str, ...], str] | None] = {}
        self._calculated: dict[tuple[str, str], Mapping[tuple[str, ...], str]] = {}

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
    ) -> Grounds:
        """What else the rule read for this row, as ``form.item=text``."""
        if rule_id == BuiltIn.NOT_RANDOMISED:  # it is about how many rows somebody has
            rows = f"{form.id} rows={self._counts_of(form)[subject_id]}"
            return Grounds(text=rows, before=rows)
        place = (rule_id, form.id, item)
        if place not in self._read:
            self._read[place] = tuple(cells_read(rule_id, form, item, self._schemas))
            more = cells_rested_on(rule_id, form, item, self._schemas)
            fresh = dict.fromkeys(each for each in more if each not in self._read[place])
            self._more[place] = tuple(fresh)
        where = {"subject_id": subject_id, "visit": visit, "repeat": repeat}
        before = [f"{cell.name}={self._at(cell, where)}" for cell in self._read[place]]
        told = [f"{cell.name}={self._known_at(cell, where)}" for cell in self._read[place]]
        beside = [f"{cell.name}={self._known_at(cell, where)}" for cell in self._more[place]]
        beside += self._of_other_rows(place, form, where)
        text = [*told, *([bounded("; ".join(beside))] if beside else [])]
        return Grounds(text="; ".join(text), before="; ".join(before))

    def _at(self, cell: CellAddress, where: Mapping[str, str]) -> str:
        """What was entered in a cell that is read for a row; empty where there is none."""
        return self.text(self._schemas.form(cell.form), cell.item, **_there(cell, where)) or ""

    def _known_at(self, cell: CellAddress, where: Mapping[str, str]) -> str:
        """The same, and the number that was calculated where nothing had to be entered."""
        text = self._at(cell, where)
        if text or (cell.form, cell.item) not in self._reckoned:
            return text
        form = self._schemas.form(cell.form)
        values = self._values(form, cell.item)
        place = _there(cell, where)
        return values.get(tuple(place[key] for key in form.key), "")

    def _of_other_rows(
        self, place: tuple[str, str, str], form: Form, where: Mapping[str, str]
    ) -> Iterator[str]:
        """What was read in other rows of the participant, for one of the form."""
        if place not in self._told:
            read = read_by(*place[::2], form=form, schemas=self._schemas)
            rows = {each.id: self._rows_of(each) for each in self._schemas.forms}
            self._told[place] = (
                other_rows_told(read, form, rows, self._schemas, days=self._snapshot.days)
                if read is not None and read.looks
                else None
            )
        told = self._told[place]
        if told is not None:
            yield told.get(tuple(where[key] for key in form.key), "no row")
        rule_id, _, item = place
        if rule_id == BuiltIn.SESSION_ORDER:
            yield "out of order with=" + ", ".join(self._out_of_order(form, item, where))
        if rule_id == BuiltIn.CHANGED_BETWEEN_VISITS:
            yield "at other visits=" + ", ".join(self._elsewhere(form, item, where))

    def _out_of_order(self, form: Form, item: str, where: Mapping[str, str]) -> list[str]:
        """The days of the sessions of smaller numbers that were later, and the other way round."""
        rows = self._rows_of(form).typed.filter(pl.col("subject_id") == where["subject_id"])
        own = rows.filter(pl.col("repeat").cast(pl.String) == where["repeat"])
        if own.is_empty():
            return []
        day, number = own[item][0], own["repeat"][0]
        late = (pl.col("repeat") < number) & (pl.col(item) > day)
        early = (pl.col("repeat") > number) & (pl.col(item) < day)
        found = rows.filter(late | early).select(pl.col(item).cast(pl.String))
        return found.to_series().sort().to_list()

    def _elsewhere(self, form: Form, item: str, where: Mapping[str, str]) -> list[str]:
        """What the participant's other visits have, each once."""
        rows = self._rows_of(form).typed.filter(
            pl.col("subject_id") == where["subject_id"], pl.col("visit") != where["visit"]
        )
        return rows[item].cast(pl.String).drop_nulls().unique().sort().to_list()

    def _values(self, form: Form, item: str) -> Mapping[tuple[str, ...], str]:
        """By key, the text of a value that was calculated."""
        if (form.id, item) not in self._calculated:
            values = self._rows_of(form).typed
            text = values.select(text_of(pl.col(item), values.schema[item])).to_series()
            pairs = zip(reversed(self._keys_of(form)), reversed(text.to_list()), strict=True)
            self._calculated[form.id, item] = dict(pairs)
        return self._calculated[form.id, item]

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


def _there(cell: CellAddress, where: Mapping[str, str]) -> dict[str, str]:
    return {**where, "visit": cell.visit or where["visit"]}


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
        cells = list(item_for(FormKind.RANDOMISATION, Purpose.RANDOMISATION_DATE, schemas))
    elif rule_id in {BuiltIn.WRONG_SUM, BuiltIn.ONE_SIDE_ONLY}:
        cells = [CellAddress(form=form.id, item=each) for each in _declared_with(form, item)]
    own = CellAddress(form=form.id, item=item)
    return (cell for cell in dict.fromkeys(cells) if cell != own)


def read_by(
    rule_id: str, item: str, *, form: Form, schemas: Schemas
) -> Condition | Calculation | None:
    """What a finding is of, where the form states it or it follows from what the form says."""
    expression = expression_of(rule_id, form, item)
    if expression:
        return form.conditions[expression]
    for each in declared(form, schemas.forms):
        if (each.rule, each.item.id) == (rule_id, item):
            return form.conditions[each.expression]
    calculation = next((each.calculation for each in form.calculated if each.id == item), "")
    return form.calculations[calculation] if calculation else None


def cells_rested_on(rule_id: str, form: Form, item: str, schemas: Schemas) -> Iterator[CellAddress]:
    """The cells that a finding rests on though no condition of the form names them."""
    read = read_by(rule_id, item, form=form, schemas=schemas)
    for each in read.references if read is not None else ():
        if each.item not in NO_ITEMS and (each.form, each.item, each.visit) != (form.id, item, ""):
            yield CellAddress(form=each.form, item=each.item, visit=each.visit)
    match rule_id:
        case (
            BuiltIn.OTHER_ARM
            | BuiltIn.TOO_MANY_SESSIONS
            | BuiltIn.OTHER_ARM_RECEIVED
            | BuiltIn.NO_CLUSTER
            | BuiltIn.CLUSTER_NOT_EXPECTED
            | BuiltIn.CLUSTER_IN_TWO_ARMS
        ):
            yield from item_for(FormKind.RANDOMISATION, Purpose.ARM, schemas)
        case BuiltIn.AFTER_DEATH:
            yield from item_for(FormKind.END_OF_STUDY, Purpose.END_DATE, schemas)
            yield from _of_row(form, Purpose.EVENT_START)
        case BuiltIn.EVENT_AFTER_END:
            yield from item_for(FormKind.END_OF_STUDY, Purpose.END_DATE, schemas)
        case BuiltIn.EVENT_BEFORE_ORIGIN:
            yield from item_for(FormKind.RANDOMISATION, Purpose.RANDOMISATION_DATE, schemas)
        case BuiltIn.LATE_REPORT:
            yield from _of_row(form, Purpose.EVENT_KNOWN)
        case BuiltIn.SIDES_EXCHANGED:
            yield from (CellAddress(form=form.id, item=each) for each in _declared_with(form, item))
        case BuiltIn.COPIED_ANSWERS | BuiltIn.BLANK_ANSWER:
            yield from (CellAddress(form=form.id, item=each.id) for each in form.asked)
        case BuiltIn.CONTRADICTORY_ANSWERS:
            for two in declared_contradictions(schemas):
                if (two.form.id, two.own.id) == (form.id, item):
                    yield CellAddress(form=two.other.id, item=two.item.id)


def _of_row(form: Form, purpose: Purpose) -> Iterator[CellAddress]:
    item = form.item_for(purpose)
    if item is not None:
        yield CellAddress(form=form.id, item=item.id)


def item_for(kind: FormKind, purpose: Purpose, schemas: Schemas) -> Iterator[CellAddress]:
    """The cell of a kind of form that has a purpose, where the trial has one."""
    form = schemas.of_kind(kind)
    if form is not None:
        yield from _of_row(form, purpose)


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
