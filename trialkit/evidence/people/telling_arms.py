"""What tells an arm in the forms of a trial, so that a store withholds it from who may not read arms."""

from collections.abc import Mapping

from trialkit.schemas.forms.forms import Form, Purpose, Schemas
from trialkit.schemas.reading.judged_part import WHOLE
from trialkit.schemas.reading.without_arms import holds_arm, without_arms

_ANOTHER_ARM = "(another arm)"


def telling_arms(schemas: Schemas) -> Mapping[str, frozenset[str]]:
    """The items of each form that tell an arm; :data:`WHOLE` for a form that some arms alone have.

    An item tells it by being one, by being asked of some arms alone, by being computed from one, or
    by naming the block, of which the last arm follows from the others.
    """
    shared = {form.id: form for form in without_arms(schemas, _arms(schemas)).forms}
    found = {form.id: _told(form, shared.get(form.id)) for form in schemas.forms}
    return {form: items for form, items in found.items() if items}


def _arms(schemas: Schemas) -> frozenset[str]:
    asked = {
        code
        for form in schemas.forms
        for item in form.items
        if holds_arm(item)
        for code in item.codes
    }
    named = {arm for form in schemas.forms for arm in form.arms}
    return frozenset(asked or (named and {*named, _ANOTHER_ARM}))


def _told(form: Form, shared: Form | None) -> frozenset[str]:
    if shared is None:
        return frozenset({WHOLE})
    seen = {item.id for item in shared.items}
    return frozenset(
        item.id
        for item in form.items
        if item.id not in seen or holds_arm(item) or item.purpose is Purpose.BLOCK
    )
