"""Questions as expressions may name them."""

from trialkit.imports.xlsform.parts import Asked
from trialkit.imports.xlsform.translation import XpathTranslator
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType


def asked(name: str, kind: ItemType, *codes: str) -> Asked:
    choices = tuple(ItemChoice(code=code, label=f"Label {code}") for code in codes)
    return Asked(name=name, item=Item(id=name, label=name, type=kind, choices=choices))


QUESTIONS = {
    "n": asked("n", ItemType.INTEGER),
    "m": asked("m", ItemType.DECIMAL),
    "c": asked("c", ItemType.CHOICE, "1", "2"),
    "x": asked("x", ItemType.CHOICE, "1", "other"),
    "s": asked("s", ItemType.MULTI_CHOICE, "a", "B-1"),
    "t": asked("t", ItemType.TEXT),
    "d": asked("d", ItemType.DATE),
    "e": asked("e", ItemType.DATE),
    "y": asked("y", ItemType.YES_NO),
}


def find(name: str) -> Asked:
    if name not in QUESTIONS:
        raise ExpressionError(f"${{{name}}} is no question that holds one value here")
    return QUESTIONS[name]


TRANSLATOR = XpathTranslator(find=find, own=QUESTIONS["n"])
