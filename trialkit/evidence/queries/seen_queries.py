"""Lines about queries as somebody may see them, and as the log keeps those that they write.

What tells an arm is withheld, and the query stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trialkit.checks.queries.queries import ASKING, Event, head_of_mark
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.people.sight import WITHHELD, Sight
from trialkit.evidence.queries.queries_of_marks import QueriesOfMarks
from trialkit.evidence.queries.query_words_apart import (
    is_name,
    parted,
    restored,
    said_again,
    tells_all,
    words_of,
)
from trialkit.evidence.standing.query_events import SAYING, entry_of, event_of


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
class QueryLines:
    """The lines of a history one after the other, with marks from which no arm can be guessed.

    The mark of a question is a digest of what the data held, so that whoever knows all of it but the
    arm could try the arms. Where it tells one, the log has a name in its place and keeps the mark apart,
    for who may read arms. Whoever may not sees the name, and answers by it. In lines from before names
    were given, who may not read arms has the number of the event that asked, and of a mark that tells
    what follows from a finding its first part alone.
    """

    sight: Sight
    marks: QueriesOfMarks = field(default_factory=QueriesOfMarks)
    """How queries about marks are called in the log."""
    told: set[str] = field(default_factory=set)
    """The queries that ever rested on what tells an arm."""
    apart: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    """By query and name, what is kept apart, where it is seen."""
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """By query and mark, the name under which it was asked last."""
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    """By query and mark, the mark that is shown of a line without a name."""
    asked: dict[tuple[str, str], Event] = field(default_factory=dict)
    """By query and the mark that is shown, what was asked by it last, to who may not read arms."""

    def read(self, row: Mapping[str, Any]) -> Event | None:
        """The line of an event of the log; None for what is kept apart of the next."""
        if row["action"] != EventAction.QUERY_KEPT_APART:
            event, more = event_of(row)
            return self.marks.told(self.seen(event, row["seq"]), more)
        if not self.sight.hides(row["form"], row["item"], row["subject_id"]):
            place, texts = words_of(row)
            self.apart.setdefault(place, texts)
        return None

    def seen(self, event: Event, seq: int) -> Event:
        """A line of the log, which stands in the event ``seq``."""
        if is_name(event.asked):
            return self._named(event)
        if self._tells(event):
            self.told.add(event.query_key)
        line = seen_line(event, self.sight)
        if self.sight.sees_arms_of(event.subject_id):
            return line
        place = (event.query_key, event.asked)
        if event.event in ASKING:
            is_told = event.query_key in self.told
            self.shown[place] = f"e{seq}" if is_told else head_of_mark(event.asked)
            self.asked[event.query_key, self.shown[place]] = event
        if line.asked == WITHHELD or not event.asked:
            return line
        unknown = WITHHELD if event.query_key in self.told else head_of_mark(event.asked)
        return replace(line, asked=self.shown.get(place, unknown))

    def _named(self, event: Event) -> Event:
        if tells_all(event.asked):
            self.told.add(event.query_key)
        texts = self.apart.get((event.query_key, event.asked))
        if texts is None:
            if event.event in ASKING:
                self.asked[event.query_key, event.asked] = event
            return seen_line(event, self.sight)
        line = restored(event, texts, only=() if event.event in SAYING else ("asked",))
        if event.event in ASKING:
            self.names[event.query_key, line.asked] = event.asked
        return line

    def entries(
        self,
        event: Event,
        *,
        action: EventAction | None = None,
        more: Mapping[str, str] | None = None,
    ) -> list[dict[str, object]]:
        """What is appended of a line that somebody writes who has read these.

        Where a question is asked again whose words they may not read, it is asked in these words.
        """
        event, more = self.marks.kept(event, more)
        place = (event.query_key, event.asked)
        before = self.asked.get(place)
        if before is not None and event.event in ASKING and event.message == WITHHELD:
            if is_name(before.asked):
                return said_again(event, before.asked, more=more)
            event = replace(
                event, value=before.value, missing_code=before.missing_code,
                grounds=before.grounds, message=before.message,
            )  # fmt: skip
        if before is not None:
            event = replace(event, asked=before.asked)
        elif event.event in SAYING and self._keeps_apart(event):
            return self._parted(event, action, more)
        else:
            event = replace(event, asked=self.names.get(place, event.asked))
        return [entry_of(event, action=action, more=more)]

    def _parted(
        self, event: Event, action: EventAction | None, more: Mapping[str, str] | None
    ) -> list[dict[str, object]]:
        told_in = self._told_in(event)
        if told_in:
            self.told.add(event.query_key)
        name, said = parted(
            event,
            told_in or self.sight.places_withheld[0],
            words=told_in is not None,
            whole=event.query_key in self.told,
            action=action,
            more=more,
        )
        if event.event in ASKING:
            self.names[event.query_key, event.asked] = name
        return said

    def _keeps_apart(self, event: Event) -> bool:
        """Whether a part of the line tells an arm; who may not read arms knows of none."""
        if not self.sight.withheld or not self.sight.sees_arms_of(event.subject_id):
            return False
        is_told = event.query_key in self.told or self._tells(event)
        return is_told or head_of_mark(event.asked) != event.asked

    def _tells(self, event: Event) -> bool:
        return self._told_in(event) is not None

    def _told_in(self, event: Event) -> tuple[str, str] | None:
        return self.sight.place_told_in(event.form, event.item, event.grounds)
