"""A field of the dictionary becomes an item, all but its logic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from trialkit.errors import ProtocolError
from trialkit.imports.redcap.annotations import CALCULATING, action_tags, says_nothing_of_data
from trialkit.imports.redcap.choices import Choice, read_choices
from trialkit.imports.redcap.dictionary import Field, FieldType
from trialkit.imports.redcap.limits import limits, text_type
from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.redcap.text_forms import TEXT_FORMS
from trialkit.schemas.forms.forms import Item, Purpose
from trialkit.schemas.items.answers import NONE_CHOSEN, ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Nature

_YES_NO = ({"yes", "no"}, {"true", "false"})
_MEANT = frozenset({NONE_CHOSEN, "missing", "count"})
"""What a choice of a checkbox cannot be called: it has a meaning in cells or in rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something about a field that is not carried over, and why."""

    found: str
    why: str
    beyond: bool = False
    """Whether it rests on what the dictionary does not hold, so that nobody could carry it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedItem:
    """A field as an item, and what could not be carried over."""

    field: Field
    item: Item
    choices: tuple[Choice, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def draft_item(
    field: Field,
    item_id: str,
    *,
    purpose: Purpose | None,
    missing: Mapping[str, str],
    new_codes: Mapping[str, str],
) -> DraftedItem | None:
    """The item for a field; None for a field that holds no data.

    ``missing`` are the codes of the trial that are said to stand for a missing value in the project,
    too, with what they mean;
    ``new_codes`` what codes of this field become.
    """
    if field.kind == FieldType.DESCRIPTIVE:
        return None
    draft = _DRAFTS.get(field.kind, _unknown)(field, _plain_item(field, item_id, purpose))
    draft = _with_tags(_without_missing_codes(draft, missing))
    return _recoded(draft, new_codes) if new_codes else draft


def _plain_item(field: Field, item_id: str, purpose: Purpose | None) -> Item:
    """What every item has."""
    return Item(
        id=item_id,
        label=plain(field.label) or field.name,
        type=ItemType.TEXT,
        section=plain(field.section),
        note=plain(field.note),
        identifier=field.identifier,
        purpose=purpose,
    )


def _text(field: Field, item: Item) -> DraftedItem:
    form = TEXT_FORMS.get(field.validation)
    if form is not None:
        return _with_limits(field, replace(item, pattern=form.pattern, example=form.example))
    kind = text_type(field.validation)
    if kind is None:
        trouble = Trouble(
            found=f"the validation {field.validation!r}",
            why="there is no item type for it; the answers are kept as text, and not checked",
        )
        return DraftedItem(field=field, item=item, troubles=(trouble,))
    return _with_limits(field, replace(item, type=kind))


def _with_limits(field: Field, item: Item) -> DraftedItem:
    """The item within its limits; those that are no range are rules, or else troubles."""
    found = limits(field.low, field.high, item.kind, field.validation)
    why = "REDCap has no limits for a text without validation"
    if field.validation:
        why = "it can neither be a range nor be said as a rule; it is left out"
    return DraftedItem(
        field=field,
        item=replace(item, expected_range=found.range),
        troubles=tuple(Trouble(found=each, why=why) for each in found.unread),
    )


def _notes(field: Field, item: Item) -> DraftedItem:
    return DraftedItem(field=field, item=item)


def _choice(field: Field, item: Item) -> DraftedItem:
    choices = read_choices(field.choices)
    labels = {choice.label.lower() for choice in choices.all}
    yes = {choice.code for choice in choices.all if choice.label.lower() in {"yes", "true"}}
    if set(choices.codes) == {"0", "1"} and labels in _YES_NO and yes == {"1"}:
        return DraftedItem(field=field, item=replace(item, type=ItemType.YES_NO))
    return _offering(field, item, ItemType.CHOICE)


def _checkbox(field: Field, item: Item) -> DraftedItem:
    draft = _offering(field, item, ItemType.MULTI_CHOICE)
    taken = {code: f"{code}_" for code in draft.item.codes if code in _MEANT}
    troubles = tuple(
        Trouble(found=f"the code {code!r}", why=f"has a meaning of its own; it is {new!r} here")
        for code, new in taken.items()
    )
    return _recoded(replace(draft, troubles=(*draft.troubles, *troubles)), taken)


def _offering(field: Field, item: Item, kind: ItemType) -> DraftedItem:
    choices = read_choices(field.choices)
    troubles = tuple(
        Trouble(found=each, why="choices are 'code, label', with a vertical bar between")
        for each in choices.complaints
    )
    offered = tuple(ItemChoice(code=each.code, label=each.label) for each in choices.all)
    labels = {each.code: each.label for each in offered}
    troubles += tuple(
        Trouble(
            found=f"the label {each.label!r} of {each.code!r}",
            why=f"another choice has it, too; it is {labels[each.code]!r} here",
        )
        for each in choices.relabelled
    )
    if not choices.all:
        why = "without choices the answers are kept as text"
        return DraftedItem(
            field=field, item=item, troubles=(*troubles, Trouble(found="no choices", why=why))
        )
    return DraftedItem(
        field=field,
        item=replace(item, type=kind, choices=offered),
        choices=choices.all,
        troubles=troubles,
    )


def _yes_no(field: Field, item: Item) -> DraftedItem:
    return DraftedItem(field=field, item=replace(item, type=ItemType.YES_NO))


def _calc(field: Field, item: Item) -> DraftedItem:
    """The number that REDCap computed; a rule says whether it still follows from the others."""
    return DraftedItem(field=field, item=replace(item, type=ItemType.DECIMAL))


def _slider(field: Field, item: Item) -> DraftedItem:
    kind = ItemType.VISUAL_ANALOGUE
    found = limits(field.low or "0", field.high or "100", kind.kind, "")
    ends = found.range
    whole = ends if ends.low is not None and ends.high is not None else kind.kind.default_range
    words = [plain(part) for part in field.choices.split("|")]
    said = [word for word in words if word]
    anchors = tuple(said) if len(said) in {2, 3} else ()
    why = "a scale has words at both ends, or at the ends and the middle"
    troubles = [] if anchors or not said else [Trouble(found=repr(field.choices[:60]), why=why)]
    beyond = "the scale is taken to run from 0 to 100"
    troubles += [Trouble(found=each, why=beyond) for each in found.unread]
    return DraftedItem(
        field=field,
        item=replace(item, type=kind, range=whole, anchors=anchors),
        troubles=tuple(troubles),
    )


def _file(field: Field, item: Item) -> DraftedItem:
    why = "an export says only that there is a file; download the files, and keep them by hand"
    return DraftedItem(field=field, item=item, troubles=(Trouble(found="a file", why=why),))


def _sql(field: Field, item: Item) -> DraftedItem:
    why = (
        "the choices are in REDCap's database, not in the dictionary; the answers are kept as text"
    )
    return DraftedItem(field=field, item=item, troubles=(Trouble(found="an SQL query", why=why),))


def _unknown(field: Field, item: Item) -> DraftedItem:
    why = f"expected one of {', '.join(FieldType)}; the answers are kept as text"
    trouble = Trouble(found=f"the field type {field.kind[:40]!r}", why=why)
    return DraftedItem(field=field, item=item, troubles=(trouble,))


_DRAFTS: Mapping[str, Callable[[Field, Item], DraftedItem]] = {
    FieldType.TEXT: _text,
    FieldType.NOTES: _notes,
    FieldType.RADIO: _choice,
    FieldType.DROPDOWN: _choice,
    FieldType.CHECKBOX: _checkbox,
    FieldType.YESNO: _yes_no,
    FieldType.TRUEFALSE: _yes_no,
    FieldType.CALC: _calc,
    FieldType.SLIDER: _slider,
    FieldType.FILE: _file,
    FieldType.SQL: _sql,
}


def _without_missing_codes(draft: DraftedItem, missing: Mapping[str, str]) -> DraftedItem:
    """A choice whose code was said to stand for a missing value is no choice but that reason."""
    clashing = [each for each in draft.item.choices if each.code in missing]
    kept = tuple(each for each in draft.item.choices if each.code not in missing)
    if not clashing:
        return draft
    troubles = tuple(
        Trouble(
            found=f"the choice {each.code!r}, {each.label!r}",
            why=f"{each.code} was said to stand for a missing value ({missing[each.code]}); the answer "
            "is kept as that reason",
        )
        for each in clashing
    )
    kind = draft.item.type if kept else ItemType.TEXT
    return replace(
        draft,
        item=replace(draft.item, choices=kept, type=kind),
        choices=tuple(each for each in draft.choices if each.code not in missing),
        troubles=(*draft.troubles, *troubles),
    )


def _with_tags(draft: DraftedItem) -> DraftedItem:
    """What the action tags say about which data are right."""
    for tag in action_tags(draft.field.annotation):
        item = draft.item
        if tag.name == "@FORCE-MINMAX" and item.expected_range != Range():
            item = replace(item, range=item.expected_range, expected_range=Range())
            draft = replace(draft, item=item)
        elif tag.name == "@NONEOFTHEABOVE" and item.kind.nature is Nature.CODES:
            alone = {code.strip() for code in tag.value.split(",")}
            choices = tuple(replace(each, alone=each.code in alone) for each in item.choices)
            draft = replace(draft, item=replace(item, choices=choices))
        elif not says_nothing_of_data(tag) and tag.name not in {*CALCULATING, "@MAXCHECKED"}:
            given = f"{tag.name}({tag.value})" if tag.value else tag.name
            why = "an action tag that is not carried over"
            trouble = Trouble(found=given[:200], why=why)
            draft = replace(draft, troubles=(*draft.troubles, trouble))
    return draft


def _recoded(draft: DraftedItem, new_codes: Mapping[str, str]) -> DraftedItem:
    """The item with other codes for its choices."""
    item = draft.item
    unknown = [code for code in new_codes if code not in item.codes]
    if unknown:
        raise ProtocolError(
            f"redcap.toml: [codes] says what {unknown[0]!r} of {draft.field.name} becomes, but its "
            f"choices are {', '.join(item.codes) or 'none'}"
        )
    choices = tuple(
        replace(each, code=new_codes[each.code], raw=each.code) if each.code in new_codes else each
        for each in draft.choices
    )
    offered = tuple(
        replace(each, code=new_codes.get(each.code, each.code)) for each in item.choices
    )
    return replace(draft, item=replace(item, choices=offered), choices=choices)
