"""Visits of a period that come before the treatment of the period before could be washed out."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, doubted_rows, hits_at_rows
from trialkit.grammar import by_number
from trialkit.protocol.trial.crossover import TreatmentPeriod
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Purpose, Schemas, Severity


def check_periods(
    schemas: Schemas,
    protocol: Protocol,
    *,
    cells: Mapping[str, CheckedCells],
    held: Mapping[str, pd.DataFrame],
    found: Sequence[Hits],
) -> tuple[Hits, ...]:
    """Nothing where the protocol has no periods; ``held`` are the visits whose date can be right.

    A visit of the first period is as right as its window; one of a later period is not before the end
    of the washout, which begins with the last visit of the period before. No message names a treatment.
    """
    if not protocol.is_crossover or not held:
        return ()
    every = pd.concat(held.values(), ignore_index=True)
    dated = [form for form in schemas.forms if form.id in held]
    return tuple(
        hits
        for before, period in zip(protocol.periods, protocol.periods[1:], strict=False)
        for form in dated
        for hits in _too_early(
            form, cells[form.id], held[form.id], every, periods=(before, period), found=found
        )
    )


def _too_early(
    form: Form,
    cells: CheckedCells,
    visits: pd.DataFrame,
    every: pd.DataFrame,
    *,
    periods: tuple[TreatmentPeriod, TreatmentPeriod],
    found: Sequence[Hits],
) -> Iterator[Hits]:
    before, period = periods
    item = form.item_for(Purpose.VISIT_DATE)
    if item is None:
        return
    last = every[every["visit"].isin(before.visits)].groupby("subject_id")["day"].max()
    own = visits[visits["visit"].isin(period.visits)]
    ended = own["subject_id"].map(last)
    days = period.washout_days or 0
    early = own[own["day"] < ended + pd.Timedelta(days=days)]
    early = early[~early["row"].isin(doubted_rows(found, form, item))]
    needed = (
        f"less than {days} {by_number(days, 'day', 'days')} after the last visit of {before.label}, "
        "the washout of the protocol"
        if days
        else f"before the last visit of {before.label}"
    )
    yield from hits_at_rows(
        form,
        cells.data,
        early["row"].to_numpy(dtype=np.intp),
        lambda entered: (
            f"{item.label}: "
            + wording.shown(entered)
            + f" is a visit of {period.label}, and {needed}. Correct the date that is wrong, or confirm "
            "them."
        ),
        item=item.id,
        rule_id=BuiltIn.PERIOD_TOO_EARLY.value,
        severity=Severity.SOFT,
    )
