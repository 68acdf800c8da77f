"""The tables of a report, read back from the bytes of each of its files by a reader of our own."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from pypdf import PdfReader

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A table as a reader sees it; a mark of a footnote is ``^a``.

    A row that is the head of a group is a row of one cell; a head under a spanning head is
    ``above: head``.
    """

    label: str
    caption: str
    synthetic: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def plain(text: str) -> str:
    """The text on one line with ordinary blanks."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def joined_heads(above: list[tuple[str, int]], heads: list[str]) -> tuple[str, ...]:
    """Every head with the head that spans it in front."""
    spread = [text for text, span in above for _ in range(span)]
    spread = spread or [""] * len(heads)
    assert len(spread) == len(heads)
    return tuple(": ".join(filter(None, pair)) for pair in zip(spread, heads, strict=True))


class _Page(HTMLParser):
    """Captions, rows and notes of every table, in the order of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[dict] = []
        self.open: list[tuple[str, str]] = []
        self.part: list[str] | None = None

    def _inside(self, tag: str, cls: str = "") -> bool:
        return any(own == tag and cls in [*classes.split(), ""] for own, classes in self.open)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        classes = given.get("class") or ""
        if tag not in VOID:
            self.open.append((tag, classes))
        match tag:
            case "table":
                self.tables.append({"caption": [], "rows": [], "notes": [], "synthetic": []})
            case "tr" if self._inside("table"):
                self.tables[-1]["rows"].append((self._inside("thead"), classes, []))
            case "th" | "td" if self._inside("table"):
                self.part = []
                self.tables[-1]["rows"][-1][2].append((int(given.get("colspan") or 1), self.part))
            case "caption":
                self.part = self.tables[-1]["caption"]
            case "span" if "synthetic-label" in classes and self._inside("caption"):
                self.part = self.tables[-1]["synthetic"]
            case "p" if self._inside("div", "notes") and self.tables:
                self.part = []
                self.tables[-1]["notes"].append(self.part)
            case "sup" if self.part is not None:
                self.part.append("^")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in {"th", "td", "caption", "p", "table"}:
            self.part = None

    def handle_data(self, data: str) -> None:
        if self.part is not None:
            self.part.append(data)


def tables_of_html(path: Path) -> list[Printed]:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    found = []
    for table in page.tables:
        heads = [cells for head, _, cells in table["rows"] if head]
        above = [(plain("".join(text)), span) for span, text in heads[0]] if heads[1:] else []
        label, _, caption = plain("".join(table["caption"])).partition(". ")
        found.append(
            Printed(
                label=label,
                caption=caption,
                synthetic=plain("".join(table["synthetic"])),
                heads=joined_heads(above, [plain("".join(text)) for _, text in heads[-1]]),
                rows=tuple(
                    tuple(plain("".join(text)) for _, text in cells)
                    for head, _, cells in table["rows"]
                    if not head
                ),
                notes=tuple(plain("".join(text)) for text in table["notes"]),
            )
        )
    return found


def _markdown_text(text: str) -> str:
    text = re.sub(r"<sup>(.*?)</sup>", r"^\1", text.replace("<span></span>", ""))
    text = text.removeprefix("&emsp;").replace("&amp;", "&")
    bold = re.fullmatch(r"\*\*(.*)\*\*(\^\S+)?", text)
    text = bold[1] + (bold[2] or "") if bold else text
    return plain(re.sub(r"\\(.)", r"\1", text))


