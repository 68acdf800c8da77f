"""Deviations that findings and missed visits propose: one a participant, visit and kind."""

import hashlib
from collections.abc import Iterable

import pandas as pd
import polars as pl

from trialkit.checks.deviations.kinds import GROUNDS, OF_PARTICIPANT, DeviationKind
from trialkit.checks.findings.listing import sites_of
from trialkit.checks.judging.people import people_at
from trialkit.checks.judging.shape import check_shape
from trialkit.checks.trial.completeness import forms_due
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, FormKind, Schemas, Severity
from trialkit.schemas.forms.not_done import CODE
from trialkit.schemas.items.days import read_day
from trialkit.schemas.items.kind import Reading
from trialkit.store.due import visits_attended
from trialkit.store.snapshot import Snapshot

PROPOSED = ("id", "subject_id", "site", "visit", "date", "kind", "description", "proposed_from")
"""The columns of the proposals, all text."""
_KEY = ["subject_id", "visit", "kind"]
_GROUNDS = [*_KEY, "date", "description", "proposed_from"]


def deviation_id(subject_id: str, visit: str, kind: str) -> str:
    """The name of a deviation, the same in every run; it begins with a letter, as no number does."""
    place = f"{subject_id}\x1f{visit}\x1f{kind}"
    return "d" + hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:15]


def from_findings(found: pd.DataFrame, schemas: Schemas, protocol: Protocol) -> pd.DataFrame:
    """What findings propose; one that follows from a slip of the data proposes nothing."""
    rules = {rule.value: ground for rule, ground in GROUNDS.items()}
    ruled = dict(zip(found["query_key"], found["rule_id"], strict=True))
    follows_a_slip = (found["cause"] != "") & ~found["cause"].map(ruled).isin(list(rules))
    hardly = (found["rule_id"] == BuiltIn.NOT_RANDOMISED) & (found["severity"] != Severity.HARD)
    of_arms = found["form"].isin([form.id for form in schemas.forms if form.arms])
    missing = found["rule_id"] == BuiltIn.MISSING_FORM
    silent = missing & (of_arms | (found["visit"] == ""))
    named = found["rule_id"].isin(list(rules)) & (found["subject_id"] != "")
    doubted = found["rule_id"] == BuiltIn.RANDOMISATION_DATE_DOUBTED
    undated = found["subject_id"].isin(found.loc[doubted, "subject_id"])
    slips = undated & found["rule_id"].isin([BuiltIn.VISIT_WINDOW, BuiltIn.DATE_ORDER])
    rows = found[named & ~follows_a_slip & ~slips & ~hardly & ~silent]
    kinds = {rule: ground.kind.value for rule, ground in rules.items()}
    says = {rule: ground.says for rule, ground in rules.items()}
    kind = rows["rule_id"].map(kinds).astype("str")
    whole = kind.isin([each.value for each in OF_PARTICIPANT])
    visit = rows["visit"].mask(whole, "")
    titles = {form.id: form.title for form in schemas.forms}
    what = rows["rule_id"].map(says).astype("str")
    lacks = rows["rule_id"] == BuiltIn.MISSING_FORM
    what = what.mask(lacks, what + ": " + rows["form"].map(titles).fillna("").astype("str"))
    date = _dates(rows["value"], schemas)
    return pd.DataFrame(
        {
            "subject_id": rows["subject_id"],
            "visit": visit,
            "kind": kind,
            "date": date,
            "description": what + _place(visit, date, protocol),
            "proposed_from": rows["rule_id"],
        }
    )[_GROUNDS].astype("str")


