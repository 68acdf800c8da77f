"""``data/not_done.csv``: one line says that a form, or a whole visit, was not done, and why.

The file need not be there. It is read like the data of a form, whose items are the form that was
not done (blank for a whole visit) and the reason, one of the trial's missing codes.
"""

from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Schemas
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType

NOT_DONE = "not_done"
FORM, REASON = "form", "reason"
CODE = "__code"
"""The column of a mark's reason, beside the key of the row that was not done."""
NEVER = frozenset({FormKind.SCREENING, FormKind.RANDOMISATION})
"""Forms whose rows say who exists and who was randomised: without a row, nobody was."""


def not_done_form(schemas: Schemas) -> Form:
    """The marks of the trial as a form."""
    may_be = (form for form in schemas.forms if form.kind not in NEVER)
    choices = tuple(ItemChoice(code=form.id, label=form.title) for form in may_be)
    return Form(
        id=NOT_DONE,
        title="Not done",
        kind=FormKind.OTHER,
        expected=Expected.AS_NEEDED,
        visits=tuple(visit.code for visit in schemas.visits),
        repeating=False,
        items=(
            Item(
                id=FORM,
                label="Form not done",
                type=ItemType.CHOICE,
                choices=choices,
                missing_codes=(),
            ),
            Item(id=REASON, label="Reason", type=ItemType.TEXT),
        ),
        rules=(),
        file="",
        sha256="",
    )
