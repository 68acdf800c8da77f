"""The forms are tried on the rows that they bring along, so that each rule finds what it is for.

Every test is a participant of its own, and all tests of all forms are judged at once, as real data
are. What must be answered and is not named in a test is no fault of its row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.judge import judge
from trialkit.checks.judging.others import CellsOfForms, Others, Rows, verdicts
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormTest, Schemas, StatedRow
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import FormData
from trialkit.store.sources.memory_source import MemorySource

_NOT_NAMED = (BuiltIn.REQUIRED.value, BuiltIn.REQUIRED_WHEN.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one test of a form."""

    test: FormTest
    broken: tuple[str, ...]
    """The rules that its row breaks, each once, in the order of the alphabet."""
    messages: tuple[str, ...]
    """What the coordinator would read."""

    @property
    def passed(self) -> bool:
        """Whether the row breaks the rules that it is said to break, and no other."""
        return set(self.broken) == set(self.test.breaks)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTried:
    """A form and what came of its tests."""

    form: Form
    tried: tuple[Tried, ...]
    never_broken: tuple[str, ...]
    """The rules of the form that no row of its tests breaks."""
    never_kept: tuple[str, ...]
    """The rules of the form that hold for no row of its tests."""

    @property
    def passed(self) -> bool:
        """Whether every test came out as it says."""
        return all(each.passed for each in self.tried)


def try_forms(schemas: Schemas) -> tuple[FormTried, ...]:
    """Each form, tried on its own tests."""
    source = MemorySource(tables={form.id: _table(form, schemas) for form in schemas.forms})
    data = freeze(source, schemas).forms
    rows = {form.id: Rows(data=data[form.id], usable=_first(form, data)) for form in schemas.forms}
    others = Others(schemas=schemas, cells=CellsOfForms(rows, schemas, _named_files(data, schemas)))
    return tuple(_try_form(form, rows[form.id], others) for form in schemas.forms)


def _try_form(form: Form, rows: Rows, others: Others) -> FormTried:
    judged = judge(form, rows, others)
    owner = _owner(form, rows.data)
    tried = tuple(
        _tried(number, test, judged.hits, owner) for number, test in enumerate(form.tests)
    )
    broken = {rule for each in tried for rule in each.broken}
    kept = {
        rule.id
        for rule in form.rules
        if np.isin(
            verdicts(form.conditions[rule.expression], judged.cells, others).true, list(owner)
        ).any()
    }
    ids = tuple(rule.id for rule in form.rules)
    return FormTried(
        form=form,
        tried=tried,
        never_broken=tuple(rule for rule in ids if rule not in broken),
        never_kept=tuple(rule for rule in ids if rule not in kept),
    )


def _table(form: Form, schemas: Schemas) -> pl.DataFrame:
    """The rows of a form in the tests of all forms, each test a participant."""
    rows = [
        {**_keys(form, tested, number, row), **dict(row.cells)}
        for tested in schemas.forms
        for number, test in enumerate(tested.tests)
        for row in (test.row, *test.others)
        if row.form == form.id
    ]
    columns = [*form.key, *(item.id for item in form.items)]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


def _keys(form: Form, tested: Form, number: int, row: StatedRow) -> Mapping[str, str]:
    """The key of a row; of a form with visits the one of the tested row, else its first."""
    keys = {"subject_id": _participant(tested, number)}
    if form.visits:
        beside = tested.tests[number].row.visit
        near = beside if beside in form.visits else form.visits[0]
        keys["visit"] = row.visit or near
    if form.repeating:
        keys["repeat"] = row.repeat or "1"
    return keys


def _participant(tested: Form, number: int) -> str:
    return f"{tested.id} {number}"


def _first(form: Form, data: Mapping[str, FormData]) -> np.ndarray:
    """Whether each row is the first with its key."""
    keys = data[form.id].typed.select(pl.struct(form.key).is_first_distinct())
    return keys.to_series().to_numpy()


def _named_files(data: Mapping[str, FormData], schemas: Schemas) -> frozenset[str]:
    """A file that a test names counts as attached."""
    return frozenset(
        path
        for form in schemas.forms
        for item in form.items
        if item.kind.names_a_file
        for path in data[form.id].typed[item.id].drop_nulls()
    )


def _owner(form: Form, data: FormData) -> Mapping[int, int]:
    """The number of the test, by the number of the row that it tries."""
    numbers = {_participant(form, number): number for number in range(len(form.tests))}
    found: dict[int, int] = {}
    subjects = data.typed["subject_id"].to_list()
    visits = data.typed["visit"].to_list() if form.visits else [""] * len(subjects)
    for row, (subject, visit) in enumerate(zip(subjects, visits, strict=True)):
        number = numbers.get(subject)
        if number is None or number in found.values():
            continue
        wanted = form.tests[number].row.visit or (form.visits[0] if form.visits else "")
        if visit == wanted:
            found[row] = number
    return found


def _tried(number: int, test: FormTest, hits: Sequence[Hits], owner: Mapping[int, int]) -> Tried:
    named = {name for name, _ in test.row.cells}
    broken: dict[str, str] = {}
    for each in hits:
        asked = each.rule_id not in _NOT_NAMED or each.item in named
        for row, message in zip(each.rows, each.places["message"], strict=True):
            if asked and owner.get(int(row)) == number:
                broken.setdefault(each.rule_id, str(message))
    rules = tuple(sorted(broken))
    return Tried(test=test, broken=rules, messages=tuple(broken[rule] for rule in rules))
