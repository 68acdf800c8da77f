"""Cells that somebody emptied on purpose: a file that still has the old value does not fill them unasked."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from trialkit.schemas.forms.forms import Form
from trialkit.store.changes.change_log import Change, What

EmptiedCells: TypeAlias = Mapping[tuple[tuple[str, ...], str], str]
"""By the key of a row and the item, the value that was taken away."""


def emptied_cells(changes: Iterable[Change], form: Form) -> EmptiedCells:
    """The cells of a form of which the last change left them blank, with what they held before."""
    found: dict[tuple[tuple[str, ...], str], str] = {}
    for each in changes:
        if each.form != form.id:
            continue
        row = tuple(str(getattr(each, name)) for name in form.key)
        if each.what is What.EMPTIED:
            found[row, each.item] = each.old
        else:
            found.pop((row, each.item), None)
    return found
