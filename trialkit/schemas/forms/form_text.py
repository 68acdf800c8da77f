"""A form as the text of ``forms/<id>.toml``: the same form gives the same bytes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from trialkit.printable import on_one_line
from trialkit.schemas.forms.forms import Form, FormTest, Item, Rule, StatedRow
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.kind import Nature

_UNSAFE = re.compile(r"[\x7f\u0080-\u009f\u2028\u2029]")
_DAY = re.compile("(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?: (?P<time>[0-9]{2}:[0-9]{2}))?")


def form_toml(form: Form, *, origin: Sequence[str], comments: Mapping[str, Sequence[str]]) -> str:
    """The file of a form; ``origin`` and, by item, ``comments`` say where it came from."""
    lines = [
        *(f"# {said(each)}" for each in origin),
        "[form]",
        f"id = {quoted(form.id)}",
        f"title = {quoted(form.title)}",
        f"kind = {quoted(form.kind.value)}",
        f"expected = {quoted(form.expected.value)}",
    ]
    if form.visits:
        lines.append(f"visits = {_texts(form.visits)}")
    if form.repeating:
        lines.append("repeating = true")
    if form.arms:
        lines.append(f"arms = {_texts(form.arms)}")
    if form.one_row_for:
        lines.append(f"one_row_for = {_texts(form.one_row_for)}")
    if form.stopping:
        lines.append(
            f"stopping = {{ rise = {form.stopping.rise:g}, sessions = {form.stopping.sessions} }}"
        )
    for item in form.items:
        lines += ["", *(f"# {said(each)}" for each in comments.get(item.id, ())), *_item(item)]
    for rule in form.rules:
        lines += ["", *_rule(rule)]
    for test in form.tests:
        lines += ["", *_test(test)]
    return "\n".join(lines) + "\n"


def _item(item: Item) -> Iterator[str]:
    yield "[[items]]"
    yield f"id = {quoted(item.id)}"
    yield f"label = {quoted(item.label)}"
    yield f"type = {quoted(item.type.value)}"
    for key, text in (("section", item.section), ("note", item.note), ("unit", item.unit)):
        if text and not (key == "unit" and item.kind.default_unit):
            yield f"{key} = {quoted(text)}"
    if item.choices:
        yield "choices = ["
        yield from (f"  {_choice(choice)}," for choice in item.choices)
        yield "]"
    if item.anchors:
        yield f"anchors = {_texts(item.anchors)}"
    yield from _ranges(item)
    if item.required:
        yield "required = true"
    for key, text in (
        ("pattern", item.pattern),
        ("example", item.example),
        ("shown_when", item.shown_when),
        ("required_when", item.required_when),
        ("calculation", item.calculation),
        ("other_side", item.other_side),
    ):
        if text:
            yield f"{key} = {quoted(text)}"
    if item.sum_of:
        yield f"sum_of = {_texts(item.sum_of)}"
    if item.missing_codes is not None:
        yield f"missing_codes = {_texts(item.missing_codes)}"
    if item.identifier:
        yield "identifier = true"
    if item.ahead:
        yield "ahead = true"
    if item.purpose:
        yield f"purpose = {quoted(item.purpose.value)}"


def _choice(choice: ItemChoice) -> str:
    alone = ", alone = true" if choice.alone else ""
    death = "" if choice.death is None else f", death = {str(choice.death).lower()}"
    return f"{{ code = {quoted(choice.code)}, label = {quoted(choice.label)}{alone}{death} }}"


def _ranges(item: Item) -> Iterator[str]:
    for key, ends in (("range", item.range), ("expected_range", item.expected_range)):
        standard = key == "range" and ends == item.kind.default_range
        parts = [
            f"{name} = {_end(end, whole=item.kind.nature is Nature.WHOLE)}"
            for name, end in (("low", ends.low), ("high", ends.high))
            if end is not None
        ]
        if parts and not standard:
            yield f"{key} = {{ {', '.join(parts)} }}"


def _end(end: float | date, *, whole: bool) -> str:
    if isinstance(end, date):
        return end.isoformat()
    number = float(end)
    return (
        str(int(number)) if number.is_integer() and (whole or abs(number) < 1e15) else repr(number)
    )


def _rule(rule: Rule) -> Iterator[str]:
    yield "[[rules]]"
    yield f"id = {quoted(rule.id)}"
    yield f"expression = {quoted(rule.expression)}"
    yield f"severity = {quoted(rule.severity.value)}"
    yield f"message = {quoted(rule.message)}"
    yield f"items = {_texts(rule.items)}"


def _test(test: FormTest) -> Iterator[str]:
    yield "[[tests]]"
    yield f"name = {quoted(test.name)}"
    yield f"row = {_row(test.row, visit=test.row.visit)}"
    for other in test.others:
        place = f"{other.visit}.{other.form}" if other.visit else other.form
        yield f"others.{quoted(place)} = {_row(other, visit='')}"
    if test.breaks:
        yield f"breaks = {_texts(test.breaks)}"


def _row(row: StatedRow, *, visit: str) -> str:
    """A row as a table on one line."""
    keys = (("visit", visit), ("repeat", row.repeat))
    cells = (*((key, text) for key, text in keys if text), *row.cells)
    return f"{{ {', '.join(f'{item} = {_cell(text)}' for item, text in cells)} }}"


def _cell(text: str) -> str:
    """A day or a moment as TOML has it, which every trial reads, whatever the order of its dates."""
    day = _DAY.fullmatch(text)
    if day is None:
        return quoted(text)
    return f"{day['day']}T{day['time']}:00" if day["time"] else day["day"]


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def quoted(text: str) -> str:
    """A text as TOML writes it on one line, whatever is in it."""
    return _UNSAFE.sub(
        lambda each: f"\\u{ord(each.group()):04x}", json.dumps(text, ensure_ascii=False)
    )


def said(text: str) -> str:
    """A text as a comment can hold it: on one line, without what TOML forbids there."""
    return on_one_line(text)
