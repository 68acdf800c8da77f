"""The numbers that a page prints, each with the rows of the results that it says it prints."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
})  # fmt: skip
_MARK = "data-result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A number as a page prints it."""

    results: str
    """The ``result_id`` of each row, with blanks between."""
    text: str


def printed_numbers(page: str) -> tuple[Printed, ...]:
    """Every number of a page that names its rows of the results, in the order of the page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return tuple(reader.found())


def different_numbers(page: str, true: str) -> Iterator[tuple[str, str, str]]:
    """What a page prints otherwise than the true one: the rows, what it prints, what they give.

    A number that is printed under rows which the true page does not print is given with an empty
    text, and one that the page leaves out likewise.
    """
    own, right = _by_results(page), _by_results(true)
    for results in dict.fromkeys((*right, *own)):
        here, there = own.get(results, Counter()), right.get(results, Counter())
        wrong, missing = list((here - there).elements()), list((there - here).elements())
        for position in range(max(len(wrong), len(missing))):
            yield (
                results,
                wrong[position] if position < len(wrong) else "",
                missing[position] if position < len(missing) else "",
            )


def _by_results(page: str) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for each in printed_numbers(page):
        found.setdefault(each.results, Counter())[each.text] += 1
    return found


class _Reader(HTMLParser):
    """Reads the text of every element that carries the mark."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str | None, list[str]]] = []
        self._found: list[Printed] = []

    def found(self) -> list[Printed]:
        """What was read; an element that the page never closes ends with the page."""
        while self._open:
            self._close_last()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the element, and its mark if it has one."""
        if tag not in _VOID:
            mark = next((value for name, value in attrs if name == _MARK), None)
            self._open.append((tag, mark, []))

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and what was left open in it."""
        if any(name == tag for name, _, _ in self._open):
            while self._close_last() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Text belongs to every marked element that it stands in."""
        for _, mark, texts in self._open:
            if mark is not None:
                texts.append(data)

    def _close_last(self) -> str:
        tag, mark, texts = self._open.pop()
        if mark is not None:
            text = " ".join("".join(texts).split())
            self._found.append(Printed(results=" ".join(mark.split()), text=text))
        return tag
