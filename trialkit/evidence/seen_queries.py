"""Lines about queries as somebody may see them: what tells an arm is withheld, and the query stands."""

from dataclasses import replace

from trialkit.checks.queries.queries import Event
from trialkit.evidence.sight import WITHHELD, Sight


def seen_line(event: Event, sight: Sight) -> Event:
    """The line with its words and values withheld where they tell an arm that is not seen.

    They do where the item that is asked about tells one, or one that the finding rests on: then the
    mark of the question stays, by which whoever is asked can answer.
    """
    if sight.person is None:
        return event
    is_of_arm = sight.hides(event.form, event.item, event.subject_id)
    if not is_of_arm and not sight.is_told_in(event.grounds):
        return event
    hidden = replace(
        event, value="", missing_code="", grounds="",
        message=WITHHELD if event.message else "", note=WITHHELD if event.note else "",
        reason=WITHHELD if event.reason else "",
    )  # fmt: skip
    return replace(hidden, asked=WITHHELD) if is_of_arm else hidden
