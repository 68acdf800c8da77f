"""The runs of a Word paragraph as an author's running text; what has no place in it is counted."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from trialkit.report.content.marks import Citation, CitedWork, MarkedText, Position
from trialkit.report.content.text import Run, WebAddress
from trialkit.report.writers.word_controls import citation_tagged, words_hash
from trialkit.report.writers.word_walking import attribute, child, steps, tag, text_of, value
from trialkit.steps.returned.losses import Losses
from trialkit.steps.returned.word_file import WordFile

GOES_IN = frozenset(
    {"ins", "moveTo", "smartTag", "customXml", "fldSimple", "sdtContent", "dir", "bdo"}
)
"""Elements that stand around others and say nothing of their own."""
GOES = frozenset({"del", "moveFrom"})
MARKS_NOTHING = frozenset({
    "pPr", "rPr", "tcPr", "tblPr", "tblGrid", "trPr", "sdtPr", "sdtEndPr", "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd",
    "commentRangeStart", "commentRangeEnd", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
    "moveToRangeEnd", "lastRenderedPageBreak", "commentReference", "annotationRef", "fldChar", "instrText",
    "softHyphen", "ptab", "sectPr", "customXmlInsRangeStart", "customXmlInsRangeEnd",
})  # fmt: skip
_WORDS_OF = {
    "drawing": "a picture",
    "pict": "a picture",
    "object": "an embedded object",
    "AlternateContent": "a picture or a text box",
    "footnoteReference": "a footnote",
    "endnoteReference": "an endnote",
    "oMath": "an equation",
    "oMathPara": "an equation",
    "sym": "a sign of a font of its own",
}
_SIGNS = {
    "tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}", "softHyphen": "",
}  # fmt: skip
_LOOKS = {
    "u": "underlined", "strike": "struck through", "dstrike": "struck through", "smallCaps": "small capitals",
    "caps": "capitals", "highlight": "highlighted", "color": "coloured",
}  # fmt: skip
_PLAIN = frozenset({"0", "false", "off", "none", "auto", "000000"})
_OFF = frozenset({"0", "false", "off", "none"})
_STRONG, _EMPHASIS = frozenset({"strong"}), frozenset({"emphasis"})
DEEPEST = 50
"""How deep elements of a text stand in each other; Word writes a handful."""


class RunReader:
    """Reads the runs of one file's paragraphs."""

    def __init__(
        self, word: WordFile, cited: Mapping[str, tuple[CitedWork, ...]], losses: Losses
    ) -> None:
        self._word = word
        self._cited = cited
        self._losses = losses

    def read(self, paragraph: Element) -> tuple[Run, ...]:
        """The text of a paragraph as it stands, as if all tracked changes were accepted."""
        return tuple(self._inside(paragraph, 0))

    def _inside(self, element: Element, depth: int) -> Iterator[Run]:
        for each in element:
            yield from self._element(each, depth + 1)

    def _element(self, element: Element, depth: int) -> Iterator[Run]:
        name = tag(element)
        if depth > DEEPEST:
            self._losses.words["text too deep in other elements"] += 1
        elif name == "r":
            yield from self._run(element)
        elif name == "hyperlink":
            yield from self._link(element, depth)
        elif name == "sdt":
            yield from self._control(element, depth)
        elif name in GOES:
            self._losses.changes += 1
        elif name in GOES_IN:
            self._losses.changes += name in {"ins", "moveTo"}
            yield from self._inside(element, depth)
        elif name not in MARKS_NOTHING:
            self._losses.words[_WORDS_OF.get(name, f"an element {name[:40]!r}")] += 1

    def _control(self, control: Element, depth: int) -> Iterator[Run]:
        """A content control: of a citation its works, of any other what stands in it."""
        tagged, printed = citation_tagged(value(control, "sdtPr", "tag"))
        works = self._cited.get(tagged)
        content = child(control, "sdtContent")
        if content is None:
            return
        if works is not None:
            text = text_of(content).strip()
            if text and printed and words_hash(text) != printed:
                name = f"the words {text[:40]!r} where the number of a citation was"
                self._losses.words[name] += 1
            elif text:
                yield Citation(works=works, raised=_is_raised(content))
            return
        yield from self._inside(content, depth)

    def _link(self, link: Element, depth: int) -> Iterator[Run]:
        runs = list(self._inside(link, depth))
        words = " ".join("".join(map(_text, runs)).split())
        target = self._word.links.get(attribute(link, "id"), "")
        address = WebAddress(url=target, words="" if words == target else words)
        if words and address.is_followed:
            yield address
        else:
            if words and attribute(link, "id"):
                self._losses.looks["a link, of which the words are kept"] += 1
            yield from runs

    def _run(self, run: Element) -> Iterator[Run]:
        look = self._look(child(run, "rPr"))
        for each in run:
            name = tag(each)
            if name == "fldChar" and attribute(each, "fldCharType") == "begin":
                self._losses.looks["a field, of which the text is kept"] += 1
            if name == "t":
                yield _looking(each.text or "", look)
            elif name in _SIGNS:
                yield _looking(_SIGNS[name], look)
            elif name not in MARKS_NOTHING and name not in {"delText", "delInstrText"}:
                self._losses.words[_WORDS_OF.get(name, f"an element {name[:40]!r}")] += 1

    def _look(self, properties: Element | None) -> MarkedText:
        if properties is None:
            return MarkedText(text="")
        names = {tag(each): attribute(each, "val") for each in properties}
        style = self._word.style_names.get(names.get("rStyle", ""), "")
        if "vanish" in names and names["vanish"] not in _OFF:
            self._losses.words["hidden text"] += 1
        for name, look in _LOOKS.items():
            if name in names and names[name] not in _PLAIN:
                self._losses.looks[look] += 1
        shifted = {"superscript": Position.RAISED, "subscript": Position.LOWERED}
        return MarkedText(
            text="",
            bold=_is_on(names, "b") or style in _STRONG,
            italic=_is_on(names, "i") or style in _EMPHASIS,
            position=shifted.get(names.get("vertAlign", ""), Position.ON_LINE),
        )


def _is_raised(content: Element) -> bool:
    return any(
        begins and value(each, "rPr", "vertAlign") == "superscript"
        for begins, each in steps(content)
    )


def _is_on(names: Mapping[str, str], name: str) -> bool:
    return name in names and names[name] not in _OFF


def _looking(text: str, look: MarkedText) -> Run:
    if look == MarkedText(text=""):
        return text
    return MarkedText(text=text, bold=look.bold, italic=look.italic, position=look.position)


def _text(run: Run) -> str:
    if isinstance(run, str):
        return run
    return run.text if isinstance(run, MarkedText | WebAddress) else ""
