"""The names of the sheets of an entry workbook, one a form, as Excel allows them."""

from collections.abc import Mapping, Sequence

from trialkit.files.workbook_lists import LISTS
from trialkit.schemas.forms.forms import Form

INSTRUCTIONS = "Instructions"
RESERVED = (INSTRUCTIONS, LISTS)
"""Sheets of trialkit's own: they hold no data."""
_LONGEST = 31


def sheet_names(forms: Sequence[Form]) -> Mapping[str, str]:
    """By form its sheet: the form's id, cut where it is too long for Excel, and told apart."""
    names: dict[str, str] = {}
    taken = {name.casefold() for name in RESERVED} | {"history"}  # Excel keeps this one for itself
    for form in forms:
        name, number = form.id[:_LONGEST], 2
        while name.casefold() in taken:
            ending = f"~{number}"
            name, number = form.id[: _LONGEST - len(ending)] + ending, number + 1
        taken.add(name.casefold())
        names[form.id] = name
    return names
