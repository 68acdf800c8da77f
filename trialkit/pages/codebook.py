"""The forms of a trial in words: what the codebook and the blank forms are made from."""

from collections.abc import Mapping
from datetime import date

from trialkit.pages.codebook_page import Codebook, CodebookChoice, CodebookCondition, Page, Question
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Trial
from trialkit.schemas.forms.forms import Expected, Form, Item, Schemas
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import PaperSpace
from trialkit.schemas.rules.condition_words import condition_words

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
_LAST_CIRCLED = 10
_WHOLE_LINE_MM = 100.0


def describe(protocol: Protocol, schemas: Schemas) -> Codebook:
    """Everything that the forms ask, in words."""
    visits = {visit.code: visit.label_with_hour for visit in protocol.visits}
    arms = {arm.code: arm.label for arm in protocol.arms}
    return Codebook(
        title=f"Codebook: {protocol.trial.name}",
        short_title=protocol.trial.name,
        trial=_full_name(protocol.trial),
        synthetic=protocol.trial.synthetic,
        version=protocol.documents.version,
        written=_written(schemas.data),
        date_boxes=_BOXES[schemas.data.dates],
        visits=tuple(CodebookChoice(code=code, label=label) for code, label in visits.items()),
        baseline=tuple(visit.code for visit in protocol.visits if visit.baseline),
        missing_codes=tuple(
            CodebookChoice(code=each.code, label=each.label)
            for each in schemas.data.all_missing_codes
        ),
        pages=tuple(_page(form, schemas, visits, arms) for form in schemas.forms),
    )


def _full_name(trial: Trial) -> str:
    return f"{trial.title} ({trial.id})" if trial.title else trial.id


def _written(data: DataFormat) -> str:
    order = "-".join({"Y": "YYYY", "M": "MM", "D": "DD"}[part] for part in _BOXES[data.dates])
    return (
        f"The data are one CSV file a form (data/FORM.csv, {data.encoding}): cells separated by "
        f"{_DELIMITERS[data.delimiter]}, decimal sign {data.decimal!r}, dates as {order}."
    )


def _page(form: Form, schemas: Schemas, visits: Mapping[str, str], arms: Mapping[str, str]) -> Page:
    return Page(
        id=form.id,
        title=form.title,
        kind=form.kind,
        expected=_EXPECTED[form.expected],
        visits=tuple(
            CodebookChoice(code=code, label=visits.get(code, code)) for code in form.visits
        ),
        repeating=form.repeating,
        one_row_for=tuple(form.item(name).label for name in form.one_row_for),
        arms=tuple(arms.get(code, code) for code in form.arms),
        key=form.key,
        questions=tuple(
            _question(item, form, condition_words(item.shown_when, form, schemas))
            for item in form.items
        ),
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


def _question(item: Item, form: Form, only_if: str) -> Question:
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
        only_if=only_if,
        calculation=item.calculation or " + ".join(item.sum_of),
        missing_codes=item.missing_codes or (),
        identifier=item.identifier,
        purpose=item.purpose.value if item.purpose else "",
        rules=tuple(rule.id for rule in form.rules if item.id in rule.items),
        space=_space(item),
        lowest=_ends(item)[0],
        highest=_ends(item)[1],
        boxes=_digits(item),
        anchors=item.anchors,
        length_mm=_length(item),
    )


def _choices(item: Item) -> tuple[CodebookChoice, ...]:
    return tuple(CodebookChoice(code=choice.code, label=choice.label) for choice in item.offered)


def _space(item: Item) -> PaperSpace:
    space = item.kind.space
    if any(_ends(item)):
        return PaperSpace.CIRCLE
    return PaperSpace.LINE if space is PaperSpace.BOXES and not _digits(item) else space


def _ends(item: Item) -> tuple[int, int]:
    """The ends of a row of numbers to circle; 0 and 0 where there are too many for a row."""
    low, high = item.range.low, item.range.high
    if item.kind.space is not PaperSpace.BOXES or isinstance(low, date) or isinstance(high, date):
        return 0, 0
    if low not in {0, 1} or high is None or not 2 <= high <= _LAST_CIRCLED:
        return 0, 0
    return int(low), int(high)


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
