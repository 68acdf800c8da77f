"""Planned comparisons of treatments within the participants of a crossover trial."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from trialkit.analysis.crossover.crossover_events import crossover_events
from trialkit.analysis.crossover.crossover_means import crossover_means
from trialkit.analysis.mixed.crossover import crossover_mixed_model
from trialkit.errors import AnalysisError
from trialkit.planned.methods.ancova import MEAN_STATS
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import join_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    Statement,
    contrast_statement,
    records,
    state_contrast,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.crossover_options import BinaryCrossoverTest, CrossoverEffect
from trialkit.results.effect import EXACT, Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

NO_PREFERENCE = "not estimable: too few had the event in one period alone"
BESIDE = {
    CrossoverEffect.PERIOD.value: Term.PERIOD,
    CrossoverEffect.CARRY_OVER.value: Term.CARRY_OVER,
}
"""The terms of what stands beside the effect of the treatment."""


def state_crossover_difference(task: Task, specification: CrossoverDifference) -> Iterator[Result]:
    """The difference of two treatments by a t test; period and carry-over stand beside it."""
    yield from state_numbers_analysed(task)
    _refuse_small_sequences(task)
    found = crossover_means(
        task.included.measurements,
        outcome=response_column(specification.response),
        subject="subject_id",
        period="period",
        treatment="arm",
        reference=task.reference,
        conf_level=task.level,
    )
    for row in records(found.to_frame()):
        if row["effect"] == CrossoverEffect.TREATMENT.value:
            about = contrast_statement(task)
            about = about.about(visit=task.outcome.time_point, term=str(row["contrast"]))
            yield from state_contrast(about, row)
        else:
            yield from _state_beside(task, row, CONTRAST_STATS)


def _refuse_small_sequences(task: Task) -> None:
    """Raise :class:`AnalysisError`, in the trial's words, where a sequence has too few for a variance."""
    rows, protocol = task.included.measurements, task.sequences or task.protocol
    periods = rows.groupby("subject_id", observed=True)["period"].nunique()
    whole = rows[rows["subject_id"].map(periods) == len(protocol.periods)]
    sizes = whole.drop_duplicates("subject_id")["sequence"].astype("str").value_counts()
    for arm in protocol.arms:
        size = int(sizes.get(arm.code, 0))
        if size < 2:
            raise AnalysisError(
                f"the sequence {arm.label} needs two participants with both periods, got {size}"
            )


def _state_beside(
    task: Task, row: Mapping[str, object], stats: tuple[Stat, ...]
) -> Iterator[Result]:
    """The effect of the period, or carry-over: shown, and never what an analysis is chosen by."""
    about = statement_of(task).about(
        visit=task.outcome.time_point, term=BESIDE[str(row["effect"])], note=str(row["note"] or "")
    )
    if pd.isna(row[Stat.P_VALUE.value]):  # type: ignore[call-overload]
        lacks = about.state(
            Stat.P_VALUE, None, note=f"not estimable: {about.note or 'nothing varies'}"
        )
        yield replace(lacks, status=Status.NOT_ESTIMABLE)
        return
    yield from about.state_row(row, stats)


def state_crossover_model(task: Task, specification: CrossoverModel) -> Iterator[Result]:
    """The adjusted means of the treatments, and their differences within participants."""
    yield from state_numbers_analysed(task)
    rows = join_characteristics(task.included.measurements, task, specification)
    fit = crossover_mixed_model(
        _with_all_periods(rows, task),
        outcome=response_column(specification.response),
        subject="subject_id",
        period="period",
        treatment="arm",
        reference=task.reference,
        sequence="sequence" if specification.sequence else None,
        carry_over=specification.carry_over,
        covariates=specification.covariates,
        inference=specification.inference,
        order=_sequences_in_order(task),
    )
    visit = task.outcome.time_point
    for row in records(fit.marginal_means(conf_level=task.level)):
        about = statement_of(task).about(visit=visit, term=Term.ADJUSTED_MEAN, arm=str(row["arm"]))
        yield from about.state_row(row, MEAN_STATS)
    for row in records(fit.contrasts(conf_level=task.level)):
        about = contrast_statement(task).about(
            visit=visit, term=str(row["contrast"]), note=fit.note
        )
        yield from state_contrast(about, row)
    terms = {"period": Term.PERIOD, "sequence": Term.SEQUENCE, CARRIED: Term.CARRY_OVER}
    for row in records(fit.term_tests()):
        if row["term"] in terms:
            about = statement_of(task).about(visit=visit, term=terms[str(row["term"])])
            yield from about.state_row(row, TERM_STATS)


