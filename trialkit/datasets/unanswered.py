"""Why of a participant neither yes nor no is known: not recorded, still to come, or never asked."""

import pandas as pd

from trialkit.datasets.asking import asked
from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.sources import Sources
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit
from trialkit.results.answers import Unknown
from trialkit.schemas.forms.forms import Form, Purpose
from trialkit.store.due import is_due, randomised_on_no_day


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
    found = next(filter(None, map(sources.item_asking, purposes)), None)
    if found is None:
        return pd.Series(Unknown.NOT_COLLECTED.value, unknown.index, dtype="str").where(unknown)
    asking, item = found
    not_asked = is_no(asked(item, asking, subjects.reset_index(), sources))
    not_asked = not_asked.set_axis(subjects.index)
    nobody_asked = not_asked.groupby(subjects["arm"], observed=True).transform("all")
    return (
        pd.Series(Unknown.NOT_RECORDED.value, unknown.index, dtype="str")
        .mask(_is_to_come(asking, sources, protocol, subjects), Unknown.TO_COME.value)
        .mask(not_asked, Unknown.NOT_ASKED.value)
        .mask(not_asked & is_yes(nobody_asked), Unknown.NOT_COLLECTED.value)
        .where(unknown)
    )


def _is_to_come(
    form: Form, sources: Sources, protocol: Protocol, subjects: pd.DataFrame
) -> pd.Series:
    """Of whom the form is dated after the cut, or is not there and nobody could expect it yet.

    Nothing is left to wait for of who has been at the last visit, and of whom nobody knows the day of
    randomisation nothing can be said to be to come.
    """
    snapshot, people = sources.snapshot, subjects.index.to_series()
    last = protocol.visits[-1]
    due = is_due(form, subjects.reset_index(), snapshot, sources.schemas)
    over = due.set_axis(subjects.index) | people.isin(_seen_at(last, sources))
    over |= people.isin(randomised_on_no_day(snapshot, sources.schemas))
    there = people.isin(snapshot[form.id].values["subject_id"])
    later = people.isin(snapshot.later(form.id)["subject_id"])
    return ~there & (later | ~over)


def _seen_at(visit: Visit, sources: Sources) -> set[str]:
    """The subjects who have a row of any form at the visit."""
    seen: set[str] = set()
    for form in sources.schemas.forms:
        if visit.code in form.visits:
            rows = sources.snapshot[form.id].values
            seen |= set(rows.loc[rows["visit"] == visit.code, "subject_id"].dropna())
    return seen
