"""What changed of a question of a form, by what it does to answers that were given before."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.versions.definition_change import ChangeWeight

SAFE, MAPPING, LOST = (
    ChangeWeight.SAFE,
    ChangeWeight.NEEDS_MAPPING,
    ChangeWeight.DESTRUCTIVE,
)


class SaidChange(NamedTuple):
    """A change before it is known of which form and item it is."""

    weight: ChangeWeight
    what: str
    before: str
    after: str
    why: str
    code: str = ""
    """That of the choice, or of the missing reason, that it is about."""


_WIDER = frozenset(
    {
        (Nature.WHOLE, Nature.NUMBER),
        (Nature.NUMBER, Nature.NUMBER),
        (Nature.DAY, Nature.DAYS),
        (Nature.CODE, Nature.CODES),
    }
)
"""What values are, by pairs of which every one of the first is one of the second, and means the same."""
_WORDS = ("section", "note", "anchors", "example")
"""What helps whoever fills in the form, and no answer is read by."""
_MEANING: Mapping[str, str] = MappingProxyType(
    {
        "label": "the question reads otherwise: say whether earlier answers still answer it",
        "unit": "earlier numbers are in the other unit: say how they are converted",
        "pattern": "earlier texts may not have the new form, which is a hard finding",
        "required_when": "earlier rows may lack an answer that is required now",
        "shown_when": "earlier answers may stand where the question is not asked now",
        "calculation": "earlier values were calculated by the other expression",
        "sum_of": "earlier totals were of other items",
        "other_side": "earlier rows may have one side alone",
        "purpose": "trialkit uses the answers for something else: earlier ones, too",
        "missing_codes": "earlier answers may be a code that is not allowed now",
        "ahead": "earlier days may lie ahead, which is a hard finding",
    }
)
"""By field, why a change of it asks for a decision about earlier answers."""


def item_changes(old: Item, new: Item) -> Iterator[SaidChange]:
    """Everything that two versions of an item say differently, in the order of its fields."""
    if old.type is not new.type:
        yield _type_changed(old.type, new.type)
    yield from _choices_changed(old.choices, new.choices)
    if _was_loosened(old.missing_codes, new.missing_codes):
        yield SaidChange(
            SAFE,
            "missing_codes",
            _shown(old.missing_codes),
            _shown(new.missing_codes),
            "more codes",
        )
    for name, why in _MEANING.items():
        before, after = getattr(old, name), getattr(new, name)
        if before == after or (name == "missing_codes" and _was_loosened(before, after)):
            continue
        eased = _asks_less(name, after)
        yield SaidChange(
            SAFE if eased else MAPPING,
            name,
            _shown(before),
            _shown(after),
            "no earlier answer is wrong by it" if eased else why,
        )
    for name in _WORDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield SaidChange(
                SAFE, name, _shown(before), _shown(after), "helps whoever fills in the form"
            )
    yield from _limits_changed("range", old.range, new.range, hard=True)
    yield from _limits_changed("expected_range", old.expected_range, new.expected_range, hard=False)
    yield from _duty_changed(old, new)
    yield from _identifying_changed(old, new)


def item_added(item: Item) -> SaidChange:
    """A question that only the newer version asks."""
    if item.required:
        why = "earlier rows have no answer to what is required, which is found until they have one or a missing code"
        return SaidChange(MAPPING, "item", "", item.label, why)
    return SaidChange(
        SAFE, "item", "", item.label, "earlier rows are blank there; their file needs the column"
    )


def item_removed(item: Item) -> SaidChange:
    """A question that only the older version asks."""
    if not item.kind.is_asked:
        return SaidChange(SAFE, "item", item.label, "", "it was calculated, and nobody entered it")
    why = "its answers have no place: map it to the item that takes them, or say that they go"
    return SaidChange(LOST, "item", item.label, "", why)


def _type_changed(old: ItemType, new: ItemType) -> SaidChange:
    shown = old.value, new.value
    is_asked = old.kind.is_asked and new.kind.is_asked
    if is_asked and (old.kind.nature, new.kind.nature) in _WIDER:
        return SaidChange(SAFE, "type", *shown, "every earlier answer is one of the new type")
    if is_asked and new.kind.nature is Nature.TEXT and not new.kind.names_a_file:
        why = "earlier answers stay as the texts that were typed, and are read as nothing else"
        return SaidChange(MAPPING, "type", *shown, why)
    why = "earlier answers may not be read as the new type: map each of them"
    return SaidChange(LOST, "type", *shown, why)


def _choices_changed(
    old: tuple[ItemChoice, ...], new: tuple[ItemChoice, ...]
) -> Iterator[SaidChange]:
    before = {each.code: each for each in old}
    after = {each.code: each for each in new}
    for code, choice in before.items():
        if code not in after:
            why = "answers with this code have no place: map it to another code"
            yield SaidChange(LOST, "choices", f"{code} ({choice.label})", "", why, code)
        elif after[code].label != choice.label:
            shown = f"{code} ({choice.label})", f"{code} ({after[code].label})"
            why = "the code reads otherwise: say whether earlier answers still mean it"
            yield SaidChange(MAPPING, "choices", *shown, why)
        elif (after[code].alone, after[code].death) != (choice.alone, choice.death):
            shown = f"{code} ({choice.label})", f"{code} ({after[code].label})"
            yield SaidChange(
                MAPPING, "choices", *shown, "what the answer says of others, or of death, changed"
            )
    for code, choice in after.items():
        if code not in before:
            why = "no earlier answer has it; earlier ones were given without it on offer"
            yield SaidChange(SAFE, "choices", "", f"{code} ({choice.label})", why)
    common = [code for code in before if code in after]
    if common != [code for code in after if code in before]:
        why = "the order of the answers is that of their levels: an ordinal outcome reads it"
        yield SaidChange(MAPPING, "order of choices", ", ".join(before), ", ".join(after), why)


def _limits_changed(name: str, old: Range, new: Range, *, hard: bool) -> Iterator[SaidChange]:
    if old == new:
        return
    if _holds(new, old):
        yield SaidChange(
            SAFE, name, _limits(old), _limits(new), "every earlier answer within it still is"
        )
    elif hard:
        why = "earlier answers outside it become hard findings"
        yield SaidChange(MAPPING, name, _limits(old), _limits(new), why)
    else:
        yield SaidChange(
            SAFE, name, _limits(old), _limits(new), "earlier answers outside it are asked about"
        )


def _holds(wide: Range, narrow: Range) -> bool:
    """Whether one range has the other within it."""
    below = wide.low is None or (narrow.low is not None and wide.low <= narrow.low)  # type: ignore[operator]  # of one type
    above = wide.high is None or (narrow.high is not None and wide.high >= narrow.high)  # type: ignore[operator]
    return below and above


def _duty_changed(old: Item, new: Item) -> Iterator[SaidChange]:
    if old.required == new.required:
        return
    if new.required:
        why = (
            "earlier rows may have no answer, which is found until they have one or a missing code"
        )
        yield SaidChange(MAPPING, "required", "no", "yes", why)
    else:
        yield SaidChange(SAFE, "required", "yes", "no", "every earlier answer stays")


def _identifying_changed(old: Item, new: Item) -> Iterator[SaidChange]:
    if old.identifier == new.identifier:
        return
    if new.identifier:
        yield SaidChange(
            SAFE, "identifier", "no", "yes", "earlier answers are kept out of listings, too"
        )
    else:
        why = "earlier answers may name people, and would be printed"
        yield SaidChange(MAPPING, "identifier", "yes", "no", why)


def _was_loosened(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> bool:
    """Whether more missing codes are allowed than were, and all that were."""
    if old == new or old is None:
        return False
    return new is None or set(new) >= set(old)


_EASED_WHERE_BLANK = frozenset({"pattern", "required_when", "shown_when", "other_side"})
"""Fields that ask for something wherever they say anything."""


def _asks_less(name: str, after: object) -> bool:
    """Whether the newer version asks for less than the older one by this field."""
    return (name in _EASED_WHERE_BLANK and not after) or (name == "ahead" and after is True)


def _shown(value: object) -> str:
    if value is None:
        return "all"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(getattr(value, "value", value))


def _limits(limits: Range) -> str:
    def end(value: float | date | None) -> str:
        return (
            "none"
            if value is None
            else f"{value:g}"
            if isinstance(value, int | float)
            else str(value)
        )

    return f"{end(limits.low)} to {end(limits.high)}"
