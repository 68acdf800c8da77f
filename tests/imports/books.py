"""Workbooks made by hand, part by part, as no spreadsheet would write them."""

from pathlib import Path
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def sheet(*rows: str, after: str = "") -> str:
    """A worksheet of ``<c>`` cells, a text a row, numbered from 1."""
    body = "".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(rows, start=1))
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{after}</worksheet>'


def texts(*cells: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)


def book(
    path: Path,
    *,
    sheets: dict[str, str],
    date1904: bool = False,
    formats: tuple[str, ...] = (),
    hidden: tuple[str, ...] = (),
    extra: dict[str, str | bytes] | None = None,
) -> Path:
    """A workbook with these sheets; cell style n has the n-th of the number formats."""
    numbered = list(enumerate(sheets, start=1))
    entries = "".join(
        f'<sheet name="{name}" sheetId="{n}" {"state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""} '
        f'xmlns:r="{DOC}" r:id="rId{n}"/>'
        for n, name in numbered
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    codes = "".join(
        f'<numFmt numFmtId="{170 + n}" formatCode={quoteattr(code)}/>'
        for n, code in enumerate(formats)
    )
    styles = '<xf numFmtId="0"/>' + "".join(
        f'<xf numFmtId="{170 + n}"/>' for n in range(len(formats))
    )
    parts: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="a" Type="{DOC}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}">{relations}'
        f'<Relationship Id="st" Type="{DOC}/styles" Target="/xl/styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        **{f"xl/worksheets/sheet{n}.xml": sheets[name] for n, name in numbered},
        **(extra or {}),
    }
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