def tables_of_markdown(path: Path) -> list[Printed]:
    parts = path.read_text("utf-8").split("\n\n")
    found = []
    for number, part in enumerate(parts):
        if not part.startswith("| "):
            continue
        lines = [re.split(r" \| ", line[2:-2]) for line in part.strip().split("\n")]
        lead = re.fullmatch(r"\*\*(.+?)\.\*\* (.*?)(?: \*\*\\\[(.*)\\\]\*\*)?", parts[number - 1])
        after = parts[number + 1] if number + 1 < len(parts) else ""
        noted = not re.match(r"<a id|#|> |!\[", after)
        body = []
        for cells in lines[2:]:
            is_group = cells[0].startswith("**")
            assert not is_group or not any(cells[1:])
            body.append(tuple(map(_markdown_text, cells[:1] if is_group else cells)))
        found.append(
            Printed(
                label=lead[1],
                caption=_markdown_text(lead[2]),
                synthetic=_markdown_text(lead[3] or ""),
                heads=tuple(map(_markdown_text, lines[0])),
                rows=tuple(body),
                notes=tuple(map(_markdown_text, after.strip().split("\\\n"))) if noted else (),
            )
        )
    return found


def _word_text(paragraph) -> str:
    """The text of a paragraph as it may break, raised letters as marks."""
    texts = []
    for run in paragraph._p.iter(qn("w:r")):
        words = "".join(
            {qn("w:t"): each.text or "", qn("w:tab"): "\t", qn("w:br"): " "}.get(each.tag, "")
            for each in run
        )
        raised = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
        texts.append(f"^{words}" if raised is not None and words else words)
    return "".join(texts).strip()


def word_rows(table: WordTable) -> Iterator[tuple[bool, list[tuple[int, str]]]]:
    """Each row: whether it is a head, and its cells with how many columns each spans."""
    for row in table._tbl.tr_lst:
        head = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        cells = []
        for cell in row.tc_lst:
            texts = [_word_text(docx.text.paragraph.Paragraph(p, table)) for p in cell.p_lst]
            cells.append((cell.grid_span, " ".join(filter(None, texts))))
        yield head, cells


def tables_of_word(path: Path) -> list[Printed]:
    """The tables that every format has: the form for journals stands where there are pages alone."""
    pieces = list(docx.Document(str(path)).iter_inner_content())
    found = []
    for number, piece in enumerate(pieces):
        if not isinstance(piece, WordTable):
            continue
        rows = list(word_rows(piece))
        heads = [cells for head, cells in rows if head]
        above = [(plain(text), span) for span, text in heads[0]] if heads[1:] else []
        words = plain(_word_text(pieces[number - 1]))
        lead = re.fullmatch(r"(.+?)\. (.*?)(?: \[([^\]]*)\])?", words)
        notes = []
        for after in pieces[number + 1 :]:
            if isinstance(after, WordTable) or after.style.name != "Report Table Note":
                break
            notes.append(plain(_word_text(after)))
        notes = list(filter(None, notes))  # an empty one stands between tables
        if lead[1] == "Form":
            continue
        found.append(
            Printed(
                label=lead[1],
                caption=lead[2],
                synthetic=lead[3] or "",
                heads=joined_heads(above, [plain(text) for _, text in heads[-1]]),
                rows=tuple(
                    tuple(plain(text) for _, text in cells) for head, cells in rows if not head
                ),
                notes=tuple(notes),
            )
        )
    return found


RTF_TOKEN = re.compile(
    r"\\u(?P<unicode>-?\d+)\?|\\(?P<word>[a-z]+)(?P<number>-?\d+)? ?|\\(?P<sign>[^a-z])|"
    r"(?P<brace>[{}])|(?P<text>[^\\{}\n]+)|\n"
)


@dataclass(frozen=True, kw_only=True)
class RtfRow:
    """A row of an RTF table: where its cells end, in twentieths of a point, and their texts.

    Blanks that do not break are as they are in the file.
    """

    head: bool
    ends: tuple[int, ...]
    cells: tuple[str, ...]
    sizes: tuple[float, ...]
    """The letters of each cell, in points."""
    sides: tuple[str, ...]
    """The side that each cell is set flush with: l, r or c."""


@dataclass(frozen=True, kw_only=True)
class RtfPage:
    """A section of the document: its paper, the paragraphs around its table, and the rows."""

    paper: dict[str, int]
    paragraphs: tuple[str, ...]
    rows: tuple[RtfRow, ...]


def rtf_pages(text: str) -> Iterator[RtfPage]:
    """The sections of an RTF document, read word by word."""
    body = text[text.index("\\sectd") :]
    for section in re.split(r"\\sect ", body):
        yield _rtf_page(section)


