"""The arms' difference in each level of a baseline characteristic, and the interaction."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.subgroups import subgroup_effects
from trialkit.analysis.proportions.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    Statement,
    contrast_statement,
    records,
    state_measures,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.results.effect import Status
from trialkit.results.lookup import IN_LEVEL
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

INTERACTION = "interaction"
OVERALL = "all participants of the subgroups, the effect alike in all of them"
NOBODY = "nobody with a value is in this subgroup"
INTERACTION_STATS = (Stat.DF_NUM, Stat.DF_DEN, Stat.DF, Stat.STATISTIC, Stat.P_VALUE)


def state_subgroups(task: Task, specification: Subgroups) -> Iterator[Result]:
    """Term ``<contrast> | <level>`` for each effect, ``interaction`` for the test.

    ``<contrast>`` alone is the effect in all of them, from the same model without the interaction;
    it has no p value, since it is the question of another analysis.
    """
    yield from state_numbers_analysed(task)
    if task.outcome.kind.is_proportion:
        yield from _of_proportions(task, specification)
    else:
        yield from _of_means(task, specification)


def in_level(contrast: object, level: object) -> str:
    """How a row names the contrast within one level of the characteristic."""
    return f"{contrast}{IN_LEVEL}{level}"


def _of_means(task: Task, specification: Subgroups) -> Iterator[Result]:
    frame = with_characteristics(task, specification)
    outcome = response_column(specification.response)
    covariates = tuple(each for each in specification.covariates if each != specification.by)
    statement = _about(task, specification)
    visit = task.outcome.time_point
    alike = ancova(
        frame,
        outcome=outcome,
        arm="arm",
        reference=task.reference,
        covariates=(*covariates, specification.by),
    )
    for row in records(alike.contrasts(conf_level=task.level)):
        about = statement.about(visit=visit, term=str(row["contrast"]), note=OVERALL)
        yield from about.state_row(row, EFFECT_STATS)
    found = subgroup_effects(
        frame,
        outcome=outcome,
        arm="arm",
        reference=task.reference,
        subgroup=specification.by,
        covariates=covariates,
    )
    effects = found.to_frame(conf_level=task.level)
    for level in _levels(task, specification, effects["level"]):
        for row in records(effects[effects["level"].astype("str") == level]):
            about = statement.about(
                visit=visit, term=in_level(row["contrast"], level), note=statement.note
            )
            yield from about.state_row(row, CONTRAST_STATS)
        if level not in set(effects["level"].astype("str")):
            for contrast in effects["contrast"].unique():
                about = statement.about(visit=visit, term=in_level(contrast, level))
                yield about.state(Stat.ESTIMATE, None, note=f"{statement.note}; {NOBODY}")
    test = found.interaction
    about = statement.of(None).about(visit=visit, term=INTERACTION, note=statement.note)
    yield from about.state_all(
        {
            Stat.DF_NUM: test.df_num,
            Stat.DF_DEN: test.df_den,
            Stat.STATISTIC: test.statistic,
            Stat.P_VALUE: test.p_value,
        }
    )


def _of_proportions(task: Task, specification: Subgroups) -> Iterator[Result]:
    frame = with_characteristics(task, specification)
    everybody = compare_proportions(
        frame, outcome="value", arm="arm", reference=task.reference, conf_level=task.level
    )
    about = _about(task, specification).about(visit=task.outcome.time_point, note=OVERALL)
    yield from state_measures(about, everybody.to_frame())
    found = compare_proportions_in_subgroups(
        frame,
        outcome="value",
        arm="arm",
        reference=task.reference,
        subgroup=specification.by,
        conf_level=task.level,
    )
    statement = _about(task, specification)
    visit = task.outcome.time_point
    effects = _with_empty_levels(found.to_frame(), task, specification)
    in_levels = [
        in_level(contrast, level)
        for contrast, level in zip(effects["contrast"], effects["subgroup"], strict=True)
    ]
    about = statement.about(visit=visit, note=statement.note)
    yield from state_measures(about, effects.assign(contrast=in_levels))
    for row in records(found.interaction()):
        term = f"{INTERACTION} {row['contrast']}"
        about = statement.of(None).about(visit=visit, term=term, note=statement.note)
        yield from about.state_row(row, INTERACTION_STATS)


def _levels(task: Task, specification: Subgroups, found: pd.Series) -> tuple[str, ...]:
    """Those of the form in its order, also of nobody; of what has no choices those in the data."""
    labels = tuple(task.characteristic_kinds[specification.by].labels.values())
    return labels or tuple(found.astype("str").unique())


def _with_empty_levels(effects: pd.DataFrame, task: Task, specification: Subgroups) -> pd.DataFrame:
    """The effects in the order of the form, those in a level of nobody without numbers."""
    measures = effects[["stat_name", "contrast"]].drop_duplicates()
    nothing = measures.assign(note=NOBODY, status=Status.NOT_ESTIMABLE.value)
    parts = []
    for level in _levels(task, specification, effects["subgroup"]):
        own = effects[effects["subgroup"].astype("str") == level]
        parts.append(own if len(own) else nothing.assign(subgroup=level))
    return pd.concat(parts, ignore_index=True)


def _about(task: Task, specification: Subgroups) -> Statement:
    return contrast_statement(task).about(note=f"by {specification.by}")


SUBGROUPS = MethodCard(specification=Subgroups, carry_out=state_subgroups)
