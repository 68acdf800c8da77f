"""``trialkit store query TRIAL show``: all that happened to one query, in words."""

from trialkit.checks.queries.queries import Event, Happening, Queries
from trialkit.cli.screen import Screen
from trialkit.evidence.standing.query_events import ACTION_OF, CANCELLED
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import for_display_of

_HEADS = ("day", "what", "who", "value", "words")


def show_history(queries: Queries, key: str, schemas: Schemas, screen: Screen) -> None:
    """Each line of a query: answers with the right value, reasons, comments; a draft has none yet.

    What is withheld from whoever asks is so in ``queries``; what ``schemas`` mark as identifying is masked.
    """
    lines = [_line(each, schemas) for each in queries.history if each.query_key == key]
    if lines:
        screen.show_rows(_HEADS, lines)


def _line(event: Event, schemas: Schemas) -> tuple[str, ...]:
    shown = for_display_of(schemas, event.form, event.item, event.missing_code or event.value)
    is_answer = event.event is Happening.ANSWERED
    said = (event.message, event.reason, "" if event.note == CANCELLED else event.note)
    return (
        event.on,
        _what(event),
        event.answered_by,
        f"right value {shown}" if is_answer and shown else shown,
        "; ".join(filter(None, said)),
    )


def _what(event: Event) -> str:
    if event.note == CANCELLED:
        return "query cancelled"
    did = ACTION_OF[event.event].value
    return f"{did}: {event.answer}" if event.answer else did
