"""The parts of an ``.xlsx`` or ``.docx`` file, opened as one opens a parcel from a stranger.

A workbook or document is a ZIP archive of XML. Before any part is read its size is known to be within bounds;
no part is parsed that declares a document type, so that no entity is ever expanded or fetched; what
the file links to is never opened.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import cast
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from trialkit.disk.reading import reading
from trialkit.errors import DataFileError
from trialkit.limits import (
    LARGEST_CONTENT,
    LARGEST_TOGETHER,
    LARGEST_WORKBOOK,
    MOST_ELEMENTS,
    MOST_PARTS,
    MOST_TOGETHER,
)

_PIECE = 1 << 20
_PARSED = 1 << 16
"""Bytes that are parsed at once: by so much the count of what is held may be off."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveKind:
    """What an archive is expected to be, and what to do with one that is not, in words."""

    name: str
    damaged: str
    again: str
    """How a file of which a part is damaged is mended."""
    smaller: str
    """How a file that is too large is brought."""
    old: str
    """What a file of the old binary kind is."""
    open_document: str
    """What a file of OpenDocument is, and what to do with it."""


_SAVED = "save it as .xlsx without a password"
WORKBOOK = ArchiveKind(
    name="an .xlsx workbook",
    damaged="is no .xlsx workbook, or a damaged one; open it in a spreadsheet and save it as .xlsx",
    again="open the workbook in a spreadsheet and save it again",
    smaller="Export the sheets as CSV and import these",
    old=f"is an encrypted workbook, or one of the old .xls kind; {_SAVED}",
    open_document="is an OpenDocument spreadsheet (.ods), which is not read; save it as an Excel "
    "workbook (.xlsx) and send that",
)
ZIP = replace(WORKBOOK, damaged="is no ZIP archive, or a damaged one; export it again")
WORD = ArchiveKind(
    name="a Word file (.docx)",
    damaged="is no Word file (.docx), or a damaged one; open it in a word processor and save it as "
    ".docx",
    again="open the document in a word processor and save it again",
    smaller="Take large pictures out of it",
    old="is encrypted, or a document of the old .doc kind; save it as .docx without a password",
    open_document="is an OpenDocument text (.odt), which is not read; save it as a Word file (.docx)",
)


