"""What is worked out in an XLSForm, as the item that holds it: its type follows from what it gives.

A number is worked out here as well. A text, a date or a truth is an item that holds what the XLSForm
worked out, with a rule that it follows from the answers; so is what has no counterpart, without one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from trialkit.imports.xlsform.drafts import DraftForm, Place, every_question
from trialkit.imports.xlsform.finding import Places, RowsSeen
from trialkit.imports.xlsform.parts import Asked, Part
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.imports.xlsform.translation import XpathTranslator
from trialkit.imports.xlsform.xpath import read_xpath
from trialkit.schemas.expressions.nodes import Call, Name, Negative, Node, Number, Operation
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.walking import every_part
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType, types_of
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.names import KIND_OF

KEPT = "Worked out by the form that the answers were collected with."
_NUMBERS = frozenset(
    [
        "abs",
        "ceiling",
        "count",
        "count-non-empty",
        "count-selected",
        "decimal-date-time",
        "difference-in-months",
        "floor",
        "int",
        "max",
        "min",
        "number",
        "pow",
        "position",
        "random",
        "round",
        "sqrt",
        "string-length",
        "sum",
    ]
)
_TRUTHS = frozenset({"=", "<>", "<", "<=", ">", ">=", "and", "or"})
_ASKED_AS: Mapping[Kind, ItemType] = {
    kind: next(each for each in types_of(nature) if each.kind.is_asked)
    for nature, kind in KIND_OF.items()
    if nature not in {Nature.CODE, Nature.WHOLE, Nature.DAYS}
}
"""By the kind of a value the type of an item that holds it."""


def settle(
    drafts: Sequence[DraftForm], places: Places, lists: Mapping[str, Sequence[SurveyRow]]
) -> None:
    """Give each item that is worked out its type, those first that others follow from."""
    worked_out = {
        each.place: draft
        for draft, each in every_question(drafts)
        if each.row["type"] == "calculate"
    }
    trees = {place: _tree(places, place) for place in worked_out}
    for place, tree in trees.items():
        _become(places, place, _shape(tree))
    for place in _in_order(places, worked_out, trees):
        found = _worth(places, place, worked_out[place], lists)
        if found is not None:
            choices = found.asked.item.choices if found.asked and found.kind is Kind.CHOICES else ()
            _become(places, place, _type(places, place, found), choices, whole=found.whole)


def _become(
    places: Places,
    place: Place,
    item_type: ItemType,
    choices: tuple[ItemChoice, ...] = (),
    *,
    whole: bool = False,
) -> None:
    draft, number = places.at[place]
    each = draft.drafted[number]
    note = "" if each.item.note == KEPT else each.item.note
    if item_type.kind.is_asked:
        note = note or KEPT
    item = replace(each.item, type=item_type, choices=choices, note=note)
    draft.drafted[number] = replace(each, item=item, whole=whole)


def _tree(places: Places, place: Place) -> Node | None:
    try:
        return read_xpath(places.question(place).row["calculation"])
    except ExpressionError:
        return None


def _in_order(
    places: Places, worked_out: Mapping[Place, DraftForm], trees: Mapping[Place, Node | None]
) -> Iterator[Place]:
    """Those whose parts are known before; of a circle none."""
    follows: dict[Place, set[Place]] = {place: set() for place in worked_out}
    needs = dict.fromkeys(worked_out, 0)
    for place, tree in trees.items():
        for other in _asked(places, place, worked_out[place], tree) & set(worked_out):
            follows[other].add(place)
            needs[place] += 1
    ready = [place for place, count in needs.items() if not count]
    while ready:
        place = ready.pop()
        if trees[place] is not None:
            yield place
        for other in follows[place]:
            needs[other] -= 1
            if not needs[other]:
                ready.append(other)


def _asked(places: Places, place: Place, draft: DraftForm, tree: Node | None) -> set[Place]:
    names = {part.parts[0] for part in every_part(tree) if isinstance(part, Name)} if tree else ()
    found = set()
    for name in names:
        try:
            asked = places.find(name, at=place, on=draft)
        except ExpressionError:
            continue
        found |= {at for at in places.named.get(name, ()) if _is(places, at, asked)}
        found |= {at for at in places.at if "/" in name and _is(places, at, asked)}
    return found


def _is(places: Places, place: Place, asked: Asked) -> bool:
    return places.question(place).item is asked.item


def _worth(
    places: Places, place: Place, draft: DraftForm, lists: Mapping[str, Sequence[SurveyRow]]
) -> Part | None:
    """What a calculation gives; None where it has no counterpart."""
    own = places.find("/".join(("", "data", *place)), at=(), on=draft)
    translator = XpathTranslator(
        find=lambda name: places.find(name, at=place, on=draft),
        own=own,
        day=places.day_of(draft),
        repeats=RowsSeen(places=places, at=place, on=draft),
        lists=lists,
    )
    try:
        return translator.value(places.question(place).row["calculation"])
    except ExpressionError:
        return None


def _type(places: Places, place: Place, part: Part) -> ItemType:
    """The type of what a calculation gives; a number is worked out here as well."""
    own = part.asked is not None and _is(places, place, part.asked)
    if part.kind is Kind.NUMBER and not own:
        return ItemType.CALCULATED
    if part.kind is Kind.CHOICES:
        return ItemType.MULTI_CHOICE if part.asked else ItemType.TEXT
    return _ASKED_AS.get(part.kind, ItemType.TEXT)


def kept(item: Item) -> Item:
    """A number that cannot be worked out here, as one that is kept."""
    if item.kind.is_asked:
        return item
    return replace(item, type=ItemType.DECIMAL, calculation="", note=item.note or KEPT)


def _shape(tree: Node | None) -> ItemType:
    """What an expression gives, as far as its outermost part tells."""
    match tree:
        case Number() | Negative():
            return ItemType.DECIMAL
        case Call(function="if", arguments=(_, then, otherwise)):
            shapes = {_shape(then), _shape(otherwise)}
            return shapes.pop() if len(shapes) == 1 else ItemType.TEXT
        case Call(function=function):
            return ItemType.DECIMAL if function in _NUMBERS else ItemType.TEXT
        case Operation(sign=sign):
            return ItemType.YES_NO if sign in _TRUTHS else ItemType.DECIMAL
    return ItemType.TEXT
