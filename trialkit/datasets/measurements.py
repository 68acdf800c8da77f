"""One row a randomised participant, outcome and planned visit: its value, or why there is none."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from pandas.api.extensions import take

from trialkit.datasets.asking import asked
from trialkit.datasets.exposures import NO_COUNT, rows_with_both, sinking_the_sum, without_exposure
from trialkit.datasets.flags import is_no
from trialkit.datasets.picked_rows import picked_rows
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.decimals.columns import difference
from trialkit.errors import DatasetError
from trialkit.protocol.methods.outcome_kinds import Summary, Values
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.at_risk import AtRiskStatus
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.reading.asking import visits_that_ask
from trialkit.schemas.values.spelling import one_spelling
from trialkit.store.due import randomised_on_no_day, visits_due, windows
from trialkit.store.reference_days import counted_from

NO_FORM = "form not completed"
BLANK = "left blank, no reason given"
NOT_ASKED = "not to be asked"
PERHAPS_ASKED = "left blank, and not known whether it was to be asked"
NOT_YET_DUE = "not yet due at the data cut"
AFTER_CUT = "later than the data cut"
STILL_TO_COME = (NOT_YET_DUE, AFTER_CUT)
"""Reasons of participants who are still followed up: nobody has lost them."""
NOT_EXPECTED = (*STILL_TO_COME, NOT_ASKED)
"""Reasons why there need not be a value, so that it is not one of those that are missing."""


def derive_measurements(
    sources: Sources,
    protocol: Protocol,
    subjects: pd.DataFrame,
    at_risk: pd.DataFrame | None = None,
    *,
    exposures: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every planned value of every outcome; columns as in Datasets.

    ``at_risk`` are the times at risk, of which an outcome that is derived from days is made.
    ``exposures`` are those of the Datasets; None where no count has one.
    """
    people = randomised(subjects)[
        ["subject_id", "arm", "randomisation_date", "completed", "end_date", "end_reason"]
    ]
    each = _of_outcomes(people, sources, protocol)
    entered = [_with_reasons(pd.concat(each, ignore_index=True), sources, protocol)] if each else []
    together = pd.concat([*entered, *_of_days(protocol, at_risk)], ignore_index=True)
    together = _whole_counts(together, protocol)
    if exposures is not None:
        together = without_exposure(together, exposures)
    outcomes = [outcome.code for outcome in protocol.outcomes]
    ordered = together.assign(
        outcome=pd.Categorical(together["outcome"], categories=outcomes, ordered=True),
        visit=pd.Categorical(
            together["visit"], categories=list(protocol.visit_codes), ordered=True
        ),
    )
    return derive_change(ordered, baseline_visit=protocol.baseline.code)


def outcome_levels(sources: Sources, protocol: Protocol) -> Mapping[str, Mapping[str, str]]:
    """By ordinal outcome, the code and label of each of its levels in the order of the form."""
    return {
        outcome.code: {choice.code: choice.label for choice in item.choices}
        for outcome in protocol.outcomes
        if outcome.kind.values is Values.LEVEL
        for item in [sources.schemas.form(outcome.form).item(outcome.item)]
    }


def planned_visits(sources: Sources, protocol: Protocol) -> Mapping[str, tuple[str, ...]]:
    """By outcome, the visits at which its form asks it; its time point where the form has none."""
    return {outcome.code: _visits_of(outcome, sources, protocol) for outcome in protocol.outcomes}


def _visits_of(outcome: Outcome, sources: Sources, protocol: Protocol) -> tuple[str, ...]:
    form = sources.schemas.form(outcome.form)
    if not form.visits or outcome.kind.is_of_time:
        return (outcome.time_point,)
    asking = visits_that_ask(form, form.item(outcome.item), sources.schemas.forms)
    return tuple(visit for visit in protocol.visit_codes if visit in asking)


def derive_change(measurements: pd.DataFrame, *, baseline_visit: str) -> pd.DataFrame:
    """Add ``baseline`` and ``change``, in decimal, to one value a subject, outcome and visit."""
    key = ["subject_id", "outcome"]
    at_baseline = measurements["visit"] == baseline_visit
    baseline = measurements.loc[at_baseline, [*key, "value"]].rename(columns={"value": "baseline"})
    together = measurements.merge(baseline, on=key, how="left", validate="many_to_one")
    change = difference(*(together[name].to_numpy(dtype=float) for name in ("value", "baseline")))
    return together.assign(change=change)


