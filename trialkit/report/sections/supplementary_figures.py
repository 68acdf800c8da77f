"""The figures beyond the course and the forest: subgroups, responders, changes, harms, model."""

from collections import Counter

import numpy as np
import pandas as pd

from trialkit.datasets.measurements import STILL_TO_COME
from trialkit.datasets.model import Datasets
from trialkit.planned.methods.residuals import residuals_of
from trialkit.planned.task.task import primary_tasks
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures.harms_figure import Difference, EventRow, Share, draw_harms
from trialkit.report.figures.missingness_figure import Observed, Pattern, draw_missingness
from trialkit.report.figures.residuals_figure import ResidualPoints, draw_residuals
from trialkit.report.figures.responder_figure import Improvements, draw_responders
from trialkit.report.figures.subgroup_figure import SubgroupRow, draw_subgroups
from trialkit.report.figures.waterfall_figure import Changes, draw_waterfall
from trialkit.report.lettering.looks import (
    look,
)
from trialkit.report.numbers.numbers import (
    confidence,
    count_percent,
    number,
    p_equals,
    plain,
    with_interval,
)
from trialkit.report.sections.figures import MOST_PEOPLE
from trialkit.report.tables.cells import INTERVAL, contrast_label, contrast_term
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.words.en.terms import covariate_words
from trialkit.report.words.en.wording import capitalised, listing
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, value
from trialkit.results.vocabulary import Stat

IN_LEVEL = " | "
EVENT = "event: "
MOST_EVENTS = 20
UNSAID = "no reason recorded"


def subgroup_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """A figure for each planned subgroup analysis and outcome that has results."""
    found = (
        _subgroups(analysis, protocol.outcome(code), protocol, index)
        for analysis in protocol.plan.analyses
        if isinstance(analysis.specification, Subgroups)
        for code in analysis.outcomes
    )
    return tuple(figure for figure in found if figure is not None)


def _subgroups(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Figure | None:
    """The overall effect where a main analysis has it, then each level of the characteristic."""
    binary = outcome.kind.is_proportion
    method = Stat.RISK_DIFFERENCE.value if binary else analysis.specification.method.value
    scale, digits = (100.0, 1) if binary else (1.0, outcome.digits)
    rows: list[SubgroupRow] = []
    for arm in protocol.experimental:
        term = contrast_term(arm, protocol)
        levels = [
            (address.term.removeprefix(f"{term}{IN_LEVEL}"), index.at(address))
            for address in index.addresses(analysis.id, outcome=outcome.code)
            if address.term.startswith(f"{term}{IN_LEVEL}") and address.method == method
        ]
        effects = [
            _subgroup_row(level, found, arm, protocol, scale=scale, digits=digits)
            for level, found in levels
        ]
        if effects:
            head = contrast_label(arm, protocol)
            rows.append(
                SubgroupRow(
                    label=head, words=_interaction(analysis, outcome, term, protocol, index)
                )
            )
            rows += [
                _subgroup_row("All participants", each, arm, protocol, scale=scale, digits=digits)
                for each in _overall(outcome, arm, protocol, index)
            ]
            rows += effects
    if not rows:
        return None
    specification = analysis.specification
    by = covariate_words(specification.by, protocol) if isinstance(specification, Subgroups) else ""
    change = None if binary else outcome.minimal_important_change
    better = -1 if outcome.direction is Direction.LOWER else 1
    ratio = confidence(protocol.plan.confidence_level)
    unit = "percentage points" if binary else outcome.unit
    name = f"subgroups_{analysis.id}_{outcome.code}"
    title = f"{outcome.label}: effect by {by}"
    description = "; ".join(f"{row.label}: {row.words}" for row in rows)
    important = (
        f" Dashed line: minimal important change ({plain(change)} {outcome.unit}).".replace(
            " )", ")"
        )
        if change is not None
        else ""
    )
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        svg=draw_subgroups(
            rows,
            axis=f"Difference from the reference arm{f', {unit}' if unit else ''}",
            head=f"Difference ({ratio} CI)",
            important=None if change is None else better * change,
            explanation=(
                f"Bars: {ratio} confidence interval; {outcome.direction.value} is better.{important}"
            ),
            synthetic=protocol.trial.synthetic,
            name=name,
            title=title,
            description=description,
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: difference between arms by {by} ({analysis.role.value}), with {ratio} "
            "confidence intervals and the test of the interaction; effects of single subgroups are "
            "not tested."
        ),
    )


