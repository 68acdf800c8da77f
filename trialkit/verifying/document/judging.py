"""Each number of a document against what the report prints of the same rows now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trialkit.report.writers.word_marked import FoundNumber, ReadLine
from trialkit.report.writers.word_marks import MarkedNumber, alike
from trialkit.verifying.document.printed_now import PrintedNow

MOST_SOUGHT = 200_000_000
"""Characters that are looked through for numbers without their mark, by the words around them."""
_LONGEST = 80
"""Characters of what may stand in a number's place."""
_MOST_PLACES = 5
"""How often the words before a number are found in a line before nobody looks on."""


class NumberState(StrEnum):
    """What became of a number."""

    TRUE = "as the results give it"
    OUTDATED = "no longer true"
    CHANGED = "changed by hand"
    UNKNOWN = "no longer in the report"
    LOST = "without its mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedNumber:
    """A number of a document, and what is true of it."""

    state: NumberState
    where: str
    text: str
    """What the document prints now; of a lost one what it printed."""
    now: tuple[str, ...] = ()
    """What the report prints of the same rows."""
    results: tuple[str, ...] = ()


def judged_numbers(
    lines: Sequence[ReadLine],
    recorded: Mapping[int, MarkedNumber],
    now: Mapping[str, PrintedNow],
) -> Iterator[JudgedNumber]:
    """Those that have their mark in reading order, then those that lost it."""
    seen: set[int] = set()
    for line in lines:
        for found in line.numbers:
            if found.text:
                seen.add(found.mark.place)
                yield _judged(found, recorded.get(found.mark.place), now)
    lost = [each for place, each in recorded.items() if place not in seen]
    most = MOST_SOUGHT // (sum(len(line.text) for line in lines) + 1)
    for number, each in enumerate(lost):
        yield _without_mark(each, lines if number < most else (), now)


def _judged(
    found: FoundNumber, recorded: MarkedNumber | None, now: Mapping[str, PrintedNow]
) -> JudgedNumber:
    known = now.get(found.mark.results)
    text = found.reads_as
    return JudgedNumber(
        state=_state(text, known, was_printed=found.mark.printed(text)),
        where=_place(found, recorded),
        text=text,
        now=() if known is None else known.texts,
        results=known.results if known else recorded.results if recorded else (),
    )


def _without_mark(
    number: MarkedNumber, lines: Sequence[ReadLine], now: Mapping[str, PrintedNow]
) -> JudgedNumber:
    """A number whose mark is gone: what stands between the words that were around it, if they are there."""
    known = now.get(number.mark.results)
    text = _between(number, lines)
    state = NumberState.LOST
    if text is not None:
        state = _state(text, known, was_printed=number.mark.printed(text))
    return JudgedNumber(
        state=state,
        where=number.where,
        text=number.text if text is None else text,
        now=() if known is None else known.texts,
        results=number.results,
    )


def _state(text: str, known: PrintedNow | None, *, was_printed: bool) -> NumberState:
    if known is None:
        return NumberState.UNKNOWN
    if any(alike(text) == alike(each) for each in known.texts):
        return NumberState.TRUE
    return NumberState.OUTDATED if was_printed else NumberState.CHANGED


def _between(number: MarkedNumber, lines: Sequence[ReadLine]) -> str | None:
    """What stands where a number was; None where that is not known, or in more than one place.

    Where another number still has its mark, as where a sentence is printed twice, it is that one.
    """
    before, after = alike(number.before), alike(number.after)
    if not before and not after:
        return None
    found = [
        each
        for line in lines
        if before in line.text
        for each in _places(line.text, before, after)
        if all(each != marked.text for marked in line.numbers)
    ]
    return found[0] if len(found) == 1 else None


def _places(text: str, before: str, after: str) -> Iterator[str]:
    """What stands between the two in a line, each time; a line begins or ends where one is empty."""
    start = 0
    for _ in range(_MOST_PLACES if before else 1):
        begins = text.find(before, start)
        if begins < 0:
            return
        begins += len(before)
        last = begins + _LONGEST
        ends = text.find(after, begins, last + len(after)) if after else len(text)
        if begins < ends <= last and (between := text[begins:ends].strip()):
            yield between
        start = begins


def _place(found: FoundNumber, recorded: MarkedNumber | None) -> str:
    """Where a number stands: as it was recorded, else by the words around it."""
    if recorded is not None:
        return recorded.where
    words = f"{found.before} {found.text} {found.after}".strip()
    return f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}"
