"""The styles that draw a table in Word: rules and heads by the table's style, sides by its paragraphs.

Nothing of a table's looks stands in its cells, so that a house template that has these styles, by
their names, restyles every table: ``Report Table``, ``Report Table Ruled`` and the paragraphs'.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.styles.style import BaseStyle, ParagraphStyle

from trialkit.errors import ReportError
from trialkit.report.writers.column_widths import INDENT, PADDING
from trialkit.report.writers.word_xml import Markup, element, tree, valued

TABLE, RULED = "Report Table", "Report Table Ruled"
"""The style of a table; and that of one whose rows have a rule between them."""
TEXT, NUMBER, INDENTED = "Report Table Text", "Report Table Number", "Report Table Indented"
HEAD, NUMBER_HEAD = "Report Table Head", "Report Table Number Head"
SPANNING, GROUP = "Report Table Spanning Head", "Report Table Group"
"""The styles of the paragraphs in its cells."""
TEXT_SIZE = 9.0
"""The letters of a cell, in points."""
THICK, THIN, HAIRLINE = 12, 6, 2
"""Rules, in eighths of a point."""
_INK = "1B1F24"
_NORMAL_TABLE = "Normal Table"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLook:
    """What the paragraphs of some cells have otherwise than those of the style they take after."""

    name: str
    parent: str = TEXT
    bold: bool = False
    left: float = 0
    alignment: WD_ALIGN_PARAGRAPH | None = None
    rule_above: bool = False


CELLS = (
    CellLook(name=NUMBER, alignment=WD_ALIGN_PARAGRAPH.RIGHT),
    CellLook(name=INDENTED, left=INDENT),
    CellLook(name=HEAD, bold=True),
    CellLook(name=NUMBER_HEAD, parent=HEAD, alignment=WD_ALIGN_PARAGRAPH.RIGHT),
    CellLook(name=SPANNING, parent=HEAD, alignment=WD_ALIGN_PARAGRAPH.CENTER),
    CellLook(name=GROUP, parent=HEAD, rule_above=True),
)


def styles_by_name(document: Document) -> dict[str | None, BaseStyle]:
    """The styles that a document has; of several of one name the first, as Word takes it."""
    return {style.name: style for style in reversed(list(document.styles))}


def add_table_styles(document: Document) -> None:
    """Give the document the styles of tables that it lacks; those that it has stay as they are.

    Raises :class:`ReportError` where it has one of these names for a style of another kind.
    """
    known = styles_by_name(document)
    for name, kind in ((TABLE, WD_STYLE_TYPE.TABLE), (RULED, WD_STYLE_TYPE.TABLE)):
        if not _has(known, name, kind):
            made = _table_style(name, based_on=known.get(_NORMAL_TABLE))
            document.styles.element.append(tree(made))
    for look in CELLS:
        if not _has(known, look.name, WD_STYLE_TYPE.PARAGRAPH):
            known[look.name] = _add_cell_style(document, look, parent=known[look.parent])


def rule(side: str, size: int, *, kind: str = "single") -> Markup:
    """A rule at one side of a table or cell; of the kind ``nil`` it takes one of the style away."""
    attributes: dict[str, object] = {"w:val": kind}
    if kind != "nil":
        attributes |= {"w:sz": size, "w:space": 0, "w:color": _INK}
    return element(f"w:{side}", attributes=attributes)


def _has(known: Mapping[str | None, BaseStyle], name: str, kind: WD_STYLE_TYPE) -> bool:
    found = known.get(name)
    if found is not None and found.type is not kind:
        raise ReportError(
            f"the reference document has a style {name!r} that is none of a {kind.name.lower()}; "
            "rename it there"
        )
    return found is not None


def _table_style(name: str, *, based_on: BaseStyle | None) -> Markup:
    """Rules above and below the table and below its heads, which stand at the foot of their cells."""
    based = () if based_on is None else (valued("w:basedOn", based_on.style_id),)
    between = (rule("insideH", HAIRLINE),) if name == RULED else ()
    margins = (
        element(f"w:{side}", attributes={"w:w": round(PADDING / 2 * 20), "w:type": "dxa"})
        for side in ("left", "right")
    )
    return element(
        "w:style",
        valued("w:name", name),
        *based,
        valued("w:uiPriority", 99),
        element("w:qFormat"),
        element(
            "w:tblPr",
            element("w:tblBorders", rule("top", THICK), rule("bottom", THICK), *between),
            element("w:tblCellMar", *margins),
        ),
        element(
            "w:tblStylePr",
            element(
                "w:tcPr",
                element("w:tcBorders", rule("bottom", THIN)),
                valued("w:vAlign", "bottom"),
            ),
            attributes={"w:type": "firstRow"},
        ),
        attributes={
            "w:type": "table",
            "w:customStyle": 1,
            "w:styleId": name.replace(" ", ""),
        },
    )


def _add_cell_style(document: Document, look: CellLook, *, parent: BaseStyle) -> BaseStyle:
    """A style that says nothing but what it has otherwise than its parent."""
    style = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = parent
    if look.bold:
        style.font.bold = True
    if look.left:
        style.paragraph_format.left_indent = Pt(look.left)
    if look.alignment is not None:
        style.paragraph_format.alignment = look.alignment
    if look.rule_above:
        line = element("w:pBdr", rule("top", HAIRLINE))
        style.element.get_or_add_pPr().insert(0, tree(line))
    return style