CARRIED = "carry-over of arm"
"""How the model names carry-over of what its column ``arm`` holds."""
TERM_STATS = (Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE)


def _with_all_periods(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """The rows, and one without a value for each period that a participant has none of.

    What was given before a period is known from the sequence, also where it was not measured.
    """
    protocol = task.sequences or task.protocol
    sequences = {arm.code: arm.treatments for arm in protocol.arms}
    who = rows[["subject_id", "sequence"]].drop_duplicates()
    periods = [each.code for each in protocol.periods]
    whole = who.merge(pd.DataFrame({"period": periods}), how="cross")
    given = [
        sequences[sequence][periods.index(period)]
        for sequence, period in zip(whole["sequence"], whole["period"], strict=True)
    ]
    planned = whole.assign(
        arm=pd.Categorical(given, categories=list(task.arms), ordered=True),
        period=pd.Categorical(whole["period"], categories=periods, ordered=True),
    )
    return planned.merge(
        rows.drop(columns=["sequence", "arm"]),
        on=["subject_id", "period"],
        how="left",
        validate="one_to_one",
    )


def _sequences_in_order(task: Task) -> dict[str, list[str]]:
    protocol = task.sequences or task.protocol
    return {"sequence": [arm.code for arm in protocol.arms]}


def state_crossover_events(task: Task, specification: CrossoverPreference) -> Iterator[Result]:
    """The odds ratio within participants, with the test that the plan names."""
    yield from state_numbers_analysed(task)
    _refuse_small_sequences(task)
    found = crossover_events(
        task.included.measurements,
        outcome="value",
        subject="subject_id",
        period="period",
        treatment="arm",
        reference=task.reference,
        conf_level=task.level,
    )
    rows = records(found.to_frame())
    of_treatment = {
        str(row["method"]): row for row in rows if row["effect"] == CrossoverEffect.TREATMENT.value
    }
    measured = of_treatment[BinaryCrossoverTest.MAINLAND_GART.value]
    tested = of_treatment[specification.test.value]
    about = contrast_statement(task).by(statement_of(task).method, unit="")
    about = about.about(visit=task.outcome.time_point, term=str(measured["contrast"]))
    yield from _state_odds(about, measured)
    yield about.state(Stat.P_VALUE, float(str(tested[Stat.P_VALUE.value])))
    for row in rows:
        if row["effect"] != CrossoverEffect.TREATMENT.value:
            yield from _state_odds_beside(task, row)


def _state_odds(about: Statement, row: Mapping[str, object]) -> Iterator[Result]:
    """The odds ratio and its limits; where nobody of a sequence prefers a period there is none."""
    if pd.isna(row[Stat.ESTIMATE.value]):  # type: ignore[call-overload]
        nothing = replace(about, note=NO_PREFERENCE, status=Status.NOT_ESTIMABLE)
        yield nothing.state(Stat.ESTIMATE, None)
        return
    yield from replace(about, note=str(row["note"] or "")).state_row(row, EFFECT_STATS)


def _state_odds_beside(task: Task, row: Mapping[str, object]) -> Iterator[Result]:
    """The p value of the period, and of carry-over."""
    about = statement_of(task).about(
        visit=task.outcome.time_point, term=BESIDE[str(row["effect"])], note=str(row["note"] or "")
    )
    about = replace(about, limits=EXACT, unit="")
    if not pd.isna(row[Stat.ESTIMATE.value]):  # type: ignore[call-overload]
        yield from about.state_row(row, EFFECT_STATS)
    yield about.state(Stat.P_VALUE, float(str(row[Stat.P_VALUE.value])))


CROSSOVER_DIFFERENCE = MethodCard(
    specification=CrossoverDifference, carry_out=state_crossover_difference
)
CROSSOVER_MODEL = MethodCard(specification=CrossoverModel, carry_out=state_crossover_model)
CROSSOVER_EVENTS = MethodCard(specification=CrossoverPreference, carry_out=state_crossover_events)
