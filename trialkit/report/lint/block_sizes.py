"""Whether words tell how long the blocks of a randomisation are: who knows it can foresee arms.

A sentence about randomisation with a word of blocks may hold no number at all, be it in figures, in
words or in another language: nobody can list every way of naming a size. Elsewhere, where a block
may be one of sessions, a number counts that is one of the trial's own sizes, or any where the
protocol does not state them.
"""

import re
from collections.abc import Iterator

from trialkit.protocol.trial.conduct import Randomisation, RandomisationType

LARGEST = 99
"""Numbers above it are years, sample sizes and permutations, and no block's."""
_BLOCK = re.compile(
    r"\b(?:bloc(?!k)|bloque|block(?!ers?\b|ad|ing\s+agent|chain|bust)|bl\N{LATIN SMALL LETTER O WITH DIAERESIS}ck"
    r"|blokk|blok\b)\w*|\b(?:zweier|dreier|vierer|sechser|achter|zehner)bl\w*ck\w*",
    re.IGNORECASE,
)
_OF_RANDOMISATION = re.compile(
    r"random|permut|allocat|allot|conceal|sequence|envelope|enrol|assign"
    r"|\bblock(?:s|ed)?[\s-]*(?:size|length)|\bblocksize",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\b(?:size|sized|sizes|length|lengths|long)\b", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z])")
_WORDS = {
    2: "two deux zwei dos due",
    3: "three third trois drei tres tre dritte",
    4: "four fourth quartet quartets tetrad tetrads quatre vier cuatro quattro vierte",
    5: "five fifth cinq f\N{LATIN SMALL LETTER U WITH DIAERESIS}nf cinco cinque",
    6: "six sixth sextet sextets sechs seis sei",
    7: "seven seventh",
    8: "eight eighth octet octets huit acht ocho otto",
    9: "nine ninth neun",
    10: "ten tenth dix zehn diez dieci",
    12: "twelve twelfth dozen douze zw\N{LATIN SMALL LETTER O WITH DIAERESIS}lf doce dodici",
}
_OF_WORD = {word: number for number, words in _WORDS.items() for word in words.split()}
_OF_WORD |= {"eleven": 11, "pairs": 2, "triplets": 3, "triads": 3, "quadruplets": 4, "fours": 4}
_NUMBER = re.compile(
    rf"(?:(?<![\w.])|(?<=block))(?:([0-9]+)(?:st|nd|rd|th|er)?(?![\w])|({'|'.join(_OF_WORD)})\b)",
    re.IGNORECASE,
)
_COUNTED = (
    r"(?:parallel\s+|study\s+|treatment\s+|trial\s+|recruiting\s+|stratification\s+)?"
    r"(?:arms?|groups?|strat(?:a|um)|factors|sites?|cent(?:re|er)s?|clinics?|hospitals?|rooms?|wards?|countries"
    r"|statisticians?|investigators?|interventions|treatments|part(?:y|ies)|persons?\s+who)\b"
)
_ANY = rf"(?:[0-9]+|{'|'.join(_OF_WORD)})"
_OTHER_NUMBERS = re.compile(
    r"[0-9]{1,3}(?:[,\s\u00a0\u202f][0-9]{3})+(?![0-9])"  # thousands
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|\b[0-9]{1,2}\s+[A-Z][a-z]+\s+[0-9]{4}\b"  # days
    r"|[0-9]+\.[0-9]+(?:\.[0-9]+)*|\b(?:version|v|R|SAS|Stata)\s*[0-9]+\b"  # versions
    r"|[0-9]+\s*(?:%|per\s+cent|percent)"
    r"|\b(?:[0-9]+\s*:\s*1|1\s*:\s*[0-9]+)(?![:0-9])"  # ratios
    r"|\b(?:[0-9]+|two|three)\s+to\s+(?:1|one)\b"
    rf"|\b{_ANY}[\s-]+(?:sided|tailed|armed|{_COUNTED})",
    re.IGNORECASE,
)
_SESSIONS = re.compile(
    rf"\b{_ANY}\s+(?:[\w-]+\s+){{0,2}}(?:sessions?|weeks?|days?|months?|hours?|minutes?|exercises?"
    r"|repetitions?|visits?|lessons?|classes|doses?)\b|"
    rf"\b{_ANY}-(?:session|week|day|month|hour|minute|exercise|visit)\b",
    re.IGNORECASE,
)
_WITHOUT_THE_WORD = re.compile(
    rf"\b(?:permuted|randomi[sz]ed|random|balanced)\s+(?:{'|'.join(_OF_WORD)})\b"
    rf"|\b(?:permuted|balanced|random)\s+(?:sets|groups|strings|runs)\s+of\s+{_ANY}\b"
    rf"|\b(?:balanced|permuted)\s+(?:after|within)\s+every\s+{_ANY}\b",
    re.IGNORECASE,
)
_BLOCKED = {
    RandomisationType.PERMUTED_BLOCKS,
    RandomisationType.STRATIFIED_BLOCKS,
    RandomisationType.NOT_REPORTED,
}


def told_size(text: str, randomisation: Randomisation, *, of_randomisation: bool = False) -> str:
    """The first sentence of a text that tells a block size; empty where none does.

    ``of_randomisation`` says that the text is about it wherever it stands; else its words decide.
    """
    about = of_randomisation or is_of_randomisation(text)
    has_blocks = _BLOCK.search(text) is not None
    for each in _SENTENCE_ENDS.split(text):
        named = _BLOCK.search(each) or (about and has_blocks and _SIZE.search(each))
        if named and any(
            _counts(number, randomisation, about=about) for number in _numbers(each, about=about)
        ):
            return each.strip()
        if about and _WITHOUT_THE_WORD.search(_OTHER_NUMBERS.sub(" ", each)):
            return each.strip()
    return ""


def is_of_randomisation(text: str) -> bool:
    """Whether the words of a text are about randomisation."""
    return _OF_RANDOMISATION.search(text) is not None


def _counts(number: int, randomisation: Randomisation, *, about: bool) -> bool:
    sizes = randomisation.block_sizes
    if number in sizes:
        return True
    if not 2 <= number <= LARGEST:
        return False
    return about or (not sizes and randomisation.type in _BLOCKED)


def _numbers(sentence: str, *, about: bool) -> Iterator[int]:
    """The numbers of a sentence, but for those that plainly count something else."""
    left = _OTHER_NUMBERS.sub(" ", sentence)
    if not about:
        left = _SESSIONS.sub(" ", left)
    for figures, word in _NUMBER.findall(left):
        yield int(figures[:9]) if figures else _OF_WORD[word.casefold()]
