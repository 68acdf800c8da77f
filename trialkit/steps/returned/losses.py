"""What of a Word text has no place in the author's Markdown: looks that go, and words that may not."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Losses:
    """What was met while a text was read, and how often."""

    looks: Counter[str] = field(default_factory=Counter)
    """What the text loses and is still the same text: an underline, a colour."""
    words: Counter[str] = field(default_factory=Counter)
    """What would be lost of what the text says: a picture, a footnote."""
    changes: int = 0
    """Tracked changes that were read as if they were accepted."""
