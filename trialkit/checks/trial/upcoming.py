"""Which visits may take place in a span of days, and which of their forms still lack.

The same visits, forms and windows as those of completeness, looked at ahead: a form that lacks at a
visit of this list becomes a missing form once the visit is due. Forms of some arms alone are left
out, since they would tell the arm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from trialkit.checks.findings.listing import sites_of
from trialkit.checks.judging.people import people_at
from trialkit.checks.judging.shape import FormShape, check_shape
from trialkit.checks.trial.completeness import expected_people, expected_visits, lacking
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form, Schemas
from trialkit.store.due import windows
from trialkit.store.reference_days import counted_from
from trialkit.store.snapshot import Snapshot

COLUMNS = ("subject_id", "site", "visit", "label", "earliest", "target", "hour", "latest", "forms")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Upcoming:
    """The visits of a span of days."""

    visits: pd.DataFrame
    """``subject_id``, ``site``, ``visit``, ``label``, the days ``earliest``, ``target`` and
    ``latest``, the ``hour`` of a visit that has one ("30 min after"), and ``forms``: the titles of those that lack; by day and participant."""
    sites: tuple[str, ...]
    """Those of the protocol, and those that the data have."""
    undated: int
    """How many participants were randomised on a day that is not known, or cannot be right."""


def upcoming(
    snapshot: Snapshot, schemas: Schemas, protocol: Protocol, *, first: date, last: date
) -> Upcoming:
    """The visits whose windows share a day with the span, and that lack a form."""
    shape = check_shape(snapshot, schemas)
    everybody = people_at(snapshot, schemas, shape)
    lack = _lacking_forms(snapshot, schemas, everybody, shape.forms)
    sites = sites_of(shape.subjects, snapshot, schemas, protocol)
    site_of = dict(zip(shape.subjects, sites, strict=True))
    found = _within(lack, schemas, first=first, last=last)
    labels = {each.code: each.label for each in protocol.visits}
    hours = {each.code: each.hour for each in protocol.visits}
    named = found.assign(
        site=found["subject_id"].map(site_of),
        label=found["visit"].map(labels),
        hour=found["visit"].map(hours),
    )
    place = named["visit"].map({each.code: at for at, each in enumerate(protocol.visits)})
    ordered = named.assign(place=place).sort_values(
        ["earliest", "subject_id", "target", "place"], kind="stable"
    )
    undated = everybody["randomised"] & everybody["randomisation_date"].isna()
    return Upcoming(
        visits=ordered[list(COLUMNS)].reset_index(drop=True),
        sites=_sites(sites, protocol),
        undated=int(undated.sum()),
    )


def _sites(of_subjects: pd.Series, protocol: Protocol) -> tuple[str, ...]:
    declared = [each.code for each in protocol.sites]
    entered = sorted({site for site in of_subjects if site} - set(declared))
    return (*declared, *entered)


def _lacking_forms(
    snapshot: Snapshot, schemas: Schemas, everybody: pd.DataFrame, shapes: Mapping[str, FormShape]
) -> pd.DataFrame:
    """Subject, visit and title of each form that lacks at a visit that is still to be or has been."""
    dates = everybody.set_index("subject_id")[["randomisation_date", "end_date"]]
    lack = [
        lacking(
            expected_visits(form, schemas, expected_people(form, everybody))[
                ["subject_id", "visit"]
            ],
            form,
            snapshot,
            shapes[form.id],
        ).assign(forms=form.title)
        for form in schemas.forms
        if _is_asked_of_all(form)
    ]
    nothing = pd.DataFrame(
        {name: pd.Series(dtype="str") for name in ("subject_id", "visit", "forms")}
    )
    dated = pd.concat([nothing, *lack], ignore_index=True).join(dates, on="subject_id")
    return counted_from(dated, snapshot, schemas)


def _is_asked_of_all(form: Form) -> bool:
    return bool(form.visits) and form.expected is not Expected.AS_NEEDED and not form.arms


def _within(lack: pd.DataFrame, schemas: Schemas, *, first: date, last: date) -> pd.DataFrame:
    """A row for each visit whose window meets the span; who has left before it opens is not seen."""
    window = windows(lack, schemas.visits)
    dated = lack.assign(earliest=window.opens, target=window.target, latest=window.closes)
    meets = (dated["earliest"] <= pd.Timestamp(last)) & (dated["latest"] >= pd.Timestamp(first))
    kept = dated[meets & ~(dated["end_date"] < dated["earliest"])]
    place = ["subject_id", "visit", "earliest", "target", "latest"]
    return kept.groupby(place, sort=False)["forms"].agg("; ".join).reset_index()
