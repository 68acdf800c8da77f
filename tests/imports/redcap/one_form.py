"""A form whose fields logic may name, and what a translated rule says of made-up rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.choices import Choice
from trialkit.imports.redcap.logic import FieldName
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.names import Scope

DTYPES: Mapping[Kind, pl.DataType] = {
    Kind.NUMBER: pl.Float64(),
    Kind.BOOLEAN: pl.Boolean(),
    Kind.DATE: pl.Date(),
    Kind.MOMENT: pl.Datetime("us"),
    Kind.TEXT: pl.String(),
    Kind.TIME: pl.String(),
}
"""How a table holds each kind of value."""


@dataclass(frozen=True, kw_only=True)
class OneForm:
    """Fields by their types, and the codes of those that have choices."""

    types: Mapping[str, ItemType]
    offered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing_codes: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """The names that rules of the form may use."""
        items = tuple(
            Item(
                id=name, label=name, type=kind,
                choices=tuple(ItemChoice(code=each, label=each) for each in self.offered.get(name, ())),
            )
            for name, kind in self.types.items()
        )  # fmt: skip
        form = Form(
            id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
            repeating=False, rules=(), file="", sha256="", items=items,
        )  # fmt: skip
        return Scope(form=form, forms={"f": form}, missing_codes=self.missing_codes)

    def find(self, name: FieldName) -> RedcapAnswer:
        """The answer that a field in brackets means."""
        if name.name not in self.types:
            raise ExpressionError(f"{name} is unknown")
        codes = self.offered.get(name.name, ())
        choices = tuple(Choice(code=code, label=code) for code in codes)
        return RedcapAnswer(name=name.name, type=self.types[name.name], choices=choices)
