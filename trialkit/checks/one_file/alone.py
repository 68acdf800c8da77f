"""What of a form can be judged looking at one row alone, and what cannot.

A file that is streamed has no other rows and no other forms beside it: a condition that reads them
is left out here. It is judged with the other rows of the participant at hand
(:mod:`trialkit.checks.one_file.beyond_the_row`), or named as not checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trialkit.checks.one_file.beyond_the_row import BeyondTheRow
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Rule, Schemas
from trialkit.schemas.forms.placeholders import placeholders
from trialkit.schemas.items.answers import Range
from trialkit.schemas.reading.conditions import compiled

_OTHER_ROWS = (
    "whether each subject was screened",
    "forms that are missing",
    "visit windows",
    "arms, sites and eligibility against the protocol",
    "forms and visits marked as not done",
    "distributions",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAlone:
    """A form as far as each of its rows can be judged by itself."""

    form: Form
    schemas: Schemas
    """The trial's schemas, of this form only."""
    not_checked: tuple[str, ...]
    """What the whole form asks for beyond it, in words."""


def form_alone(form: Form, schemas: Schemas, beyond: BeyondTheRow | None = None) -> FormAlone:
    """The part of a form that needs no other row, form or visit; ``beyond`` is judged elsewhere."""
    reach = _Reach(
        form=form,
        calculated=frozenset(item.id for item in form.calculated),
    )
    items = [_item_alone(item, reach) for item in form.asked]
    rules = [rule for rule in form.rules if reach.holds(rule)]
    of_items = beyond.of_items if beyond else {}
    elsewhere = beyond.rules if beyond else frozenset()
    follows = {each.rule for each in beyond.follows} if beyond else set()
    followed = {each.item.id for each in beyond.follows} if beyond else set()
    lost = (
        *(
            f"calculated item {name}"
            for name in sorted(reach.calculated - (beyond.calculated if beyond else frozenset()))
        ),
        *(
            f"{' and '.join(names)} of {item.id}"
            for item in items
            if item.id not in of_items
            and (names := _lost(item, form.item(item.id), follows=item.id in followed))
        ),
        *(
            f"rule {rule.id}"
            for rule in form.rules
            if rule not in rules and rule.id not in elsewhere
        ),
        *(
            [f"whether two rows are of the same {' and '.join(form.one_row_for)}"]
            if form.one_row_for and not beyond
            else []
        ),
        *(
            ["the stopping signal over several sessions"]
            if form.stopping and BuiltIn.STOPPING_SIGNAL not in follows
            else []
        ),
    )
    items = [
        replace(item, expected_range=Range()) if _may_be_hidden(item.id, of_items) else item
        for item in items
    ]
    by_itself = replace(form, items=tuple(items), rules=tuple(rules), one_row_for=(), stopping=None)
    (alone,) = compiled((by_itself,), schemas.data)
    return FormAlone(
        form=alone,
        schemas=replace(schemas, forms=(alone,)),
        not_checked=(*lost, *_OTHER_ROWS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """How far a row reaches by itself: its own items, but for those that are calculated."""

    form: Form
    calculated: frozenset[str]

    def reads_its_row(self, expression: str) -> bool:
        """Whether a condition, if there is one, reads nothing but the row."""
        if not expression:
            return True
        condition = self.form.conditions[expression]
        return not condition.looks and all(
            each.form == self.form.id and not each.visit and each.item not in self.calculated
            for each in condition.references
        )

    def holds(self, rule: Rule) -> bool:
        """Whether a rule, and its message, are about nothing but the row."""
        named = {*rule.items, *placeholders(rule.message)}
        return self.reads_its_row(rule.expression) and not named & self.calculated


def _may_be_hidden(item_id: str, of_items: Mapping[str, frozenset[BuiltIn]]) -> bool:
    """Whether it is known only elsewhere if the item is asked, so that nothing is unusual here."""
    return BuiltIn.UNUSUAL in of_items.get(item_id, ())


def _item_alone(item: Item, reach: _Reach) -> Item:
    """An item without what other rows decide; whether it is asked at all may be such a thing."""
    if not reach.reads_its_row(item.shown_when):
        item = replace(item, shown_when="", required=False, required_when="")
    if not reach.reads_its_row(item.required_when):
        item = replace(item, required_when="")
    if reach.calculated.intersection(item.sum_of):
        item = replace(item, sum_of=())
    if item.other_side in reach.calculated:
        item = replace(item, other_side="")
    return item


def _lost(kept: Item, item: Item, *, follows: bool) -> list[str]:
    """What of an item nobody judges; ``follows`` says that sums and sides are judged elsewhere."""
    names = ["shown_when", "required", "required_when"]
    names += [] if follows else ["sum_of", "other_side"]
    return [name for name in names if getattr(kept, name) != getattr(item, name)]
