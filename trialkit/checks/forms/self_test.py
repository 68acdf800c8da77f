"""The forms are tried on the rows that they bring along, so that each rule finds what it is for.

Every test is a participant of its own, and all tests of a form are checked at once, by the same
phases as real data. What must be answered and is not named in a test is no fault of its row.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from trialkit.checks.judging.calculated import check_calculated
from trialkit.checks.judging.cells import CheckedCells, check_cells
from trialkit.checks.judging.conditional import check_conditional
from trialkit.checks.judging.cross_rules import check_rules
from trialkit.checks.judging.declared import check_declared
from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.rule_tables import RuleTables, verdicts
from trialkit.files.csv_reading import RawTable
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormTest, ItemType, Schemas, StatedRow
from trialkit.schemas.reading.conditions import scope_of
from trialkit.schemas.rules.expression import condition
from trialkit.store.calculating import with_calculations
from trialkit.store.freezing import parsed
from trialkit.store.snapshot import FormData

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
    return tuple(_try_form(form, schemas) for form in schemas.forms)


def _try_form(form: Form, schemas: Schemas) -> FormTried:
    made_up = {each.id: _data(each, form, schemas) for each in schemas.forms}
    forms = with_calculations(made_up, schemas)
    cells = {each.id: _checked(each, forms[each.id], schemas) for each in schemas.forms}
    tables = RuleTables(cells, {})
    own, scope = cells[form.id], scope_of(form, schemas.forms, schemas.data)
    stated = check_rules(own, scope, tables)
    hits = [
        *own.hits,
        *check_conditional(own, scope, tables, written=schemas.data),
        *check_calculated(own, scope, tables, written=schemas.data),
        *stated,
        *check_declared(own, scope, tables, schemas=schemas, found=stated),
    ]
    owner = _owner(form, own.data)
    tried = tuple(_tried(number, test, hits, owner) for number, test in enumerate(form.tests))
    broken = {rule for each in tried for rule in each.broken}
    kept = {
        rule.id
        for rule in form.rules
        if np.isin(
            verdicts(condition(rule.expression, scope), form, tables).true, list(owner)
        ).any()
    }
    ids = tuple(rule.id for rule in form.rules)
    return FormTried(
        form=form,
        tried=tried,
        never_broken=tuple(rule for rule in ids if rule not in broken),
        never_kept=tuple(rule for rule in ids if rule not in kept),
    )


def _data(form: Form, tested: Form, schemas: Schemas) -> FormData:
    """The rows of a form in all tests of the tested one; participants are numbered by test."""
    rows = [
        {**_keys(form, tested, number, row), **dict(row.cells)}
        for number, test in enumerate(tested.tests)
        for row in (test.row, *test.others)
        if row.form == form.id
    ]
    columns = [*form.key, *(item.id for item in form.items)]
    cells = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)).fill_null("")
    lines = np.arange(1, len(rows) + 1)
    raw = RawTable(file=form.file, sha256="", cells=cells, lines=lines)
    return parsed(raw, form, schemas.data)


def _keys(form: Form, tested: Form, number: int, row: StatedRow) -> Mapping[str, str]:
    """The key of a row; of a form with visits the one of the tested row, else its first."""
    keys = {"subject_id": f"T{number}"}
    if form.visits:
        beside = tested.tests[number].row.visit
        near = beside if beside in form.visits else form.visits[0]
        keys["visit"] = row.visit or near
    if form.repeating:
        keys["repeat"] = row.repeat or "1"
    return keys


def _checked(form: Form, data: FormData, schemas: Schemas) -> CheckedCells:
    """A file that a test names counts as attached."""
    files = {
        path
        for item in form.items
        if item.type is ItemType.FILE
        for path in data.typed[item.id].drop_nulls()
    }
    first = data.typed.select(pl.struct(form.key).is_first_distinct()).to_series().to_numpy()
    return check_cells(form, data, first, written=schemas.data, files=frozenset(files))


def _owner(form: Form, data: FormData) -> Mapping[int, int]:
    """The number of the test, by the number of the row that it tries."""
    found: dict[int, int] = {}
    subjects = data.typed["subject_id"].to_list()
    visits = data.typed["visit"].to_list() if form.visits else [""] * len(subjects)
    for row, (subject, visit) in enumerate(zip(subjects, visits, strict=True)):
        number = int(subject.removeprefix("T"))
        wanted = form.tests[number].row.visit or (form.visits[0] if form.visits else "")
        if visit == wanted and number not in found.values():
            found[row] = number
    return found


def _tried(number: int, test: FormTest, hits: list[Hits], owner: Mapping[int, int]) -> Tried:
    named = {name for name, _ in test.row.cells}
    broken: dict[str, str] = {}
    for each in hits:
        asked = each.rule_id not in _NOT_NAMED or each.item in named
        for row, message in zip(each.rows, each.places["message"], strict=True):
            if asked and owner.get(int(row)) == number:
                broken.setdefault(each.rule_id, str(message))
    rules = tuple(sorted(broken))
    return Tried(test=test, broken=rules, messages=tuple(broken[rule] for rule in rules))
