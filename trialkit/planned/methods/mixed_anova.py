"""A planned mixed ANOVA: its terms, and the arms' difference in change at each visit."""

from collections.abc import Iterator

import numpy as np
from scipy.special import stdtr, stdtrit

from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.analysis.diagnosing.diagnostics import diagnose_mixed_anova
from trialkit.analysis.means.means import compare_means
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.diagnostics import state_diagnostics
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials, refuse_adjusted
from trialkit.planned.series.residuals import residuals_around_means
from trialkit.planned.task.stating import (
    Statement,
    contrast_statement,
    contrast_stats,
    records,
    state_contrast,
    state_hedges,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.comparisons import MeansMethod
from trialkit.protocol.methods.linear_models import ContrastKind
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

TERM_STATS = (
    Stat.DF_NUM,
    Stat.DF_DEN,
    Stat.STATISTIC,
    Stat.P_VALUE,
    Stat.EPSILON_GG,
    Stat.EPSILON_HF,
    Stat.P_VALUE_GG,
    Stat.P_VALUE_HF,
    Stat.PARTIAL_ETA_SQUARED,
    Stat.GENERALISED_ETA_SQUARED,
)


def state_mixed_anova(task: Task, specification: MixedAnova) -> Iterator[Result | Series]:
    """The rows of a mixed ANOVA; its headline is the difference in change at the time point."""
    yield from state_numbers_analysed(task)
    rows = task.from_baseline_on(specification.visits)
    frame = rows.rename(columns={"arm": "group"})
    fit = mixed_anova(
        frame,
        outcome="value",
        subject="subject_id",
        between="group",
        within="visit",
        sum_of_squares=specification.sum_of_squares,
    )
    statement, of_contrast = statement_of(task), contrast_statement(task)
    for row in records(fit.to_frame()):
        yield from statement.about(term=str(row["term"])).state_row(row, TERM_STATS)
    contrasts = fit.contrasts(
        ContrastKind.CHANGE,
        reference=task.reference,
        adjustment=specification.adjustment,
        conf_level=task.level,
    )
    for row in records(contrasts):
        about = of_contrast.about(visit=str(row["visit"]), term=str(row["contrast"]))
        yield from state_contrast(about, row, contrast_stats(specification.adjustment))
    yield from state_diagnostics(statement, diagnose_mixed_anova(fit))
    yield from state_hedges_g(of_contrast, task)
    yield from residuals_around_means(task, rows, "value", ["arm", "visit"])


def state_hedges_g(statement: Statement, task: Task) -> Iterator[Result]:
    """Hedges' g of the change at the time point, for each contrast."""
    compared = compare_means(
        task.at_time_point(),
        outcome="change",
        arm="arm",
        reference=task.reference,
        method=MeansMethod.STUDENT_T,
        conf_level=task.level,
    )
    for row in compared.rows():
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]))
        yield from state_hedges(about, row)


def _decide(specification: MixedAnova, trials: SimulatedTrials) -> Decisions:
    """The mixed ANOVA of those with every visit; data sets alike in who is left go together."""
    values, arms = trials.values, trials.arms
    complete = ~np.isnan(values).any(axis=2)
    n_arms = int(arms.max()) + 1
    counts = np.stack([complete[:, arms == arm].sum(axis=1) for arm in range(n_arms)], axis=1)
    sets = len(values)
    found = {
        name: np.full((sets, n_arms - 1), np.nan)
        for name in ("estimate", "se", "p_value", "conf_low", "conf_high")
    }
    omnibus = np.full(sets, np.nan)
    kinds, kind_of = np.unique(counts, axis=0, return_inverse=True)
    for kind, sizes in enumerate(kinds):
        rows = np.flatnonzero(kind_of == kind)
        if sizes.min() < 1 or sizes.sum() - n_arms < 1:
            continue
        left = np.nonzero(complete[rows])[1].reshape(len(rows), -1)
        kept = np.take_along_axis(values[rows], left[:, :, None], axis=1)
        groups = np.repeat(np.arange(n_arms), sizes)
        anova = mixed_anova_batch(kept, groups, sum_of_squares=specification.sum_of_squares)
        omnibus[rows] = anova.p_value[:, anova.effects.index("interaction")]
        changes = _change_contrasts(trials, kept, sizes)
        for name, each in changes.items():
            found[name][rows] = each
    return Decisions(**found, omnibus=omnibus)


def _change_contrasts(
    trials: SimulatedTrials, kept: np.ndarray, sizes: np.ndarray
) -> dict[str, np.ndarray]:
    """The arms' differences in change at the time point, on the error of all arms together."""
    change = kept[:, :, trials.place] - kept[:, :, 0]
    starts = np.cumsum(sizes) - sizes
    means = np.add.reduceat(change, starts, axis=1) / sizes
    df = sizes.sum() - len(sizes)
    variance = np.square(change - np.repeat(means, sizes, axis=1)).sum(axis=1) / df
    se = np.sqrt(variance[:, None] * (1 / sizes[1:] + 1 / sizes[0]))
    estimate = means[:, 1:] - means[:, :1]
    reach = stdtrit(df, 0.5 + trials.level / 2) * se
    return {
        "estimate": estimate,
        "se": se,
        "p_value": 2 * stdtr(df, -np.abs(estimate / se)),
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
    }


def _refusal(specification: MixedAnova) -> str:
    if specification.visits:
        return "a mixed ANOVA of chosen visits has no kernel"
    return refuse_adjusted(specification.adjustment)


MIXED_ANOVA = MethodCard(
    specification=MixedAnova,
    carry_out=state_mixed_anova,
    kernel=Kernel(methods=(Method.MIXED_ANOVA,), decide=_decide, refusal=_refusal),
)
