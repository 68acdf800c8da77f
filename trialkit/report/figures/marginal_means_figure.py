"""Each arm's marginal mean at each visit with its confidence interval, side by side."""

from functools import partial

from trialkit.drawing.looks import look
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.mean_lines import MeanLine, PlacedMean, draw_mean_lines
from trialkit.report.numbers.numbers import confidence, number
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Term, value
from trialkit.results.vocabulary import Stat


def marginal_means_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """One figure a mixed model for repeated measures of the plan and outcome, in the plan's order."""
    found = (
        _figure(analysis, protocol.analysed(analysis, code), protocol, index)
        for analysis in protocol.plan.analyses
        for code in analysis.outcomes
    )
    return tuple(each for each in found if each is not None)


def _figure(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Figure | None:
    courses = [_course(arm, analysis, outcome, protocol, index) for arm in protocol.arms]
    seen = {mean.place for line in courses for mean in line.means}
    if not seen:
        return None
    visits = [visit for visit in protocol.visits if visit.code in seen]
    specification = analysis.specification
    words = words_of(specification, protocol)
    model = specification.reads
    named = words_of(model, protocol).names[model.method]
    changed = words.response(specification) is Response.CHANGE
    what = f"Change in {lowered(outcome.label)}" if changed else outcome.label
    ratio = protocol.plan.confidence_level
    title = f"{what}: marginal means by visit"
    unit = f" in {outcome.unit}" if outcome.unit else ""
    name = f"means_{analysis.id}_{outcome.code}"
    told = " ".join(_in_words(line, outcome, protocol) for line in courses)
    description = f"{what}{unit}. {told}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_mean_lines,
                courses,
                places={visit.code: visit.label for visit in visits},
                axis=f"{what} ({outcome.unit})" if outcome.unit else what,
                heading=f"Marginal mean with {confidence(ratio)} confidence interval",
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{what}: marginal means of the {named} at each visit "
            f"with {confidence(ratio)} confidence intervals."
        ),
    )


def _course(
    arm: Arm, analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> MeanLine:
    means = []
    for visit in protocol.visits:
        found = index.find(
            analysis.id,
            outcome=outcome.code,
            visit=visit.code,
            term=Term.MARGINAL_MEAN,
            arm=arm.code,
        )
        middle, low, high = (
            value(found, stat) for stat in (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
        )
        if middle is not None and low is not None and high is not None:
            means.append(PlacedMean(place=visit.code, estimate=middle, low=low, high=high))
    return MeanLine(
        label=arm.label, look=look(protocol.arm_codes.index(arm.code)), means=tuple(means)
    )


def _in_words(line: MeanLine, outcome: Outcome, protocol: Protocol) -> str:
    """The means of an arm for somebody who cannot see the figure."""
    means = ", ".join(
        f"{protocol.visit(each.place).label} {number(each.estimate, digits=outcome.digits)}"
        for each in line.means
    )
    return f"{line.label}: {means or 'none'}."