class Archive:
    """The parts of a workbook, of a document or of another ZIP archive, by name."""

    def __init__(self, path: Path | bytes, *, file: str, kind: ArchiveKind = WORKBOOK) -> None:
        """Open a file, or the bytes of one; ``file`` is its name in what is said."""
        self.file, self.kind = file, kind
        content = path if isinstance(path, bytes) else _content(path, file=file, kind=kind)
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, ValueError, NotImplementedError):
            raise DataFileError(f"{self.file}: {kind.damaged}") from None
        self._refuse_what_is_too_much()
        names = [name.lstrip("/") for name in self._zip.namelist()]
        self._names = dict(zip(names, self._zip.namelist(), strict=True))
        if "mimetype" in names and "content.xml" in names:
            raise DataFileError(f"{self.file}: {kind.open_document}")
        self._unpacked = 0
        self._elements = 0

    def _refuse_what_is_too_much(self) -> None:
        parts = self._zip.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or unpacked > LARGEST_CONTENT:
            raise DataFileError(
                f"{self.file}: unpacks to {len(parts)} parts of {unpacked / 1e6:.0f} MB together; "
                f"{MOST_PARTS} parts and {LARGEST_CONTENT / 1e6:.0f} MB are allowed. "
                f"{self.kind.smaller}"
            )
        if any(part.flag_bits & 1 for part in parts):
            raise DataFileError(f"{self.file}: is encrypted; save it without a password")

    def __contains__(self, name: str) -> bool:
        return name in self._names

    @property
    def names(self) -> tuple[str, ...]:
        """The parts in their order."""
        return tuple(self._names)

    def content(self, name: str) -> bytes:
        """A part whole, within what all parts may have together."""
        return self._read(name)

    def elements(self, name: str, *, let_go: str = "") -> Iterator[ElementTree.Element]:
        """The elements of a part, each when it is complete.

        Those whose name ends in ``let_go`` are emptied as soon as they were looked at.

        Raises :class:`DataFileError` for a part that is not there or is no plain XML, and for one
        that would have to be held whole and is too large for that.
        """
        content = self._read(name)
        self._refuse_a_document_type(content, name)
        self._elements += _begun(content)  # before any is built
        if self._elements > MOST_ELEMENTS:
            raise self._too_much(f"holds more than {MOST_ELEMENTS:,} XML elements")
        try:
            yield from self._parsed(content, name, let_go)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise self.damaged(name, str(error)) from None

    def _parsed(self, content: bytes, name: str, let_go: str) -> Iterator[ElementTree.Element]:
        parser: ElementTree.XMLPullParser[ElementTree.Element]
        parser = ElementTree.XMLPullParser(events=("end",))
        held = size = 0
        for start in range(0, len(content), _PARSED):
            piece = content[start : start + _PARSED]
            held, size = held + _begun(piece), size + len(piece)
            if held > MOST_TOGETHER or size > LARGEST_TOGETHER:
                raise self._too_much(
                    f"has a row, or a part without rows, of more than {MOST_TOGETHER:,} XML elements "
                    f"or {LARGEST_TOGETHER / 1e6:.0f} MB ({name[:80]})"
                )
            parser.feed(piece)
            complete = cast("Iterator[tuple[str, ElementTree.Element]]", parser.read_events())
            for _, element in complete:  # of the events asked for, every one has an element
                yield element
                if let_go and element.tag.endswith(let_go):
                    held, size = held - sum(1 for _ in element.iter()), 0
                    element.clear()
        parser.close()

    def damaged(self, name: str, what: str) -> DataFileError:
        """The error that says which part cannot be read."""
        return DataFileError(
            f"{self.file}: its part {name[:80]} cannot be read ({what[:120]}); {self.kind.again}"
        )

    def _read(self, name: str) -> bytes:
        if name not in self._names:
            raise self.damaged(name, "it is not there")
        part = self._zip.getinfo(self._names[name])
        self._unpacked += part.file_size
        if self._unpacked > LARGEST_CONTENT:  # one part may be named a thousand times
            raise self._too_much(f"has parts that make {LARGEST_CONTENT / 1e6:.0f} MB together")
        chunks = []
        try:
            with self._zip.open(part) as stream:
                # In pieces, since the archive may unpack to more than it says of itself.
                while chunk := stream.read(_PIECE):
                    chunks.append(chunk)
        except (
            BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            ValueError,
        ) as error:
            raise self.damaged(name, str(error)) from None
        return b"".join(chunks)

    def _too_much(self, what: str) -> DataFileError:
        return DataFileError(f"{self.file}: {what}, more than is read. {self.kind.smaller}")

    def _refuse_a_document_type(self, content: bytes, name: str) -> None:
        """Read on to the first element, before which alone a document type can stand."""
        found: list[object] = []

        def declared(*_: object) -> None:
            found.append(declared)

        def began(*_: object) -> None:
            raise _Began

        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = declared
        parser.StartElementHandler = began
        try:
            parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place alone
        except _Began:
            pass
        except (expat.ExpatError, ValueError, LookupError) as error:
            if not found:
                raise self.damaged(name, str(error)) from None
        if found:
            raise DataFileError(
                f"{self.file}: its part {name[:80]} declares a document type, which no office "
                "program writes and which can be an attack; the file was not read"
            )


def _begun(content: bytes) -> int:
    """How many elements begin in it, comments counted with them."""
    return content.count(b"<") - content.count(b"</")


class _Began(Exception):  # noqa: N818 - no error: the first element was reached
    """The first element of a part."""


def _content(path: Path, *, file: str, kind: ArchiveKind) -> bytes:
    with reading(path):
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise DataFileError(f"{path}: {what}; name {kind.name}")
        if path.stat().st_size > LARGEST_WORKBOOK:
            raise DataFileError(
                f"{path}: has {path.stat().st_size / 1e6:.0f} MB; files of up to "
                f"{LARGEST_WORKBOOK / 1e6:.0f} MB are read. {kind.smaller}"
            )
        content = path.read_bytes()
    if not content:
        raise DataFileError(f"{file}: is empty (0 bytes); was it saved, or sent, to its end?")
    if content.startswith(_OLD_OFFICE):
        raise DataFileError(f"{file}: {kind.old}")
    return content
