"""What of a trial can be judged by somebody from whom some answers are withheld.

What is left out is told by the definitions alone: the withheld items and forms, whatever is shown,
computed or ruled by what they hold, and the built-in rules that read them. No blank counts as missing
that was never seen, and nothing depends on what a withheld cell holds.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.expressions import Calculation, Condition, every_look
from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose, Rule, Schemas
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.schemas.forms.placeholders import placeholders
from trialkit.schemas.reading.conditions import with_declared
from trialkit.schemas.reading.without_arms import OF_ARMS, Place

WHOLE = ""
"""Stands for all items of a form that is withheld."""
NOT_JUDGED = "not_judged"
"""What a listing has in the place of a rule."""
_OF_THE_ARM = (BuiltIn.TOO_MANY_SESSIONS,)
_OF_CLUSTERS = (BuiltIn.NO_CLUSTER, BuiltIn.CLUSTER_NOT_EXPECTED, BuiltIn.CLUSTER_IN_TWO_ARMS)
_OF_WHOLE_ROWS = (BuiltIn.COPIED_ANSWERS, BuiltIn.IDENTICAL_ROWS)
_SAYS_WHO_IS_THERE = (FormKind.SCREENING, FormKind.RANDOMISATION, FormKind.END_OF_STUDY)
"""Forms by which it is known what is due of whom."""
_SAYS_WHEN = (Purpose.SCREENING_DATE, Purpose.RANDOMISATION_DATE, Purpose.END_DATE)
_OF_WHAT_IS_DUE = (BuiltIn.MISSING_FORM, BuiltIn.NOT_RANDOMISED, BuiltIn.ALL_FORMS_THERE)
_OF_BLANKS = (
    BuiltIn.MISSING_FORM, BuiltIn.REQUIRED, BuiltIn.REQUIRED_WHEN, BuiltIn.UNANSWERED,
    BuiltIn.BLANK_ANSWER,
)  # fmt: skip
"""What a mark of something not done settles."""


class Withheld(StrEnum):
    """Why something is not judged."""

    ITSELF = "withheld from your role"
    RESTS_ON_IT = "rests on what is withheld from your role"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """A form, an item, or a rule about either that was left out."""

    form: str
    title: str
    item: str = ""
    label: str = ""
    rule: str = ""
    """The id of the rule; empty where all is left out that is about the item, or the form."""
    why: Withheld = Withheld.RESTS_ON_IT

    @property
    def name(self) -> str:
        """As a screen names it: ``form.item: rule``."""
        place = f"{self.form}.{self.item}" if self.item else self.form
        return f"{place}: {self.rule}" if self.rule else place

    @property
    def told(self) -> str:
        """In a sentence that names no value."""
        what = f"The rule {self.rule}" if self.rule else "This item" if self.item else "This form"
        return f"{what} was not judged: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """All that is not judged."""

    each: tuple[NotJudged, ...] = ()

    def has(self, *, form: str, item: str, rule: str) -> bool:
        """Whether a finding of a rule about an item (none for a row) would be among it."""
        return any(
            one.form == form and one.item in ("", item) and one.rule in ("", rule)
            for one in self.each
        )


NOTHING = Unjudged()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedPart:
    """The forms as far as they are judged, and what was left out of the whole."""

    schemas: Schemas
    whole: Schemas
    left_out: Unjudged = NOTHING


def judged_part(schemas: Schemas, withheld: Mapping[str, Collection[str]]) -> JudgedPart:
    """The forms without what is ``withheld``, by form: items, or :data:`WHOLE`; all where it is nothing."""
    if not withheld:
        return JudgedPart(schemas=schemas, whole=schemas)
    hidden = _Hidden.of(schemas, withheld)
    left_out = (each for form in schemas.forms for each in _left_out(form, hidden))
    kept = tuple(_without(form, hidden) for form in schemas.forms if form.id not in hidden.forms)
    forms = with_declared(kept, schemas.data)
    return JudgedPart(
        schemas=replace(schemas, forms=forms),
        whole=schemas,
        left_out=Unjudged(each=tuple(left_out)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hidden:
    """The forms that are withheld, and every item that is or that rests on one."""

    forms: frozenset[str]
    withheld: frozenset[Place]
    items: frozenset[Place]
    arms_unknown: bool
    """Whether it is not known who is in which arm."""
    due_unknown: bool
    """Whether it is not known what is due of whom."""

    @classmethod
    def of(cls, schemas: Schemas, withheld: Mapping[str, Collection[str]]) -> "_Hidden":
        """What is withheld, and all that follows from it, step by step."""
        forms = frozenset(form for form, items in withheld.items() if WHOLE in items)
        named = {(form, item) for form, items in withheld.items() for item in items if item}
        named |= {
            (form.id, item.id) for form in schemas.forms if form.id in forms for item in form.items
        }
        arms = {
            (form.id, item.id)
            for form in schemas.forms
            for item in form.items
            if item.purpose in OF_ARMS
        }
        due = {
            (form.id, item.id)
            for form in schemas.forms
            for item in form.items
            if form.kind in _SAYS_WHO_IS_THERE and (form.id in forms or item.purpose in _SAYS_WHEN)
        }
        hidden = cls(
            forms=forms,
            withheld=frozenset(named),
            items=frozenset(named),
            arms_unknown=bool(arms & named),
            due_unknown=False,
        )
        while True:
            hidden = replace(hidden, due_unknown=bool(due & hidden.items))
            more = {
                (form.id, item.id)
                for form in schemas.forms
                for item in form.items
                if hidden.governs(form, item)
            }
            if more <= hidden.items:
                return hidden
            hidden = replace(hidden, items=hidden.items | more)

    def governs(self, form: Form, item: Item) -> bool:
        """Whether it decides if an item is asked, or what it is."""
        return (
            self.is_read_by(form.conditions.get(item.shown_when))
            or self.is_read_by(form.calculations.get(item.calculation))
            or any((form.id, name) in self.items for name in item.sum_of)
        )

    def is_read_by(self, expression: Condition | Calculation | None) -> bool:
        """Whether an expression reads any of it, in its own row or in others."""
        if expression is None:
            return False
        reads = any(
            (each.form, each.item) in self.items or each.form in self.forms
            for each in expression.reads
        )
        return reads or any(each.form in self.forms for each in every_look(expression.looks))

    def has(self, form: Form, item: str) -> bool:
        """Whether the item is among it."""
        return (form.id, item) in self.items

    def breaks(self, form: Form, rule: Rule) -> bool:
        """Whether a rule of the form reads, is about, or would print any of it."""
        named = (*rule.items, *placeholders(rule.message))
        return self.is_read_by(form.conditions.get(rule.expression)) or any(
            self.has(form, each) for each in named
        )


def _without(form: Form, hidden: _Hidden) -> Form:
    """The form with what is judged of it; one for all arms is for everybody."""
    items = tuple(
        replace(
            item,
            required_when=""
            if hidden.is_read_by(form.conditions.get(item.required_when))
            else item.required_when,
            other_side="" if hidden.has(form, item.other_side) else item.other_side,
        )
        for item in form.items
        if not hidden.has(form, item.id)
    )
    parted = not any(hidden.has(form, each) for each in form.one_row_for)
    return replace(
        form,
        items=items,
        rules=tuple(rule for rule in form.rules if not hidden.breaks(form, rule)),
        one_row_for=form.one_row_for if parted else (),
        arms=() if hidden.arms_unknown else form.arms,
        tests=(),
    )


def _left_out(form: Form, hidden: _Hidden) -> Iterator[NotJudged]:
    """What is left out of a form: itself, its items, and rules of what is judged of it."""
    if form.id in hidden.forms:
        yield NotJudged(form=form.id, title=form.title, why=Withheld.ITSELF)
        return
    gone = [item for item in form.items if hidden.has(form, item.id)]
    for item in gone:
        of_itself = (form.id, item.id) in hidden.withheld
        yield _about(form, item, why=Withheld.ITSELF if of_itself else Withheld.RESTS_ON_IT)
    for item in form.items:
        if not hidden.has(form, item.id):
            for rule in _rules_about(form, item, hidden):
                yield _about(form, item, rule=rule)
    rules = (rule.id for rule in form.rules if hidden.breaks(form, rule))
    for name in (*rules, *_rules_of_rows(form, gone, hidden)):
        yield NotJudged(form=form.id, title=form.title, rule=name)


def _about(
    form: Form, item: Item, *, rule: str = "", why: Withheld = Withheld.RESTS_ON_IT
) -> NotJudged:
    return NotJudged(
        form=form.id, title=form.title, item=item.id, label=item.label, rule=rule, why=why
    )


def _rules_about(form: Form, item: Item, hidden: _Hidden) -> Iterator[BuiltIn]:
    """The built-in rules about an item that is judged which need what is withheld."""
    if hidden.is_read_by(form.conditions.get(item.required_when)):
        yield BuiltIn.REQUIRED_WHEN
    sides = {each.id for each in form.items if item.id == each.other_side} | {item.other_side}
    if any(hidden.has(form, each) for each in sides):
        yield BuiltIn.ONE_SIDE_ONLY
    if item.purpose is Purpose.CLUSTER and hidden.arms_unknown:
        yield from _OF_CLUSTERS


def _rules_of_rows(form: Form, gone: Collection[Item], hidden: _Hidden) -> Iterator[BuiltIn]:
    """The built-in rules about whole rows, or about a participant, which need what is withheld."""
    yield from _OF_WHAT_IS_DUE if hidden.due_unknown else ()
    yield from _OF_BLANKS if NOT_DONE in hidden.forms else ()
    if form.arms and hidden.arms_unknown:
        yield from (BuiltIn.OTHER_ARM, BuiltIn.MISSING_FORM)
    if form.kind is FormKind.SESSIONS and hidden.arms_unknown and form.item_for(Purpose.ATTENDED):
        yield from _OF_THE_ARM
    if any(item.id in form.one_row_for for item in gone):
        yield BuiltIn.SAME_ROW_TWICE
    if any(item.kind.is_asked for item in gone):
        yield from _OF_WHOLE_ROWS if form.key != ("subject_id",) else ()
        yield from (BuiltIn.BLANK_ANSWER,) if form.calculated else ()
