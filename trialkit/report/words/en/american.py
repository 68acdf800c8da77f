"""The report's own words, which are written in British English, as American English spells them."""

import re
from collections.abc import Iterable

from trialkit.report.numbers.styles import Spelling, style_in_use

STEMS = (
    ("randomis", "randomiz"),
    ("standardis", "standardiz"),
    ("generalis", "generaliz"),
    ("summaris", "summariz"),
    ("minimis", "minimiz"),
    ("recognis", "recogniz"),
    ("normalis", "normaliz"),
    ("categoris", "categoriz"),
    ("organis", "organiz"),
    ("hospitalis", "hospitaliz"),
    ("stabilis", "stabiliz"),
    ("penalis", "penaliz"),
    ("prioritis", "prioritiz"),
    ("analyse(?=[dr]|\\b)", "analyze"),
    ("analysing", "analyzing"),
    ("colour", "color"),
    ("favour", "favor"),
    ("behaviour", "behavior"),
    ("tumour", "tumor"),
    ("labour", "labor"),
    ("neighbour", "neighbor"),
    ("labell", "label"),
    ("modell", "model"),
    ("travell", "travel"),
    ("counsell", "counsel"),
    ("cancelled", "canceled"),
    ("enrolment", "enrollment"),
    ("fulfil(?!l)", "fulfill"),
    ("centre", "center"),
    ("centring", "centering"),
    ("centimetre", "centimeter"),
    ("millimetre", "millimeter"),
    ("litre", "liter"),
    ("fibre", "fiber"),
    ("programme(?!d|r)", "program"),
    ("judgement", "judgment"),
    ("grey", "gray"),
    ("paediatr", "pediatr"),
    ("orthopaed", "orthoped"),
    ("anaesth", "anesth"),
    ("haem", "hem"),
    ("oedema", "edema"),
    ("diarrhoea", "diarrhea"),
    ("licence", "license"),
    ("practise", "practice"),
    ("whilst", "while"),
    ("ageing", "aging"),
)
"""The beginnings of words, or all of a word, with what stands for them; what follows stays."""
_SPELLED = {british.partition("(")[0]: american for british, american in STEMS}
_PATTERN = "|".join(british for british, _ in STEMS)
_BRITISH = re.compile(
    rf"(?<![^\W_])(?P<before>re-?|non-?|un|dis|pre|multi|over|mis)?(?P<stem>{_PATTERN})",
    re.IGNORECASE,
)


def is_british(text: str) -> bool:
    """Whether a text has a word that American English spells otherwise."""
    return _BRITISH.search(text) is not None


def spelled(text: str) -> str:
    """Words of ours in the spelling of the style in use, for those who set them among others' words."""
    return american(text) if style_in_use().spelling is Spelling.AMERICAN else text


def american(text: str, *, kept: Iterable[str] = ()) -> str:
    """The text in American spelling, but for the words of others that are ``kept`` as they are.

    A text of others is kept wherever it stands as a whole, whatever the size of its letters.
    """
    if not is_british(text):
        return text
    foreign = [re.escape(each) for each in sorted(kept, key=len, reverse=True)]
    if not foreign:
        return _BRITISH.sub(_respelled, text)
    others = re.compile(rf"(?<![^\W_])(?:{'|'.join(foreign)})(?![^\W_])", re.IGNORECASE)
    made, last = [], 0
    for found in others.finditer(text):
        made += [_BRITISH.sub(_respelled, text[last : found.start()]), found[0]]
        last = found.end()
    return "".join((*made, _BRITISH.sub(_respelled, text[last:])))


def _respelled(found: re.Match[str]) -> str:
    stem = found["stem"]
    american_stem = _SPELLED[stem.lower()]
    if stem.isupper():
        american_stem = american_stem.upper()
    elif stem[0].isupper():
        american_stem = american_stem.capitalize()
    return f"{found['before'] or ''}{american_stem}"
