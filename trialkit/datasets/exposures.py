"""How long each participant was at risk, of every count of events that has an exposure.

A count without exposure has no rate, and an exposure without count none either: in a form that
repeats a row that lacks one of them is taken as if it had neither.
"""

import numpy as np
import pandas as pd

from trialkit.datasets.picked_rows import is_picked
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.protocol.trial.outcomes import AT_RISK, SESSIONS, Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.at_risk import AtRiskStatus
from trialkit.schemas.forms.forms import Form

EXPOSURE_UNKNOWN = "exposure not known"
NEVER_AT_RISK = "never at risk (exposure 0)"
EVENTS_WITHOUT_EXPOSURE = "events, but an exposure of 0"
NO_COUNT = "no whole number from 0 up"
COLUMNS = ["subject_id", "outcome", "visit", "exposure"]


def derive_exposures(
    sources: Sources,
    protocol: Protocol,
    subjects: pd.DataFrame,
    attendance: pd.DataFrame,
    at_risk: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A row each randomised participant, count with an exposure, and visit at which that is asked.

    ``exposure`` is NaN where it is not known, or negative. ``attendance`` and ``at_risk`` are those
    of the Datasets, for counts whose exposure they are.
    """
    people = randomised(subjects)[["subject_id"]]
    parts = []
    for outcome in protocol.outcomes:
        if outcome.exposure == AT_RISK:
            parts += [] if at_risk is None else [_of_time(outcome, at_risk)]
        elif outcome.exposure == SESSIONS:
            parts.append(_of_sessions(outcome, people, attendance))
        elif outcome.exposure:
            parts.append(_of_item(outcome, people, sources))
    together = pd.concat([_nothing(), *parts], ignore_index=True) if parts else _nothing()
    codes = [outcome.code for outcome in protocol.outcomes]
    known = together["exposure"] >= 0
    return together.assign(
        outcome=pd.Categorical(together["outcome"], categories=codes, ordered=True),
        visit=pd.Categorical(
            together["visit"], categories=list(protocol.visit_codes), ordered=True
        ),
        exposure=together["exposure"].where(known),
    )


def sinking_the_sum(counts: np.ndarray) -> np.ndarray:
    """The counts, of which one below 0 or with a fraction is as far below 0 as there is.

    A month of -1 falls would take one away from another month: with this no sum of it is a count.
    """
    known = np.isfinite(counts)
    return np.where(known & ((counts < 0) | (counts % 1 > 0)), -np.inf, counts)


def rows_with_both(
    outcome: Outcome, form: Form, counts: np.ndarray, sources: Sources
) -> np.ndarray:
    """The counts in the rows of a form, without those of rows that lack their exposure."""
    source = exposure_item(outcome)
    if source is None or source[0] != form.id or not form.repeating:
        return counts
    exposure = _numbers(sources, *source)
    return np.where(np.isnan(exposure), np.nan, counts)


def without_exposure(measurements: pd.DataFrame, exposures: pd.DataFrame) -> pd.DataFrame:
    """The measurements, in which a count without exposure is none, with the reason.

    ``value`` and ``missing_reason`` are those of the Datasets, and columns ``outcome`` and ``visit``
    are texts or categories.
    """
    if exposures.empty:
        return measurements
    keys = ["subject_id", "outcome", "visit"]
    known = exposures.astype({"outcome": "object", "visit": "object"}).set_index(keys)["exposure"]
    asked = pd.MultiIndex.from_frame(measurements[keys].astype("object"))
    place = known.index.get_indexer(asked)
    exposure = np.where(place >= 0, known.to_numpy()[place], 1.0)
    value = measurements["value"].to_numpy(dtype=float)
    counted = ~np.isnan(value)
    reason = measurements["missing_reason"].astype("object")
    for applies, why in (
        (counted & np.isnan(exposure), EXPOSURE_UNKNOWN),
        (counted & (exposure == 0) & (value == 0), NEVER_AT_RISK),
        (counted & (exposure == 0) & (value > 0), EVENTS_WITHOUT_EXPOSURE),
    ):
        reason = reason.mask(pd.Series(applies, index=measurements.index), why)
    there = pd.Series(counted & (exposure > 0), index=measurements.index)
    return measurements.assign(
        value=measurements["value"].where(there | ~counted, np.nan),
        missing_reason=reason.astype(measurements["missing_reason"].dtype),
    )


def exposure_item(outcome: Outcome) -> tuple[str, str] | None:
    """The form and the item that hold the exposure; None where it is of something else, or is none."""
    if outcome.exposure in {"", SESSIONS, AT_RISK}:
        return None
    form, _, item = outcome.exposure.partition(".")
    return form, item


def _of_item(outcome: Outcome, people: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """By the item of a form: of each visit, of rows that repeat the sum of those that are picked."""
    source = exposure_item(outcome)
    assert source is not None  # asked of others elsewhere
    form = sources.schemas.form(source[0])
    data = sources.snapshot[form.id].values
    keys = [name for name in form.key if name != "repeat"]
    rows = data[keys].assign(exposure=_numbers(sources, *source))
    rows = rows[rows[keys].notna().all(axis=1)]
    if form.repeating:
        counts = data[outcome.item].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        picked = is_picked(outcome.where, data).fillna(value=False).to_numpy(dtype=bool)
        both = pd.Series(picked & ~np.isnan(counts), index=data.index)
        rows = rows[both.loc[rows.index]]
        rows["exposure"] = rows["exposure"].mask(rows["exposure"] < 0, -np.inf)  # nor any sum of it
        rows = rows.groupby(keys, sort=False)["exposure"].sum(min_count=1).reset_index()
    visits = list(form.visits) or [outcome.time_point]
    grid = people.merge(pd.DataFrame({"visit": visits}), how="cross")
    on = ["subject_id", "visit"] if form.visits else ["subject_id"]
    found = grid.merge(rows, on=on, how="left", validate="many_to_one")
    return found.assign(outcome=outcome.code)[COLUMNS]


def _of_time(outcome: Outcome, at_risk: pd.DataFrame) -> pd.DataFrame:
    """By the time at risk: 0 of who never was, not known of who is unknown."""
    own = at_risk[at_risk["outcome"] == outcome.code]
    never = own["status"] == AtRiskStatus.NEVER_AT_RISK
    return own[["subject_id"]].assign(
        outcome=outcome.code,
        visit=outcome.time_point,
        exposure=own["time"].mask(never, 0.0),
    )[COLUMNS]


def _of_sessions(outcome: Outcome, people: pd.DataFrame, attendance: pd.DataFrame) -> pd.DataFrame:
    """By the sessions attended; not known where it is not known of one whether it was."""
    attended = attendance["attended"].astype("Float64").mask(attendance["unknown"] > 0)
    known = pd.Series(
        attended.to_numpy(dtype=float, na_value=np.nan), index=attendance["subject_id"]
    )
    return people.assign(
        outcome=outcome.code,
        visit=outcome.time_point,
        exposure=people["subject_id"].map(known).astype(float),
    )[COLUMNS]


def _numbers(sources: Sources, form: str, item: str) -> np.ndarray:
    values = sources.snapshot[form].values[item]
    numbers: np.ndarray = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return numbers


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS[:3]}).assign(
        exposure=pd.Series(dtype=float)
    )
