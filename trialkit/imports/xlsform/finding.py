"""The question that a name or a path in an expression means, as a rule may name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm, Place, every_question
from trialkit.imports.xlsform.parts import Asked
from trialkit.imports.xlsform.xpath import place_of
from trialkit.schemas.expressions.reading import ExpressionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where every question stands, and on which form."""

    day: Place | None = None
    """Where the day stands on which the form was filled in."""

    at: Mapping[Place, tuple[DraftForm, int]]
    """By place its form, and the number of the question there."""
    named: Mapping[str, tuple[Place, ...]]
    repeats: Mapping[Place, DraftForm] = field(default_factory=dict)
    """By place the form that a repeat became."""

    def find(self, name: str, *, at: Place, on: DraftForm) -> Asked:
        """The question that a name or a path means in what is said at a place of a form.

        Raises :class:`ExpressionError` for what is no question that holds one value there.
        """
        place = self._place(name, at)
        if place is not None:
            draft, _ = self.at[place]
            if draft is on or not draft.repeating:
                item = self.question(place).item
                prefix = "" if draft is on else f"{draft.name}."
                return Asked(name=f"{prefix}{item.id}", item=item)
        shown = name if "/" in name else f"${{{name}}}"
        raise ExpressionError(f"{shown} is no question that holds one value here")

    def rows_of(self, name: str, *, at: Place, on: DraftForm) -> str:
        """The form whose rows are those of a repeat, seen from a form that is filled in once.

        Raises :class:`ExpressionError` where the rows of other submissions would be counted, too.
        """
        shown = name if "/" in name else f"${{{name}}}"
        if on.repeating:
            raise ExpressionError(
                f"the rows of {shown}, of a form that is filled in more than once"
            )
        if "/" in name:
            found = [place for place in (place_of(name, at),) if place in self.repeats]
        else:
            found = [place for place in self.repeats if place[-1:] == (name,)]
        if len(found) != 1:
            raise ExpressionError(f"count() of {shown}, which is no repeat with questions")
        return self.repeats[found[0]].name

    def day_of(self, on: DraftForm) -> Asked | None:
        """The question that holds the day on which the form was filled in, if one form can ask it."""
        if self.day is None or (self.at[self.day][0] is not on and self.at[self.day][0].repeating):
            return None
        return self.find("/".join(("", "data", *self.day)), at=(), on=on)

    def question(self, place: Place) -> DraftedSurvey:
        """The question at a place, as it is drafted now."""
        draft, number = self.at[place]
        return draft.drafted[number]

    def _place(self, name: str, at: Place) -> Place | None:
        if "/" in name:
            place = place_of(name, at)
            return place if place in self.at else None
        places = self.named.get(name, ())
        return max(places, key=lambda each: _in_common(each, at), default=None)


def places_of(drafts: Sequence[DraftForm]) -> Places:
    """Where the questions of all forms stand."""
    at = {
        each.place: (draft, number) for draft in drafts for number, each in enumerate(draft.drafted)
    }
    named: dict[str, list[Place]] = {}
    for _, each in every_question(drafts):
        named.setdefault(each.row["name"], []).append(each.place)
    return Places(
        at=at,
        repeats={draft.place: draft for draft in drafts if draft.place},
        named={name: tuple(places) for name, places in named.items()},
        day=next((each.place for _, each in every_question(drafts) if _is_day(each)), None),
    )


def _is_day(each: DraftedSurvey) -> bool:
    return each.row["type"] == "today"


def _in_common(one: Place, other: Place) -> int:
    """How many groups two places share from the outermost on."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
