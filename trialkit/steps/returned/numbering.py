"""How Word counts: which paragraphs of a file belong to a list, and what stands before them."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from trialkit.report.writers.word_walking import attribute, child, tag, value

_BULLETS = frozenset({"bullet", "none"})
DEEPEST = 8
"""How deep Word's lists go, counted from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlace:
    """The list that a paragraph belongs to, and how deep it stands in it."""

    of: str
    depth: int
    first: int | None
    """The number that the list begins with; None for bullets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDefinitions:
    """The lists of a file, by the number that paragraphs name."""

    levels: Mapping[tuple[str, int], int | None]
    """The first number of each list at each depth; None for bullets."""

    def place(self, paragraph: Element, style: str) -> ListPlace | None:
        """Where a paragraph stands; None for one of no list. ``style`` is the name of its style."""
        properties = child(paragraph, "pPr", "numPr")
        if properties is not None:
            of, depth = value(properties, "numId"), _depth(value(properties, "ilvl"))
            if of in {"", "0"}:
                return None
            return ListPlace(of=of, depth=depth, first=self.levels.get((of, depth), None))
        for name, first in (("list bullet", None), ("list number", 1)):
            if style.startswith(name):
                depth = max(_depth(style.removeprefix(name).strip()) - 1, 0)
                return ListPlace(of=name, depth=depth, first=first)
        return None


def read_numbering(root: Element | None) -> ListDefinitions:
    """The lists that a part of a Word file defines; none where there is no such part."""
    kinds: dict[str, dict[int, int | None]] = {}
    levels: dict[tuple[str, int], int | None] = {}
    for each in () if root is None else root:
        if tag(each) == "abstractNum":
            kinds[attribute(each, "abstractNumId")] = _kinds(each)
        elif tag(each) == "num":
            of = attribute(each, "numId")
            own = dict(kinds.get(value(each, "abstractNumId"), {}))
            for override in each:
                start = value(override, "startOverride")
                depth = _whole(attribute(override, "ilvl"))
                if start and own.get(depth) is not None:
                    own[depth] = _whole(start)
            levels |= {(of, depth): first for depth, first in own.items()}
    return ListDefinitions(levels=levels)


def _kinds(definition: Element) -> dict[int, int | None]:
    return {
        _whole(attribute(level, "ilvl")): (
            None if value(level, "numFmt") in _BULLETS else _whole(value(level, "start") or "1")
        )
        for level in definition
        if tag(level) == "lvl"
    }


def _whole(text: str) -> int:
    """A whole number of a file, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _depth(text: str) -> int:
    return min(_whole(text), DEEPEST)
