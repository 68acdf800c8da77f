"""Made-up rows are changed until no hard rule of the forms is broken.

A rule can say anything, so its solutions are searched for: the items that it reads are copied from
one another or drawn again until the rule holds, in all broken rows; then those whose rows they are are
checked again, since another rule may mind, and at last everybody. What follows from the course of the
trial (arms, dates, outcomes) is changed only when nothing else has helped.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_TRIES = (3, 3, 6, 12, 24)
"""Changes that are tried for one broken rule, so many at once until one of them makes it hold."""
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
    sooner: Check | None = None,
    rng: np.random.Generator,
    progress: Counting,
) -> None:
    """Change the rows in place until ``check`` finds nothing hard.

    ``sooner`` finds in less time a part of what ``check`` does, and is asked first.

    Raises :class:`DesignError` that names the rules for which nothing could be found.
    """
    found = _Rows(rows)
    rules = _rules(schemas)
    sooner = check if sooner is None else sooner
    look, looked_at = sooner, rows
    for attempt in range(ROUNDS):
        findings = look(looked_at)
        hard = findings[findings["severity"] == Severity.HARD.value]
        progress(attempt, len(hard))
        if hard.empty and look is check and len(looked_at) == len(rows):
            return
        if hard.empty:
            look, looked_at = check, rows
            continue
        for turn in _one_each(_wanted(hard, found)):
            searches = [
                _mend(each, found, rules, rng=rng, bold=attempt >= _PATIENCE) for each in turn
            ]
            _solve([each for each in searches if each is not None], found, rng)
        broken, people = hard, {*hard["subject_id"]}
        look, looked_at = sooner, [row for row in rows if row.person.subject_id in people]
    worst = broken.drop_duplicates(["form", "rule_id"])
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
        forms = {row.form.id: row.form for row in rows}.values()
        self.items = {(form.id, item.id): item for form in forms for item in form.items}

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


def _wanted(hard: pd.DataFrame, found: _Rows) -> Iterator[_Wanted]:
    """What is broken in the rows that were made up."""
    names = ("form", "subject_id", "visit", "repeat", "rule_id", "item")
    for form, *key, rule, item in zip(*(hard[name].tolist() for name in names), strict=True):
        subject, visit, repeat = key
        row = found.get(form, (subject, visit, repeat))
        if row is not None:
            yield _Wanted(row=row, rule=rule, item=item)


def _one_each(wanted: Iterable[_Wanted]) -> list[list[_Wanted]]:
    """The first of each participant, then the second: rules read nobody else's rows."""
    turns: list[list[_Wanted]] = []
    of_person: Counter[str] = Counter()
    for each in wanted:
        turn = of_person[each.row.person.subject_id]
        of_person[each.row.person.subject_id] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(each)
    return turns


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A cell that a condition reads."""

    row: EntryRow
    item: Item
    place: tuple[int, str]
    """Which cell it is: the row's identity, and the item."""
    likeness: Nature | None
    """What can be copied into it."""

    @property
    def is_settled(self) -> bool:
        """Whether it follows from the course of the trial."""
        return self.item.id in self.row.settled


