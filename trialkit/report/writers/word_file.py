"""A Word document as a file: an author's own is opened and emptied, ours gets its properties and is packed."""

from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
from docx.opc.pkgwriter import _ContentTypesItem
from docx.oxml.ns import qn

from trialkit.disk.reading import bytes_within
from trialkit.errors import ReportError
from trialkit.limits import LARGEST_CONTENT, LARGEST_WORKBOOK, MOST_PARTS
from trialkit.printable import fit_for_xml
from trialkit.report.content.content import Content

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_STALE = ("/stylesWithEffects", "/metadata/thumbnail")


def opened_document(reference: Path | None) -> WordDocument:
    """An empty document: a plain one, or the author's without its text."""
    if reference is None:
        return Document()
    try:
        content = bytes_within(reference, LARGEST_WORKBOOK)
        _refuse_what_is_too_much(content)
        document = Document(BytesIO(content))
        _take_text_out(document)
    except Exception as error:
        raise ReportError(
            f"{reference}: the reference document cannot be read as a Word file (.docx): {error}; "
            "open it in a word processor and save it again"
        ) from error
    return document


def _take_text_out(document: WordDocument) -> None:
    """Leave the last section alone, with its paper, heads and feet."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _refuse_what_is_too_much(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_CONTENT:
        raise ReportError(
            f"it unpacks to {len(parts)} parts of {unpacked / 1e6:.0f} MB together, of which "
            f"{MOST_PARTS} and {LARGEST_CONTENT / 1e6:.0f} MB are read"
        )


def drop_stale_parts(document: WordDocument) -> None:
    """Take out what would contradict the document: a second copy of its styles, a picture of another.

    Word 2010 wrote the styles twice; a template that has the copy keeps it as it was, and Word offers
    to repair a file in which the two differ.
    """
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(_STALE):
                del relations[key]


def set_properties(document: WordDocument, content: Content) -> None:
    """Title and language for readers and screen readers; the data cut as the file's date."""
    properties = document.core_properties
    properties.title = fit_for_xml(content.title)[:255]
    properties.subject = fit_for_xml(content.checklist.guideline)[:255]
    properties.author = ""
    properties.last_modified_by = ""
    properties.comments = fit_for_xml(content.synthetic)[:255]
    properties.language = content.language
    properties.revision = 1
    dated = datetime.combine(content.dated, time()) if content.dated else datetime(*_EARLIEST)  # noqa: DTZ001
    properties.created = properties.modified = dated


def packed(document: WordDocument, content: Content) -> bytes:
    """The document's file, in which every part has the date of the data cut."""
    dated = content.dated
    stamp = (
        (dated.year, dated.month, dated.day, 0, 0, 0) if dated and dated.year >= 1980 else _EARLIEST
    )
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name, part in _parts(document):
            packing = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            target.writestr(ZipInfo(name, stamp), part, packing)
    return packed.getvalue()


def _parts(document: WordDocument) -> Iterator[tuple[str, bytes]]:
    """The parts of the file by name, in the order in which the library saves them.

    It is asked for them one by one: a file that it saves is compressed, with every picture, and dated.
    """
    package = document.part.package
    assert package is not None
    for part in package.parts:
        part.before_marshal()
    types: bytes = _ContentTypesItem.from_parts(package.parts).blob  # type: ignore[no-untyped-call]
    yield CONTENT_TYPES_URI.membername, types
    yield PACKAGE_URI.rels_uri.membername, package.rels.xml
    for part in package.parts:
        yield part.partname.membername, part.blob
        if len(part.rels):
            yield part.partname.rels_uri.membername, part.rels.xml
