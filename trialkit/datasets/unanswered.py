"""Why of a participant neither yes nor no is known: not recorded, still to come, or never asked."""

import pandas as pd

from trialkit.datasets.sources import Sources
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.answers import Unknown
from trialkit.schemas.forms.forms import Form, Purpose
from trialkit.store.due import is_due


def why_unknown(
    unknown: pd.Series,
    sources: Sources,
    protocol: Protocol,
    subjects: pd.DataFrame,
    purposes: tuple[Purpose, ...],
) -> pd.Series:
    """The member of :class:`Unknown` of who is unknown, as text by ``subject_id``; else missing.

    ``purposes`` are those of the items that could tell, the first that a form of the trial has.
    """
    asking = next((form for form in map(sources.asking, purposes) if form is not None), None)
    if asking is None:
        why = pd.Series(Unknown.NOT_COLLECTED.value, index=unknown.index, dtype="str")
    else:
        why = pd.Series(Unknown.NOT_RECORDED.value, index=unknown.index, dtype="str")
        why = why.mask(_is_to_come(asking, sources, protocol, subjects), Unknown.TO_COME.value)
        if asking.arms:
            other = ~subjects["arm"].isin(asking.arms)
            why = why.mask(other, Unknown.NOT_COLLECTED.value)
    return why.where(unknown)


def _is_to_come(
    form: Form, sources: Sources, protocol: Protocol, subjects: pd.DataFrame
) -> pd.Series:
    """Of whom the form is not there and was not due at the data cut, or is dated after it."""
    snapshot, people = sources.snapshot, subjects.index.to_series()
    due = is_due(form, protocol.visits[-1], subjects["randomisation_date"], snapshot.cut)
    there = people.isin(snapshot[form.id].values["subject_id"])
    later = people.isin(snapshot.later(form.id)["subject_id"])
    return ~there & (later | ~due)
