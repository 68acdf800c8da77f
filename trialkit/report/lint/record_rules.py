"""Rules on the record of the plan: what is called planned needs evidence of when (R20)."""

from collections.abc import Iterator

from trialkit.grammar import by_number
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.report.lint.evidence import Evidence, Notice, error, note, warning
from trialkit.report.words.en.sentences.plan_record import locked_on
from trialkit.report.words.en.wording import listing

_LOCK = "Lock the plan: trialkit plan lock."


def planned_without_record(evidence: Evidence) -> Iterator[Notice]:
    """R20: an analysis that the plan's record does not show, or shows only after outcomes."""
    history = evidence.history
    if history.problems:
        yield error(
            f"The record of the plan's locks does not hold together: {'; '.join(history.problems)}.",
            "Bring plan_locks.jsonl back from a backup.",
            place="plan_locks.jsonl",
        )
        return
    if not history.locks:
        yield warning(
            "No dated record shows when the plan was made: the report says that it stands in the "
            "protocol file.",
            f"{_LOCK} Say under item 10 where a dated plan can be seen, if there is one.",
        )
        return
    first = history.locks[0]
    if first.data.has_outcomes:
        yield warning(
            f"The plan was locked first on {locked_on(first)}, when outcomes were there already.",
            "Say under item 10 where an earlier dated plan can be seen, if there is one.",
        )
    planned = [
        each for each in evidence.protocol.plan.analyses if each.role is not AnalysisRole.POST_HOC
    ]
    standings = {each.id: history.standing(each.id) for each in planned}
    nowhere = [name for name, standing in standings.items() if standing.lock is None]
    if nowhere:
        yield error(
            f"{listing(nowhere)} {by_number(len(nowhere), 'is', 'are')} in no locked plan as carried "
            "out.",
            "Record the change by 'trialkit plan lock --reason', or give the role 'post hoc' with "
            "its reason.",
            place="[[analyses]]",
        )
    late = [
        name
        for name, standing in standings.items()
        if standing.lock is not None and not standing.is_original and not standing.before_outcomes
    ]
    if late:
        yield note(
            f"{listing(late)} {by_number(len(late), 'was', 'were')} added or changed by an amendment "
            "when outcomes were there already; the report says so.",
            "Say why in the discussion, and what changes without it.",
        )
