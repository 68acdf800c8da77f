"""What stands above a printed log, and its texts as they can be printed: with nothing unseen in them."""

import re
from dataclasses import dataclass

from trialkit.printable import by_number, is_unseen

TITLE = "Log of the evidence store"
_SAID = {"\n": "⏎", "\t": "⇥"}
_PLAIN = re.compile(r"[ -~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """Which log it is, what of it, until where, and who printed it."""

    trial: str
    registration: str
    """Registry and number; empty where the protocol has none."""
    synthetic: str
    """Printed wherever data are not real; else empty."""
    asked: str
    end: str
    """The last event of the log, with its hash whole."""
    printed: str
    """By whom and when."""

    @property
    def title(self) -> str:
        """The title of page and file."""
        return f"{TITLE}: {shown(self.trial)}"

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        """What it is, by label."""
        said = {
            "Trial": self.trial,
            "Registration": self.registration or "–",
            "Asked for": self.asked,
            "Log": self.end,
            "Printed": self.printed,
        }
        return tuple((label, shown(text)) for label, text in said.items())


def shown(text: str) -> str:
    """The text with what cannot be seen as its number, as ``[U+202E]``; new lines and tabs as signs."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_shown(each) for each in text)


def in_brackets(character: str) -> str:
    """The number of a character that cannot be printed, as it stands in a text."""
    return f"[{by_number(character)}]"


def _shown(each: str) -> str:
    if each in _SAID:
        return _SAID[each]
    return in_brackets(each) if is_unseen(each) else each
