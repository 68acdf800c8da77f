"""Texts that stand where something should be said, and say nothing: placeholders, "not reported"."""

import re
from collections.abc import Iterable, Mapping

from trialkit.report.words.en.wording import listing

_PLACEHOLDERS = frozenset(
    {
        "as above", "as below", "do", "fill in", "fixme", "insert text", "na", "nk",
        "no text", "not applicable", "not available", "not known", "null", "pending", "placeholder",
        "same", "same as above", "see above", "see below", "see protocol", "see text", "tba", "tbc", "tbd",
        "tbs", "text", "to come", "to do", "todo", "unclear", "unknown",
    }
)  # fmt: skip
_TO_BE = re.compile(
    r"to be (added|announced|completed|confirmed|decided|defined|described|determined|done|"
    r"filled in|finalised|finalized|inserted|provided|reported|specified|written)( later| soon)?"
)
_BEGINS = re.compile(
    r"(tbd|tba|tbc|todo|fixme|lorem ipsum)\b"
    r"|(it |this |that )?((is|was|were|are) )?"
    r"(not|never|nowhere|un) ?(reported|stated|described|specified|recorded|documented)\b"
    r"|no (information|details?|description|statement)\b.{0,40}"
    r"\b(reported|stated|given|available|provided|found)\b"
    r"|fill (this )?in\b"
)
_NONE = re.compile(r"(none|nil)( *[.;:,\N{EN DASH}\N{EM DASH}-].*)?")
_SAME_SIGN = re.compile(r"(.)\1*")
_BRACKETED = re.compile(r"(\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\})[.!?]?")
_SIGNS = re.compile(r"[^\w]+")


def unsaid_of(texts: Mapping[str, Iterable[str]]) -> str:
    """What is not said for which of several things, for the note of a checklist; empty for none."""
    silent = [name for name, own in texts.items() if not all(map(is_said, own))]
    return f"not said for {listing(silent)}" if silent else ""


def is_said(text: str, *, none_answers: bool = False) -> bool:
    """Whether a text says something: it is no placeholder, nor that nothing is reported.

    ``none_answers`` where one can ask "which?", and "None" is an answer: of funding, of changes; it is
    none where one asks how something was done.
    """
    plain = " ".join(text.split()).casefold()
    words = _SIGNS.sub(" ", plain).strip()
    if all(len(word) == 1 for word in words.split()):
        words = words.replace(" ", "")  # "t.b.d."
    return not (
        _SAME_SIGN.fullmatch(words)  # "xxx"
        or not words  # nothing, a dash, a question mark
        or words in _PLACEHOLDERS
        or _TO_BE.fullmatch(words)
        or (_NONE.fullmatch(plain) and not none_answers)
        or _BEGINS.match(plain)
        or _BRACKETED.fullmatch(plain)
    )