def _rtf_page(section: str) -> RtfPage:
    paper: dict[str, int] = {}
    paragraphs: list[str] = []
    rows: list[RtfRow] = []
    ends: list[int] = []
    cells: list[str] = []
    sizes: list[float] = []
    sides: list[str] = []
    units: list[int] = []
    text, size, head, side = "", 0.0, False, ""
    for token in RTF_TOKEN.finditer(section):
        if token["unicode"] is not None:
            units.append(int(token["unicode"]) % 65536)
            continue
        if units:
            raw = b"".join(unit.to_bytes(2, "little") for unit in units)
            text, units = text + raw.decode("utf-16-le"), []
        if token["text"] is not None:
            text += token["text"]
        elif token["sign"] is not None:
            text += {"~": "\N{NO-BREAK SPACE}"}.get(token["sign"], token["sign"])
        match token["word"]:
            case "pgwsxn" | "pghsxn" | "marglsxn" | "margrsxn":
                paper[token["word"]] = int(token["number"])
            case "trowd":
                ends, cells, sizes, sides, head, text = [], [], [], [], False, ""
            case "trhdr":
                head = True
            case "cellx":
                ends.append(int(token["number"]))
            case "fs":
                size = int(token["number"]) / 2
            case "super":
                text += "^"
            case "line" | "tab":
                text += " "
            case "pard":
                text = ""
            case "ql" | "qr" | "qc" as word:
                side = word[1]
            case "cell":
                cells.append(text.strip(" "))
                sizes.append(size)
                sides.append(side)
                text = ""
            case "row":
                rows.append(
                    RtfRow(
                        head=head,
                        ends=tuple(ends),
                        cells=tuple(cells),
                        sizes=tuple(sizes),
                        sides=tuple(sides),
                    )
                )
            case "par":
                paragraphs.append(plain(text))
                text = ""
    return RtfPage(paper=paper, paragraphs=tuple(paragraphs), rows=tuple(rows))


def tables_of_rtf(path: Path) -> list[Printed]:
    found = []
    for page in rtf_pages(path.read_text("ascii")):
        heads = [row for row in page.rows if row.head]
        above = []
        if heads[1:]:
            whole, ends = heads[-1].ends, heads[0].ends
            places = [0, *(whole.index(end) + 1 for end in ends)]
            spans = [after - before for before, after in itertools.pairwise(places)]
            above = list(zip(map(plain, heads[0].cells), spans, strict=True))
        lead = re.fullmatch(r"(.+?)\. (.*?)(?: \[([^\]]*)\])?", page.paragraphs[0])
        found.append(
            Printed(
                label=lead[1],
                caption=lead[2],
                synthetic=lead[3] or "",
                heads=joined_heads(above, [plain(text) for text in heads[-1].cells]),
                rows=tuple(tuple(map(plain, row.cells)) for row in page.rows if not row.head),
                notes=page.paragraphs[1:-1],
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class PdfPage:
    """A page: its size in points, its text in the order of the file, and where pieces begin."""

    width: float
    height: float
    text: str
    places: tuple[tuple[float, float, str], ...]


def pages_of_pdf(path: Path) -> list[PdfPage]:
    found = []
    for page in PdfReader(path).pages:
        places: list[tuple[float, float, str]] = []

        def see(text: str, user: list, own: list, *_: object, places: list = places) -> None:
            if text.strip():
                x = own[4] * user[0] + own[5] * user[2] + user[4]
                y = own[4] * user[1] + own[5] * user[3] + user[5]
                places.append((x, y, text))

        text = page.extract_text(visitor_text=see)
        size = (float(page.mediabox.width), float(page.mediabox.height))
        found.append(PdfPage(width=size[0], height=size[1], text=text, places=tuple(places)))
    return found


READERS = {
    "report.html": tables_of_html,
    "report.docx": tables_of_word,
    "tables.rtf": tables_of_rtf,
    "report.md": tables_of_markdown,
}
