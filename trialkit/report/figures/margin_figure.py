"""Non-inferiority and equivalence: each interval against the margin, in every population of the plan."""

from collections.abc import Iterator, Sequence
from functools import partial

from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.effect_rows import (
    ArmEffect,
    effect_axis,
    effect_in_words,
    effect_numbers,
    effect_unit,
    factor_of,
    rows_by_arm,
)
from trialkit.report.figures.forest_columns import arm_heads, described_cells, means_words
from trialkit.report.figures.forest_sheet import draw_sheet
from trialkit.report.figures.sheet_layout import SheetRow, Upright
from trialkit.report.numbers.numbers import confidence, plain
from trialkit.report.tables.cells import INTERVAL
from trialkit.report.tables.headlines import Headline, headlines
from trialkit.report.words.en.terms import better_word, effect_words
from trialkit.report.words.en.wording import capitalised, listing, lowered
from trialkit.report.words.language.method_words import Conclusion
from trialkit.report.words.languages import words_of
from trialkit.results.effect import Scale
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.vocabulary import Stat

QUESTIONS = {
    MarginQuestion.NON_INFERIORITY: "non-inferiority",
    MarginQuestion.EQUIVALENCE: "equivalence",
}


def margin_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """A figure for each outcome that an analysis of the plan holds against a margin.

    Effects on another scale, or with intervals of another level, have a figure of their own.
    """
    asked: dict[str, dict[tuple[Scale, float | None], list[Headline]]] = {}
    for each in headlines(protocol, index):
        held = each.analysis.specification.margin_question is not None
        if held and any(_is_stated(each, arm) for arm in protocol.experimental):
            alike = asked.setdefault(each.outcome.code, {})
            alike.setdefault((each.scale, _level([each])), []).append(each)
    return tuple(
        _figure(shown, protocol, name=f"margins_{code}{f'_{number}' if number > 1 else ''}")
        for code, alike in asked.items()
        for number, shown in enumerate(alike.values(), start=1)
    )


def _figure(shown: Sequence[Headline], protocol: Protocol, *, name: str) -> Figure:
    """The intervals of one outcome, in each population."""
    outcome = shown[0].outcome
    names = _analysis_names(shown)
    rows = [row for each in shown for row in _rows(each, names, parted=each is not shown[0])]
    margins = sorted({line for each in shown for line in _margins(each)})
    level = confidence(_level(shown))
    what = _what(shown[0])
    title = f"{outcome.label}: the {lowered(what)} against the margin"
    description = " ".join(
        f"{names[each.analysis.id]}, {arm.label}: {_printed(each, arm)}. {_conclusion(each, arm)}."
        for each in shown
        for arm in protocol.experimental
        if _is_stated(each, arm)
    )
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_sheet,
                rows,
                stub="Population",
                before=arm_heads(shown, protocol),
                after=(f"{what} ({level} CI)",),
                axis=effect_axis(
                    shown[0],
                    what,
                    tuple(Upright(at=each, name=f"margin {plain(each)}") for each in margins),
                ),
                explanation=_explained(shown, margins, level),
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=_caption(shown, level),
    )


def _is_stated(headline: Headline, arm: Arm) -> bool:
    found = headline.effect(arm)
    return all(value(found, stat) is not None for stat in (*INTERVAL, Stat.MARGIN))


def _level(shown: Sequence[Headline]) -> float | None:
    """The level of the intervals, which is 1 - 2 alpha of the tests against the margin."""
    levels = {
        value(each.effect(arm), Stat.CONF_LEVEL)
        for each in shown
        for arm in each.protocol.experimental
        if _is_stated(each, arm)
    }
    return max(each for each in levels if each is not None)


def _analysis_names(shown: Sequence[Headline]) -> dict[str, str]:
    """Each analysis by its population, and by its role where several are of one population."""
    labels = {
        each.analysis.id: each.protocol.population(each.analysis.population).label for each in shown
    }
    often = [label for label in labels.values() if list(labels.values()).count(label) > 1]
    return {
        each.analysis.id: f"{labels[each.analysis.id]} ({each.analysis.role.value})"
        if labels[each.analysis.id] in often
        else labels[each.analysis.id]
        for each in shown
    }


def _rows(headline: Headline, names: dict[str, str], *, parted: bool) -> Iterator[SheetRow]:
    """The interval of a population; of several arms, its name over a row for each."""
    effects = (
        ArmEffect(
            arm=arm,
            before=described_cells(headline, arm),
            after=(_printed(headline, arm),),
            numbers=effect_numbers(headline, headline.effect(arm)),
        )
        for arm in headline.protocol.experimental
        if _is_stated(headline, arm)
    )
    return rows_by_arm(headline, names[headline.analysis.id], effects, parted=parted)


def _what(headline: Headline) -> str:
    """What is held against the margin, as a head."""
    if not headline.is_ratio:
        return "Difference"
    return capitalised(effect_words(headline.scale, headline.summary))


def _printed(headline: Headline, arm: Arm) -> str:
    return effect_in_words(headline, effect_numbers(headline, headline.effect(arm)))


def _margins(headline: Headline) -> set[float]:
    """Where the margins stand: on the side of worse, and of better for equivalence."""
    worse = 1.0 if headline.lower_is_better else -1.0
    question = headline.analysis.specification.margin_question
    sides = (worse, -worse) if question is MarginQuestion.EQUIVALENCE else (worse,)
    sizes = {
        factor_of(headline) * float(value(headline.effect(arm), Stat.MARGIN) or 0.0)
        for arm in headline.protocol.experimental
        if _is_stated(headline, arm)
    }
    if headline.is_ratio:
        both = question is MarginQuestion.EQUIVALENCE
        return sizes | ({1 / size for size in sizes} if both else set())
    return {side * size for side in sides for size in sizes}


def _explained(shown: Sequence[Headline], margins: Sequence[float], level: str) -> str:
    sizes = " and ".join(plain(each) for each in margins)
    unit = effect_unit(shown[0])
    several = len(margins) > 1
    return (
        f"Bars: {level} confidence interval. Solid line: no difference. Dashed "
        f"line{'s' if several else ''}: margin{'s' if several else ''} of {sizes}"
        f"{f' {unit}' if unit else ''}; {better_word(shown[0].outcome)} is better."
    )


def _conclusion(headline: Headline, arm: Arm) -> str:
    about = Conclusion(
        found=headline.effect(arm), outcome=headline.outcome, arm=arm, protocol=headline.protocol
    )
    specification = headline.analysis.specification
    return words_of(specification, headline.protocol).conclude(specification, about)


def _caption(shown: Sequence[Headline], level: str) -> str:
    """What is held against what, and in how many populations."""
    questions = dict.fromkeys(
        QUESTIONS[question]
        for each in shown
        if (question := each.analysis.specification.margin_question) is not None
    )
    populations = {each.analysis.population for each in shown}
    alone = " The plan asks this in one population alone." if len(populations) == 1 else ""
    return (
        f"{shown[0].outcome.label}: {lowered(_what(shown[0]))} between arms with {level} confidence intervals "
        f"against the margin of {listing(list(questions))}. {means_words(shown)}.{alone}"
    )
