"""The mean number of events of each arm as time goes on, with the numbers still at risk below."""

from functools import partial

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.times_figure import TimesPanel, curves_of, draw_times
from trialkit.report.numbers.numbers import confidence, count
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.series import Series, SeriesKind
from trialkit.results.vocabulary import Stat


def recurrence_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """For each outcome that can happen again, the mean cumulative functions of the arms."""
    found = (
        (each, index.series(SeriesKind.MEAN_NUMBERS, each.analysis.id, outcome=each.outcome.code))
        for each in main_headlines(protocol, index)
    )
    return tuple(_figure(each, series, protocol) for each, series in found if series is not None)


def _figure(headline: Headline, series: Series, protocol: Protocol) -> Figure:
    outcome, risk = headline.outcome, headline.outcome.risk
    name = f"recurrences_{outcome.code}"
    unit = risk.unit.value if risk is not None else ""
    level = confidence(protocol.plan.confidence_level)
    title = f"{outcome.label}: mean number of events over time"
    description = f"Events: {'; '.join(_told(headline, arm) for arm in protocol.arms)}."
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_times,
                (TimesPanel(title="", curves=curves_of(series, protocol)),),
                across=f"Time in {unit}",
                upwards="Mean number of events",
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
                of_shares=False,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: mean cumulative function{unless_pooled(protocol, ' of each arm')}, the mean "
            f"number of events of a participant so far, with pointwise robust {level} limits as bands. "
            "Below: how many are still at risk."
        ),
        drawn_from=(series.result_id,),
    )


def _told(headline: Headline, arm: Arm) -> str:
    found = headline.described(arm, visit=headline.outcome.time_point)
    return f"{arm.label} {count(value(found, Stat.N_EVENTS))} in {count(value(found, Stat.N))}"
