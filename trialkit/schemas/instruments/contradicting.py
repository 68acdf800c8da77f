"""Scores of a trial's forms that hardly go together at one visit, as the instruments say.

A form is taken for that of an instrument by its id and its items.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.instruments.instrument import Contradiction
from trialkit.schemas.instruments.registry import INSTRUMENTS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Declared:
    """A contradiction between two forms of a trial."""

    form: Form
    own: Item
    other: Form
    item: Item
    said: Contradiction


def declared_contradictions(schemas: Schemas) -> Iterator[Declared]:
    """What the instruments say, for whatever the forms of the trial have of it."""
    forms = {form.id: form for form in schemas.forms if form.id in INSTRUMENTS}
    for form in forms.values():
        for said in INSTRUMENTS[form.id].contradictions:
            other = forms.get(said.instrument)
            if other is None or form.key != other.key:
                continue
            own_id = INSTRUMENTS[form.id].item_of(said.score)
            item_id = INSTRUMENTS[other.id].item_of(said.other)
            own = next((item for item in form.items if item.id == own_id), None)
            item = next((item for item in other.items if item.id == item_id), None)
            if own is not None and item is not None:
                yield Declared(form=form, own=own, other=other, item=item, said=said)
