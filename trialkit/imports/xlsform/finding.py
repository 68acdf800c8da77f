"""The question that a name or a path in an expression means, as a rule may name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm, Place, every_question
from trialkit.imports.xlsform.parts import Asked
from trialkit.imports.xlsform.xpath import place_of
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.item_types import types_of
from trialkit.schemas.items.kind import Nature

_SUBJECT = Item(id="subject_id", label="subject_id", type=types_of(Nature.TEXT)[0])


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
    often: bool = False
    """Whether a participant fills in the form itself more than once."""
    subject_at: Place = ()
    """Where the question stood that names the participant."""
    others: frozenset[Place] = frozenset()
    """Where everything of the form stands, also what holds no answer that is kept."""

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
                whole = self.question(place).whole
                return Asked(name=f"{prefix}{item.id}", item=item, whole=whole)
        if self._names_the_participant(name, at):
            return Asked(name="subject_id", item=_SUBJECT)
        shown = name if "/" in name else f"${{{name}}}"
        if not self._is_there(name, at):
            raise NotInTheFileError(f"{shown}, which the form does not have")
        raise ExpressionError(f"{shown} is no question that holds one value here")

    def _names_the_participant(self, name: str, at: Place) -> bool:
        if not self.subject_at:
            return False
        return place_of(name, at) == self.subject_at if "/" in name else name == self.subject_at[-1]

    def _is_there(self, name: str, at: Place) -> bool:
        """Whether the form has anything of this name, or at this place."""
        if "/" in name:
            return place_of(name, at) in self.others | set(self.at)
        return any(place[-1] == name for place in [*self.others, *self.at])

    def answers_of(self, name: str, *, at: Place, on: DraftForm) -> Asked | None:
        """A question of a repeat, of which every row has an answer; None for any other question.

        Raises :class:`ExpressionError` where the rows of other submissions would be asked, too.
        """
        place = self._place(name, at)
        if place is None:
            return None
        draft, _ = self.at[place]
        if draft is on or not draft.repeating:
            return None
        if on.repeating:
            raise ExpressionError("the rows of a form that is filled in more than once")
        item = self.question(place).item
        return Asked(name=f"{draft.name}.{item.id}", item=item, whole=self.question(place).whole)

    def number_of(self, path: str, *, at: Place, on: DraftForm) -> str:
        """The key that is the number of the row at hand.

        Raises :class:`ExpressionError` for another position, and where rows are numbered otherwise.
        """
        place = place_of(path, at)
        if self.repeats.get(place) is not on:
            raise ExpressionError("position() of something other than the row of its own repeat")
        around = [each for each in self.repeats if each != place and place[: len(each)] == each]
        if around or self.often:
            raise ExpressionError(
                "position() in rows that are numbered through all submissions here"
            )
        return "repeat"

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
        asked = self._place(name, at)
        if asked is not None and not found and self.at[asked][0].repeating:
            return self.at[asked][0].name
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsSeen:
    """What may be asked of repeats in what is said at one place."""

    places: Places
    at: Place
    on: DraftForm

    def rows(self, name: str) -> str:
        """The form that a repeat became, or that a question of a repeat is on."""
        return self.places.rows_of(name, at=self.at, on=self.on)

    def answers(self, name: str) -> Asked | None:
        """A question of which every row has an answer; None for one that has a single answer."""
        return self.places.answers_of(name, at=self.at, on=self.on)

    def number(self, path: str) -> str:
        """The key that is the number of the row at hand, where the path leads to its repeat."""
        return self.places.number_of(path, at=self.at, on=self.on)


def places_of(
    drafts: Sequence[DraftForm], *, subject_at: Place = (), others: frozenset[Place] = frozenset()
) -> Places:
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
        often=any(draft.repeating and not draft.place for draft in drafts),
        subject_at=subject_at,
        others=others,
        named={name: tuple(places) for name, places in named.items()},
        day=next((each.place for _, each in every_question(drafts) if _is_day(each)), None),
    )


def _is_day(each: DraftedSurvey) -> bool:
    return each.row["type"] == "today"


def _in_common(one: Place, other: Place) -> int:
    """How many groups two places share from the outermost on."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
