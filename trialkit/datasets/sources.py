"""Where in the snapshot a derivation finds what it needs: by what an item is for, not its name."""

from dataclasses import dataclass

import pandas as pd

from trialkit.errors import DatasetError
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas
from trialkit.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """A snapshot together with the forms that say what its columns mean."""

    snapshot: Snapshot
    schemas: Schemas

    def screening(self) -> Form:
        """The form whose rows say which people exist."""
        return self.schemas.of_kind(FormKind.SCREENING) or self.schemas.forms[0]

    def by_subject(self, purpose: Purpose) -> pd.Series | None:
        """The item with this purpose by ``subject_id``, from a form with one row a subject.

        None when no such form has an item for it.
        """
        for form in self.schemas.forms:
            item = form.item_for(purpose)
            if item is not None and form.key == ("subject_id",):
                values = self.snapshot[form.id].values
                return one_row_each(values, form)[item.id]
        return None

    def column(self, form: Form, purpose: Purpose) -> pd.Series | None:
        """The item with this purpose in the rows of ``form``, None when it has none."""
        item = form.item_for(purpose)
        return None if item is None else self.snapshot[form.id].values[item.id]


def one_row_each(values: pd.DataFrame, form: Form) -> pd.DataFrame:
    """The rows of a form by ``subject_id``; two rows for one subject are refused.

    Rows of nobody (findings, which were allowed to be) are left out.
    """
    values = values[values["subject_id"].notna()]
    twice = values["subject_id"][values["subject_id"].duplicated()]
    if len(twice):
        raise DatasetError(
            f"form {form.id!r} has more than one row for {', '.join(twice.unique()[:5])}; "
            "correct the duplicate before the analysis"
        )
    return values.set_index("subject_id")


def labels_of(values: pd.Series, form: Form, purpose: Purpose) -> pd.Series:
    """Choice codes as the labels of the form; text as it is."""
    item = form.item_for(purpose)
    choices = {choice.code: choice.label for choice in item.choices} if item else {}
    text = values.astype("object").where(values.notna(), None)
    return text.map(lambda code: choices.get(code, code), na_action="ignore").astype("str")
