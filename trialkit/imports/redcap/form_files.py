"""A form of a REDCap dictionary as ``forms/<id>.toml``, marked so that hand-made changes are kept."""

import hashlib
from collections.abc import Iterator

from trialkit.imports.redcap.dictionary import FieldType
from trialkit.imports.redcap.drafting import DraftedForm
from trialkit.imports.redcap.items import DraftedItem
from trialkit.schemas.forms.form_text import form_toml

_MADE = "# Made by trialkit import redcap, and made anew by it while nobody changes it: "


def form_file(drafted: DraftedForm) -> str:
    """The file of a form, with the mark of its text in the first line."""
    text = form_toml(
        drafted.form,
        origin=(f"Form {drafted.name} of a REDCap data dictionary.",),
        comments={draft.item.id: tuple(_comments(draft)) for draft in drafted.items},
    )
    return f"{_MADE}{_mark(text)}\n{text}"


def is_as_made(text: str) -> bool:
    """Whether nobody changed a form's file since it was made: its first line holds its mark."""
    first, _, rest = text.partition("\n")
    return first == f"{_MADE}{_mark(rest)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _comments(draft: DraftedItem) -> Iterator[str]:
    """What the dictionary said in its own words, where a rule now says it, or nothing does."""
    field = draft.field
    if draft.item.id != field.name:
        yield f"REDCap, name: {field.name}"
    if field.branching:
        yield f"REDCap, shown only if: {field.branching}"
    if field.kind == FieldType.CALC:
        yield f"REDCap, calculation: {field.choices}"
    if field.annotation:
        yield f"REDCap, annotation: {field.annotation}"
    if field.matrix:
        yield f"REDCap, matrix: {field.matrix}"
