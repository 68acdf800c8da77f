"""What no site is shown: the arm and the block that somebody was allocated, and the arm received."""

from trialkit.schemas.forms.forms import Form, Purpose

_SECRET = (Purpose.ARM, Purpose.BLOCK, Purpose.ARM_RECEIVED)


def secret_items(form: Form) -> frozenset[str]:
    """The items of a form that show an arm or a block."""
    return frozenset(item.id for item in form.items if item.purpose in _SECRET)
