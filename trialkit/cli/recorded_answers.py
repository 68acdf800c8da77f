"""What became of the answers in a file, on the screen."""

from collections import Counter

from trialkit.checks.queries.answering import RecordedAnswers
from trialkit.checks.queries.queries import QueryAnswer, QueryState
from trialkit.cli.screen import Screen
from trialkit.grammar import by_number
from trialkit.schemas.forms.forms import Severity


def show_recorded(
    done: RecordedAnswers, screen: Screen, *, is_rehearsal: bool, applies: str
) -> None:
    """How many answers there are of each kind, what became of their queries, and which were not taken.

    ``applies`` is the command that enters right values.
    """
    counts = Counter(query.answer for query in done.recorded)
    said = ", ".join(f"{counts[answer]:,} {answer.value}" for answer in QueryAnswer)
    screen.say(f"{'Would be recorded' if is_rehearsal else 'Recorded'}: {said}.")
    if done.recorded:
        on = done.recorded[0].answered_on
        closed = done.count(QueryState.CLOSED)
        screen.say(
            f"{closed:,} closed by the answer; {len(done.recorded) - closed:,} wait for the data. "
            + (f"Dated {on}." if on else "They have no date; give one by --on DATE.")
        )
    hard = sum(query.severity == Severity.HARD and query.found for query in done.recorded)
    if hard:
        screen.say(f"{hard:,} hard: an answer does not let the analysis run, only the data do.")
    values = sum(bool(query.right_value) for query in done.recorded)
    if values:
        noun = by_number(values, "value", "values")
        screen.say(f"{values:,} right {noun}: {applies}.")
    if done.known:
        screen.say(f"{done.known:,} had been recorded before.")
    for places, what in (
        (done.outdated, "about a value that has changed since: kept in the history, asked again"),
        (done.unnamed, _UNNAMED),
        (done.unknown, "about no query of this trial: not recorded"),
    ):
        if places:
            screen.say(f"{len(places):,} {what}:")
            for place in places:
                screen.say(f"  {place}")


_UNNAMED = (
    "without a query_key, in a row that was added or whose key was taken away: not recorded. Answer "
    "in the row that asks, or ask anew by trialkit queries raise"
)
