"""Answers that name a person: nobody reads them in a listing, a workbook, a query or on a screen.

A mark stands in their place, so that a query still notices that the answer has changed. It has two
characters, which one in 256 answers shares with another, and tells neither.
"""

from dataclasses import replace
from hashlib import sha256

import polars as pl

from trialkit.schemas.forms.forms import Form, Purpose, Schemas
from trialkit.schemas.forms.not_done import not_done_form

MASKED = "(not shown, "
"""How a mask begins."""
_MARK = 2


def identifying(form: Form) -> frozenset[str]:
    """The items of a form that name a person."""
    return frozenset(item.id for item in form.items if item.identifier)


def hides(schemas: Schemas, purpose: Purpose) -> bool:
    """Whether an item with a purpose names a person."""
    items = (form.item_for(purpose) for form in schemas.forms)
    return any(item.identifier for item in items if item)


def masked(text: str) -> str:
    """What stands in the place of an answer that names a person; a blank stays blank."""
    plain = text.strip()
    return f"{MASKED}{sha256(plain.encode()).hexdigest()[:_MARK]})" if plain else ""


def masked_texts(texts: pl.Series) -> pl.Series:
    """The same for a column."""
    return pl.Series(texts.name, [masked(each or "") for each in texts], dtype=pl.String)


def for_display(form: Form, item: str, text: str) -> str:
    """An answer as a screen or a message may show it."""
    return masked(text) if item in identifying(form) else text


def for_display_of(schemas: Schemas, form_id: str, item: str, text: str) -> str:
    """The same by the form's id; what nobody knows any more may have named a person."""
    known = (*schemas.forms, not_done_form(schemas))
    form = next((form for form in known if form.id == form_id), None)
    return masked(text) if form is None else for_display(form, item, text)


def unmasked(schemas: Schemas) -> Schemas:
    """The forms for whoever asked to see all of it: no item of theirs is marked."""
    forms = tuple(
        replace(form, items=tuple(replace(item, identifier=False) for item in form.items))
        if identifying(form)
        else form
        for form in schemas.forms
    )
    return replace(schemas, forms=forms)