def _subgroup_row(
    label: str, found: Statistics, arm: Arm, protocol: Protocol, *, scale: float, digits: int
) -> SubgroupRow:
    effect, low, high = (value(found, stat) for stat in INTERVAL)
    if effect is None or low is None or high is None:
        return SubgroupRow(label=label, words="not estimable")
    effect, low, high = effect * scale, low * scale, high * scale
    return SubgroupRow(
        label=label,
        effect=effect,
        low=low,
        high=high,
        words=with_interval(effect, low, high, digits=digits),
        look=look(protocol.arm_codes.index(arm.code)),
    )


def _overall(
    outcome: Outcome, arm: Arm, protocol: Protocol, index: ResultIndex
) -> tuple[Statistics, ...]:
    """The effect in all participants, of the main analysis of the outcome, if it has one."""
    for headline in main_headlines(protocol, index):
        if headline.outcome.code == outcome.code and not headline.is_ratio:
            method = Stat.RISK_DIFFERENCE.value if headline.of_risks else None
            if headline.of_risks is outcome.kind.is_proportion:
                return (headline.effect(arm, method=method),)
    return ()


def _interaction(
    analysis: Analysis, outcome: Outcome, term: str, protocol: Protocol, index: ResultIndex
) -> str:
    for name in (f"interaction {term}", "interaction"):
        found = index.find(analysis.id, outcome=outcome.code, term=name, having=Stat.P_VALUE)
        if found:
            p = p_equals(value(found, Stat.P_VALUE), alpha=protocol.plan.alpha)
            return f"interaction: {p}"
    return ""


def responder_curves(
    protocol: Protocol, datasets: Datasets, index: ResultIndex
) -> tuple[Figure, ...]:
    """For each continuous primary outcome, the share that improved by any amount."""
    return tuple(
        figure
        for headline in _primary(protocol, index)
        if (figure := _responder_curve(headline, protocol, datasets)) is not None
    )


def _primary(protocol: Protocol, index: ResultIndex) -> list[Headline]:
    """The primary analyses of continuous outcomes."""
    return [
        each
        for each in main_headlines(protocol, index)
        if each.is_primary and each.outcome.kind.has_change
    ]


def _changes(headline: Headline, arm: Arm, datasets: Datasets) -> np.ndarray:
    """The changes of an arm's members of the population at the time point."""
    members = datasets.population(headline.analysis.population).members
    people = members.loc[members["arm"] == arm.code, "subject_id"]
    rows = datasets.measurements
    own = rows[
        (rows["outcome"] == headline.outcome.code)
        & (rows["visit"] == headline.outcome.time_point)
        & rows["subject_id"].isin(people)
    ]
    return own["change"].dropna().to_numpy(dtype=float)


def _at_least(values: np.ndarray, amount: float) -> np.ndarray:
    """Whether each value reaches the amount, up to rounding error: 2.8 - 1.3 is 1.5."""
    close = np.isclose(values, amount, rtol=1e-9, atol=1e-12)
    return np.asarray((values >= amount) | close)


def _responder_curve(headline: Headline, protocol: Protocol, datasets: Datasets) -> Figure | None:
    outcome = headline.outcome
    sign = -1.0 if outcome.direction is Direction.LOWER else 1.0
    arms = [
        Improvements(
            arm=arm,
            look=look(protocol.arm_codes.index(arm.code)),
            values=sign * _changes(headline, arm, datasets),
        )
        for arm in protocol.arms
    ]
    if not all(len(each.values) for each in arms):
        return None
    change = outcome.minimal_important_change
    at = change if change is not None else 0.0
    shares = (
        f"{each.arm.label} {count_percent(int(_at_least(each.values, at).sum()), len(each.values))}"
        for each in arms
    )
    amount = "the minimal important change" if change is not None else "anything or nothing"
    title = f"{outcome.label}: share improved by at least so much"
    description = f"Improved by {amount} or more: {'; '.join(shares)}."
    name = f"responders_{outcome.code}"
    unit = f", {outcome.unit}" if outcome.unit else ""
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        supplementary=True,
        svg=draw_responders(
            arms,
            axis=f"Improvement of {outcome.label[:1].lower()}{outcome.label[1:]}{unit}, at least",
            minimal_important_change=change,
            synthetic=protocol.trial.synthetic,
            name=name,
            title=title,
            description=description,
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: participants of each arm who improved from baseline by at least the "
            "amount on the axis, of those with a value, at "
            f"{protocol.visit(outcome.time_point).label}. To the left of zero stands who got worse."
        ),
    )


def waterfalls(protocol: Protocol, datasets: Datasets, index: ResultIndex) -> tuple[Figure, ...]:
    """Each participant's change of each continuous primary outcome, where not too many took part."""
    if datasets.disposition.randomised > MOST_PEOPLE:
        return ()
    return tuple(_waterfall(each, protocol, datasets) for each in _primary(protocol, index))