def missed_visits(snapshot: Snapshot, schemas: Schemas, protocol: Protocol) -> pd.DataFrame:
    """The due visits of the randomised at which nothing was answered, marked as not done or not.

    A visit that only forms of some arms have is left out, for it tells the arm; so is one marked
    as not applicable.
    """
    shape = check_shape(snapshot, schemas)
    everybody = people_at(snapshot, schemas, shape)
    if schemas.of_kind(FormKind.RANDOMISATION) is not None:
        everybody = everybody[everybody["randomised"]]
    asked = [
        form
        for form in schemas.forms
        if form.visits and form.expected is not Expected.AS_NEEDED and not form.arms
    ]
    key = ["subject_id", "visit"]
    due = [forms_due(form, snapshot, schemas, everybody)[key] for form in asked]
    pairs = pd.concat([pd.DataFrame(columns=key, dtype="str"), *due]).drop_duplicates()
    there = [visits_attended(snapshot, schemas), *_not_applicable(snapshot, schemas)]
    known = pd.MultiIndex.from_frame(pd.concat(there)[key])
    missed = pairs[~pd.MultiIndex.from_frame(pairs).isin(known)].astype("str")
    return missed.assign(
        kind=DeviationKind.MISSED_VISIT.value,
        date="",
        description="Nothing was answered at a visit that is due"
        + _place(missed["visit"], pd.Series("", index=missed.index), protocol),
        proposed_from="due",
    )[_GROUNDS]


def _not_applicable(snapshot: Snapshot, schemas: Schemas) -> list[pd.DataFrame]:
    if not snapshot.not_done:
        return []
    codes = [each.code for each in schemas.data.all_missing_codes if each.not_applicable]
    marked = (
        rows.filter(pl.col(CODE).is_in(codes))
        for rows in snapshot.not_done.marked.values()
        if "visit" in rows.columns
    )
    return [
        pd.DataFrame({name: rows[name].to_list() for name in ("subject_id", "visit")}, dtype="str")
        for rows in marked
    ]


def proposals(
    grounds: Iterable[pd.DataFrame], snapshot: Snapshot, schemas: Schemas, protocol: Protocol
) -> pd.DataFrame:
    """One row a participant, visit and kind, with all that was found of it; columns ``PROPOSED``.

    A form that lacks at a visit that was missed as a whole is not said by itself.
    """
    rows = pd.concat([pd.DataFrame(columns=_GROUNDS, dtype="str"), *grounds], ignore_index=True)
    missed = rows[rows["kind"] == DeviationKind.MISSED_VISIT]
    whole = pd.MultiIndex.from_frame(missed[["subject_id", "visit"]])
    within = pd.MultiIndex.from_frame(rows[["subject_id", "visit"]]).isin(whole)
    rows = rows[~(within & (rows["kind"] == DeviationKind.MISSED_FORM).to_numpy())]
    order = {code: at for at, code in enumerate(protocol.visit_codes)}
    rows = rows.assign(at=rows["visit"].map(order).fillna(-1).astype("int64"))
    by = ["subject_id", "at", *_KEY[1:], "date", "description"]
    rows = rows.sort_values(by, kind="stable")[_GROUNDS].astype("str")
    each = rows.groupby(_KEY, sort=False)
    one = each.agg({"date": "first", "description": _together, "proposed_from": _together})
    one = one.reset_index().astype("str")
    ids = map(deviation_id, one["subject_id"], one["visit"], one["kind"])
    site = sites_of(one["subject_id"], snapshot, schemas, protocol)
    ordered = one.assign(id=pd.Series(list(ids), index=one.index, dtype="str"), site=site)
    return ordered[list(PROPOSED)].astype("str").reset_index(drop=True)


def _together(texts: pd.Series) -> str:
    return "; ".join(dict.fromkeys(texts))


def _dates(entered: pd.Series, schemas: Schemas) -> pd.Series:
    """The days among some values as year, month and day; empty for all else."""
    text = pl.DataFrame({"value": pl.Series(entered.tolist(), dtype=pl.String)})
    day = read_day(pl.col("value").str.strip_chars(), Reading(data=schemas.data))
    said = text.select(day.dt.strftime("%Y-%m-%d").fill_null(""))
    return pd.Series(said.to_series().to_list(), index=entered.index, dtype="str")


def _place(visit: pd.Series, date: pd.Series, protocol: Protocol) -> pd.Series:
    """The visit's name and the day, where they are known."""
    labels = {each.code: each.label for each in protocol.visits}
    label = visit.map(labels).fillna("").astype("str")
    at = (" (" + label + ")").mask(label == "", "")
    on: pd.Series = (", " + date).mask(date == "", "")
    return at + on
