"""The forms without what tells an arm: what some arms alone are asked, and what reads an arm."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from trialkit.schemas.forms.forms import Form, Item, Purpose, Schemas

OF_ARMS = frozenset({Purpose.ARM, Purpose.ARM_RECEIVED})
"""What the items that hold an arm are for."""
Place = tuple[str, str]
"""A form and one of its items."""


def without_arms(schemas: Schemas, arms: Collection[str]) -> Schemas:
    """The forms that all of these arms have in common.

    What is left out is what only some arms are asked: whole forms, and items whose condition or
    calculation reads an arm, or an item that is left out. The arm allocated and the one received
    stay, since everything is counted by them; :func:`holds_arm` tells them. So does the reason for
    not receiving the intervention, of which every arm is asked by comparing the two.
    """
    shared = tuple(form for form in schemas.forms if is_for_all(form, arms))
    told = _told_by_arm(schemas, shared)
    forms = (
        replace(
            form,
            arms=(),
            items=tuple(item for item in form.items if (form.id, item.id) not in told),
        )
        for form in shared
    )
    return replace(schemas, forms=tuple(forms))


def is_for_all(form: Form, arms: Collection[str]) -> bool:
    """Whether the participants of each of these arms have the form."""
    return not form.arms or set(form.arms) >= set(arms)


def holds_arm(item: Item) -> bool:
    """Whether the item's own value is an arm."""
    return item.purpose in OF_ARMS


def that_tell_arms(schemas: Schemas, arms: Collection[str]) -> tuple[Form, ...]:
    """The forms whose rows tell arms: by a value that is one, or by being there for some alone."""
    shared = {form.id: form for form in without_arms(schemas, arms).forms}
    return tuple(
        form
        for form in schemas.forms
        if form.id not in shared
        or len(shared[form.id].items) < len(form.items)
        or any(holds_arm(item) for item in form.items)
    )


def _told_by_arm(schemas: Schemas, shared: tuple[Form, ...]) -> frozenset[Place]:
    """The items of shared forms that are there for some arms only, or computed from an arm."""
    arms = {(form.id, item.id) for form in schemas.forms for item in form.items if holds_arm(item)}
    told = {
        (form.id, item.id) for form in schemas.forms if form not in shared for item in form.items
    }
    while True:
        more = {
            (form.id, item.id)
            for form in shared
            for item in form.items
            if set(_reads(form, item)) & (told | (set() if _compares_arms(item) else arms))
        }
        if more <= told:
            return frozenset(told)
        told |= more


def _compares_arms(item: Item) -> bool:
    return item.purpose is Purpose.NOT_RECEIVED_REASON


def _reads(form: Form, item: Item) -> Iterator[Place]:
    """The items that decide whether it is asked, or what it is."""
    condition = form.conditions.get(item.shown_when)
    calculation = form.calculations.get(item.calculation)
    for expression in (condition, calculation):
        if expression is not None:
            yield from ((each.form, each.item) for each in expression.reads)
    yield from ((form.id, name) for name in item.sum_of)
