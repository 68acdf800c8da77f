"""Made-up rows are changed until no hard rule of the forms is broken.

A rule can say anything, so its solutions are searched for: the items that it reads are copied from
one another or drawn again until the rule holds, in all broken rows; then everything is checked
again, since another rule may mind. What follows from the course of the trial (arms, dates,
outcomes) is changed only when nothing else has helped.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import pandas as pd
import polars as pl

from trialkit.design.simulation.answers import Answer, Coded, draw_answer
from trialkit.design.simulation.entry_rows import EntryRow
from trialkit.errors import DesignError
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.expressions import COUNT, Condition, Kind, OtherRows, Reference
from trialkit.schemas.forms.forms import Form, Item, Schemas, Severity
from trialkit.schemas.items.answers import NONE_CHOSEN
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.names import DAYS, NO_ITEMS, chosen

ROUNDS = 60
_PATIENCE = 20
"""Rounds after which even what is settled may change, but for keys and arms."""
_TRIES = 48
"""Changes that are tried for one broken rule at once."""
_FILL = frozenset({BuiltIn.REQUIRED.value, BuiltIn.REQUIRED_WHEN.value})

Check = Callable[[Sequence[EntryRow]], pd.DataFrame]
"""The findings of the rows, as validation lists them."""
Counting = Callable[[int, int], None]
"""Called with the round and how many hard findings are left."""


def mend(
    rows: Sequence[EntryRow],
    schemas: Schemas,
    check: Check,
    *,
    rng: np.random.Generator,
    progress: Counting,
) -> None:
    """Change the rows in place until ``check`` finds nothing hard.

    Raises :class:`DesignError` that names the rules for which nothing could be found.
    """
    found = _Rows(rows)
    rules = _rules(schemas)
    for attempt in range(ROUNDS):
        findings = check(rows)
        hard = findings[findings["severity"] == Severity.HARD.value]
        progress(attempt, len(hard))
        if hard.empty:
            return
        for finding in hard.itertuples(index=False):
            key = (str(finding.subject_id), str(finding.visit), str(finding.repeat))
            row = found.get(str(finding.form), key)
            if row is not None:
                wanted = _Wanted(row=row, rule=str(finding.rule_id), item=str(finding.item))
                _mend(wanted, found, rules, rng=rng, bold=attempt >= _PATIENCE)
    worst = hard.drop_duplicates(["form", "rule_id"])
    named = "; ".join(f"{row.form}: {row.rule_id} ({row.message})" for row in worst.itertuples())
    raise DesignError(
        f"no data could be made up that keep these rules, after {ROUNDS} attempts: {named}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A rule that is broken in a row, and the item that the finding is about."""

    row: EntryRow
    rule: str
    item: str


class _Rows:
    """The rows, found by form and key."""

    def __init__(self, rows: Sequence[EntryRow]) -> None:
        self._rows = {(row.form.id, row.key()): row for row in rows}

    def get(self, form: str, key: tuple[str, str, str]) -> EntryRow | None:
        return self._rows.get((form, key))

    def of(self, reference: Reference, beside: EntryRow) -> EntryRow | None:
        """The row that a name in a rule of ``beside`` stands for."""
        if reference.form == beside.form.id and not reference.visit:
            return beside
        subject = beside.person.subject_id
        return self.get(reference.form, (subject, reference.visit, "")) or self.get(
            reference.form, (subject, reference.visit or beside.visit, "")
        )


def _rules(schemas: Schemas) -> Mapping[tuple[str, str], Condition]:
    """Every rule of the forms, and every condition under which an item is shown."""
    read: dict[tuple[str, str], Condition] = {}
    for form in schemas.forms:
        for rule in form.rules:
            read[form.id, rule.id] = form.conditions[rule.expression]
        for item in form.items:
            if item.shown_when:
                read[form.id, f"shown {item.id}"] = form.conditions[item.shown_when]
    return read


def _mend(
    wanted: _Wanted,
    found: _Rows,
    rules: Mapping[tuple[str, str], Condition],
    *,
    rng: np.random.Generator,
    bold: bool,
) -> None:
    row, form = wanted.row, wanted.row.form
    item = next((each for each in form.items if each.id == wanted.item), None)
    if wanted.rule in _FILL and item is not None:
        row.answers[item.id] = draw_answer(item, row.day, rng)
    elif wanted.rule == BuiltIn.NOT_SHOWN.value and wanted.item not in row.settled:
        row.answers[wanted.item] = None
    elif wanted.rule == BuiltIn.NOT_SHOWN.value:
        _solve(rules[form.id, f"shown {wanted.item}"], row, found, rng=rng, bold=bold)
    elif (form.id, wanted.rule) in rules:
        _solve(rules[form.id, wanted.rule], row, found, rng=rng, bold=bold)
    elif item is not None and (bold or item.id not in row.settled):
        row.answers[item.id] = draw_answer(item, row.day, rng)


