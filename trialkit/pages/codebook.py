"""The forms of a trial in words: what the codebook and the blank forms are made from."""

import re
from collections.abc import Mapping
from datetime import date

from trialkit.pages.codebook_page import Codebook, CodebookChoice, CodebookCondition, Page, Question
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form, Item, Schemas
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import PaperSpace

_EXPECTED = {
    Expected.EVERYONE: "expected of everyone who was screened",
    Expected.RANDOMISED: "expected of everyone randomised",
    Expected.AS_NEEDED: "filled in as needed",
}
_BOXES = {
    DateOrder.YMD: ("Y", "M", "D"),
    DateOrder.DMY: ("D", "M", "Y"),
    DateOrder.MDY: ("M", "D", "Y"),
}
_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
_MOST_BOXES = 6
_WHOLE_LINE_MM = 100.0
_SIMPLE = re.compile(
    r"\s*(?P<item>[a-z][a-z0-9_]*)\s*"
    r"(?:=\s*(?P<codes>'[^']*'|TRUE|FALSE)|IN\s*\((?P<several>[^()]*)\)|(?P<answered>IS\s+NOT\s+NULL))\s*",
    re.IGNORECASE,
)


def describe(protocol: Protocol, schemas: Schemas) -> Codebook:
    """Everything that the forms ask, in words."""
    visits = {visit.code: visit.label for visit in protocol.visits}
    arms = {arm.code: arm.label for arm in protocol.arms}
    return Codebook(
        title=f"Codebook: {protocol.trial.short_title}",
        short_title=protocol.trial.short_title,
        trial=f"{protocol.trial.title} ({protocol.trial.id})",
        synthetic=protocol.trial.synthetic,
        written=_written(schemas.data),
        date_boxes=_BOXES[schemas.data.dates],
        visits=tuple(CodebookChoice(code=code, label=label) for code, label in visits.items()),
        missing_codes=tuple(
            CodebookChoice(code=each.code, label=each.label)
            for each in schemas.data.all_missing_codes
        ),
        pages=tuple(_page(form, visits, arms) for form in schemas.forms),
    )


def _written(data: DataFormat) -> str:
    order = "-".join({"Y": "YYYY", "M": "MM", "D": "DD"}[part] for part in _BOXES[data.dates])
    return (
        f"The data are one CSV file a form (data/FORM.csv, {data.encoding}): cells separated by "
        f"{_DELIMITERS[data.delimiter]}, decimal sign {data.decimal!r}, dates as {order}."
    )


def _page(form: Form, visits: Mapping[str, str], arms: Mapping[str, str]) -> Page:
    return Page(
        id=form.id,
        title=form.title,
        kind=form.kind.value.replace("_", " "),
        expected=_EXPECTED[form.expected],
        visits=tuple(
            CodebookChoice(code=code, label=visits.get(code, code)) for code in form.visits
        ),
        repeating=form.repeating,
        one_row_for=tuple(form.item(name).label for name in form.one_row_for),
        arms=tuple(arms.get(code, code) for code in form.arms),
        key=form.key,
        questions=tuple(_question(item, form) for item in form.items),
        rules=tuple(
            CodebookCondition(
                id=rule.id,
                expression=rule.expression,
                severity=rule.severity.value,
                message=rule.message,
                items=rule.items,
            )
            for rule in form.rules
        ),
    )


def _question(item: Item, form: Form) -> Question:
    return Question(
        id=item.id,
        label=item.label,
        type=item.type.value.replace("_", " "),
        section=item.section,
        note=item.note,
        unit=item.unit,
        example=item.example,
        hard_range=_range_words(item.range),
        expected_range=_range_words(item.expected_range),
        choices=_choices(item),
        required="always" if item.required else item.required_when,
        shown_when=item.shown_when,
        only_if=_in_words(item.shown_when, form),
        calculation=item.calculation or " + ".join(item.sum_of),
        missing_codes=item.missing_codes or (),
        identifier=item.identifier,
        purpose=item.purpose.value if item.purpose else "",
        rules=tuple(rule.id for rule in form.rules if item.id in rule.items),
        space=_space(item),
        boxes=_digits(item),
        anchors=item.anchors,
        length_mm=_length(item),
    )


def _choices(item: Item) -> tuple[CodebookChoice, ...]:
    return tuple(CodebookChoice(code=choice.code, label=choice.label) for choice in item.offered)


def _in_words(condition: str, form: Form) -> str:
    """A condition on one item as a person says it; any other as it is written."""
    match = _SIMPLE.fullmatch(condition)
    item = next((each for each in form.items if match and each.id == match["item"]), None)
    if match is None or item is None:
        return condition
    if match["answered"]:
        return f"“{item.label}” is answered"
    labels = {choice.code: choice.label for choice in _choices(item)}
    codes = [text.strip().strip("'") for text in (match["codes"] or match["several"]).split(",")]
    said = {"TRUE": "yes", "FALSE": "no"}
    named = (labels.get(code, labels.get(said.get(code.upper(), ""), code)) for code in codes)
    return f"“{item.label}” is {' or '.join(f'“{name}”' for name in named)}"


def _space(item: Item) -> PaperSpace:
    space = item.kind.space
    return PaperSpace.LINE if space is PaperSpace.BOXES and not _digits(item) else space


def _digits(item: Item) -> int:
    """How many boxes a whole number of a known range needs; none for anything else."""
    low, high = item.range.low, item.range.high
    if item.kind.space is not PaperSpace.BOXES or not isinstance(high, int | float):
        return 0
    if isinstance(low, int | float) and low < 0:
        return 0
    digits = len(str(int(high)))
    return digits if digits <= _MOST_BOXES else 0


def _length(item: Item) -> float:
    """How long the line of a scale is: as long as its range where that is in millimetres."""
    low, high = item.range.low, item.range.high
    if item.kind.space is not PaperSpace.SCALE:
        return 0.0
    if item.unit != "mm" or isinstance(low, date) or isinstance(high, date):
        return _WHOLE_LINE_MM
    return _WHOLE_LINE_MM if low is None or high is None else float(high - low)


def _range_words(limits: Range) -> str:
    low, high = (_end(end) for end in (limits.low, limits.high))
    if low and high:
        return f"{low} to {high}"
    if low:
        return f"at least {low}"
    return f"at most {high}" if high else ""


def _end(end: float | date | None) -> str:
    if end is None:
        return ""
    if isinstance(end, date):
        return end.isoformat()
    return str(int(end)) if float(end).is_integer() and abs(end) < 1e15 else repr(float(end))
