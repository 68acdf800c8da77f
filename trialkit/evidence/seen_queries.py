"""Lines about queries as somebody may see them: what tells an arm is withheld, and the query stands."""

from dataclasses import dataclass, field, replace

from trialkit.checks.queries.queries import ASKING, Event, head_of_mark
from trialkit.evidence.sight import WITHHELD, Sight


def seen_line(event: Event, sight: Sight) -> Event:
    """The line with its words and values withheld where they tell an arm that is not seen.

    They do where the item that is asked about tells one, or one that the finding rests on.
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


@dataclass(slots=True, kw_only=True)
class SeenLines:
    """The lines of a history one after the other, with marks from which no arm can be guessed.

    The mark of a question is a digest of what the data held, so that whoever knows all of it but the
    arm could try the arms. Who may not read them has in its place the number of the event that asked,
    by which they answer, and of a mark that tells what follows from a finding its first part alone.
    """

    sight: Sight
    told: set[str] = field(default_factory=set)
    """The queries that ever rested on what tells an arm."""
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    """By query and mark, the mark that is shown."""
    asked: dict[tuple[str, str], Event] = field(default_factory=dict)
    """By query and the mark that is shown, what was asked by it last."""

    def seen(self, event: Event, seq: int) -> Event:
        """A line of the log, which stands in the event ``seq``."""
        line = seen_line(event, self.sight)
        if self.sight.sees_arms_of(event.subject_id):
            return line
        place = (event.query_key, event.asked)
        if self.sight.is_told_in(event.grounds):
            self.told.add(event.query_key)
        if event.event in ASKING:
            is_told = event.query_key in self.told
            self.shown[place] = f"e{seq}" if is_told else head_of_mark(event.asked)
            self.asked[event.query_key, self.shown[place]] = event
        if line.asked == WITHHELD or not event.asked:
            return line
        unknown = WITHHELD if event.query_key in self.told else head_of_mark(event.asked)
        return replace(line, asked=self.shown.get(place, unknown))

    def kept(self, event: Event) -> Event:
        """A line that somebody writes who has read these, as the log keeps it: with the mark itself.

        Where a question is asked again whose words they may not read, it is asked in these words.
        """
        before = self.asked.get((event.query_key, event.asked))
        if before is None:
            return event
        if event.event in ASKING and event.message == WITHHELD:
            event = replace(
                event, value=before.value, missing_code=before.missing_code,
                grounds=before.grounds, message=before.message,
            )  # fmt: skip
        return replace(event, asked=before.asked)