def _solve(
    wanted: Condition, row: EntryRow, found: _Rows, *, rng: np.random.Generator, bold: bool
) -> None:
    """Try changes to the cells that a condition reads, and keep the first that makes it hold."""
    cells = [
        _Cell(reference=each, row=other)
        for each in wanted.references
        if (other := found.of(each, row)) is not None
    ]
    places = {(id(cell.row), cell.item.id): cell for cell in cells if cell.item is not None}
    free = [cell for cell in places.values() if not cell.is_settled]
    may = list(places.values()) if bold and (not free or rng.random() < 0.5) else free
    if not may:
        return
    tries = [_changed(list(places.values()), may, rng) for _ in range(_TRIES)]
    table = pl.DataFrame(
        [
            column
            for reference in wanted.references
            for column in _columns(reference, row, found, tries)
        ]
        + [column for look in wanted.looks for column in _unknown(look, len(tries))]
    )
    holds = wanted.judged(table).to_list()
    best = next((at for at, each in enumerate(holds) if each), None)
    if best is None:
        best = next((at for at, each in enumerate(holds) if each is None), 0)
    for (_, item_id), (cell, answer) in tries[best].items():
        cell.row.answers[item_id] = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A cell that a condition reads."""

    reference: Reference
    row: EntryRow

    @property
    def item(self) -> Item | None:
        """The item; None for a key."""
        if self.reference.item in NO_ITEMS:
            return None
        return self.row.form.item(self.reference.item)

    @property
    def is_settled(self) -> bool:
        """Whether it follows from the course of the trial."""
        return self.reference.item in self.row.settled


_Try: TypeAlias = dict[tuple[int, str], tuple[_Cell, Answer]]
"""What some cells would be changed to, by row and item."""


def _changed(places: Sequence[_Cell], may: Sequence[_Cell], rng: np.random.Generator) -> _Try:
    chosen = [cell for cell in may if rng.random() < 0.6] or [may[int(rng.integers(len(may)))]]
    alike: dict[Nature | None, list[Answer]] = defaultdict(list)
    for cell in places:
        answer = cell.row.answers.get(cell.reference.item)
        if cell.item is not None and answer is not None and not isinstance(answer, Coded):
            alike[_likeness(cell.item)].append(answer)
    return {
        (id(cell.row), cell.item.id): (cell, _another(cell, cell.item, alike, rng))
        for cell in chosen
        if cell.item is not None
    }


def _another(
    cell: _Cell,
    item: Item,
    alike: Mapping[Nature | None, Sequence[Answer]],
    rng: np.random.Generator,
) -> Answer:
    """Copied from another of its kind, or near it, or blank, or drawn again."""
    others = alike.get(_likeness(item), ())
    if others and rng.random() < 0.6:
        copied = others[int(rng.integers(len(others)))]
        if _likeness(item) is Nature.DAY and isinstance(copied, date):
            return item.range.nearest_day(copied + timedelta(days=int(rng.integers(-3, 4))))
        if item.kind.nature is Nature.WHOLE and isinstance(copied, float):
            return round(copied)
        if not item.choices or copied in {choice.code for choice in item.choices}:
            return copied
    if not item.required and rng.random() < 0.3:
        return None
    return draw_answer(item, cell.row.day, rng)


def _columns(
    reference: Reference, row: EntryRow, found: _Rows, tries: Sequence[_Try]
) -> tuple[pl.Series, ...]:
    """What a condition reads under one name in each try, and that none of it is wrong."""
    other = found.of(reference, row)
    values: list[object] = []
    for each in tries:
        if reference.item in NO_ITEMS:
            answer: Answer = _key(row, reference.item)
        elif other is None:
            answer = None
        else:
            now = other.answers.get(reference.item)
            answer = each.get((id(other), reference.item), (None, now))[1]
        coded = isinstance(answer, Coded)
        if reference.code:
            values.append(answer.code if isinstance(answer, Coded) else None)
        else:
            values.append(None if coded else _computed(answer, reference))
    column = pl.Series(reference.column, values, dtype=_TYPES[reference.kind])
    right = pl.Series(reference.wrong, [False] * len(tries), dtype=pl.Boolean)
    return (column, right, column.alias(reference.latest)) if reference.partial else (column, right)


def _unknown(look: OtherRows, tries: int) -> tuple[pl.Series, ...]:
    """What a condition asks of other rows, which is not looked up while a row is mended."""
    nothing = pl.Series([None] * tries, dtype=_TYPES[look.kind])
    right = pl.Series(look.doubt, [False] * tries, dtype=pl.Boolean)
    return (*(nothing.alias(each) for each in (look.column, look.latest, look.sized)), right)


_TYPES: Mapping[Kind, pl.DataType] = MappingProxyType(
    {
        Kind.NUMBER: pl.Float64(),
        Kind.TEXT: pl.String(),
        Kind.BOOLEAN: pl.Boolean(),
        Kind.DATE: pl.Date(),
        Kind.TIME: pl.String(),
        Kind.MOMENT: pl.Datetime("us"),
        Kind.CHOICES: pl.String(),
    }
)


def _computed(answer: Answer, reference: Reference) -> object:
    if reference.of and isinstance(answer, str):
        codes = answer.replace(NONE_CHOSEN, "").split()
        return float(len(codes)) if reference.of == COUNT else reference.of in map(chosen, codes)
    if reference.kind is Kind.NUMBER:
        return float(answer) if isinstance(answer, int | float) else None
    return answer


def _key(row: EntryRow, name: str) -> Answer:
    if name in DAYS.values():
        return None  # nobody knows when made-up rows are looked at
    if name == "repeat":
        return row.repeat
    return row.visit if name == "visit" else row.person.subject_id


_ALIKE = {Nature.CODE: Nature.TEXT, Nature.WHOLE: Nature.NUMBER, Nature.DAYS: Nature.DAY}
"""What is copied as if it were of another nature: a choice's code is text, for one."""


def _likeness(item: Item) -> Nature | None:
    """What can be copied into what; None for what nobody can make up, which nothing is like."""
    nature = item.kind.nature
    return _ALIKE.get(nature, nature) if item.kind.draw else None


def items_of(form: Form) -> tuple[str, ...]:
    """The columns of a form's file."""
    return (*form.key, *(item.id for item in form.items))
