"""Who exists: the people of the screening form, or while there is none, whoever any form knows."""

from collections.abc import Mapping

import polars as pl

from trialkit.schemas.forms.forms import FormKind, Schemas
from trialkit.store.snapshot import FormData


def known_subjects(forms: Mapping[str, FormData], schemas: Schemas) -> pl.Series:
    """The subjects that exist, each as often as the screening form has it.

    A young trial may have no such form yet: then each subject of any form, once, by the order of
    the forms.
    """
    screening = schemas.of_kind(FormKind.SCREENING)
    if screening is not None:
        return forms[screening.id].typed["subject_id"].drop_nulls()
    named = [forms[form.id].typed["subject_id"].drop_nulls() for form in schemas.forms]
    return pl.concat(named).unique(maintain_order=True)
