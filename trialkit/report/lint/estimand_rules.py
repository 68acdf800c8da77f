"""Rules on estimands: whether what they ask of intercurrent events is carried out (R37, R38)."""

from collections.abc import Iterator

from trialkit.protocol.coded_events import recorded_events
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.evidence import Evidence, Notice, error, note, warning
from trialkit.report.words.en.sentences.intercurrent import event_label
from trialkit.report.words.en.wording import capitalised, counted, listing, lowered
from trialkit.results.intercurrent import Treated, treated_term
from trialkit.results.lookup import Shelf, value
from trialkit.results.vocabulary import Stat

_MEND = (
    "Say in [[intercurrent_events]] which item records it, and name it in the estimand by its code: then "
    "its strategy is carried out, and the report counts who had it."
)
_NO_VALUES = {
    MissingAssumption.AS_OBSERVED: "leaves them out",
    MissingAssumption.AT_RANDOM: "supposes that they would have gone on as if it had not happened",
}


def described_events(evidence: Evidence) -> Iterator[Notice]:
    """R37: the estimand of a main analysis names an event that nothing records.

    Under treatment policy values are kept as it is, and only nobody knows who had it: a note.
    """
    named: dict[Strategy, list[str]] = {}
    for estimand in _main_estimands(evidence):
        recorded = recorded_events(estimand, evidence.protocol)
        for event in evidence.protocol.estimand(estimand).intercurrent_events:
            if event not in recorded:
                label = event_label(event, evidence.protocol)
                said = f"{lowered(label)} ({event.strategy.value}, {estimand})"
                named.setdefault(event.strategy, []).append(said)
    kept = named.pop(Strategy.TREATMENT_POLICY, [])
    others = [each for words in named.values() for each in words]
    for look, words in ((warning, others), (note, kept)):
        if words:
            yield look(
                f"No item is named that records {listing(words, last='or')}: what the estimand asks is "
                "described, and not carried out.",
                _MEND,
            )


def _main_estimands(evidence: Evidence) -> tuple[str, ...]:
    known = {each.code for each in evidence.protocol.estimands}
    named = (analysis.estimand for analysis, _ in evidence.main_analyses())
    return tuple(dict.fromkeys(each for each in named if each in known))


def unobserved_after_events(evidence: Evidence) -> Iterator[Notice]:
    """R38: under treatment policy some have no value after the event, and the analysis passes over that."""
    for analysis, outcome in evidence.main_analyses():
        if evidence.is_to_come(analysis, outcome):
            continue
        done = _what_is_done(analysis, outcome, evidence)
        for event in recorded_events(analysis.estimand, evidence.protocol) if done else ():
            lacking = _without_value(analysis, outcome, event, evidence)
            if event.strategy is Strategy.TREATMENT_POLICY and any(lacking.values()):
                yield _unobserved(
                    analysis, outcome, event, lacking, done, protocol=evidence.protocol
                )


def _what_is_done(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> str:
    """What becomes of who has no value; blank where values are imputed, ruled, or dealt with elsewhere."""
    specification = analysis.specification.reads
    if specification.IMPUTES:
        return ""
    supposed = specification.supposes_of_missing(evidence.protocol.measured(outcome))
    return _NO_VALUES.get(supposed, "")


def _without_value(
    analysis: Analysis, outcome: Outcome, event: IntercurrentEvent, evidence: Evidence
) -> dict[str, int]:
    """By arm, participants who had the event and have no value at the time point."""
    term = treated_term(analysis.id, event.event, Treated.NOT_OBSERVED)
    return {
        arm.label: int(
            value(
                evidence.index.find(
                    Shelf.INTERCURRENT,
                    outcome=outcome.code,
                    visit=outcome.time_point,
                    term=term,
                    arm=arm.code,
                ),
                Stat.N,
            )
            or 0
        )
        for arm in evidence.protocol.arms
    }


def _unobserved(
    analysis: Analysis,
    outcome: Outcome,
    event: IntercurrentEvent,
    lacking: dict[str, int],
    done: str,
    *,
    protocol: Protocol,
) -> Notice:
    look = error if analysis.role is AnalysisRole.PRIMARY else warning
    look = note if event.assumption else look
    arms = listing([f"{count} in {label}" for label, count in lacking.items()])
    number = capitalised(counted(sum(lacking.values()), "participant"))
    label = lowered(event_label(event, protocol))
    supposed = f" The protocol supposes: {event.assumption}." if event.assumption else ""
    return look(
        f'{outcome.label}, {analysis.id}: {number} had "{label}" ({arms}) and no value at the time point. '
        f"The estimand asks for values whatever happens, and the analysis {done}.{supposed}",
        "Observe participants after the event; impute by those who were observed after it, or as in the "
        "reference arm (multiple_imputation); or ask another question of the event.",
        place=f"[[analyses]] {analysis.id}",
    )
