"""Rules on what the protocol says in two places, or says and the data contradict (R22 to R26)."""

from collections.abc import Iterator
from datetime import date

from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.registered import Framework
from trialkit.report.lint.evidence import Evidence, Notice, error, warning
from trialkit.report.numbers.numbers import day
from trialkit.report.words.en.dates import last_of_month
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import listing
from trialkit.report.words.languages import words_of

_OF_FRAMEWORK = {
    Framework.NON_INFERIORITY: MarginQuestion.NON_INFERIORITY,
    Framework.EQUIVALENCE: MarginQuestion.EQUIVALENCE,
}


def framework_and_method(evidence: Evidence) -> Iterator[Notice]:
    """R22: a framework that the primary analysis does not ask, and a margin in one population only."""
    protocol = evidence.protocol
    framework, plan = protocol.trial.framework, protocol.plan
    primary = [each for each in plan.analyses if each.role is AnalysisRole.PRIMARY]
    if framework is None or not primary or protocol.is_pooled:
        return
    wanted = _OF_FRAMEWORK.get(framework)
    for analysis in primary:
        asked, place = analysis.specification.margin_question, f"[[analyses]] {analysis.id}"
        if wanted is not None and asked is not wanted:
            asks = (
                "holds nothing against a margin" if asked is None else f"asks for {_named(asked)}"
            )
            yield error(
                f"The trial is one of {framework.value}, and its primary analysis {analysis.id} {asks}.",
                f"Plan method = '{wanted.value}' with its margin, or correct [trial] framework.",
                place=place,
            )
        elif wanted is None and asked is not None:
            yield error(
                f"The trial is one of {framework.value}, and its primary analysis {analysis.id} is of "
                f"{_named(asked)}.",
                "Correct [trial] framework, or the method.",
                place=place,
            )
        elif wanted is not None and not _in_another_population(analysis, plan.analyses):
            yield warning(
                f"{analysis.id} is held against its margin in one population only; who did not keep "
                "to the protocol makes arms alike, and may hide a difference.",
                "Plan the same comparison in the participants who kept to the protocol, and report "
                "both (CONSORT for non-inferiority and equivalence).",
                place=place,
            )


def _named(question: MarginQuestion) -> str:
    """``non-inferiority`` or ``equivalence``."""
    return question.value.replace("_", "-")


def _in_another_population(analysis: Analysis, analyses: tuple[Analysis, ...]) -> bool:
    """Whether another analysis asks the same of the same outcomes in other participants."""
    return any(
        each.specification.margin_question is analysis.specification.margin_question
        and each.population != analysis.population
        and set(analysis.outcomes) <= set(each.outcomes)
        for each in analyses
    )


def estimand_and_population(evidence: Evidence) -> Iterator[Notice]:
    """R23: an analysis of an estimand in another population than the estimand names."""
    protocol = evidence.protocol
    codes = {each.code: each.label for each in protocol.populations}
    estimands = {each.code: each for each in protocol.estimands}
    for analysis in protocol.plan.analyses:
        estimand = estimands.get(analysis.estimand)
        if estimand is None or estimand.population not in codes:
            continue
        if estimand.population != analysis.population:
            yield error(
                f"{analysis.id} answers for estimand {estimand.code}, whose population is "
                f"{codes[estimand.population]}, in the population {codes[analysis.population]}.",
                "Name an estimand of that population, or analyse the estimand's.",
                place=f"[[analyses]] {analysis.id}",
            )


def metric_and_response(evidence: Evidence) -> Iterator[Notice]:
    """R24: an outcome declared as a change that is analysed as a final value, or the reverse.

    Where the baseline is a covariate both are one effect, and nothing is said.
    """
    for analysis, outcome in evidence.main_analyses():
        specification = analysis.specification
        response = words_of(specification, evidence.protocol).response(specification)
        declared = outcome.declared_response
        if response is None or declared is None or response is declared:
            continue
        if specification.adjusts_for_baseline:
            continue
        names = {Response.CHANGE: "change from baseline", Response.FINAL: "final value"}
        yield warning(
            f"{outcome.label} is declared by its {names[declared]}, and {analysis.id} analyses the "
            f"{names[response]}.",
            "Make metric and response agree: both are different numbers of the same participants.",
            place=f"[[outcomes]] {outcome.code}",
        )


def dates_outside_the_trial(evidence: Evidence) -> Iterator[Notice]:
    """R25: randomisation before the stated start of the trial, or data after its stated end.

    Whom the trial looked for before it began to enrol is no contradiction.
    """
    dates = evidence.dates
    first = [(dates.first_randomised, "the first randomisation")]
    last = [
        (dates.last_randomised, "the last randomisation"),
        (dates.last_followed, "the end of the last follow-up"),
    ]
    start = dates.start.replace(day=1) if dates.start and dates.months_only else dates.start
    early = _outside(first, start, before=True)
    end = last_of_month(dates.end) if dates.end and dates.months_only else dates.end
    late = _outside(last, end, before=False)
    if early and dates.start is not None:
        yield error(
            f"The trial is said to have started on {day(dates.start)}, after {listing(early)}.",
            "Correct [trial] start, or the dates in the data.",
            place="[trial] start",
        )
    if late and dates.end is not None:
        yield error(
            f"The trial is said to have ended on {day(dates.end)}, before {listing(late)}.",
            "Correct [trial] end, or the dates in the data.",
            place="[trial] end",
        )


def _outside(
    events: list[tuple[date | None, str]], limit: date | None, *, before: bool
) -> list[str]:
    """What happened on the wrong side of a day, each with its own day."""
    if limit is None:
        return []
    return [
        f"{what} ({day(when)})"
        for when, what in events
        if when is not None and (when < limit if before else when > limit)
    ]


def no_ethics(evidence: Evidence) -> Iterator[Notice]:
    """R26: no approval by an ethics committee, or no word on consent."""
    approval = evidence.protocol.trial.ethics
    if not is_said(approval, none_answers=True):
        yield warning(
            "Nothing says which ethics committee approved the trial.",
            "Fill in [trial] ethics: committee, number and date, or why none was needed.",
        )
    said = [approval, *(sentence for _, sentence in evidence.sentences())]
    if not any("consent" in each.casefold() for each in said):
        yield warning(
            "Nothing says how participants consented.",
            "Say it in [trial] ethics, such as 'All participants gave written consent'.",
        )
