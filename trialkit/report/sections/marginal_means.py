"""The figures of the mixed models for repeated measures: marginal means by visit."""

from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures.marginal_means_figure import Course, EstimatedMean, draw_marginal_means
from trialkit.report.lettering.looks import (
    look,
)
from trialkit.report.numbers.numbers import confidence, number
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Term, value
from trialkit.results.vocabulary import Stat


def marginal_means_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """One figure an MMRM of the plan and outcome, in the plan's order."""
    found = (
        _figure(analysis, protocol.outcome(code), protocol, index)
        for analysis in protocol.plan.analyses
        for code in analysis.outcomes
    )
    return tuple(each for each in found if each is not None)


def _figure(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Figure | None:
    courses = [_course(arm, analysis, outcome, protocol, index) for arm in protocol.arms]
    seen = {mean.visit for course in courses for mean in course.means}
    if not seen:
        return None
    visits = [visit for visit in protocol.visits if visit.code in seen]
    specification = analysis.specification
    changed = words_of(specification, protocol).response(specification) is Response.CHANGE
    what = f"Change in {outcome.label[:1].lower()}{outcome.label[1:]}" if changed else outcome.label
    ratio = protocol.plan.confidence_level
    title = f"{what}: marginal means by visit"
    unit = f" in {outcome.unit}" if outcome.unit else ""
    name = f"means_{analysis.id}_{outcome.code}"
    description = f"{what}{unit}. {' '.join(_in_words(each, outcome) for each in courses)}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        svg=draw_marginal_means(
            courses,
            visits=visits,
            axis=f"{what} ({outcome.unit})" if outcome.unit else what,
            confidence_level=ratio,
            synthetic=protocol.trial.synthetic,
            name=name,
            title=title,
            description=description,
        ),
        title=title,
        description=description,
        caption=(
            f"{what}: marginal means of the mixed model for repeated measures at each visit "
            f"with {confidence(ratio)} confidence intervals."
        ),
    )


def _course(
    arm: Arm, analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Course:
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
            means.append(EstimatedMean(visit=visit.code, estimate=middle, low=low, high=high))
    return Course(arm=arm, look=look(protocol.arm_codes.index(arm.code)), means=tuple(means))


def _in_words(course: Course, outcome: Outcome) -> str:
    """The means of an arm for somebody who cannot see the figure."""
    means = ", ".join(
        f"{each.visit} {number(each.estimate, digits=outcome.digits)}" for each in course.means
    )
    return f"{course.arm.label}: {means or 'none'}."
