"""Where a trial has no form for a file, its variables and their labels make one to look through."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.imports.redcap.item_names import GivenNames, form_name, item_names
from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.statistical.moments import MomentKind
from trialkit.imports.statistical.stat_file import StatFile, Variable
from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.imports.taking_in.taken_codes import Spelled
from trialkit.protocol.tables.labels import told_apart
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType

_YES_NO = ({"0": "no", "1": "yes"}, {"0": "false", "1": "true"})
_MOMENTS = {
    MomentKind.DAY: (ItemType.DATE, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    MomentKind.MOMENT: (ItemType.DATE_TIME, r"^[0-9-]{10} [0-9]{2}:[0-9]{2}(:[0-9]{2})?$"),
    MomentKind.CLOCK: (ItemType.TIME, r"^[0-9]{2}:[0-9]{2}$"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedTable:
    """A table as a form, and everything that the form does not say."""

    form: Form
    variables: tuple[Variable, ...]
    """Those of the items, in their order."""
    left_out: tuple[LeftOut, ...]

    @property
    def answers(self) -> Iterator[Spelled]:
        """The choices that it offers."""
        for item in self.form.items:
            for choice in item.choices:
                yield Spelled(code=choice.code, what=f"{choice.label!r} of {item.id}")


def draft_form(source: StatFile, form_id: str, *, subject: str, repeating: bool) -> DraftedTable:
    """The form of a table; the variable ``subject`` becomes the key of its rows."""
    own = [each for each in source.variables if each.name != subject]
    names = drafted_names([each.name for each in own])
    left_out: list[LeftOut] = []
    items = tuple(
        _item(source, each, name, left_out) for each, name in zip(own, names, strict=True)
    )
    form = Form(
        id=form_id,
        title=plain(source.title) or form_id.replace("_", " ").capitalize(),
        kind=FormKind.OTHER,
        expected=Expected.AS_NEEDED,
        visits=(),
        repeating=repeating,
        items=items,
        rules=(),
        file=f"forms/{form_id}.toml",
        sha256="",
    )
    return DraftedTable(form=form, variables=tuple(own), left_out=tuple(left_out))


def drafted_names(variables: list[str]) -> list[str]:
    """The name of the item that a draft makes of each variable, in their order."""
    given = GivenNames()
    usable = [
        given.give(form_name(re.sub(r"[^a-z0-9_]+", "_", each.lower()).strip("_")[:50] or "item"))
        for each in variables
    ]
    renamed = item_names(usable)
    return [renamed[each] for each in usable]


def _item(source: StatFile, variable: Variable, name: str, left_out: list[LeftOut]) -> Item:
    label = plain(variable.label) or variable.name
    place = f"{source.file}, variable {variable.name}"
    kind, choices = _type(source, variable, place, left_out)
    return Item(id=name, label=label, type=kind, choices=choices)


def _type(
    source: StatFile, variable: Variable, place: str, left_out: list[LeftOut]
) -> tuple[ItemType, tuple[ItemChoice, ...]]:
    """What the variable holds: its labels are choices where every value has one."""
    cells = source.cells[variable.name]
    there = cells.filter(cells.str.strip_chars() != "").unique()
    labels = {code: plain(label) or code for code, label in variable.labels.items()}
    if labels:
        if {code: label.lower() for code, label in labels.items()} in _YES_NO:
            return ItemType.YES_NO, ()
        if there.is_in(list(labels)).all():
            apart = told_apart(labels)
            offered = tuple(ItemChoice(code=code, label=label) for code, label in apart.items())
            return ItemType.CHOICE, offered
        shown = ", ".join(f"{code} = {label}" for code, label in list(labels.items())[:8])
        why = "values without a label are there, so it holds no choice among these"
        left_out.append(LeftOut(place=place, found=f"the labels {shown}", why=why))
    if variable.moment is None:
        if variable.is_text:
            return ItemType.TEXT, ()
        return (ItemType.INTEGER if variable.is_whole else ItemType.DECIMAL), ()
    kind, shape = _MOMENTS[variable.moment]
    if there.str.contains(shape).all():
        return kind, ()
    strange = there.filter(~there.str.contains(shape))[0]
    why = f"there is no type for it ({strange!r}); the answers are kept as text"
    left_out.append(LeftOut(place=place, found=f"a {variable.moment.value}", why=why))
    return ItemType.TEXT, ()
