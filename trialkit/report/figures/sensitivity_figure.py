"""The effect on a primary outcome by its primary analysis and by each that supposes or does something else."""

from collections.abc import Iterator, Sequence
from functools import partial

from trialkit.protocol.compared import compared
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.effect_rows import (
    ArmEffect,
    Numbers,
    effect_axis,
    effect_in_words,
    effect_numbers,
    effect_unit,
    factor_of,
    rows_by_arm,
)
from trialkit.report.figures.forest_columns import named_heads
from trialkit.report.figures.forest_sheet import draw_sheet
from trialkit.report.figures.sheet_layout import SheetRow, Upright
from trialkit.report.numbers.numbers import confidence, count, plain
from trialkit.report.tables.distinct_heads import distinct_heads
from trialkit.report.tables.headlines import Headline, headlines
from trialkit.report.words.en.important_difference import IMPORTANT, important_effect
from trialkit.report.words.en.sentences.suppositions import BRIEFLY, supposition_of
from trialkit.report.words.en.terms import better_word, effect_words
from trialkit.report.words.en.wording import capitalised, listing, lowered
from trialkit.report.words.language.account import measured_visits
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.vocabulary import Stat


def sensitivity_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """A forest for each primary outcome that has a sensitivity analysis on the scale of its primary one.

    Analyses at another time point are of another question, those against a margin stand in a figure
    of their own, and those on another scale have no place on the axis: the caption names them.
    """
    protocol = compared(protocol)
    found = [each for each in headlines(protocol, index) if _compares_arms(each)]
    primary = [each for each in found if each.is_primary]
    figures = []
    for number, first in enumerate(primary):
        if any(_same_question(first, each) for each in primary[:number]):
            continue
        alike = [each for each in found if _same_question(first, each)]
        shown = [each for each in alike if each.scale is first.scale]
        if len(shown) > 1 and any(
            _numbers(each, arm) for each in shown for arm in protocol.experimental
        ):
            left = [each for each in alike if each.scale is not first.scale]
            figures.append(_figure(shown, left, protocol))
    return tuple(figures)


def _compares_arms(headline: Headline) -> bool:
    contrast = headline.contrast
    of_interest = headline.analysis.role in {AnalysisRole.PRIMARY, AnalysisRole.SENSITIVITY}
    return (
        of_interest
        and contrast is not None
        and contrast.is_headline
        and contrast.interval is not None
        and not contrast.one_sided
        and not contrast.of_factors
    )


def _same_question(one: Headline, other: Headline) -> bool:
    return (one.outcome.code, one.outcome.time_point) == (
        other.outcome.code,
        other.outcome.time_point,
    )


def _figure(shown: Sequence[Headline], left: Sequence[Headline], protocol: Protocol) -> Figure:
    first = shown[0]
    outcome = first.outcome
    when = lowered(protocol.visit(outcome.time_point).label)
    names = _names(shown)
    rows = [
        row
        for each, label in zip(shown, names, strict=True)
        for row in _rows(each, label, parted=each is not first)
    ]
    level = confidence(protocol.plan.confidence_level)
    what = effect_words(first.scale, first.summary)
    own = outcome.time_point == protocol.outcome(outcome.code).time_point
    name = f"sensitivity_{outcome.code}{'' if own else f'_{outcome.time_point}'}"
    title = f"{outcome.label} at {when}: primary and sensitivity analyses"
    several = len(protocol.experimental) > 1
    description = "; ".join(
        f"{label}{f', {arm.label}' if several else ''}: {_printed(each, arm)}"
        for each, label in zip(shown, names, strict=True)
        for arm in protocol.experimental
    )
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_sheet,
                rows,
                stub="Analysis",
                before=named_heads(protocol, "n"),
                after=(f"{capitalised(what)} ({level} CI)",),
                axis=effect_axis(first, capitalised(what), _lines(first)),
                explanation=_explained(first, level),
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=f"{description}.",
            )
        ),
        title=title,
        description=f"{description}.",
        caption=_caption(first, left, level, when),
    )


def _names(shown: Sequence[Headline]) -> tuple[str, ...]:
    """Each analysis by its method and what it supposes; by its population and id where it must be."""
    names = []
    measured = measured_visits(shown[0].index, shown[0].protocol)
    for each in shown:
        specification = each.analysis.specification
        said = words_of(specification, each.protocol).short_name(specification)
        population = each.analysis.population
        if population != shown[0].analysis.population:
            said += f", {lowered(each.protocol.population(population).label)}"
        role = " (primary)" if each.is_primary else ""
        supposes = supposition_of(each.analysis, each.protocol, measured)
        names.append(f"{capitalised(said)}{role}: {BRIEFLY[supposes]}")
    return distinct_heads(zip([each.analysis.id for each in shown], names, strict=True))


def _rows(headline: Headline, name: str, *, parted: bool) -> Iterator[SheetRow]:
    """The effect by an analysis; of several arms, its name over a row for each."""
    effects = (
        ArmEffect(
            arm=arm,
            before=tuple(
                count(value(headline.analysed(one), Stat.N))
                for one in (headline.protocol.reference, arm)
            ),
            after=(_printed(headline, arm),),
            numbers=_numbers(headline, arm),
        )
        for arm in headline.protocol.experimental
    )
    return rows_by_arm(headline, name, effects, parted=parted)


def _numbers(headline: Headline, arm: Arm) -> Numbers | None:
    """Effect and limits as they are drawn; None where they have no place on the axis."""
    numbers = effect_numbers(headline, headline.effect(arm, method=headline.measure))
    if numbers is not None and headline.is_ratio:
        _, low, high = numbers
        return numbers if low > 0 and high < float("inf") else None
    return numbers


def _printed(headline: Headline, arm: Arm) -> str:
    return effect_in_words(headline, _numbers(headline, arm))


def _important(headline: Headline) -> float | None:
    """Where the important difference lies on the axis, on the side of better."""
    found = important_effect(
        headline.outcome, headline.scale, lower_is_better=headline.lower_is_better
    )
    return None if found is None else found * factor_of(headline)


def _lines(headline: Headline) -> tuple[Upright, ...]:
    important = _important(headline)
    if important is None:
        return ()
    return (Upright(at=important, name=f"{IMPORTANT} {plain(important)}"),)


def _explained(headline: Headline, level: str) -> str:
    important = _important(headline)
    dashed = ""
    if important is not None:
        unit = effect_unit(headline)
        dashed = f" Dashed line: the {IMPORTANT} of {plain(important)}{f' {unit}' if unit else ''}, in favour of the experimental arm."
    better = (
        ""
        if headline.scale.of_better
        else f" {capitalised(better_word(headline.outcome))} is better."
    )
    return f"Bars: {level} confidence interval. Solid line: no effect.{dashed}{better}"


def _caption(headline: Headline, left: Sequence[Headline], level: str, when: str) -> str:
    """What the rows have in common, and which analyses are not among them."""
    others = dict.fromkeys(
        words_of(each.analysis.specification, each.protocol).short_name(each.analysis.specification)
        for each in left
    )
    apart = f" Not drawn, for they are on another scale: {listing(list(others))}." if others else ""
    return (
        f"{headline.outcome.label} at {when} by the primary and each sensitivity analysis, with {level} "
        "confidence intervals; after each name what it supposes of missing values. n: participants analysed."
        f"{apart}"
    )
