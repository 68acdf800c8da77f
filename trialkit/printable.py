"""Which characters of a text are text, are seen on paper or a screen, and may stand in a file of XML.

Texts come from people, from files and from programs elsewhere; whoever shows one, or writes it, asks here.
"""

import re
from unicodedata import category, normalize

_INSTEAD = "\N{REPLACEMENT CHARACTER}"
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""The kinds of characters of which a reader sees nothing, or what they do to others."""
_ENDS_A_LINE = frozenset({"Cc", "Zl", "Zp"})
_JOINS = frozenset("\u200c\u200d")
"""With which some scripts are written right."""
_NO_TEXT = re.compile("[\ud800-\udfff]")
"""Halves of pairs. Python has a byte as one that the system gave it for text and that is none."""
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs that a terminal obeys instead of showing them, those that turn the order of letters among
them, and what is no text; lines and tabs are no such."""
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_text(text: str) -> bool:
    """Whether it can be kept and sent as UTF-8: no byte in it was anything else."""
    return not _NO_TEXT.search(text)


def is_printable(text: str) -> bool:
    """Whether each character is one that Python prints as it is; of blanks the plain one alone."""
    return text.isprintable()


def printable(text: str, instead: str = _INSTEAD) -> str:
    """The text with something in the place of each character that is not printable."""
    return "".join(each if each.isprintable() else instead for each in text)


def on_one_line(text: str) -> str:
    """The words of a text with one blank between them, without what is not printable."""
    return " ".join(printable(text, " ").split())


def has_line_ends(text: str) -> bool:
    """Whether a character in it ends a line, or commands whatever shows it."""
    return any(category(each) in _ENDS_A_LINE for each in text)


def is_unseen(character: str) -> bool:
    """Whether a reader sees nothing of it, and no script needs it."""
    return category(character) in _UNSEEN and character not in _JOINS


def as_a_name(text: str) -> str:
    """The same for every way of writing one name: letters of either case, composed or not, and blanks."""
    seen = "".join(each for each in normalize("NFKC", text) if category(each) != "Cf")
    return " ".join(normalize("NFKC", seen.casefold()).split())


def by_number(character: str) -> str:
    """A character as Unicode numbers it, as ``U+202E``."""
    return f"U+{ord(character):04X}"


def harmless_on_a_terminal(text: str) -> str:
    """The text as a terminal may be given it: nothing in it is obeyed, and all of it is text."""
    return _COMMANDS.sub(_INSTEAD, text)


def fits_xml(text: str) -> bool:
    """Whether XML, and HTML, may hold each character."""
    return not _NOT_IN_XML.search(text)


def fit_for_xml(text: str, instead: str = _INSTEAD) -> str:
    """The text with something in the place of each character that XML and HTML forbid."""
    return _NOT_IN_XML.sub(instead, text)
