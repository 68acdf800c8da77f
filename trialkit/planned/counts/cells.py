"""The measurements of each outcome in each arm at each visit, grouped once for all who count them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from trialkit.datasets.measurements import NOT_ASKED, STILL_TO_COME
from trialkit.protocol.trial.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmValues:
    """The participants of one arm at one visit: an array each, one element a participant."""

    value: np.ndarray
    change: np.ndarray
    missing_reason: np.ndarray
    not_applicable: np.ndarray
    """Whose value cannot exist."""
    not_asked: np.ndarray
    """Of whom the form does not ask it."""
    to_come: np.ndarray
    """Whose value is not due yet at the data cut, or came after it."""
    exposure: np.ndarray
    """How long each was at risk, NaN where it is not known; 1 where no exposure is asked."""
    levels: tuple[str, ...] = ()
    """Of an ordinal outcome, the labels of its levels in their order: the value 1 is the first."""

    @property
    def expected(self) -> np.ndarray:
        """Of whom there should be a value by now."""
        expected: np.ndarray = ~self.not_applicable & ~self.not_asked & ~self.to_come
        return expected


Cells = Mapping[tuple[str, str], ArmValues]
"""The cells of an outcome by visit and arm, in the order of the protocol."""


def cells_of(
    measurements: pd.DataFrame,
    protocol: Protocol,
    *,
    planned: Mapping[str, tuple[str, ...]],
    levels: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Mapping[str, Cells]:
    """The cells of every outcome at the visits that are planned for it; any may be empty.

    ``measurements`` has the columns of the Datasets, and may have an ``exposure``; ``planned`` are
    their ``planned_visits`` and ``levels`` their ``outcome_levels``.
    """
    no_value = measurements["not_applicable"].to_numpy(dtype=bool)
    whole = ArmValues(
        exposure=measurements["exposure"].to_numpy(dtype=float)
        if "exposure" in measurements.columns
        else np.ones(len(measurements)),
        value=measurements["value"].to_numpy(dtype=float),
        change=measurements["change"].to_numpy(dtype=float),
        missing_reason=measurements["missing_reason"].to_numpy(dtype=object),
        not_applicable=no_value,
        not_asked=(measurements["missing_reason"] == NOT_ASKED).to_numpy(dtype=bool),
        to_come=measurements["missing_reason"].isin(STILL_TO_COME).to_numpy() & ~no_value,
    )
    codes = [each.code for each in protocol.outcomes], [each.code for each in protocol.visits]
    outcomes, visits, arms = (
        pd.Index(known).get_indexer(pd.Index(measurements[name].to_numpy(dtype=object)))
        for name, known in zip(
            ("outcome", "visit", "arm"), (*codes, protocol.arm_codes), strict=True
        )
    )
    in_arms = {arm: arms == number for number, arm in enumerate(protocol.arm_codes)}
    found: dict[str, dict[tuple[str, str], ArmValues]] = {}
    for number, outcome in enumerate(protocol.outcomes):
        own = outcomes == number
        places = {visit: own & (visits == codes[1].index(visit)) for visit in planned[outcome.code]}
        labels = tuple(levels.get(outcome.code, {}).values())
        found[outcome.code] = {
            (visit, arm): replace(_part(whole, place & in_arm), levels=labels)
            for visit, place in places.items()
            for arm, in_arm in in_arms.items()
        }
    return found


def _part(cell: ArmValues, rows: np.ndarray) -> ArmValues:
    """Those of a cell whom ``rows`` marks."""
    return ArmValues(
        value=cell.value[rows],
        change=cell.change[rows],
        missing_reason=cell.missing_reason[rows],
        not_applicable=cell.not_applicable[rows],
        not_asked=cell.not_asked[rows],
        to_come=cell.to_come[rows],
        exposure=cell.exposure[rows],
    )