def _waterfall(headline: Headline, protocol: Protocol, datasets: Datasets) -> Figure:
    outcome = headline.outcome
    sign = -1.0 if outcome.direction is Direction.LOWER else 1.0
    change = outcome.minimal_important_change
    arms = []
    for arm in protocol.arms:
        values = _changes(headline, arm, datasets)
        ordered = values[np.argsort(sign * values, kind="stable")]
        reached = _at_least(sign * ordered, 0.0 if change is None else change)
        arms.append(
            Changes(
                arm=arm,
                look=look(protocol.arm_codes.index(arm.code)),
                values=ordered,
                reached=reached,
            )
        )
    title = f"{outcome.label}: change of each participant"
    reached_words = "; ".join(
        f"{each.arm.label} {count_percent(int(each.reached.sum()), len(each.values))}"
        for each in arms
    )
    description = (
        f"Reached the minimal important change: {reached_words}."
        if change is not None
        else "; ".join(f"{each.arm.label}: {len(each.values)} participants" for each in arms)
    )
    name = f"changes_{outcome.code}"
    unit = f", {outcome.unit}" if outcome.unit else ""
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        supplementary=True,
        svg=draw_waterfall(
            arms,
            axis=f"Change of {outcome.label[:1].lower()}{outcome.label[1:]}{unit}",
            threshold=None if change is None else sign * change,
            synthetic=protocol.trial.synthetic,
            name=name,
            title=title,
            description=description,
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: change from baseline of each participant with a value, at "
            f"{protocol.visit(outcome.time_point).label}; {outcome.direction.value} is better."
        ),
    )


def missingness_figures(protocol: Protocol, datasets: Datasets) -> tuple[Figure, ...]:
    """Of each primary outcome with several visits, who has a value when, and why not."""
    outcomes = [each for each in protocol.outcomes if each.role.value == "primary"]
    found = (_missingness(each, protocol, datasets) for each in outcomes)
    return tuple(figure for figure in found if figure is not None)


def _missingness(outcome: Outcome, protocol: Protocol, datasets: Datasets) -> Figure | None:
    rows = datasets.measurements[datasets.measurements["outcome"] == outcome.code]
    codes = [code for code in protocol.visit_codes if (rows["visit"] == code).any()]
    if rows["value"].notna().all():
        return None
    visits = [protocol.visit(code) for code in codes]
    why = rows.assign(
        why=rows["missing_reason"].astype("object").fillna(UNSAID).where(rows["value"].isna(), ""),
        visit=rows["visit"].astype("str"),
    ).pivot_table(index="subject_id", columns="visit", values="why", aggfunc="first")[codes]
    arm_of = rows.drop_duplicates("subject_id").set_index("subject_id")["arm"].astype("str")
    arms = [
        Observed(arm=arm, patterns=_patterns(why[arm_of.reindex(why.index) == arm.code]))
        for arm in protocol.arms
    ]
    reasons = list(
        dict.fromkeys(
            reason
            for arm in arms
            for pattern in arm.patterns
            for reason in pattern.reasons
            if reason
        )
    )
    words = "; ".join(
        f"{each.arm.label}: "
        + ", ".join(
            f"{visit.label} {count_percent(_without(each, column), each.size)}"
            for column, visit in enumerate(visits)
        )
        for each in arms
    )
    title = f"{outcome.label}: who has a value at which visit"
    description = f"Participants without a value. {words}. Reasons: {listing(reasons)}."
    name = f"missing_{outcome.code}"
    to_come = any(reason in STILL_TO_COME for reason in reasons)
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        supplementary=True,
        svg=draw_missingness(
            arms,
            visits=visits,
            reasons=reasons,
            synthetic=protocol.trial.synthetic,
            name=name,
            title=title,
            description=description,
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: values that are there (grey) and not, by reason, of all randomised "
            "participants, those with the same pattern together."
            + (" What is still to come at the data cut is not missing." if to_come else "")
        ),
    )


def _patterns(why: pd.DataFrame) -> tuple[Pattern, ...]:
    """The different rows with their counts: complete ones first, then by how early they lack."""
    counts = Counter(why.astype("str").itertuples(index=False, name=None))
    found = [Pattern(reasons=reasons, count=count) for reasons, count in counts.items()]
    return tuple(sorted(found, key=lambda each: ([bool(r) for r in each.reasons], each.reasons)))


def _without(arm: Observed, column: int) -> int:
    return sum(each.count for each in arm.patterns if each.reasons[column])


