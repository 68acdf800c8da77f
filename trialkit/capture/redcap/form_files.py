"""A form as ``forms/<id>.toml``: the same form gives the same bytes."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date

from trialkit.capture.redcap.dictionary import FieldType
from trialkit.capture.redcap.drafting import DraftedForm
from trialkit.capture.redcap.items import Drafted
from trialkit.schemas.forms import Item, ItemChoice, ItemType, Range, Rule

_UNSAFE = re.compile(r"[\x7f\u0080-\u009f\u2028\u2029]")
_MADE = "# Made by trialkit import redcap, and made anew by it while nobody changes it: "
_VAS = Range(low=0.0, high=100.0)


def form_toml(drafted: DraftedForm) -> str:
    """The file of a form."""
    form = drafted.form
    lines = [
        f"# Form {_said(drafted.name)} of a REDCap data dictionary.",
        "[form]",
        f"id = {quoted(form.id)}",
        f"title = {quoted(form.title)}",
        f"kind = {quoted(form.kind.value)}",
        f"expected = {quoted(form.expected.value)}",
    ]
    if form.visits:
        lines.append(f"visits = [{', '.join(map(quoted, form.visits))}]")
    if form.repeating:
        lines.append("repeating = true")
    for draft in drafted.items:
        lines += ["", *_item(draft)]
    for rule in form.rules:
        lines += ["", *_rule(rule)]
    text = "\n".join(lines) + "\n"
    return f"{_MADE}{_mark(text)}\n{text}"


def is_as_made(text: str) -> bool:
    """Whether nobody changed a form's file since it was made: its first line holds its mark."""
    first, _, rest = text.partition("\n")
    return first == f"{_MADE}{_mark(rest)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _item(draft: Drafted) -> Iterator[str]:
    item = draft.item
    yield from _comments(draft)
    yield "[[items]]"
    yield f"id = {quoted(item.id)}"
    yield f"label = {quoted(item.label)}"
    yield f"type = {quoted(item.type.value)}"
    for key, text in (("section", item.section), ("note", item.note), ("unit", item.unit)):
        if text and not (key == "unit" and item.type is ItemType.VISUAL_ANALOGUE):
            yield f"{key} = {quoted(text)}"
    if item.choices:
        yield "choices = ["
        yield from (f"  {_choice(choice)}," for choice in item.choices)
        yield "]"
    if item.anchors:
        yield f"anchors = [{', '.join(map(quoted, item.anchors))}]"
    yield from _ranges(item)
    if item.required:
        yield "required = true"
    for key, text in (("shown_when", item.shown_when), ("required_when", item.required_when)):
        if text:
            yield f"{key} = {quoted(text)}"
    if item.identifier:
        yield "identifier = true"
    if item.purpose:
        yield f"purpose = {quoted(item.purpose.value)}"


def _comments(draft: Drafted) -> Iterator[str]:
    """What the dictionary said in its own words, where a rule now says it, or nothing does."""
    field = draft.field
    if draft.item.id != field.name:
        yield f"# REDCap, name: {_said(field.name)}"
    if field.branching:
        yield f"# REDCap, shown only if: {_said(field.branching)}"
    if field.kind == FieldType.CALC:
        yield f"# REDCap, calculation: {_said(field.choices)}"
    if field.annotation:
        yield f"# REDCap, annotation: {_said(field.annotation)}"
    if field.matrix:
        yield f"# REDCap, matrix: {_said(field.matrix)}"


def _choice(choice: ItemChoice) -> str:
    alone = ", alone = true" if choice.alone else ""
    return f"{{ code = {quoted(choice.code)}, label = {quoted(choice.label)}{alone} }}"


def _ranges(item: Item) -> Iterator[str]:
    for key, ends in (("range", item.range), ("expected_range", item.expected_range)):
        standard = item.type is ItemType.VISUAL_ANALOGUE and key == "range" and ends == _VAS
        parts = [
            f"{name} = {_end(end, whole=item.type is ItemType.INTEGER)}"
            for name, end in (("low", ends.low), ("high", ends.high))
            if end is not None
        ]
        if parts and not standard:
            yield f"{key} = {{ {', '.join(parts)} }}"


def _end(end: float | date, *, whole: bool) -> str:
    if isinstance(end, date):
        return end.isoformat()
    return str(int(end)) if end.is_integer() and (whole or abs(end) < 1e15) else repr(end)


def _rule(rule: Rule) -> Iterator[str]:
    yield "[[rules]]"
    yield f"id = {quoted(rule.id)}"
    yield f"expression = {quoted(rule.expression)}"
    yield f"severity = {quoted(rule.severity.value)}"
    yield f"message = {quoted(rule.message)}"
    yield f"items = [{', '.join(map(quoted, rule.items))}]"


def quoted(text: str) -> str:
    """A text as TOML writes it on one line, whatever is in it."""
    return _UNSAFE.sub(
        lambda each: f"\\u{ord(each.group()):04x}", json.dumps(text, ensure_ascii=False)
    )


def _said(text: str) -> str:
    """A text as a comment can hold it: on one line, without what TOML forbids there."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
