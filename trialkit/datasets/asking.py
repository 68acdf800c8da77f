"""Of whom an item was to be asked: what a form leaves out is no missing value."""

import pandas as pd
import polars as pl

from trialkit.datasets.sources import Sources
from trialkit.schemas.forms.forms import Form, Item
from trialkit.store.asking import shown


def asked(item: Item, form: Form, rows: pd.DataFrame, sources: Sources) -> pd.Series:
    """Of each row, whether its form asks the item of this participant at this visit.

    ``rows`` have ``subject_id`` and ``arm``, and ``visit`` where the form has visits. Missing where
    nobody can know, since the item's condition reads what is not known.
    """
    found = _shown(item, form, rows, sources)
    return found & rows["arm"].isin(form.arms) if form.arms else found


def shown_in_rows(item: Item, form: Form, sources: Sources) -> pd.Series:
    """Of each row that the form has, whether it shows the item; missing where nobody can know."""
    return _shown(item, form, sources.snapshot[form.id].values, sources)


def _shown(item: Item, form: Form, rows: pd.DataFrame, sources: Sources) -> pd.Series:
    if not item.shown_when:
        return pd.Series(data=True, index=rows.index, dtype="boolean")
    keys = pl.DataFrame({name: rows[name].astype("str").to_list() for name in form.key})
    snapshot = sources.snapshot
    known = shown(form, item, keys, snapshot.forms, sources.schemas, days=snapshot.days)
    return pd.Series(pd.array(known.to_list(), dtype="boolean"), index=rows.index)
