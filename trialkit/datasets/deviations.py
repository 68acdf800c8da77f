"""Where the trial was not carried out as its protocol says: what was recorded, and what data show."""

import pandas as pd

from trialkit.checks.deviations.kinds import DeviationKind
from trialkit.datasets.collected import not_shown
from trialkit.datasets.events import rows_of, terms_of
from trialkit.datasets.flags import is_no
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised, received_nothing
from trialkit.datasets.visit_dates import visit_dates
from trialkit.protocol.tables.meaning import meaning
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import FormKind, Purpose
from trialkit.store.due import visits_attended

NOT_SCREENED = DeviationKind.NOT_SCREENED.value
NOT_ELIGIBLE = DeviationKind.NOT_ELIGIBLE.value
OTHER_ARM = DeviationKind.OTHER_ARM.value
NO_CARE = DeviationKind.NO_CARE.value
OUT_OF_WINDOW = DeviationKind.OUT_OF_WINDOW.value
FROM_DATA = (NOT_SCREENED, NOT_ELIGIBLE, OTHER_ARM, NO_CARE, OUT_OF_WINDOW)
"""The deviations that the data themselves show, whether or not anybody recorded them."""
READ_FROM = {
    NOT_ELIGIBLE: "eligible",
    OTHER_ARM: "received_intervention",
    NO_CARE: "received_intervention",
}
"""The flag of the subjects that shows a deviation: where it is not known, neither is the deviation."""


def derive_deviations(sources: Sources, protocol: Protocol, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row a deviation of a randomised participant: ``subject_id``, ``arm``, ``term``.

    ``term`` is an ordered category: those of :data:`FROM_DATA` that a form asks for, then the
    recorded ones by name. It is missing where somebody recorded a deviation without saying which.
    """
    people = randomised(subjects)
    form = sources.schemas.of_kind(FormKind.DEVIATIONS)
    recorded = rows_of(sources, form)
    terms = terms_of(sources, form, Purpose.DEVIATION_TERM, recorded.index)
    recorded["term"] = _as_named(terms)
    shown = {**_of_people(people), OUT_OF_WINDOW: _out_of_window(sources, protocol, people)}
    own = _shown(sources)
    frames = [pd.DataFrame({"subject_id": shown[term], "term": term}) for term in own]
    together = pd.concat([*frames, recorded], ignore_index=True)
    names = sorted(set(recorded["term"].dropna().astype("str")) - set(own))
    order = pd.CategoricalDtype([*own, *names], ordered=True)
    return together.astype({"term": order}).merge(
        people[["subject_id", "arm"]], on="subject_id", how="inner", validate="many_to_one"
    )[["subject_id", "arm", "term"]]


def shown_of_people(sources: Sources, subjects: pd.DataFrame) -> pd.DataFrame:
    """What the data show of the randomised as a whole, whatever was recorded: as above, no arm."""
    shown = _of_people(randomised(subjects))
    frames = [
        pd.DataFrame({"subject_id": found, "term": term})
        for term, found in shown.items()
        if term in _shown(sources)
    ]
    return pd.concat(frames, ignore_index=True)


def _shown(sources: Sources) -> list[str]:
    """The deviations of :data:`FROM_DATA` that the forms ask enough to show."""
    hidden = {kind.value for kind in not_shown(sources)}
    return [term for term in FROM_DATA if term not in hidden]


def _of_people(people: pd.DataFrame) -> dict[str, pd.Series]:
    """By deviation, the participants of whom it is true."""
    other = is_no(people["received_intervention"]) & people["arm_received"].notna()
    return {
        NOT_SCREENED: people.loc[~people["screened"].astype(bool), "subject_id"],
        NOT_ELIGIBLE: people.loc[is_no(people["eligible"]), "subject_id"],
        OTHER_ARM: people.loc[other, "subject_id"],
        NO_CARE: people.loc[received_nothing(people), "subject_id"],
    }


def _as_named(terms: pd.Series) -> pd.Series:
    """Recorded deviations under one spelling each, that of the data's own where they are the same."""
    own = {meaning(each): each for each in FROM_DATA}
    named = terms.map(lambda term: own.get(meaning(term), term), na_action="ignore")
    return named.astype("str")


def _out_of_window(sources: Sources, protocol: Protocol, people: pd.DataFrame) -> pd.Series:
    """Whose visits were dated outside their windows: a visit counts once, however many its forms."""
    visits = {visit.code: visit for visit in protocol.visits}
    rows = visit_dates(sources).merge(
        people[["subject_id", "randomisation_date"]], on="subject_id", how="inner"
    )
    rows = rows[rows["visit"].isin(list(visits))]
    first = rows["visit"].map({code: v.opens for code, v in visits.items()})
    last = rows["visit"].map({code: v.closes for code, v in visits.items()})
    opens = rows["randomisation_date"] + pd.to_timedelta(first.astype("int64"), unit="D")
    closes = rows["randomisation_date"] + pd.to_timedelta(last.astype("int64"), unit="D")
    outside = rows[(rows["date"] < opens) | (rows["date"] > closes)]
    return outside.drop_duplicates(["subject_id", "visit"])["subject_id"]


def of_unknown_days(sources: Sources, subjects: pd.DataFrame) -> frozenset[str]:
    """Who was at a visit of which the day, or that of the randomisation, is asked and not known."""
    people = randomised(subjects)[["subject_id", "randomisation_date"]]
    rows = visit_dates(sources)
    known = rows.groupby(["subject_id", "visit"])["date"].count().rename("known").reset_index()
    held = visits_attended(sources.snapshot, sources.schemas).merge(
        known, on=["subject_id", "visit"], how="inner"
    )
    held = held.merge(people, on="subject_id", how="inner")
    unknown = (held["known"] == 0) | held["randomisation_date"].isna()
    return frozenset(held.loc[unknown, "subject_id"])
