"""The ``[[tests]]`` of a form file: rows that its rules must accept, or must find fault with.

A cell is written as in a data file, or as TOML writes a number, a truth value, a date or a list of
choices, and becomes the text that a data file of the trial would hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from trialkit.errors import Complaint
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, place, shown
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormTest, StatedRow
from trialkit.schemas.items.answers import NONE_CHOSEN
from trialkit.schemas.rules.names import KEYS

CHECKED = (
    BuiltIn.UNREADABLE,
    BuiltIn.NOT_A_CHOICE,
    BuiltIn.NOT_IN_FORM,
    BuiltIn.OUT_OF_RANGE,
    BuiltIn.UNUSUAL,
    BuiltIn.CODE_NOT_ALLOWED,
    BuiltIn.MISCALCULATED,
    BuiltIn.WRONG_SUM,
    BuiltIn.ONE_SIDE_ONLY,
    BuiltIn.STOPPING_SIGNAL,
    BuiltIn.SAME_ROW_TWICE,
    BuiltIn.DATE_ORDER,
    BuiltIn.REQUIRED,
    BuiltIn.REQUIRED_WHEN,
    BuiltIn.NOT_SHOWN,
)
"""The built-in rules that a test of a row, with others of its form beside it, can meet."""
_KEYS = ("name", "row", "others", "breaks")
_PATTERN = {DateOrder.YMD: "%Y-%m-%d", DateOrder.DMY: "%d.%m.%Y", DateOrder.MDY: "%m/%d/%Y"}


def read_tests(
    raw: object, form_id: str, *, data: DataFormat, complaints: Complaints
) -> tuple[FormTest, ...]:
    """The tests of a form; those with a complaint are left out."""
    if raw is None:
        return ()
    if not isinstance(raw, list):
        complaints.add(table="tests", key="", found=shown(raw), expected="tables [[tests]]")
        return ()
    read = (
        _Reading(table=_named(number, each), data=data, complaints=complaints).test(each, form_id)
        for number, each in enumerate(raw, start=1)
    )
    return tuple(test for test in read if test is not None)


def _named(number: int, raw: object) -> str:
    name = raw.get("name") if isinstance(raw, Mapping) else None
    return f"tests {shown(name)}" if isinstance(name, str) else place("tests", number, raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One ``[[tests]]`` table while it is read."""

    table: str
    data: DataFormat
    complaints: Complaints

    def test(self, raw: object, form_id: str) -> FormTest | None:
        before = len(self.complaints.all())
        if not isinstance(raw, Mapping):
            self._add("", shown(raw), "a table")
            return None
        for key in raw:
            if key not in _KEYS:
                near = suggestion(key, list(_KEYS))
                self._add(key, "an unknown key", f"one of {', '.join(_KEYS)}{near}")
        name, breaks = raw.get("name", ""), raw.get("breaks", [])
        if not isinstance(name, str) or not name.strip():
            self._add("name", shown(name), "what the row shows, in a few words")
        if not isinstance(breaks, list) or not all(isinstance(each, str) for each in breaks):
            self._add("breaks", shown(breaks), "a list of rule ids; [] for a row without fault")
        row = self._row(form_id, raw.get("row", {}), "row")
        others = raw.get("others", {})
        if not isinstance(others, Mapping):
            self._add("others", shown(others), 'tables such as others."BL.pain" = { vas_mm = 5 }')
            others = {}
        rows = [row for form, cells in others.items() for row in self._rows(form, cells)]
        if len(self.complaints.all()) > before:
            return None
        return FormTest(name=name, row=row, others=tuple(rows), breaks=tuple(breaks))

    def _rows(self, place_of: str, raw: object) -> Iterator[StatedRow]:
        """A row of a form, or several of one that repeats, numbered from 1 unless they say so."""
        tables = raw if isinstance(raw, list) else [raw]
        for number, cells in enumerate(tables, start=1):
            row = self._row(place_of, cells, f"others.{place_of}")
            yield replace(row, repeat=row.repeat or str(number)) if tables is raw else row

    def _row(self, place_of: str, raw: object, key: str) -> StatedRow:
        """A row of ``form``, or of ``visit.form``."""
        visit, _, form = place_of.rpartition(".")
        if not isinstance(raw, Mapping):
            self._add(key, shown(raw), "a table of items, such as { vas_mm = 55 }")
            return StatedRow(form=form)
        cells = {name: self._text(value, f"{key}.{name}") for name, value in raw.items()}
        return StatedRow(
            form=form,
            visit=cells.pop("visit", visit),
            repeat=cells.pop("repeat", ""),
            cells=tuple(cells.items()),
        )

    def _text(self, value: object, key: str) -> str:
        text = self._written(value)
        if text is None:
            expected = "a cell as in the data file, or a number, date or truth value"
            self._add(key, shown(value), expected)
        return text or ""

    def _written(self, value: object) -> str | None:
        """A value of TOML as a data file of the trial would hold it."""
        text = None
        match value:
            case bool():
                text = "yes" if value else "no"
            case str():
                text = value
            case int() | float():
                text = repr(value).replace(".", self.data.decimal)
            case datetime() if value.tzinfo is None:
                text = value.strftime(_PATTERN[self.data.dates] + " %H:%M:%S")
            case date() if not isinstance(value, datetime):
                text = value.strftime(_PATTERN[self.data.dates])
            case time() if not value.second:
                text = value.strftime("%H:%M")
            case list() if all(isinstance(each, str) for each in value):
                text = " ".join(value) or NONE_CHOSEN
        return text

    def _add(self, key: str, found: str, expected: str) -> None:
        self.complaints.add(table=self.table, key=key, found=found, expected=expected)