_Alike: TypeAlias = Mapping[Nature | None, Sequence[Answer]]
"""What the cells hold that a condition reads, by what can be copied into what."""
_Try: TypeAlias = dict[tuple[int, str], tuple[_Cell, Answer]]
"""What some cells would be changed to, by their places."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """A condition that is to hold in a row, and the cells that may change for it."""

    wanted: Condition
    row: EntryRow
    may: Sequence[_Cell]
    alike: _Alike


def _cell(row: EntryRow, item: Item) -> _Cell:
    return _Cell(row=row, item=item, place=(id(row), item.id), likeness=_likeness(item))


def _search(
    wanted: Condition, row: EntryRow, found: _Rows, *, rng: np.random.Generator, bold: bool
) -> _Search | None:
    """The search for answers that make a condition hold; None where nothing may change."""
    cells = [
        _cell(other, found.items[other.form.id, each.item])
        for each in wanted.references
        if each.item not in NO_ITEMS and (other := found.of(each, row)) is not None
    ]
    places = list({cell.place: cell for cell in cells}.values())
    free = [cell for cell in places if not cell.is_settled]
    may = places if bold and (not free or rng.random() < 0.5) else free
    if not may:
        return None
    alike: dict[Nature | None, list[Answer]] = defaultdict(list)
    for cell in places:
        answer = cell.row.answers.get(cell.item.id)
        if answer is not None and not isinstance(answer, Coded):
            alike[cell.likeness].append(answer)
    return _Search(wanted=wanted, row=row, may=may, alike=alike)


def _mend(
    wanted: _Wanted,
    found: _Rows,
    rules: Mapping[tuple[str, str], Condition],
    *,
    rng: np.random.Generator,
    bold: bool,
) -> _Search | None:
    """Change the row, or say what has to be searched for."""
    row, form = wanted.row, wanted.row.form
    item = found.items.get((form.id, wanted.item))
    if wanted.rule in _FILL and item is not None:
        row.answers[item.id] = draw_answer(item, row.day, rng)
    elif wanted.rule == BuiltIn.NOT_SHOWN.value and wanted.item not in row.settled:
        row.answers[wanted.item] = None
    elif wanted.rule == BuiltIn.NOT_SHOWN.value:
        return _search(rules[form.id, f"shown {wanted.item}"], row, found, rng=rng, bold=bold)
    elif (form.id, wanted.rule) in rules:
        return _search(rules[form.id, wanted.rule], row, found, rng=rng, bold=bold)
    elif item is not None and (bold or item.id not in row.settled):
        row.answers[item.id] = draw_answer(item, row.day, rng)
    return None


def _solve(searches: Sequence[_Search], found: _Rows, rng: np.random.Generator) -> None:
    """Try changes for each search, those of one condition together, and keep the first that serves."""
    of_each: dict[Condition, list[_Search]] = defaultdict(list)
    for each in searches:
        of_each[each.wanted].append(each)
    for wanted, of_one in of_each.items():
        best: dict[_Search, tuple[int, _Try]] = {}
        for times in _TRIES:
            still = [each for each in of_one if each not in best or best[each][0] < _HOLDS]
            tries = [[_changed(each, rng) for _ in range(times)] for each in still]
            for search, changes, ranks in zip(
                still, tries, _ranks(wanted, still, tries, found), strict=True
            ):
                at = ranks.index(max(ranks))
                if search not in best or ranks[at] > best[search][0]:
                    best[search] = (ranks[at], changes[at])
        for _, found_best in best.values():
            for cell, answer in found_best.values():
                cell.row.answers[cell.item.id] = answer


_FAILS, _CANNOT_BE_SAID, _HOLDS = range(3)


def _ranks(
    wanted: Condition,
    searches: Sequence[_Search],
    tries: Sequence[Sequence[_Try]],
    found: _Rows,
) -> list[list[int]]:
    """How well each try of each search serves the condition."""
    if not searches:
        return []
    times = len(tries[0])
    columns = [
        *(one for each in wanted.references for one in _columns(each, searches, tries, found)),
        *(one for each in wanted.looks for one in _unknown(each, times * len(searches))),
    ]
    holds = wanted.judged(pl.DataFrame(columns))
    said = (holds.cast(pl.Int8) * _HOLDS).fill_null(_CANNOT_BE_SAID).to_list()
    return [said[start : start + times] for start in range(0, len(said), times)]


def _changed(search: _Search, rng: np.random.Generator) -> _Try:
    may = search.may
    chosen = [cell for cell in may if rng.random() < 0.6] or [may[_one_of(len(may), rng)]]
    return {cell.place: (cell, _another(cell, search.alike, rng)) for cell in chosen}


def _another(cell: _Cell, alike: _Alike, rng: np.random.Generator) -> Answer:
    """Copied from another of its kind, or near it, or blank, or drawn again."""
    item = cell.item
    others = alike.get(cell.likeness, ())
    if others and rng.random() < 0.6:
        copied = others[_one_of(len(others), rng)]
        if cell.likeness is Nature.DAY and isinstance(copied, date):
            return item.range.nearest_day(copied + timedelta(days=_one_of(7, rng) - 3))
        if item.kind.nature is Nature.WHOLE and isinstance(copied, float):
            return round(copied)
        if not item.choices or copied in item.codes:
            return copied
    if not item.required and rng.random() < 0.3:
        return None
    return draw_answer(item, cell.row.day, rng)


def _one_of(number: int, rng: np.random.Generator) -> int:
    """A number from 0 to below this one; an integer of numpy's takes ten times as long to draw."""
    return int(rng.random() * number)


def _columns(
    reference: Reference,
    searches: Sequence[_Search],
    tries: Sequence[Sequence[_Try]],
    found: _Rows,
) -> tuple[pl.Series, ...]:
    """What a condition reads under one name in each try, and that none of it is wrong."""
    values = [
        _read(reference, answer)
        for search, changes in zip(searches, tries, strict=True)
        for answer in _answers(reference, search, changes, found)
    ]
    column = pl.Series(reference.column, values, dtype=_TYPES[reference.kind])
    right = pl.Series(reference.wrong, [False] * len(values), dtype=pl.Boolean)
    return (column, right, column.alias(reference.latest)) if reference.partial else (column, right)


def _answers(
    reference: Reference, search: _Search, tries: Sequence[_Try], found: _Rows
) -> list[Answer]:
    """What stands under a name in each try of a search."""
    if reference.item in NO_ITEMS:
        return [_key(search.row, reference.item)] * len(tries)
    other = found.of(reference, search.row)
    if other is None:
        return [None] * len(tries)
    unchanged = (None, other.answers.get(reference.item))
    place = (id(other), reference.item)
    return [each.get(place, unchanged)[1] for each in tries]


def _read(reference: Reference, answer: Answer) -> object:
    """An answer as a condition reads it: the value, or the missing code where it asks for that."""
    if reference.code:
        return answer.code if isinstance(answer, Coded) else None
    return None if isinstance(answer, Coded) else _computed(answer, reference)


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
