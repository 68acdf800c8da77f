"""The expressions of the forms: each is parsed, and its names are resolved, before any data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trialkit.errors import Complaint, ProtocolError
from trialkit.protocol.model import DataFormat
from trialkit.schemas.forms import Form
from trialkit.schemas.rules.expression import Condition, condition
from trialkit.schemas.rules.names import Scope

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An expression, and where in the form file it stands."""

    table: str
    key: str
    expression: str
    item: str = ""
    """The item that it governs, for shown_when and required_when."""


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
                _refuse_self_reference(condition(stated.expression, scope), form, stated.item)
            except ProtocolError as error:
                yield Complaint(
                    file=form.file,
                    table=stated.table,
                    key=stated.key,
                    found=str(error),
                    expected="a condition in the language of rules",
                )


def _stated(form: Form) -> Iterator[Stated]:
    for item in form.items:
        table = f"items {item.id!r}"
        for key, text in (("shown_when", item.shown_when), ("required_when", item.required_when)):
            if text:
                yield Stated(table=table, key=key, expression=text, item=item.id)
    for rule in form.rules:
        yield Stated(table=f"rules {rule.id!r}", key="expression", expression=rule.expression)


def _refuse_self_reference(read: Condition, form: Form, item: str) -> None:
    for reference in read.references:
        if item and not reference.visit and (reference.form, reference.item) == (form.id, item):
            raise ProtocolError(f"{item!r}, which is the item that the condition governs")
