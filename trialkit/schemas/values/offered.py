"""The answers that a list offers, in words: a label where it says one answer alone, else with its code.

Whoever chose from such a list, or typed a code, is understood.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from trialkit.protocol.trial.data_format import MissingCode
from trialkit.schemas.forms.forms import Item

LONGEST_LABEL = 100
"""Characters of a label that a list shows; a longer one is cut, with its code in front."""


def offered(item: Item, codes: Sequence[MissingCode]) -> Mapping[str, str]:
    """By what a list offers the code that it means: the answers, then why there is none."""
    answers = [(choice.code, choice.label) for choice in item.offered]
    answers += [(code.code, code.label) for code in codes if item.allows(code.code)]
    known = [*item.codes, *(code.code for code in codes)]
    return {text: code for code, text in _in_words(answers, known)}


def meant(item: Item, codes: Sequence[MissingCode]) -> Mapping[str, str]:
    """By every text that is understood, as :func:`seen` sees it, the code that it means."""
    known = [*item.codes, *(code.code for code in codes)]
    return {
        seen(text): code
        for text, code in offered(item, codes).items()
        if seen(text) not in {seen(each) for each in known if each != code}
    }


def seen(text: str) -> str:
    """A text without what people do not see."""
    return " ".join(text.casefold().split())


def _in_words(
    answers: Sequence[tuple[str, str]], known: Collection[str]
) -> Iterable[tuple[str, str]]:
    """Code and words of each; words that could mean another answer begin with the code."""
    often = Counter(seen(label) for _, label in answers)
    for code, label in answers:
        words = " ".join(label.split())
        others = {seen(each) for each in known if each != code}
        is_plain = (
            often[seen(words)] == 1
            and seen(words) not in others
            and 0 < len(words) <= LONGEST_LABEL
        )
        cut = words if len(words) <= LONGEST_LABEL else f"{words[:LONGEST_LABEL]}…"
        yield code, words if is_plain else f"{code} = {cut}"