def complain_of_tests(forms: Sequence[Form]) -> Iterator[Complaint]:
    """A complaint for every test that names what its form, or the trial, does not have."""
    by_id = {form.id: form for form in forms}
    for form in forms:
        known = [*(rule.id for rule in form.rules), *(rule.value for rule in CHECKED)]
        seen: set[str] = set()
        for test in form.tests:
            table = f"tests {test.name!r}"
            if test.name in seen:
                yield _complaint(form, table, "name", "a name that another test has", "its own")
            seen.add(test.name)
            for name in test.breaks:
                if name not in known:
                    near = suggestion(name, known)
                    yield _complaint(
                        form, table, "breaks", repr(name[:80]), f"a rule of this form{near}"
                    )
            if any(_place(row) == _place(test.row) for row in test.others):
                expected = "rows of other forms or visits; this one is the row itself"
                expected += ", unless repeat says which row it is" if form.repeating else ""
                yield _complaint(form, table, "others", repr(form.id), expected)
            for row in (test.row, *test.others):
                yield from _row_fits(form, table, row, by_id, own=row is test.row)


def _place(row: StatedRow) -> tuple[str, str, str]:
    return row.form, row.visit, row.repeat or "1"


def _row_fits(
    form: Form, table: str, row: StatedRow, by_id: Mapping[str, Form], *, own: bool
) -> Iterator[Complaint]:
    key = "row" if own else f"others.{row.form}"
    there = by_id.get(row.form)
    if there is None:
        near = suggestion(row.form, list(by_id))
        yield _complaint(form, table, "others", repr(row.form), f"a form of the trial{near}")
        return
    items = [item.id for item in there.items]
    for name, _ in row.cells:
        if name not in items:
            near = suggestion(name, items)
            found = "a key" if name in KEYS else f"the unknown item {name[:80]!r}"
            yield _complaint(form, table, key, found, f"an item of {there.id}{near}")
    if there.visits and row.visit and row.visit not in there.visits:
        near = suggestion(row.visit, list(there.visits))
        expected = f"one of {', '.join(there.visits)}{near}"
        yield _complaint(form, table, key, f"the visit {row.visit!r}", expected)
    if row.visit and not there.visits:
        yield _complaint(form, table, key, f"the visit {row.visit!r}", "none: it has no visits")
    if row.repeat and not there.repeating:
        yield _complaint(form, table, key, "several rows", f"one; {there.id} does not repeat")


def _complaint(form: Form, table: str, key: str, found: str, expected: str) -> Complaint:
    return Complaint(file=form.file, table=table, key=key, found=found, expected=expected)
