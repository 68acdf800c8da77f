"""What is asked of an adverse event, and the terms under which the results count the answers.

A term of the data stands behind a prefix (:class:`trialkit.results.lookup.Before`), so that no word
that somebody typed is ever one of these.
"""

from enum import Enum

from trialkit.results.lookup import Term

_KIND = f"{Term.ANY_EVENT}: "


class EventFact(Enum):
    """What a form may ask of an event; an answer that nobody knows is counted as that.

    An answer that lacks since the form did not ask for it (``shown_when``) is told apart.
    """

    SERIOUS = "serious", "seriousness not recorded", "seriousness not asked"
    RELATED = "related", "relation not recorded", "relation not asked"
    LED_TO_WITHDRAWAL = (
        "led to withdrawal",
        "leading to withdrawal not recorded",
        "leading to withdrawal not asked",
    )
    SEVERITY = "severity", "severity not recorded", "severity not asked"
    TERM = "term", "term not recorded", "term not asked"
    START = "start", "start before or after randomisation not known", "start not asked"

    def __init__(self, words: str, not_known: str, not_put: str) -> None:
        self.words = words
        self.not_known = not_known
        self.not_put = not_put

    @property
    def term(self) -> str:
        """The term of the row that counts the events of which it is true."""
        return f"{_KIND}{self.words}"

    @property
    def unknown(self) -> str:
        """The term of the row that counts the events of which it is not known."""
        return f"{_KIND}{self.not_known}"

    @property
    def not_asked(self) -> str:
        """The term of the row that counts the events of which the form did not ask it."""
        return f"{_KIND}{self.not_put}"


FLAGS = (EventFact.SERIOUS, EventFact.RELATED, EventFact.LED_TO_WITHDRAWAL)
"""What is answered by yes or no."""


def kind_words(term: str) -> str | None:
    """What a row about events of a kind is called; None of a row about anything else."""
    return term.removeprefix(_KIND) if term.startswith(_KIND) else None
