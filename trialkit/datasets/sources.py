"""Where in the snapshot a derivation finds what it needs: by what an item is for, not its name."""

from dataclasses import dataclass

import pandas as pd

from trialkit.datasets.single_rows import refuse_shared_keys
from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose, Schemas
from trialkit.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """A snapshot together with the forms that say what its columns mean.

    Every row that a derivation reads is the only one with its key: two are refused with a
    :class:`DatasetError`, of whatever form, and whatever findings were allowed.
    """

    snapshot: Snapshot
    schemas: Schemas

    def __post_init__(self) -> None:
        refuse_shared_keys(self.snapshot, self.schemas)

    def screening(self) -> Form:
        """The form whose rows say which people exist."""
        return self.schemas.of_kind(FormKind.SCREENING) or self.schemas.forms[0]

    def item_asking(self, purpose: Purpose) -> tuple[Form, Item] | None:
        """The first item for this purpose in a form with one row a subject, and its form."""
        for form in self.schemas.forms:
            item = form.item_for(purpose)
            if item is not None and form.key == ("subject_id",):
                return form, item
        return None

    @property
    def asked(self) -> frozenset[Purpose]:
        """Every purpose for which a form with one row a subject has an item."""
        return frozenset(purpose for purpose in Purpose if self.item_asking(purpose))

    def by_subject(self, purpose: Purpose) -> pd.Series | None:
        """The item with this purpose by ``subject_id``, from a form with one row a subject.

        None when no such form has an item for it.
        """
        found = self.item_asking(purpose)
        if found is None:
            return None
        form, item = found
        return by_subject_id(self.snapshot[form.id].values)[item.id]

    def blank(self, purpose: Purpose) -> pd.Series:
        """The subjects whose form has a row, with nothing at all for this purpose."""
        found = self.item_asking(purpose)
        if found is None:
            return pd.Series([], dtype="str")
        form, item = found
        data = self.snapshot[form.id]
        entered = data.raw[item.id].str.strip() != ""
        nothing = ~entered & data.codes[item.id].isna() & data.values[item.id].isna()
        return data.values.loc[nothing, "subject_id"]

    def column(self, form: Form, purpose: Purpose) -> pd.Series | None:
        """The item with this purpose in the rows of ``form``, None when it has none."""
        item = form.item_for(purpose)
        return None if item is None else self.snapshot[form.id].values[item.id]


def by_subject_id(values: pd.DataFrame) -> pd.DataFrame:
    """The rows of a form by ``subject_id``; rows of nobody (findings, which were allowed) not."""
    return values[values["subject_id"].notna()].set_index("subject_id")


def labels_of(values: pd.Series, form: Form, purpose: Purpose) -> pd.Series:
    """Choice codes as the labels of the form; text as it is."""
    item = form.item_for(purpose)
    choices = {choice.code: choice.label for choice in item.choices} if item else {}
    text = values.astype("object").where(values.notna(), None)
    return text.map(lambda code: choices.get(code, code), na_action="ignore").astype("str")
