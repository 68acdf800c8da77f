"""The XML of a Word document, written as text: a document of thousands of cells in no time.

What is written is :data:`Markup`. Texts and attributes are made harmless here, as they become it, and
nowhere else; the whole of a document is read into its tree at once.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import NewType, TypeAlias

from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from trialkit.printable import fit_for_xml

Element: TypeAlias = BaseOxmlElement
Markup = NewType("Markup", str)
"""XML, in which every text is escaped."""

_NAME = re.compile("[^0-9A-Za-z_]")
_LONGEST_NAME = 40
_DIGEST = 12
UNCOUNTED = "\N{HORIZONTAL ELLIPSIS}"
"""What stands for a page until Word has counted."""
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_MAY_RUN_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks in which every letter from right to left is; most texts have none of their letters."""
_BREAKS = re.compile("([\t\n])")
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans(
    {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_PARAGRAPH = re.compile("<w:p>(<w:pPr>.*?</w:pPr>)?(.*)</w:p>", re.DOTALL)
_RUN = re.compile("<w:r>(?:<w:rPr>(<w:rStyle [^>]*>)?(.*?)</w:rPr>)?", re.DOTALL)
_DECLARED = nsdecls("w", "r", "wp", "a", "pic")
_BOLD = Markup("<w:b/>")


def element(tag: str, *children: Markup, attributes: Mapping[str, object] | None = None) -> Markup:
    """An element such as ``w:p``; the names of attributes have their prefix too."""
    written = f"{tag}{_attributes(attributes)}" if attributes else tag
    return Markup(f"<{written}>{''.join(children)}</{tag}>" if children else f"<{written}/>")


def _attributes(attributes: Mapping[str, object]) -> str:
    return "".join(
        f' {name}="{value}"'
        if isinstance(value, int)
        else f' {name}="{fit_for_xml(str(value)).translate(_IN_ATTRIBUTE)}"'
        for name, value in attributes.items()
    )


def worded(tag: str, text: str) -> Markup:
    """An element such as ``w:t`` that holds a text with all of its blanks."""
    words = fit_for_xml(text).translate(_IN_TEXT)
    return Markup(f'<{tag} xml:space="preserve">{words}</{tag}>')


def text_of_markup(words: str) -> str:
    """The text that was written as these words."""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def valued(tag: str, value: object) -> Markup:
    """An element that has a value and nothing else."""
    return element(tag, attributes={"w:val": value})


def trees(markup: Iterable[Markup]) -> list[Element]:
    """The elements that are written there, as a document takes them."""
    return list(parse_xml(f"<w:body {_DECLARED}>{''.join(markup)}</w:body>".encode()))


def tree(markup: Markup) -> Element:
    """The one element that is written there."""
    (made,) = trees([markup])
    return made


def written(made: Element) -> Markup:
    """An element that the library made."""
    return Markup(made.xml)


def text_run(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    raised: bool = False,
    lowered: bool = False,
    style: str = "",
    size: float = 0.0,
    highlight: str = "",
) -> Markup:
    """A run of text; characters that XML forbids become U+FFFD, line ends become breaks.

    ``size`` is that of its letters in points; 0 for that of its style.
    """
    properties = _run_properties(
        style=style,
        bold=bold,
        italic=italic,
        size=size,
        highlight=highlight,
        raised=raised,
        lowered=lowered,
        right_to_left=runs_right_to_left(text),
    )
    pieces = [properties]
    for piece in _BREAKS.split(text.replace("\r\n", "\n").replace("\r", "\n")):
        if piece == "\n":
            pieces.append(element("w:br"))
        elif piece == "\t":
            pieces.append(element("w:tab"))
        elif piece:
            pieces.append(worded("w:t", piece))
    return _run(*pieces)


def _run(properties: Markup, *content: Markup) -> Markup:
    return element("w:r", *filter(None, (properties, *content)))


@cache
def _run_properties(
    *,
    style: str = "",
    bold: bool = False,
    italic: bool = False,
    size: float = 0.0,
    highlight: str = "",
    raised: bool = False,
    lowered: bool = False,
    right_to_left: bool = False,
) -> Markup:
    """In the order in which Word has them; nothing where a run has none."""
    wanted = [valued("w:rStyle", style)] if style else []
    if bold:
        wanted.append(_BOLD)
    if italic:
        wanted.append(element("w:i"))
    if size:
        wanted += [valued(tag, round(size * 2)) for tag in ("w:sz", "w:szCs")]
    if highlight:
        wanted.append(valued("w:highlight", highlight))
    if raised:
        wanted.append(valued("w:vertAlign", "superscript"))
    if lowered:
        wanted.append(valued("w:vertAlign", "subscript"))
    if right_to_left:
        wanted.append(element("w:rtl"))
    return element("w:rPr", *wanted) if wanted else Markup("")


def emboldened(runs: Markup) -> Markup:
    """Runs, and those inside of what holds runs, all in bold."""

    def bold(run: re.Match[str]) -> str:
        style, others = run[1] or "", run[2] or ""
        if _BOLD not in others:
            others = f"{_BOLD}{others}"
        return f"<w:r><w:rPr>{style}{others}</w:rPr>"

    return Markup(_RUN.sub(bold, runs))


def field(
    instruction: str, shown: str, *, bold: bool = False, stale: bool = False, size: float = 0.0
) -> tuple[Markup, ...]:
    """A field with the result that it has now, so that nothing must be updated to be read.

    One that is ``stale`` shows what stands there until Word has counted.
    """
    start = field_start(instruction, stale=stale, size=size)
    return (*start, text_run(shown, bold=bold, size=size), field_mark("end", size=size))


def field_start(instruction: str, *, stale: bool = False, size: float = 0.0) -> tuple[Markup, ...]:
    """What stands before the result of a field."""
    code = worded("w:instrText", f" {instruction} ")
    return (
        field_mark("begin", stale=stale, size=size),
        _run(_run_properties(size=size), code),
        field_mark("separate", size=size),
    )


def field_mark(kind: str, *, stale: bool = False, size: float = 0.0) -> Markup:
    """One of the three marks of a field: ``begin``, ``separate``, ``end``."""
    dirty = {"w:dirty": "true"} if stale else {}
    mark = element("w:fldChar", attributes={"w:fldCharType": kind, **dirty})
    return _run(_run_properties(size=size), mark)


def paragraph(
    *runs: Markup,
    style: str,
    keep_with_next: bool = False,
    starts_page: bool = False,
    alignment: str = "",
    indent: int = 0,
    right_to_left: bool = False,
    numbering: tuple[int, int] | None = None,
) -> Markup:
    """A paragraph of runs; ``indent`` is in twentieths of a point, ``numbering`` a list and a depth."""
    properties = _paragraph_properties(
        style=style,
        keep_with_next=keep_with_next,
        starts_page=starts_page,
        numbering=numbering,
        right_to_left=right_to_left,
        indent=indent,
        alignment=alignment,
    )
    return element("w:p", properties, *runs)


@cache
def _paragraph_properties(
    *,
    style: str,
    keep_with_next: bool,
    starts_page: bool,
    numbering: tuple[int, int] | None,
    right_to_left: bool,
    indent: int,
    alignment: str,
) -> Markup:
    wanted = [valued("w:pStyle", style)]
    if keep_with_next:
        wanted.append(element("w:keepNext"))
    if starts_page:
        wanted.append(element("w:pageBreakBefore"))
    if numbering is not None:
        of, depth = numbering
        level = (valued("w:ilvl", depth), valued("w:numId", of))
        wanted.append(element("w:numPr", *level))
    if right_to_left:
        wanted.append(element("w:bidi"))
    if indent:
        wanted.append(element("w:ind", attributes={"w:left": indent}))
    if alignment:
        wanted.append(valued("w:jc", alignment))
    return element("w:pPr", *wanted)


def bookmarked(name: str, number: int, *content: Markup) -> tuple[Markup, ...]:
    """The content between the marks of a bookmark."""
    return in_bookmark(bookmark_name(name), number, *content)


def in_bookmark(name: str, number: int, *content: Markup) -> tuple[Markup, ...]:
    """The same with a name that is one of a bookmark already."""
    start = element("w:bookmarkStart", attributes={"w:id": number, "w:name": name})
    return start, *content, element("w:bookmarkEnd", attributes={"w:id": number})


def bookmarked_within(name: str, number: int, whole: Markup) -> Markup:
    """A paragraph whose runs stand in a bookmark; what is no paragraph stands in it whole."""
    found = _PARAGRAPH.fullmatch(whole) if whole.startswith("<w:p>") else None
    if found is None:
        return Markup("".join(bookmarked(name, number, whole)))
    properties, runs = Markup(found[1] or ""), Markup(found[2])
    return element("w:p", properties, *bookmarked(name, number, runs))


def content_control(*content: Markup, tag: str, title: str, number: int) -> Markup:
    """What Word holds together under a tag, for programs, and a title, for people.

    ``number`` is one that no other control of the document has.
    """
    properties = element(
        "w:sdtPr", valued("w:alias", title), valued("w:tag", tag), valued("w:id", number)
    )
    return element("w:sdt", properties, element("w:sdtContent", *content))


def page_numbers(anchors: Iterable[str], *, size: float = 0.0) -> tuple[Markup, ...]:
    """The pages of these places, which Word counts, each leading to its place."""
    made: list[Markup] = []
    for anchor in anchors:
        if made:
            made.append(text_run(", ", size=size))
        made += field(rf"PAGEREF {bookmark_name(anchor)} \h", UNCOUNTED, stale=True, size=size)
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
    if not _MAY_RUN_RIGHT_TO_LEFT.search(text):
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in _RIGHT_TO_LEFT:
            return True
    return False


def reads_right_to_left(*runs: Markup) -> bool:
    """The same of the words of runs."""
    together = "".join(runs)
    if not _MAY_RUN_RIGHT_TO_LEFT.search(together):
        return False
    return runs_right_to_left(
        "".join(each.xpath("string(.)") for each in trees([Markup(together)]))
    )
