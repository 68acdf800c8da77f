"""Which item a field in brackets means, seen from one form of the project.

A field in REDCap belongs to the event whose form is open; where another form is not asked at that
event its fields are blank there. A rule of ours would find their value, so such logic is refused
rather than given another meaning.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.choices import Choice
from trialkit.imports.redcap.items import DraftedItem
from trialkit.imports.redcap.layout import Layout, PlacedField
from trialkit.imports.redcap.logic import CURRENT_INSTANCE, EVENT_NAME, RECORD_NAME, FieldName
from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.items.item_types import ItemType, types_of
from trialkit.schemas.items.kind import Nature

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_HERE = frozenset({"", "current-instance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A field's item, and the form in which it stands."""

    form: str
    """The form's name in REDCap."""
    form_id: str
    """Its name in the trial."""
    draft: DraftedItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Finds the items that the logic of one form means."""

    form: str
    record_id: str
    fields: Mapping[str, Where]
    layout: Layout
    others: frozenset[str] = frozenset()
    """The fields that hold no data."""

    def __call__(self, name: FieldName) -> RedcapAnswer:
        """The item that a field in brackets means.

        Raises :class:`ExpressionError` where a rule could not mean the same.
        """
        if name.name in {self.record_id, RECORD_NAME} and not name.event:
            return RedcapAnswer(name="subject_id", type=ItemType.TEXT)
        if name.name == EVENT_NAME:
            return self._event(name)
        if name.name == CURRENT_INSTANCE:
            return self._instance(name)
        where = self.fields.get(name.name)
        if where is None and name.name not in self.others:
            raise NotInTheFileError(f"{name}, which is no field of the dictionary")
        if where is None:
            raise ExpressionError(f"{name}, which is no field of the dictionary that holds data")
        if name.instance == "previous-instance" and where.form == self.form:
            return self._before(name, where)
        if name.instance not in _HERE:
            raise ExpressionError(f"{name}, an answer of another instance")
        placed, here = self.layout.placed[where.form], self.layout.placed[self.form]
        return RedcapAnswer(
            name=self._named(name, where, placed, here),
            type=where.draft.item.type,
            choices=where.draft.choices,
        )

    def _instance(self, name: FieldName) -> RedcapAnswer:
        """The number of the row at hand."""
        if not self.layout.placed[self.form].repeating or name.event:
            raise ExpressionError(f"{name}, but {self.form} does not repeat")
        return RedcapAnswer(name="repeat", type=types_of(Nature.WHOLE)[0])

    def _before(self, name: FieldName, where: Where) -> RedcapAnswer:
        """An answer of the instance whose number is one less; there is none where that was taken out."""
        if not self.layout.placed[self.form].repeating or name.event:
            raise ExpressionError(f"{name}, but {self.form} does not repeat")
        item = where.draft.item
        if item.kind.nature is Nature.CODES:
            raise ExpressionError(f"{name}, a checkbox of another instance")
        before = f"IF(PREVIOUS(repeat) = repeat - 1, PREVIOUS({item.id}), NULL)"
        return RedcapAnswer(name=before, type=item.type, choices=where.draft.choices)

    def _event(self, name: FieldName) -> RedcapAnswer:
        here = self.layout.placed[self.form]
        if not here.visits or len(self.layout.arms) > 1:
            raise ExpressionError(f"{name}, but no row of {self.form} says at which event it was")
        visits = (
            Choice(code=self.layout.visit_of[event], label=event, raw=event)
            for event in here.events
        )
        return RedcapAnswer(name="visit", type=ItemType.CHOICE, choices=tuple(visits))

    def _named(self, name: FieldName, where: Where, placed: PlacedField, here: PlacedField) -> str:
        item = where.draft.item.id
        event = "" if name.event == EVENT_NAME else name.event
        if event:
            return self._elsewhere(name, event, where, placed)
        if where.form == self.form:
            return item
        if placed.repeating:
            raise ExpressionError(f"{name}, but {where.form} has several rows for a participant")
        absent = [each for each in here.events if each not in placed.events]
        if absent and placed.events:
            raise ExpressionError(
                f"{name}, but {where.form} is not asked at {', '.join(absent[:4])}, where REDCap "
                "takes it for blank; name the event it is asked at"
            )
        if placed.visits and not here.visits:
            return _dotted(self.layout.visit_of[here.events[0]], where.form_id, item)
        return _dotted(where.form_id, item)

    def _elsewhere(self, name: FieldName, event: str, where: Where, placed: PlacedField) -> str:
        if event not in self.layout.visit_of:
            raise ExpressionError(f"{name}, an event that neither the mapping nor an export has")
        if len(self.layout.arms) > 1:
            raise ExpressionError(f"{name}, the event of one arm; visits are the same for all arms")
        if event not in placed.events:
            raise ExpressionError(f"{name}, but {where.form} is not asked at {event}")
        if placed.repeating:
            raise ExpressionError(f"{name}, but {where.form} has several rows for a participant")
        if placed.visits:
            return _dotted(self.layout.visit_of[event], where.form_id, where.draft.item.id)
        same = where.form == self.form
        return where.draft.item.id if same else _dotted(where.form_id, where.draft.item.id)


def _dotted(*parts: str) -> str:
    return ".".join(part if _WORD.fullmatch(part) else f'"{part}"' for part in parts)
