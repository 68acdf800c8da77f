"""Rules on estimands: whether what they ask of intercurrent events is carried out (R37 to R39)."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.protocol.coded_events import recorded_events
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.evidence import Evidence, Notice, error, note, warning
from trialkit.report.words.en.sentences.intercurrent import event_label
from trialkit.report.words.en.wording import capitalised, counted, listing, lowered
from trialkit.results.intercurrent import EventCount, Treated, treated_term
from trialkit.results.lookup import Shelf, value
from trialkit.results.vocabulary import Stat

_MEND = (
    "Say in [[intercurrent_events]] which item records it, and name it in the estimand by its code: then "
    "its strategy is carried out, and the report counts who had it."
)
_IMPUTED = (
    "imputes them as if it had not happened, without anybody of the arm who was observed after it"
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
        for event in recorded_events(analysis.estimand, evidence.protocol):
            if event.strategy is not Strategy.TREATMENT_POLICY:
                continue
            seen = _after(event, Treated.KEPT, analysis, outcome, evidence)
            lacking = _after(event, Treated.NOT_OBSERVED, analysis, outcome, evidence)
            if analysis.specification.reads.IMPUTES:
                lacking = {arm: 0 if seen[arm] else count for arm, count in lacking.items()}
            done = _what_is_done(analysis, outcome, event, evidence)
            if done and any(lacking.values()):
                yield _unobserved(
                    analysis, outcome, event, _Seen(lacking, seen), done, protocol=evidence.protocol
                )


@dataclass(frozen=True, slots=True)
class _Seen:
    """By the label of the arm, who had an event: those without a value, and those observed after it."""

    lacking: dict[str, int]
    seen: dict[str, int]

    @property
    def mend(self) -> str:
        """What can be done: nobody can be imputed by those observed after the event where none were."""
        ways = ["Observe participants after the event"]
        if all(self.seen[arm] for arm, count in self.lacking.items() if count):
            how = "impute by those who were observed after it, or as in the reference arm"
        else:
            how = "impute as in the reference arm, since of an arm nobody was observed after it"
        ways.append(f"{how} (multiple_imputation)")
        return f"{'; '.join(ways)}; or ask another question of the event."


def _what_is_done(
    analysis: Analysis, outcome: Outcome, event: IntercurrentEvent, evidence: Evidence
) -> str:
    """What becomes of who has no value; blank where the event, or a rule, changes what is supposed."""
    specification = analysis.specification.reads
    if specification.IMPUTES:
        return _IMPUTED if specification.is_at_random_after(event.event) else ""
    supposed = specification.supposes_of_missing(evidence.protocol.measured(outcome))
    return _NO_VALUES.get(supposed, "")


def _after(
    event: IntercurrentEvent,
    treated: Treated,
    analysis: Analysis,
    outcome: Outcome,
    evidence: Evidence,
) -> dict[str, int]:
    """By arm, participants who had the event and whose value at the time point was treated so."""
    term = treated_term(analysis.id, event.event, treated)
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
    people: _Seen,
    done: str,
    *,
    protocol: Protocol,
) -> Notice:
    look = error if analysis.role is AnalysisRole.PRIMARY else warning
    look = note if event.assumption else look
    arms, observed = (
        listing([f"{count} in {label}" for label, count in by_arm.items()])
        for by_arm in (people.lacking, people.seen)
    )
    number = capitalised(counted(sum(people.lacking.values()), "participant"))
    label = lowered(event_label(event, protocol))
    supposed = f" The protocol supposes: {event.assumption}." if event.assumption else ""
    return look(
        f'{outcome.label}, {analysis.id}: {number} had "{label}" ({arms}) and no value at the time point; '
        f"observed there after it: {observed}. The estimand asks for values whatever happens, and the analysis {done}.{supposed}",
        people.mend,
        place=f"[[analyses]] {analysis.id}",
    )


def unknown_events(evidence: Evidence) -> Iterator[Notice]:
    """R39: of some participants nobody knows whether an event of a main estimand happened."""
    events = {
        each.event
        for estimand in _main_estimands(evidence)
        for each in recorded_events(estimand, evidence.protocol)
    }
    for event in evidence.protocol.intercurrent_events:
        unknown = {
            arm.label: _unknown_in(arm.code, event.code, evidence) for arm in evidence.protocol.arms
        }
        if event.code not in events or not any(unknown.values()):
            continue
        number = counted(sum(unknown.values()), "participant")
        arms = listing([f"{count} in {label}" for label, count in unknown.items()])
        yield note(
            f'Of {number} ({arms}) nobody knows whether they had "{lowered(event.label)}": their values '
            "are kept as if they had not.",
            f"Complete {event.form}, which records it; say under item 21c what is supposed of those "
            "left, and let a sensitivity analysis suppose otherwise if they are many.",
            place=f"[[intercurrent_events]] {event.code}",
        )


def _unknown_in(arm: str, event: str, evidence: Evidence) -> int:
    found = evidence.index.find(
        Shelf.INTERCURRENT, term=EventCount.ANY.of(event), arm=arm, visit="", outcome=""
    )
    return int(value(found, Stat.N_UNKNOWN) or 0)
