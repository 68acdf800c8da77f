"""The XML of a Word document, walked as it reads when every tracked change is accepted.

Names are compared without their namespace, which differs between kinds of Word file; the elements
may be those of a document that is being written, or of one that was read.
"""

from collections.abc import Iterator
from typing import TypeAlias
from xml.etree.ElementTree import Element

_LEFT_OUT = frozenset({
    "del", "moveFrom", "instrText", "delText", "delInstrText", "rPr", "pPr", "sdtPr", "sdtEndPr", "tblPr",
    "trPr", "tcPr", "sectPr", "Fallback",
})  # fmt: skip
"""What is no text of the document as it is when every tracked change is accepted."""
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}
"""The text that an element without any stands for."""

Step: TypeAlias = tuple[bool, Element]
"""An element, and whether it begins or ends."""


def tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """The attribute of this name, whatever its namespace; empty where there is none."""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def child(element: Element, *names: str) -> Element | None:
    """The first child of the first child … of these names."""
    found: Element | None = element
    for name in names:
        found = next((each for each in (() if found is None else found) if tag(each) == name), None)
    return found


def value(element: Element, *names: str) -> str:
    """The ``w:val`` of the child below these names; empty where there is none."""
    found = child(element, *names)
    return "" if found is None else attribute(found, "val")


def steps(root: Element) -> Iterator[Step]:
    """Every element where it begins and where it ends, as if all tracked changes were accepted.

    Deleted text, what fields are made from and how text looks are passed over. However deep
    elements are in each other, Python's stack is not used for it.
    """
    waiting: list[Step] = [(True, root)]
    while waiting:
        begins, element = waiting.pop()
        yield begins, element
        if begins:
            waiting.append((False, element))
            if len(element):
                waiting += [
                    (True, each) for each in reversed(element) if tag(each) not in _LEFT_OUT
                ]


def text_at(element: Element) -> str:
    """The text that an element itself stands for: of a piece of text, a tab, a break."""
    name = tag(element)
    return element.text or "" if name == "t" else SIGNS.get(name, "")


def text_of(root: Element) -> str:
    """The whole text of an element, as if all tracked changes were accepted."""
    return "".join(text_at(element) for begins, element in steps(root) if begins)
