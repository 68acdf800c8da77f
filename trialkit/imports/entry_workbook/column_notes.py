"""What a column of an entry workbook says about itself: label, unit, range, choices, and when."""

from collections.abc import Sequence

from trialkit.protocol.trial.data_format import MissingCode
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.values.typing_checks import range_words


def prompt(item: Item) -> str:
    """What appears while somebody types: short."""
    parts = [_how(item)]
    if item.choices:
        parts += [f"{choice.code} = {choice.label}" for choice in item.choices]
    return "\n".join(parts)


def column_note(item: Item, codes: Sequence[MissingCode]) -> str:
    """Everything that whoever fills in the column may want to know."""
    lines = [item.label, *([item.note] if item.note else []), f"Enter {_how(item)}."]
    lines += [f"{choice.code} = {choice.label}" for choice in item.choices]
    if usual := range_words(item.expected_range, item.unit):
        lines.append(f"Usual: {usual}.")
    if item.required:
        lines.append("Must be answered.")
    if item.required_when:
        lines.append(f"Must be answered when {item.required_when}")
    if item.shown_when:
        lines.append(f"Only when {item.shown_when}")
    names = ", ".join(f"{code.code} {code.label}" for code in codes if item.allows(code.code))
    if names:
        lines.append(f"If there is no value: {names}.")
    return "\n".join(lines)


def key_note(key: str, form: Form, protocol: Protocol) -> str:
    """What a key column holds."""
    if key == "subject_id":
        return "The participant's number, exactly as in the other forms (007 stays 007)."
    if key == "visit":
        labels = {visit.code: visit.label for visit in protocol.visits}
        return "\n".join(["One of the visits", *(f"{v} = {labels.get(v, v)}" for v in form.visits)])
    return f"1 for the participant's first row of {form.title!r}, 2 for the second, and so on."


def _how(item: Item) -> str:
    limits = range_words(item.range, item.unit)
    entered = f"{item.kind.to_enter}, {limits}" if limits else item.kind.to_enter
    return f"{entered} such as {item.example}" if item.example else entered
