"""Treatments compared within subjects over periods. See ``docs/methods/linear_mixed_models.md``."""

from collections.abc import Sequence

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, levels
from trialkit.analysis.frames.groups import arm_codes
from trialkit.analysis.linear.linear_model import (
    ModelColumn,
    build_design,
    independent_columns,
)
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.analysis.mixed.carry_over import carry_over_column, treatment_before
from trialkit.analysis.mixed.fitting import fit_mixed_model
from trialkit.analysis.mixed.groupings import RowGrouping, read_groupings
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.repeated import Likelihood
from trialkit.protocol.tables.choices import choose


@one_thread()
def crossover_mixed_model(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    period: str,
    treatment: str,
    reference: object,
    sequence: str | None = None,
    carry_over: bool = False,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    method: Likelihood | str = Likelihood.REML,
    inference: MixedInference | str = MixedInference.KENWARD_ROGER,
    scale: OutcomeScale | str = OutcomeScale.IDENTITY,
    order: Order | None = None,
) -> LinearMixedFit:
    """Treatments of a crossover trial compared, with a random intercept of each subject.

    Estimand
        The difference in means between treatments in the same subjects and period, no effect of a treatment
        lasting into the next period but what ``carry_over`` models.

    Reference
        Jones, Kenward, Design and Analysis of Cross-Over Trials (2014); Senn, Cross-over Trials in Clinical
        Research (2002). Kenward and Roger as in ``random_intercepts``.

    Checked against
        ``tests/reference/crossover/crossover_abba_complete.json``

    ``frame`` has one row a subject and period, with the treatment taken in it. Period and, where it is named,
    sequence are categories, text in its stated ``order``. Periods without an outcome are left out and the
    subject's others kept. With complete data the contrasts are those within subjects. ``carry_over`` adds
    the effect of the treatment before against that of the reference before; that of a period not measured
    is read from the subject's row, else from the sequence.

    Raises ``AnalysisError`` for two rows of a subject in a period, a subject of two sequences, one period,
    nobody with two periods, carry-over that is confounded with the sequence (two sequences of two periods),
    and for what ``random_intercepts`` refuses.
    """
    frame = as_pandas(frame)
    (who,) = read_groupings(frame, subject, nested=False)
    modelled = choose(OutcomeScale, scale, parameter="scale")
    when, periods = levels(frame, period, parameter="period", order=order)
    which = (
        None if sequence is None else levels(frame, sequence, parameter="sequence", order=order)[0]
    )
    given, _ = arm_codes(frame, treatment, reference=reference, order=order)
    _refuse_rows(who, subject, (when, periods, period), (which, sequence))
    before, unknown = treatment_before(who.codes, when, given, which)
    lost = [(unknown, f"{treatment} of the {period} before is not known")] if carry_over else []
    nuisance = (period,) if sequence is None else (period, sequence)
    rows = read_model_rows(
        frame,
        outcome=outcome,
        arm=treatment,
        reference=reference,
        covariates=(*nuisance, *covariates),
        categories=(*nuisance, *categories),
        scale=modelled,
        subject=subject,
        order=order,
        unusable=tuple(lost),
        several=True,
    )
    columns: tuple[ModelColumn, ...] = (*rows.covariates, rows.arm)
    held = {}
    if carry_over:
        carried = carry_over_column(before[rows.kept], rows.arm)
        columns = (*rows.covariates, carried, rows.arm)
        held = {carried.name: 0}
        _refuse_confounded(columns, rows, sequence)
    return fit_mixed_model(
        rows,
        columns,
        (who,),
        what="Crossover mixed model",
        outcome=outcome,
        scale=modelled,
        likelihood=choose(Likelihood, method, parameter="method"),
        inference=choose(MixedInference, inference, parameter="inference"),
        held=held,
    )


def _refuse_rows(
    who: RowGrouping,
    subject: str,
    periods: tuple[np.ndarray, tuple[object, ...], str],
    sequences: tuple[np.ndarray | None, str | None],
) -> None:
    """Refuse what no crossover has: two rows of a subject in a period, a subject of two sequences."""
    when, names, period = periods
    known = (who.codes >= 0) & (when >= 0)
    pairs = np.column_stack([who.codes[known], when[known]])
    distinct, count = np.unique(pairs, axis=0, return_counts=True)
    if (count > 1).any():
        one, at = distinct[int(np.argmax(count > 1))]
        raise AnalysisError(
            f"{subject} {who.levels[one]!r} has {int(count.max())} rows in {period} {names[at]!r}; "
            "the model takes one"
        )
    which, sequence = sequences
    if which is None:
        return
    known = (who.codes >= 0) & (which >= 0)
    own = np.unique(np.column_stack([who.codes[known], which[known]]), axis=0)[:, 0]
    twice = own[1:][own[1:] == own[:-1]]
    if len(twice):
        raise AnalysisError(
            f"{subject} {who.levels[twice[0]]!r} has more than one {sequence!r}; a subject belongs to one"
        )


def _refuse_confounded(
    columns: tuple[ModelColumn, ...], rows: ModelRows, sequence: str | None
) -> None:
    """Refuse carry-over that other terms explain, saying which."""
    design = build_design(columns, tuple((each.name,) for each in columns))
    if independent_columns(design).all() or sequence is None:
        return
    kept = tuple(each for each in columns if each.name != sequence)
    without = build_design(kept, tuple((each.name,) for each in kept))
    if independent_columns(without).all():
        raise AnalysisError(
            f"carry-over cannot be told from {sequence!r} in this design: with {rows.arm.name!r} and the "
            "periods they are the same differences between subjects",
            advice="leave sequence out; the row of carry-over is then the test of either",
        )
