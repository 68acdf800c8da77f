"""The measurements of a crossover trial by period: what was given, and the values at its start and end."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from trialkit.decimals.columns import difference
from trialkit.protocol.compared import compared
from trialkit.protocol.trial.crossover import TreatmentPeriod
from trialkit.protocol.trial.protocol import Protocol


def period_values(measurements: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """One row a participant, outcome and period whose time point is asked for.

    ``measurements`` are those of the Datasets, ``arm`` the sequence that a participant is counted in.
    Columns ``subject_id``, ``sequence``, ``outcome``, ``period`` (its code), ``arm`` (the treatment
    that the sequence has in it; ordered category, reference first), ``visit`` (the period's time
    point), ``value``, ``baseline`` (at the start of this period; NaN where it has none), ``change``,
    ``missing_reason``, ``not_applicable``, ``baseline_reason``.
    """
    found = [*_of_periods(measurements, protocol)]
    together = pd.concat(found, ignore_index=True)
    codes = compared(protocol).arm_codes
    return together.assign(
        arm=pd.Categorical(together["arm"], categories=list(codes), ordered=True),
        period=pd.Categorical(
            together["period"], categories=[each.code for each in protocol.periods], ordered=True
        ),
        change=difference(
            *(together[name].to_numpy(dtype=float) for name in ("value", "baseline"))
        ),
    )


def at_start_and_end(periods: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """The values of :func:`period_values` as measurements: of each period one at its start and end.

    The visits are those of the compared protocol, whatever the period.
    """
    start, end = compared(protocol).visit_codes
    ends = periods.assign(visit=end)
    starts = periods.assign(
        visit=start,
        value=periods["baseline"],
        change=np.nan,
        missing_reason=periods["baseline_reason"],
        not_applicable=False,
    )
    return pd.concat([starts, ends], ignore_index=True)


def given_in(period: TreatmentPeriod, protocol: Protocol) -> Mapping[str, str]:
    """By arm, the code of the treatment that its sequence has in a period."""
    place = protocol.periods.index(period)
    return {arm.code: arm.treatments[place] for arm in protocol.arms}


def _of_periods(measurements: pd.DataFrame, protocol: Protocol) -> Iterator[pd.DataFrame]:
    key = ["subject_id", "outcome"]
    for period in protocol.periods:
        ends = measurements[measurements["visit"] == period.time_point].drop(
            columns=["baseline", "change"]
        )
        starts = measurements.loc[
            measurements["visit"] == period.baseline, [*key, "value", "missing_reason"]
        ].rename(columns={"value": "baseline", "missing_reason": "baseline_reason"})
        joined = ends.merge(starts, on=key, how="left", validate="one_to_one")
        sequence = joined["arm"].astype("object")
        yield joined.assign(
            sequence=sequence.astype("str"),
            arm=sequence.map(given_in(period, protocol)),
            period=period.code,
            visit=joined["visit"].astype("str"),
            baseline=joined["baseline"].astype("float64").where(joined["baseline"].notna(), np.nan),
            baseline_reason=joined["baseline_reason"].astype("object"),
        )
