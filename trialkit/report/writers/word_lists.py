"""Lists as Word counts them: the definitions that bullets and numbers of a document follow."""

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from trialkit.report.writers.word_xml import Element, Markup, element, tree, valued

INDENT = 360
"""How far each depth stands in, in twentieths of a point."""
_DEPTHS = 9
_BULLETS = ("\N{BULLET}", "\N{EN DASH}")


class ListNumbering:
    """Makes the lists of one document; into it goes nothing before the first list."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._kinds: dict[bool, int] = {}
        self._bullets: int | None = None

    def bullets(self) -> int:
        """The list that every bullet belongs to."""
        if self._bullets is None:
            self._bullets = self._list(self._kind(counts=False))
        return self._bullets

    def numbers(self, first: int, depth: int) -> int:
        """A list of its own that counts from ``first`` at this depth."""
        start = element(
            "w:lvlOverride",
            valued("w:startOverride", first),
            attributes={"w:ilvl": depth},
        )
        return self._list(self._kind(counts=True), start)

    def _list(self, kind: int, *overrides: Markup) -> int:
        numbering = self._numbering()
        number = 1 + max((int(each.get(qn("w:numId"))) for each in _nums(numbering)), default=0)
        made = tree(
            element(
                "w:num",
                valued("w:abstractNumId", kind),
                *overrides,
                attributes={"w:numId": number},
            )
        )
        later = numbering.find(qn("w:numIdMacAtCleanup"))
        if later is None:
            numbering.append(made)
        else:
            later.addprevious(made)
        return number

    def _kind(self, *, counts: bool) -> int:
        """The definition of lists that count, or of those with bullets."""
        if counts not in self._kinds:
            numbering = self._numbering()
            known = numbering.findall(qn("w:abstractNum"))
            number = 1 + max((int(each.get(qn("w:abstractNumId"))) for each in known), default=-1)
            levels = (_level(depth, counts=counts) for depth in range(_DEPTHS))
            made = tree(
                element(
                    "w:abstractNum",
                    valued("w:multiLevelType", "hybridMultilevel"),
                    *levels,
                    attributes={"w:abstractNumId": number},
                )
            )
            lists = _nums(numbering)
            if lists:
                lists[0].addprevious(made)
            else:
                numbering.append(made)
            self._kinds[counts] = number
        return self._kinds[counts]

    def _numbering(self) -> Element:
        """The document's definitions; an author's own document may have none."""
        part = self._document.part
        try:
            found = part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
        except KeyError:
            found = XmlPart(
                PackURI("/word/numbering.xml"),
                CONTENT_TYPE.WML_NUMBERING,
                tree(element("w:numbering")),
                part.package,
            )
            part.relate_to(found, RELATIONSHIP_TYPE.NUMBERING)
        assert isinstance(found, XmlPart)
        definitions: Element = found.element
        return definitions


def _nums(numbering: Element) -> list[Element]:
    return list(numbering.findall(qn("w:num")))


def _level(depth: int, *, counts: bool) -> Markup:
    kind = "decimal" if counts else "bullet"
    text = f"%{depth + 1}." if counts else _BULLETS[depth % len(_BULLETS)]
    place = {"w:left": INDENT * (depth + 1), "w:hanging": INDENT}
    return element(
        "w:lvl",
        valued("w:start", 1),
        valued("w:numFmt", kind),
        valued("w:lvlText", text),
        valued("w:lvlJc", "left"),
        element("w:pPr", element("w:ind", attributes=place)),
        attributes={"w:ilvl": depth},
    )
