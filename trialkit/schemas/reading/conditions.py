"""The expressions of the forms: each is parsed, and its names are resolved, before any data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from trialkit.errors import Complaint, ProtocolError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Item, ItemType
from trialkit.schemas.rules.expression import calculation, condition
from trialkit.schemas.rules.names import Reference, Scope

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An expression, and where in the form file it stands."""

    table: str
    key: str
    expression: str
    item: str = ""
    """The item that it governs, for shown_when and required_when, or that it gives a value."""
    computes: bool = False
    """Whether it computes a number, and is not a condition."""


def scope_of(form: Form, forms: Sequence[Form], data: DataFormat) -> Scope:
    """The names that the expressions of a form may use."""
    known: Mapping[str, Form] = {each.id: each for each in forms}
    codes = tuple(code.code for code in data.all_missing_codes)
    return Scope(form=form, forms=known, missing_codes=codes)


def complain_of_conditions(
    forms: Sequence[Form], data: DataFormat, *, unread: frozenset[str]
) -> Iterator[Complaint]:
    """A complaint for every expression that cannot be understood.

    Expressions with a word in ``unread``, the ids of forms and items that had complaints of their
    own, are left for the next time.
    """
    for form in forms:
        scope = scope_of(form, forms, data)
        for stated in _stated(form):
            if unread & set(_WORD.findall(stated.expression)):
                continue
            try:
                read = calculation if stated.computes else condition
                references = read(stated.expression, scope).references
                _refuse_self_reference(references, form, stated.item)
            except ProtocolError as error:
                yield Complaint(
                    file=form.file,
                    table=stated.table,
                    key=stated.key,
                    found=str(error),
                    expected="a calculation in the language of rules"
                    if stated.computes
                    else "a condition in the language of rules",
                )


def calculations(forms: Sequence[Form], data: DataFormat) -> tuple[tuple[Form, Item], ...]:
    """Every calculated item, those first that others are calculated from.

    Raises :class:`ProtocolError` for items that are calculated from each other, in a circle.
    """
    items = {
        (form.id, item.id): (form, item)
        for form in forms
        for item in form.items
        if item.type is ItemType.CALCULATED
    }
    needs = {
        place: {
            (each.form, each.item)
            for each in calculation(item.calculation, scope_of(form, forms, data)).references
        }
        & items.keys()
        for place, (form, item) in items.items()
    }
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " from ".join(".".join(place) for place in error.args[1])
        raise ProtocolError(f"items that are calculated in a circle: {circle}") from None
    return tuple(items[place] for place in order)


def complain_of_circles(forms: Sequence[Form], data: DataFormat) -> Iterator[Complaint]:
    """A complaint when items are calculated from each other; each expression is known to be read."""
    try:
        calculations(forms, data)
    except ProtocolError as error:
        yield Complaint(
            file="forms/",
            table="items",
            key="calculation",
            found=str(error),
            expected="calculations that begin with what was entered",
        )


def _stated(form: Form) -> Iterator[Stated]:
    for item in form.items:
        table = f"items {item.id!r}"
        for key, text in (("shown_when", item.shown_when), ("required_when", item.required_when)):
            if text:
                yield Stated(table=table, key=key, expression=text, item=item.id)
        if item.calculation:
            yield Stated(
                table=table,
                key="calculation",
                expression=item.calculation,
                item=item.id,
                computes=True,
            )
    for rule in form.rules:
        yield Stated(table=f"rules {rule.id!r}", key="expression", expression=rule.expression)


def _refuse_self_reference(references: Sequence[Reference], form: Form, item: str) -> None:
    for reference in references:
        if item and not reference.visit and (reference.form, reference.item) == (form.id, item):
            raise ProtocolError(f"{item!r}, which is the item that the condition governs")
