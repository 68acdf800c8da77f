"""Each analysis of the plan in sentences: how, in whom, and for which question."""

from collections.abc import Iterator

from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.text import Definition
from trialkit.report.words.en.sentences.intercurrent import events_in_words, handled_events
from trialkit.report.words.en.sentences.plan_record import heading
from trialkit.report.words.en.wording import capitalised, listing, lowered, sentence
from trialkit.report.words.language.account import Account
from trialkit.report.words.languages import words_of


def analysis_definitions(account: Account) -> Iterator[Definition]:
    """Each analysis of the plan as a term and a sentence."""
    for analysis in account.protocol.plan.analyses:
        term = heading(analysis.role, account.history.standing(analysis.id))
        yield Definition(term=term, runs=(analysis_sentences(analysis, account),))


def analysis_sentences(analysis: Analysis, account: Account) -> str:
    """How an analysis was done, in whom, for which question, and why if it was an afterthought."""
    protocol, specification = account.protocol, analysis.specification
    population = protocol.population(analysis.population)
    told = account.telling(analysis)
    method = words_of(specification, protocol).describe(specification, told)
    parts = [
        sentence(listing([each.label for each in told.outcomes])),
        f"{capitalised(method)}.",
        (
            f"Population: {lowered(population.label)}, participants grouped as "
            f"{population.group_by.value} (estimand {analysis.estimand})."
        ),
    ]
    if analysis.role is AnalysisRole.PRIMARY:
        parts += _estimand(analysis, protocol)
    elif handled := handled_events(analysis, protocol):
        parts.append(handled)
    if analysis.reason:
        parts.append(f"Reason: {sentence(analysis.reason)}")
    return " ".join(parts)


def _estimand(analysis: Analysis, protocol: Protocol) -> Iterator[str]:
    """What the primary analysis estimates, in the words of the protocol."""
    for each in protocol.estimands:
        if each.code == analysis.estimand:
            yield f"What is estimated: {sentence(lowered(each.summary))}"
            yield f"Treatment conditions: {sentence(lowered(each.treatment))}"
            yield f"Variable: {sentence(lowered(each.variable))}"
            events = "; ".join(lowered(event) for event in events_in_words(each, protocol))
            yield f"Intercurrent events: {events or 'none named'}."