def _of_outcomes(people: pd.DataFrame, sources: Sources, protocol: Protocol) -> list[pd.DataFrame]:
    """What was entered for each participant and planned visit, and of whom nothing was; by outcome.

    Whose rows a form has is looked up once for all of its outcomes that are planned at the same visits.
    """
    grids: dict[tuple[str, tuple[str, ...]], pd.DataFrame] = {}
    each = []
    for outcome in protocol.outcomes:
        if outcome.kind.is_of_time:
            continue
        form = sources.schemas.form(outcome.form)
        visits = _visits_of(outcome, sources, protocol)
        if (form.id, visits) not in grids:
            grids[form.id, visits] = _planned(people, form, visits, sources)
        each.append(_of_outcome(outcome, form, grids[form.id, visits], sources))
    return each


def _of_days(protocol: Protocol, at_risk: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    """Of each outcome that is derived from days the time at risk, or the number of its events."""
    for outcome in protocol.outcomes:
        if not outcome.kind.is_of_time or at_risk is None:
            continue
        own = at_risk[at_risk["outcome"] == outcome.code]
        counted = "time" if outcome.kind.summary is Summary.TIME else "events"
        value = own[counted].where(own["time"].notna())
        yield own[["subject_id", "arm", "outcome"]].assign(
            visit=outcome.time_point,
            value=value,
            missing_reason=own["reason"].where(value.isna()),
            not_applicable=own["status"] == AtRiskStatus.NEVER_AT_RISK,
        )


def _planned(
    people: pd.DataFrame, form: Form, visits: tuple[str, ...], sources: Sources
) -> pd.DataFrame:
    """Each participant at each of these visits, with the place of the form's row, −1 for none."""
    grid = people.merge(pd.DataFrame({"visit": visits}), how="cross")
    keys = [name for name in form.key if name != "repeat"]
    rows = sources.snapshot[form.id].values[keys]
    rows = rows.assign(place=np.arange(len(rows)))
    if form.repeating:  # whether there is any; picked_rows says which of them count
        rows = rows.drop_duplicates(keys)
    known = rows["visit"].isin(form.visits) if form.visits else rows["subject_id"].notna()
    on = ["subject_id", "visit"] if form.visits else ["subject_id"]
    joined = grid.merge(rows[known], on=on, how="left", validate="many_to_one")
    joined["place"] = joined["place"].fillna(-1).astype("int64")
    joined["later"] = _comes_later(joined, form, sources)
    return joined


def _of_outcome(
    outcome: Outcome, form: Form, planned: pd.DataFrame, sources: Sources
) -> pd.DataFrame:
    """What was entered of the outcome's item, and whether it was to be."""
    values, codes = _entered(outcome, form, sources)
    if form.repeating:
        found = picked_rows(outcome, form, values, codes, sources)
        joined = planned.merge(found, on=list(form.key[:-1]), how="left", validate="many_to_one")
        is_asked = joined["asked"].astype("boolean").mask(joined["place"] < 0, other=True)
        is_asked &= joined["arm"].isin(form.arms) if form.arms else True
        return joined.assign(outcome=outcome.code, asked=is_asked)
    place = planned["place"].to_numpy()
    return planned.assign(
        outcome=outcome.code,
        value=take(values, place, allow_fill=True, fill_value=np.nan),
        code=take(codes.array, place, allow_fill=True),
        asked=asked(form.item(outcome.item), form, planned, sources),
        why=pd.Series(pd.NA, index=planned.index, dtype="object"),
    )


def _with_reasons(joined: pd.DataFrame, sources: Sources, protocol: Protocol) -> pd.DataFrame:
    """The values of all outcomes, and why there is none where there is none."""
    missing = joined["value"].isna()
    no_value = [each.code for each in sources.schemas.data.all_missing_codes if each.not_applicable]
    reason = _missing_reason(joined, sources, protocol)
    return joined.assign(
        missing_reason=_spelled_once(reason.where(missing)),
        not_applicable=missing & joined["code"].isin(no_value) & ~is_no(joined["asked"]),
    )[["subject_id", "arm", "outcome", "visit", "value", "missing_reason", "not_applicable"]]


def _whole_counts(joined: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Without numbers of events that are none; that they are wrong is a matter of the form's rules."""
    counts = [each.code for each in protocol.outcomes if each.kind.is_rate]
    value = joined["value"]
    impossible = joined["outcome"].isin(counts) & ((value < 0) | (value % 1 > 0))
    return joined.assign(
        value=value.mask(impossible),
        missing_reason=joined["missing_reason"].mask(impossible, NO_COUNT),
    )


def _comes_later(joined: pd.DataFrame, form: Form, sources: Sources) -> pd.Series:
    """Where the data have the form, dated after the cut."""
    later = sources.snapshot.later(form.id)
    if later.empty:
        return pd.Series(data=False, index=joined.index)
    visit = joined["visit"] if form.visits else pd.Series("", index=joined.index)
    keys = pd.MultiIndex.from_arrays([joined["subject_id"], visit])
    known = pd.MultiIndex.from_frame(later[["subject_id", "visit"]])
    return pd.Series(keys.isin(known), index=joined.index)


def _entered(outcome: Outcome, form: Form, sources: Sources) -> tuple[np.ndarray, pd.Series]:
    """The outcome's item as numbers, and its missing codes, in the rows of the form."""
    data = sources.snapshot[form.id]
    numbers = _NUMBERS[outcome.kind.values](data.values[outcome.item], outcome, form)
    if outcome.kind.is_rate:
        numbers = sinking_the_sum(numbers)
    return rows_with_both(outcome, form, numbers, sources), data.codes[outcome.item]


def _yes_or_no(values: pd.Series, outcome: Outcome, form: Form) -> np.ndarray:
    if values.dtype != "boolean":
        raise DatasetError(
            f"outcome {outcome.code!r} is {outcome.type.value}, so its item {form.id}.{outcome.item} must be "
            f"of type yes_no"
        )
    return _as_they_are(values, outcome, form)


def _as_they_are(values: pd.Series, outcome: Outcome, form: Form) -> np.ndarray:
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise DatasetError(
            f"outcome {outcome.code!r} needs numbers, but its item {form.id}.{outcome.item} is "
            f"of type {form.item(outcome.item).type.value}"
        )
    numbers: np.ndarray = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return numbers


def _places(values: pd.Series, outcome: Outcome, form: Form) -> np.ndarray:
    """The place of each choice in the order of the form, from 1 on."""
    item = form.item(outcome.item)
    if not item.choices:
        raise DatasetError(
            f"outcome {outcome.code!r} is {outcome.type.value}, so its item {form.id}.{item.id} must be "
            "a choice, whose order in the form is that of the levels"
        )
    places = {code: float(place) for place, code in enumerate(item.codes, start=1)}
    return np.array([places.get(code, np.nan) for code in values.astype("object")], dtype=float)


_NUMBERS: Mapping[Values, Callable[[pd.Series, Outcome, Form], np.ndarray]] = MappingProxyType(
    {Values.NUMBER: _as_they_are, Values.YES_NO: _yes_or_no, Values.LEVEL: _places}
)
"""What was entered as numbers, by what a form must record."""


def _missing_reason(joined: pd.DataFrame, sources: Sources, protocol: Protocol) -> pd.Series:
    """Why there is no value: its code, how the participant had left, or what became of the form.

    Before all that, whether the form asks for it: what was not to be asked lacks no reason.
    Leaving explains a visit whose window opened afterwards, and no blank before. A form without a
    row is not due yet as long as its visit is not (:mod:`trialkit.store.due`), unless the participant
    has left, or was randomised on a day that is blank: nobody can say that it is still to come.
    """
    labels = {code.code: code.label for code in sources.schemas.data.all_missing_codes}
    ended, absent = joined["end_date"], joined["place"] < 0
    dated = counted_from(joined, sources.snapshot, sources.schemas)
    opens = windows(dated, protocol.visits).opens
    had_left = (opens > ended) | (ended.isna() & is_no(joined["completed"]) & absent)
    nobody_knows = joined["subject_id"].isin(
        randomised_on_no_day(sources.snapshot, sources.schemas)
    )
    due = visits_due(joined, sources.snapshot, sources.schemas) | nobody_knows
    left = joined["end_reason"].where(is_no(joined["completed"]) & had_left)
    unknown = (
        pd.Series(BLANK, index=joined.index)
        .mask(joined["asked"].isna(), PERHAPS_ASKED)
        .mask(joined["why"].notna(), joined["why"])
        .mask(absent, NO_FORM)
        .mask(absent & joined["later"], AFTER_CUT)
        .mask(absent & ~due & ended.isna(), NOT_YET_DUE)
    )
    coded = joined["code"].map(labels)
    found = coded.fillna(left.astype("object")).fillna(unknown).astype("str")
    return found.mask(is_no(joined["asked"]), NOT_ASKED)


def _spelled_once(reason: pd.Series) -> pd.Series:
    """Reasons that mean the same as one, but for what is not expected: that is ours alone to say."""
    return one_spelling(reason.mask(reason.isin(NOT_EXPECTED))).fillna(reason)
