"""``today`` and ``now`` in REDCap's logic: the day on which a form was filled in.

No export tells it: REDCap works a value out anew whenever the form is saved, and the time of a survey is
that of its end. On the day of a later check the value of an age is another, and a question may be shown
that was not. So the logic says ``entry_day``, which nobody knows: what rests on it finds nothing. Where
``redcap.toml`` names the field that holds the day of a form, ``today`` is that field.
"""

import re
from collections.abc import Iterable

from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.schemas.expressions.nodes import Call, Node, Text
from trialkit.schemas.expressions.walking import every_part
from trialkit.schemas.items.item_types import types_of
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.names import ENTRY_DAY

TODAY = "today"
CLOCK = frozenset({TODAY, "now"})
"""REDCap's words for the time at which the logic happens to be run."""
UNKNOWN_DAY = RedcapAnswer(name=ENTRY_DAY, type=types_of(Nature.DAY)[0])
"""The day on which a form was filled in, where no field holds it."""
NOT_KNOWN = (
    "today and now are the day on which the form was filled in (entry_day), of which "
    "no export tells. What rests on it finds nothing; where a field holds that day, say so in redcap.toml "
    "([[forms]] day)"
)
"""What a person should know of logic that rests on that day."""
_OF_DATES = frozenset({"datediff", "year", "month", "day", "calcdate"})
_ABSORBING = re.compile(r"\b(?:COALESCE|IS (?:NOT )?NULL|[A-Z]+_OF|LEAST|GREATEST)\b")


def is_clock(node: Node) -> bool:
    """Whether a value that stands in the logic is the time at which it is run."""
    return isinstance(node, Text) and node.text.lower() in CLOCK


def rests_on_the_day(nodes: Iterable[Node]) -> bool:
    """Whether any of the parts is worked out from the time at which it is run."""
    parts = (part for node in nodes for part in every_part(node))
    return any(
        isinstance(part, Call) and part.function in _OF_DATES and any(map(is_clock, part.arguments))
        for part in parts
    )


def names_the_unknown_day(text: str) -> bool:
    """Whether a rule reads the day that no export tells."""
    return re.search(rf"(?<![\w.\"']){ENTRY_DAY}\b", text) is not None


def unknown_with_the_day(text: str, day: RedcapAnswer) -> str:
    """A part of a rule that is not known where the day is not, though it says something of blanks."""
    if not _ABSORBING.search(text):
        return text
    name = ENTRY_DAY if names_the_unknown_day(text) else day.name
    return f"IF({name} IS NULL, NULL, {text})"
