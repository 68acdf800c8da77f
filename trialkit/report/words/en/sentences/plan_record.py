"""What may be said of when the plan was made: as much as its record shows, and no more."""

from collections.abc import Iterator, Sequence
from datetime import date

from trialkit.protocol.locks.plan_changes import ChangeKind, PlanChange
from trialkit.protocol.locks.plan_history import PlanHistory, PlanStanding
from trialkit.protocol.locks.plan_locks import DataState, PlanLock
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import day
from trialkit.report.words.en.wording import capitalised, listing, number_word, sentence

NO_RECORD = "no dated record shows when the plan was made"
NOT_DATED = f"{NO_RECORD}: trialkit plan lock dates it"
"""The same to whoever can do something about it, in a checklist."""
UNLOCKED = "the plan was changed since it was locked: trialkit plan lock dates the change"
LOCKED_LATE = "the plan was locked first when outcomes were in the data"
_NOUNS = {
    "arms": "arm",
    "visits": "visit",
    "outcomes": "outcome",
    "populations": "population",
    "intercurrent_events": "intercurrent event",
    "estimands": "estimand",
    "families": "family of comparisons",
    "analyses": "analysis",
    "plan": "error rate and confidence level",
    "trial": "framework",
    "sample_size": "sample size",
    "interim": "interim analyses",
}
"""The tables of a plan, by what one entry of each is."""


def record_sentence(history: PlanHistory) -> str:
    """When the plan was locked first, and what the data held then; else that nothing shows it."""
    if history.problems:
        return (
            "The plan stands in the protocol file; the record of its locks does not hold together, "
            "and is no evidence of when it was made."
        )
    if not history.locks:
        return (
            "The plan stands in the protocol file; no dated record shows when it was made, or "
            "whether outcomes were known by then."
        )
    first = history.locks[0]
    return f"The plan was locked on {locked_on(first)}, when {_held(first.data)}."


def wanting(history: PlanHistory) -> str:
    """What the record leaves open of when the plan was made, for a checklist; empty for nothing."""
    if not history.is_recorded:
        return NOT_DATED
    if history.unlocked_changes:
        return UNLOCKED
    return LOCKED_LATE if history.locks[0].data.has_outcomes else ""


def amendment_sentences(history: PlanHistory, protocol: Protocol) -> Iterator[str]:
    """Each amendment with what it changed, then what was changed and never locked."""
    if not history.is_recorded:
        return
    for each in history.amendments:
        lock = each.lock
        reason = f" Reason: {sentence(lock.reason)}" if lock.reason else ""
        yield (
            f"Amendment of {locked_on(lock)}, when {_held(lock.data)}: "
            f"{_changes(each.changes, protocol)}.{reason}"
        )
    if history.unlocked_changes:
        yield (
            "Changed in the protocol file after the last lock, with no dated record: "
            f"{_changes(history.unlocked_changes, protocol)}."
        )


def is_unchanged(history: PlanHistory) -> bool:
    """Whether the record shows that the plan is the one that was locked first."""
    return history.is_recorded and not history.amendments and not history.unlocked_changes


def additional_sentence(
    roles: Sequence[tuple[AnalysisRole, PlanStanding]], history: PlanHistory
) -> str:
    """How many additional analyses stand in which record, and how many are afterthoughts."""
    after = sum(role is AnalysisRole.POST_HOC for role, _ in roles)
    others = [standing for role, standing in roles if role is not AnalysisRole.POST_HOC]
    post_hoc = f"{_number(after)} {'is' if after < 2 else 'are'} post hoc"
    if not history.is_recorded:
        verb = "stands" if len(others) < 2 else "stand"
        return (
            f"Of the additional analyses named above, {_number(len(others))} {verb} in the protocol "
            f"file and {post_hoc}; {NO_RECORD}."
        )
    counts = [
        (sum(each.is_original for each in others), "in the plan as it was locked first"),
        (
            sum(each.lock is not None and not each.is_original for each in others),
            "added or changed by an amendment",
        ),
        (sum(each.lock is None for each in others), "in no locked plan"),
    ]
    told = [
        f"{_number(count)} {'is' if count < 2 else 'are'} {where}"
        for count, where in counts
        if count
    ]
    return f"Of the additional analyses named above, {listing([*told, post_hoc])}."


def heading(role: AnalysisRole, standing: PlanStanding) -> str:
    """The head of an analysis in the methods."""
    return f"{capitalised(role.value)} analysis{_shown(role, standing)}"


def role_words(role: AnalysisRole, standing: PlanStanding) -> str:
    """The role of an analysis, with what the record shows of it where there is one."""
    return f"{role.value}{_shown(role, standing)}"


def _shown(role: AnalysisRole, standing: PlanStanding) -> str:
    """What the record shows of an analysis, behind a comma; nothing of an afterthought."""
    if role is AnalysisRole.POST_HOC or not standing.is_recorded:
        return ""
    if standing.lock is None:
        return ", in no locked plan"
    if standing.is_original:
        return ", in the locked plan"
    return f", by the amendment of {locked_on(standing.lock)}"


def locked_on(lock: PlanLock) -> str:
    """The day of a lock."""
    return day(date.fromisoformat(lock.day))


def _held(data: DataState) -> str:
    """What the data held at a lock, as the rest of a sentence."""
    held = f"the trial's data held {data.counted.words(data.participants)}"
    if data.has_outcomes:
        return f"{held}, and an outcome after baseline of {data.with_outcome}"
    return f"{held} and no outcome after baseline" if data.participants else held


def _changes(changes: Sequence[PlanChange], protocol: Protocol) -> str:
    return "; ".join(_change(each, protocol) for each in changes)


def _change(change: PlanChange, protocol: Protocol) -> str:
    noun = _NOUNS.get(change.table, change.table)
    name = f" {_label(change, protocol)}" if change.name else ""
    keys = [key.replace("_", " ").replace(".", ", ") for key in change.keys]
    inside = f" ({'; '.join(keys)})" if change.kind is ChangeKind.CHANGED and change.name else ""
    return f"{noun}{name} {change.kind.value}{inside}"


def _label(change: PlanChange, protocol: Protocol) -> str:
    """An entry as readers know it: as the protocol calls it, else as the plan of that day did."""
    labels = {
        "arms": {each.code: each.label for each in protocol.arms},
        "visits": {each.code: each.label for each in protocol.visits},
        "outcomes": {each.code: each.label for each in protocol.outcomes},
        "populations": {each.code: each.label for each in protocol.populations},
        "families": {each.code: each.label for each in protocol.plan.families},
    }
    return labels.get(change.table, {}).get(change.name) or change.label or change.name


def _number(count: int) -> str:
    return number_word(count) if count else "none"
