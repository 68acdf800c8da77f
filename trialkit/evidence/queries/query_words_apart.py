"""What of a line about a query tells an arm, kept apart from the line in the log.

The words of a finding that rests on an arm, and the mark of what the data held, are texts of an event of
their own, which is about the item that tells the arm. So whatever withholds that item withholds them: the
log, the listings, and the database of a server from an account with SQL of its own. The line that follows
has in the place of the mark a name drawn by chance, from which nothing can be guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from secrets import token_hex
from typing import Any

from trialkit.checks.queries.queries import Event, head_of_mark
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.people.sight import WITHHELD
from trialkit.evidence.standing.query_events import REDACTED, WORDS, entry_of
from trialkit.protocol.tables.canonical import canonical

Place = tuple[str, str]
"""A form and an item of it, or ``""`` for all of it."""
_MARK = "asked"
_HELD = ("value", "missing_code", "grounds")
_IN_NEW = (_MARK, *_HELD, "message", "note")
_NAME = re.compile(r"(?:[^.]*\.)?w[0-9a-f]{16}")
"""What follows from a finding is hexadecimal in a mark, which has no ``w``."""


def is_name(mark: str) -> bool:
    """Whether what stands in the place of a mark is the name of one that is kept apart."""
    return _NAME.fullmatch(mark) is not None


def tells_all(name: str) -> bool:
    """Whether the mark itself tells an arm, and not what follows from its finding alone."""
    return name.startswith("w")


def parted(
    event: Event,
    place: Place,
    *,
    words: bool,
    whole: bool,
    action: EventAction | None,
    more: Mapping[str, str] | None,
) -> tuple[str, list[dict[str, object]]]:
    """The name of a line's mark, and what is appended of it: what is kept apart, and the line.

    ``place`` is what tells the arm. ``words`` keeps the words and values apart too; ``whole`` leaves no
    part of the mark in the line, else what follows from the finding is kept apart alone.
    """
    name = f"w{token_hex(8)}" if whole else f"{head_of_mark(event.asked)}.w{token_hex(8)}"
    line = asdict(event)
    apart = {each: line[each] for each in (_IN_NEW if words else (_MARK,)) if line[each]}
    form, item = place
    kept: dict[str, object] = {
        "action": EventAction.QUERY_KEPT_APART,
        "form": form,
        "item": item,
        "subject_id": event.subject_id,
        "details": canonical({"query_key": event.query_key, _MARK: name}),
        "new": canonical(apart),
        "reason": event.reason if words else "",
    }
    if not words:
        return name, [kept, entry_of(replace(event, asked=name), action=action, more=more)]
    silent = tuple(each for each in WORDS if line[each])
    rest = Event(**(line | {_MARK: name} | dict.fromkeys((*_HELD, *WORDS), "")))
    return name, [kept, entry_of(rest, action=action, more=more, apart=silent)]


def said_again(
    event: Event, name: str, *, more: Mapping[str, str] | None
) -> list[dict[str, object]]:
    """A question that is asked again by who may not read its words: by the name of what was asked."""
    rest = replace(event, asked=name, message="")
    return [entry_of(rest, more=more, apart=("message",))]


def words_of(row: Mapping[str, Any]) -> tuple[tuple[str, str], Mapping[str, str]]:
    """Of what was kept apart the query and the name, and the texts by their names."""
    of = f"what event {row['seq']} keeps of a query"
    said = kept_object(row["details"], of=of)
    texts: dict[str, str] = {"message": REDACTED} if row["new"] is None else {}
    if row["new"]:
        told = kept_object(row["new"], of=of)
        texts = {each: str(told[each]) for each in _IN_NEW if each in told}
    if row["reason"] or row["reason_sha256"]:
        texts["reason"] = REDACTED if row["reason"] is None else row["reason"]
    return (str(said.get("query_key", "")), str(said.get(_MARK, ""))), texts


def restored(event: Event, texts: Mapping[str, str], *, only: Sequence[str] = ()) -> Event:
    """The line with what was kept apart of it; ``only`` takes no more than these of it."""
    lacking = {
        each: text
        for each, text in texts.items()
        if (not only or each in only) and (each not in WORDS or getattr(event, each) == WITHHELD)
    }
    return Event(**{**asdict(event), **lacking})
