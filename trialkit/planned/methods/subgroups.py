"""The arms' difference in each level of a baseline characteristic, and the interaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.subgroups import subgroup_effects
from trialkit.analysis.proportions.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.errors import AnalysisError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import title_of, with_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    Statement,
    contrast_statement,
    records,
    state_measures,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.results.effect import Status
from trialkit.results.lookup import IN_LEVEL, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

INTERACTION = "interaction"
OVERALL = "all participants of the subgroups, the effect alike in all of them"
NOBODY = "nobody with a value is in this subgroup"
INTERACTION_STATS = (Stat.DF_NUM, Stat.DF_DEN, Stat.DF, Stat.STATISTIC, Stat.P_VALUE)


def state_subgroups(task: Task, specification: Subgroups) -> Iterator[Result]:
    """Term ``<contrast> | <level>`` for each effect, ``interaction`` for the test.

    ``<contrast>`` alone is the effect in all of them, from the same model without the interaction;
    it has no p value, since it is the question of another analysis. A level without one of the arms
    is left out of both models, and stated without a number.
    """
    split = split_by_levels(task, specification)
    yield from state_numbers_analysed(task, split.excluded)
    for (level, arm), n in split.sizes.items():
        where = statement_of(task).about(
            visit=task.outcome.time_point, term=in_level(Term.PARTICIPANTS, level), arm=arm
        )
        yield where.state(Stat.N, n)
    if task.outcome.kind.is_proportion:
        yield from _of_proportions(task, specification, split)
    else:
        yield from _of_means(task, specification, split)


def in_level(contrast: object, level: object) -> str:
    """How a row names the contrast within one level of the characteristic."""
    return f"{contrast}{IN_LEVEL}{level}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """The participants by the levels of a characteristic: where the arms can be compared, and not."""

    by: str
    """The column that holds the levels."""
    comparable: pd.DataFrame
    """Rows of the levels that hold every arm."""
    levels: tuple[str, ...]
    """Those levels, in their order."""
    impossible: Mapping[str, str]
    """The other levels, each with the reason."""
    excluded: pd.DataFrame
    """``subject`` and ``reason`` of who is in one of those."""
    sizes: Mapping[tuple[str, str], int]
    """How many there are of each level in each arm, of all levels in their order."""

    @property
    def several(self) -> bool:
        """Whether there are two levels to differ."""
        return len(self.levels) > 1


def split_by_levels(task: Task, specification: Subgroups) -> Split:
    """The levels of a characteristic, apart where one of the arms has nobody.

    Raises :class:`AnalysisError` where no level holds every arm.
    """
    frame, by = with_levels(with_characteristics(task, specification), task, specification)
    of_row, label = frame[by].astype("str"), title_of(specification.by, task)
    order = _levels(task, specification, frame[by].dropna())
    impossible: dict[str, str] = {}
    sizes = {
        (level, arm): int(((of_row == level) & (frame["arm"] == arm)).sum())
        for level in order
        for arm in task.arms
    }
    for level in order:
        present = set(frame.loc[of_row == level, "arm"])
        labels = [task.protocol.arm(arm).label for arm in task.arms if arm not in present]
        if labels:
            nobody = f"nobody in {' and '.join(labels)} with {label}: {level}"
            impossible[level] = nobody if present else NOBODY
    levels = tuple(level for level in order if level not in impossible)
    if not levels:
        raise AnalysisError(
            f"no level of {label} holds every arm ({'; '.join(impossible.values())})"
        )
    kept, lone = frame[of_row.isin(levels)], frame[of_row.isin(impossible)]
    if isinstance(frame[by].dtype, pd.CategoricalDtype):
        kept = kept.assign(**{by: kept[by].cat.remove_unused_categories()})
    reasons = of_row[lone.index].map(impossible)
    return Split(
        by=by,
        comparable=kept.reset_index(drop=True),
        levels=levels,
        impossible=impossible,
        excluded=pd.DataFrame({"subject": lone["subject_id"], "reason": reasons}),
        sizes=sizes,
    )


def with_levels(
    frame: pd.DataFrame, task: Task, specification: Subgroups
) -> tuple[pd.DataFrame, str]:
    """The rows with their levels, and the column of these: a number has one beside its own."""
    cuts = specification.cuts
    if cuts is None:
        return frame, specification.by
    numbers, column = frame[specification.by], f"level of {specification.by}"
    levels = _levels(task, specification, numbers)
    held = [None if pd.isna(each) else levels[cuts.place(each)] for each in numbers]
    ordered = pd.Categorical(held, categories=list(levels), ordered=True)
    return frame.assign(**{column: ordered}), column


def _of_means(task: Task, specification: Subgroups, split: Split) -> Iterator[Result]:
    frame = split.comparable
    outcome = response_column(specification.response)
    covariates = specification.beside_levels
    statement = _about(task, specification)
    visit = task.outcome.time_point
    alike = ancova(
        frame,
        outcome=outcome,
        arm="arm",
        reference=task.reference,
        covariates=(*covariates, split.by) if split.several else covariates,
    )
    for row in records(alike.contrasts(conf_level=task.level)):
        about = statement.about(visit=visit, term=str(row["contrast"]), note=OVERALL)
        yield from about.state_row(row, EFFECT_STATS)
    if split.several:
        found = subgroup_effects(
            frame,
            outcome=outcome,
            arm="arm",
            reference=task.reference,
            subgroup=split.by,
            covariates=covariates,
        )
        effects, test = found.to_frame(conf_level=task.level), found.interaction
    else:
        effects, test = alike.contrasts(conf_level=task.level).assign(level=split.levels[0]), None
    for level in _levels(task, specification, effects["level"]):
        for row in records(effects[effects["level"].astype("str") == level]):
            about = statement.about(
                visit=visit, term=in_level(row["contrast"], level), note=statement.note
            )
            yield from about.state_row(row, CONTRAST_STATS)
        if level not in set(effects["level"].astype("str")):
            for contrast in effects["contrast"].unique():
                about = statement.about(visit=visit, term=in_level(contrast, level))
                yield about.state(
                    Stat.ESTIMATE, None, note=f"{statement.note}; {split.impossible[level]}"
                )
    about = statement.of(None).about(visit=visit, term=INTERACTION, note=statement.note)
    if test is None:
        yield _without_interaction(about)
        return
    yield from about.state_all(
        {
            Stat.DF_NUM: test.df_num,
            Stat.DF_DEN: test.df_den,
            Stat.STATISTIC: test.statistic,
            Stat.P_VALUE: test.p_value,
        }
    )


def _of_proportions(task: Task, specification: Subgroups, split: Split) -> Iterator[Result]:
    frame = split.comparable
    everybody = compare_proportions(
        frame,
        outcome="value",
        arm="arm",
        reference=task.reference,
        interval=specification.interval,
        ratio_interval=specification.ratio_interval,
        odds_ratio_method=specification.odds_ratio_method,
        conf_level=task.level,
    )
    about = _about(task, specification).about(visit=task.outcome.time_point, note=OVERALL)
    yield from state_measures(about, everybody.to_frame())
    if split.several:
        found = compare_proportions_in_subgroups(
            frame,
            outcome="value",
            arm="arm",
            reference=task.reference,
            subgroup=split.by,
            interval=specification.interval,
            ratio_interval=specification.ratio_interval,
            odds_ratio_method=specification.odds_ratio_method,
            conf_level=task.level,
        )
        stated, tests = found.to_frame(), records(found.interaction())
    else:
        stated, tests = everybody.to_frame().assign(subgroup=split.levels[0]), []
    statement = _about(task, specification)
    visit = task.outcome.time_point
    effects = _with_impossible_levels(stated, task, specification, split)
    in_levels = [
        in_level(contrast, level)
        for contrast, level in zip(effects["contrast"], effects["subgroup"], strict=True)
    ]
    about = statement.about(visit=visit, note=statement.note)
    yield from state_measures(about, effects.assign(contrast=in_levels))
    for contrast in () if split.several else stated["contrast"].unique():
        term = f"{INTERACTION} {contrast}"
        yield _without_interaction(statement.of(None).about(visit=visit, term=term))
    for row in tests:
        term = f"{INTERACTION} {row['contrast']}"
        about = statement.of(None).about(visit=visit, term=term, note=statement.note)
        yield from about.state_row(row, INTERACTION_STATS)


def _levels(task: Task, specification: Subgroups, found: pd.Series) -> tuple[str, ...]:
    """Those of the form or the cut points in their order, also of nobody; of texts those there are."""
    kind = task.characteristic_kinds[specification.by]
    if specification.cuts is not None:
        return specification.cuts.levels(kind.unit)
    labels = tuple(kind.labels.values())
    return labels or tuple(found.astype("str").unique())


def _with_impossible_levels(
    effects: pd.DataFrame, task: Task, specification: Subgroups, split: Split
) -> pd.DataFrame:
    """The effects in the order of the form, those in a level without every arm without numbers."""
    measures = effects[["stat_name", "contrast"]].drop_duplicates()
    nothing = measures.assign(status=Status.NOT_ESTIMABLE.value)
    parts = []
    for level in _levels(task, specification, effects["subgroup"]):
        own = effects[effects["subgroup"].astype("str") == level]
        why = split.impossible.get(level, "")
        parts.append(nothing.assign(subgroup=level, note=why) if why else own)
    return pd.concat(parts, ignore_index=True)


def _without_interaction(about: Statement) -> Result:
    note = "not estimable: only one level holds every arm"
    return replace(about.state(Stat.P_VALUE, None, note=note), status=Status.NOT_ESTIMABLE)


def _about(task: Task, specification: Subgroups) -> Statement:
    return contrast_statement(task).about(note=f"by {title_of(specification.by, task)}")


SUBGROUPS = MethodCard(specification=Subgroups, carry_out=state_subgroups)
