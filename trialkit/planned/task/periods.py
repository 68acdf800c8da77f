"""What an analysis of a crossover trial uses, by treatment: a row a participant and period."""

from dataclasses import replace

import pandas as pd

from trialkit.datasets.inclusion import Included
from trialkit.datasets.model import Population
from trialkit.datasets.periods import period_values
from trialkit.protocol.compared import compared
from trialkit.protocol.trial.protocol import Protocol


def included_by_treatment(
    included: Included, protocol: Protocol, *, time_point: str, reads_baseline: bool
) -> Included:
    """The same participants, their arms the treatments and their rows the periods.

    The rows stand at the outcome's time point, each with the ``period`` and ``sequence`` that it is
    of. A period without what the analysis reads is left out with its reason, and not the participant.
    """
    rows = period_values(included.measurements, protocol)
    used = rows["value"].notna()
    reason = _no_value(rows["visit"], rows["missing_reason"], protocol)
    if reads_baseline:
        starts = {each.code: each.baseline for each in protocol.periods}
        at_start = rows["period"].astype("object").map(starts)
        reason = reason.where(~used, _no_value(at_start, rows["baseline_reason"], protocol))
        used = used & rows["baseline"].notna()
    left_out = rows.assign(reason=reason)[~used][["subject_id", "arm", "reason"]]
    kept = rows[used].drop(columns=["baseline_reason", "missing_reason", "visit"])
    return Included(
        measurements=kept.reset_index(drop=True).assign(
            visit=pd.Categorical([time_point] * len(kept), categories=[time_point])
        ),
        excluded=pd.concat(
            [_each_treatment(included.excluded, protocol), left_out], ignore_index=True
        ),
        lacking=included.lacking,
    )


def population_by_treatment(population: Population, protocol: Protocol) -> Population:
    """Each member once in each treatment of the sequence."""
    return replace(
        population,
        members=_each_treatment(population.members, protocol),
        excluded=_each_treatment(population.excluded, protocol),
    )


def _no_value(visits: pd.Series, reasons: pd.Series, protocol: Protocol) -> pd.Series:
    labels = {each.code: each.label for each in protocol.visits}
    why = reasons.astype("object").fillna("nobody asks").astype("str")
    return "no value at " + visits.map(labels).astype("str") + " (" + why + ")"


def _each_treatment(people: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """People in sequences as people in each treatment of theirs."""
    given = {arm.code: tuple(dict.fromkeys(arm.treatments)) for arm in protocol.arms}
    codes = compared(protocol).arm_codes
    several = people.assign(arm=people["arm"].astype("object").map(given)).explode("arm")
    arms = pd.Categorical(several["arm"], categories=list(codes), ordered=True)
    return several.assign(arm=arms).reset_index(drop=True)