def harms_figure(protocol: Protocol, index: ResultIndex) -> Figure | None:
    """Each event by arm, the most frequent first; None when there was none."""
    arms = [
        arm for arm in protocol.arms if Stat.N in index.find(Shelf.HARMS, term="any", arm=arm.code)
    ]
    terms = dict.fromkeys(each.term for each in index.addresses(Shelf.HARMS))
    events = [term for term in terms if term.startswith(EVENT)]
    if not events or not arms:
        return None
    ordered = sorted(
        events,
        key=lambda term: -max(_percent(term, arm, index) for arm in arms),
    )
    rows = [_event_row(term, arms, protocol, index) for term in ("any", *ordered[:MOST_EVENTS])]
    ratio = confidence(protocol.plan.confidence_level)
    description = "; ".join(
        f"{row.label}: "
        + ", ".join(f"{each.label} {number(each.percent, digits=0)}%" for each in row.shares)
        for row in rows
    )
    left_out = len(events) - MOST_EVENTS
    more = f" The {MOST_EVENTS} most frequent of {len(events)} are drawn." if left_out > 0 else ""
    return Figure(
        anchor="figure-adverse_events",
        name="adverse_events",
        supplementary=True,
        svg=draw_harms(
            rows,
            interval=ratio,
            synthetic=protocol.trial.synthetic,
            name="adverse_events",
            title="Adverse events by arm",
            description=description,
        ),
        title="Adverse events by arm",
        description=description,
        caption=(
            "Adverse events: participants with at least one, by the arm that they received, and risk "
            f"difference from the reference arm with {ratio} confidence intervals.{more}"
        ),
    )


def _percent(term: str, arm: Arm, index: ResultIndex) -> float:
    found = index.find(Shelf.HARMS, term=term, arm=arm.code)
    return float(value(found, Stat.PERCENT) or 0.0)


def _event_row(term: str, arms: list[Arm], protocol: Protocol, index: ResultIndex) -> EventRow:
    differences = []
    for arm in arms:
        found = index.find(
            Shelf.HARMS,
            term=term,
            arm=contrast_term(arm, protocol),
            method=Stat.RISK_DIFFERENCE.value,
        )
        effect, low, high = (value(found, stat) for stat in INTERVAL)
        if effect is not None and low is not None and high is not None:
            differences.append(
                Difference(
                    look=look(protocol.arm_codes.index(arm.code)),
                    estimate=100 * effect,
                    low=100 * low,
                    high=100 * high,
                )
            )
    return EventRow(
        label="Any adverse event" if term == "any" else capitalised(term.removeprefix(EVENT)),
        shares=tuple(
            Share(
                look=look(protocol.arm_codes.index(arm.code)),
                label=arm.label,
                percent=_percent(term, arm, index),
            )
            for arm in arms
        ),
        differences=tuple(differences),
    )


def residual_figures(protocol: Protocol, datasets: Datasets) -> tuple[Figure, ...]:
    """What the model of each primary analysis leaves over, where it is a model of the mean."""
    if datasets.disposition.randomised > MOST_PEOPLE:
        return ()
    figures = []
    for task in primary_tasks(protocol, datasets):
        found = residuals_of(task)
        if found is None or not len(found.residuals):
            continue
        arms = [protocol.arm(code) for code in protocol.arm_codes]
        places = {arm.code: at for at, arm in enumerate(arms)}
        label, method = task.outcome.label, short_name(task.analysis.specification, task.protocol)
        title = f"{label}: residuals of the primary analysis"
        spread = float(np.std(found.residuals, ddof=1)) if len(found.residuals) > 1 else 0.0
        description = (
            f"{len(found.residuals)} residuals with standard deviation "
            f"{number(spread, digits=task.outcome.digits + 1)}, from "
            f"{number(float(found.residuals.min()), digits=task.outcome.digits)} to "
            f"{number(float(found.residuals.max()), digits=task.outcome.digits)}."
        )
        name = f"residuals_{task.outcome.code}"
        figures.append(
            Figure(
                anchor=f"figure-{name}",
                name=name,
                supplementary=True,
                svg=draw_residuals(
                    ResidualPoints(
                        fitted=found.fitted,
                        residuals=found.residuals,
                        arms=np.array([places[str(code)] for code in found.arms]),
                    ),
                    axis=label,
                    arms=tuple(arm.label for arm in arms),
                    synthetic=protocol.trial.synthetic,
                    name=name,
                    title=title,
                    description=description,
                ),
                title=title,
                description=description,
                caption=(
                    f"{label}: residuals of the primary analysis ({method}) against quantiles of the "
                    "normal distribution and against fitted values. They chose nothing: the method "
                    "is that of the plan."
                ),
            )
        )
    return tuple(figures)
