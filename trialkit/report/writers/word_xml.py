"""The elements of a Word document, built directly: a document of thousands of cells in no time."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import TypeAlias

from docx.oxml.ns import NamespacePrefixedTag, qn
from docx.oxml.parser import oxml_parser
from docx.oxml.xmlchemy import BaseOxmlElement

from trialkit.printable import fit_for_xml

Element: TypeAlias = BaseOxmlElement

_NAME = re.compile("[^0-9A-Za-z_]")
_LONGEST_NAME = 40
_DIGEST = 12
UNCOUNTED = "\N{HORIZONTAL ELLIPSIS}"
"""What stands for a page until Word has counted."""
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_BREAKS = re.compile("([\t\n])")


def element(
    tag: str, *children: Element, attributes: Mapping[str, object] | None = None
) -> Element:
    """An element such as ``w:p``; the names of attributes have their prefix too."""
    name, namespaces = _named(tag)
    named = {
        _qualified(each): str(value) if isinstance(value, int) else fit_for_xml(str(value))
        for each, value in (attributes or {}).items()
    }
    made: Element = oxml_parser.makeelement(name, named, namespaces)
    made.extend(children)
    return made


@cache
def _named(tag: str) -> tuple[str, dict[str, str]]:
    """A tag's full name and the declaration of its prefix."""
    prefixed = NamespacePrefixedTag(tag)
    return prefixed.clark_name, prefixed.nsmap


@cache
def _qualified(attribute: str) -> str:
    return qn(attribute) if ":" in attribute else attribute


def valued(tag: str, value: object) -> Element:
    """An element that has a value and nothing else."""
    return element(tag, attributes={"w:val": value})


def text_run(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    raised: bool = False,
    lowered: bool = False,
    style: str = "",
) -> Element:
    """A run of text; characters that XML forbids become U+FFFD, line ends become breaks."""
    properties = element("w:rPr")
    if style:
        properties.append(valued("w:rStyle", style))
    if bold:
        properties.append(element("w:b"))
    if italic:
        properties.append(element("w:i"))
    if raised:
        properties.append(valued("w:vertAlign", "superscript"))
    if lowered:
        properties.append(valued("w:vertAlign", "subscript"))
    if runs_right_to_left(text):
        properties.append(element("w:rtl"))
    made = element("w:r", *((properties,) if len(properties) else ()))
    for piece in _BREAKS.split(fit_for_xml(text).replace("\r\n", "\n").replace("\r", "\n")):
        if piece == "\n":
            made.append(element("w:br"))
        elif piece == "\t":
            made.append(element("w:tab"))
        elif piece:
            words = element("w:t", attributes={"xml:space": "preserve"})
            words.text = piece
            made.append(words)
    return made


def field(
    instruction: str, shown: str, *, bold: bool = False, stale: bool = False
) -> tuple[Element, ...]:
    """A field with the result that it has now, so that nothing must be updated to be read.

    One that is ``stale`` shows what stands there until Word has counted.
    """
    start = field_start(instruction, stale=stale)
    return (*start, text_run(shown, bold=bold), field_mark("end"))


def field_start(instruction: str, *, stale: bool = False) -> tuple[Element, ...]:
    """What stands before the result of a field."""
    code = element("w:instrText", attributes={"xml:space": "preserve"})
    code.text = f" {instruction} "
    return field_mark("begin", stale=stale), element("w:r", code), field_mark("separate")


def field_mark(kind: str, *, stale: bool = False) -> Element:
    """One of the three marks of a field: ``begin``, ``separate``, ``end``."""
    dirty = {"w:dirty": "true"} if stale else {}
    return element("w:r", element("w:fldChar", attributes={"w:fldCharType": kind, **dirty}))


def paragraph(
    *runs: Element,
    style: str,
    keep_with_next: bool = False,
    starts_page: bool = False,
    alignment: str = "",
    indent: int = 0,
    right_to_left: bool = False,
    numbering: tuple[int, int] | None = None,
) -> Element:
    """A paragraph of runs; ``indent`` is in twentieths of a point, ``numbering`` a list and a depth."""
    properties = element("w:pPr", valued("w:pStyle", style))
    if keep_with_next:
        properties.append(element("w:keepNext"))
    if starts_page:
        properties.append(element("w:pageBreakBefore"))
    if numbering is not None:
        of, depth = numbering
        level = (valued("w:ilvl", depth), valued("w:numId", of))
        properties.append(element("w:numPr", *level))
    if right_to_left:
        properties.append(element("w:bidi"))
    if indent:
        properties.append(element("w:ind", attributes={"w:left": indent}))
    if alignment:
        properties.append(valued("w:jc", alignment))
    return element("w:p", properties, *runs)


def bookmarked(name: str, number: int, *content: Element) -> tuple[Element, ...]:
    """The content between the marks of a bookmark."""
    identity = {"w:id": number}
    start = element("w:bookmarkStart", attributes={**identity, "w:name": bookmark_name(name)})
    return start, *content, element("w:bookmarkEnd", attributes=identity)


def content_control(*content: Element, tag: str, title: str, number: int) -> Element:
    """What Word holds together under a tag, for programs, and a title, for people.

    ``number`` is one that no other control of the document has.
    """
    properties = element(
        "w:sdtPr", valued("w:alias", title), valued("w:tag", tag), valued("w:id", number)
    )
    return element("w:sdt", properties, element("w:sdtContent", *content))


def page_numbers(anchors: Iterable[str]) -> tuple[Element, ...]:
    """The pages of these places, which Word counts, each leading to its place."""
    made: list[Element] = []
    for anchor in anchors:
        if made:
            made.append(text_run(", "))
        made += field(rf"PAGEREF {bookmark_name(anchor)} \h", UNCOUNTED, stale=True)
    return tuple(made)


def bookmark_name(anchor: str) -> str:
    """The anchor as Word allows it: a letter first, then letters, digits and ``_``, at most 40.

    The end of a longer one gives way to its hash: Word drops the second of two equal names.
    """
    name = f"a_{_NAME.sub('_', anchor)}"
    if len(name) <= _LONGEST_NAME:
        return name
    digest = sha256(anchor.encode()).hexdigest()[:_DIGEST]
    return f"{name[: _LONGEST_NAME - _DIGEST - 1]}_{digest}"


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script that runs from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in _RIGHT_TO_LEFT:
            return True
    return False
