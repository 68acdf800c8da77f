"""What stands above a printed log, and its texts as they can be printed: with nothing unseen in them."""

import re
from dataclasses import dataclass
from unicodedata import category

TITLE = "Log of the evidence store"
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""The kinds of characters of which a reader sees nothing, or what they do to others."""
_JOINS = frozenset("\u200c\u200d")
"""With which some scripts are written right."""
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


def by_number(character: str) -> str:
    """A character that cannot be printed, as Unicode numbers it."""
    return f"[U+{ord(character):04X}]"


def _shown(each: str) -> str:
    if each in _SAID:
        return _SAID[each]
    return by_number(each) if category(each) in _UNSEEN and each not in _JOINS else each
