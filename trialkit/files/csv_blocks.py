"""A CSV file of any size, read block by block with the guarantees of a file that is read whole.

A block ends where a row ends, outside quotation marks, and is read as if it stood in a file of its
own, below the header. So no row is cut, merged or dropped, whatever is written in the file.
"""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.disk.reading import reading
from trialkit.errors import DataFileError
from trialkit.files.csv_reading import refuse_other_encodings, table_in
from trialkit.limits import LONGEST_ROW
from trialkit.protocol.trial.data_format import DataFormat

BLOCK = 32 * 2**20
"""How many bytes are read at once."""
_NEWLINE, _QUOTE = ord("\n"), ord('"')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Some rows of a file, one after the other."""

    cells: pl.DataFrame
    """One text column for each expected column; an empty cell is ``""``."""
    lines: np.ndarray
    """The line of the file on which each row begins."""
    read: int
    """How many bytes of the file have been read by now."""


def csv_blocks(
    path: Path,
    *,
    file: str,
    columns: Sequence[str],
    data: DataFormat,
    optional: Sequence[str] = (),
    size: int = BLOCK,
) -> Iterator[Block]:
    """The table in a CSV file that must have exactly these columns, some rows at a time.

    Raises :class:`DataFileError` as :func:`~trialkit.files.csv_reading.read_table` does, when it
    comes to the place that is wrong.
    """
    header, skipped, read = b"", 0, 0
    for text, read in _whole_rows(path, file=file, encoding=data.encoding, size=size):
        whole = header + text
        table = table_in(
            whole,
            file=file,
            columns=columns,
            data=data,
            optional=optional,
            skipped=skipped - header.count(b"\n") if header else 0,
        )
        yield Block(cells=table.cells, lines=table.lines, read=read)
        header = header or _first_row(text)
        skipped += text.count(b"\n")
    if not header:
        table_in(b"", file=file, columns=columns, data=data)


def _whole_rows(path: Path, *, file: str, encoding: str, size: int) -> Iterator[tuple[bytes, int]]:
    """Stretches of text in UTF-8, each of whole rows, and how many bytes were read for them."""
    rest = b""
    for text, read in _decoded(path, file=file, encoding=encoding, size=size):
        rest += text
        end = _end_of_last_row(rest)
        if not end and len(rest) > size + 2 * LONGEST_ROW:
            raise DataFileError(
                f"{file}: no row ends in {len(rest):,} bytes; look for a quotation mark that was "
                "opened and not closed"
            )
        if rest[:end].strip(b"\n"):
            yield rest[:end], read
            rest = rest[end:]
    if rest.strip(b"\n"):
        yield rest, path.stat().st_size


def _end_of_last_row(text: bytes) -> int:
    """Where the last row ends that is whole: behind a line feed outside quotation marks."""
    characters = np.frombuffer(text, dtype=np.uint8)
    newlines = np.flatnonzero(characters == _NEWLINE)
    quotes = np.flatnonzero(characters == _QUOTE)
    outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0] if len(quotes) else newlines
    return int(outside[-1]) + 1 if len(outside) else 0


def _first_row(text: bytes) -> bytes:
    """The header: the first row that holds more than line ends."""
    start = len(text) - len(text.lstrip(b"\n"))
    characters = np.frombuffer(text, dtype=np.uint8)[start:]
    newlines = np.flatnonzero(characters == _NEWLINE)
    quotes = np.flatnonzero(characters == _QUOTE)
    outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    end = start + int(outside[0]) if len(outside) else len(text)
    return text[start:end] + b"\n"


def _decoded(path: Path, *, file: str, encoding: str, size: int) -> Iterator[tuple[bytes, int]]:
    """The text in UTF-8 without byte-order mark, its lines ending in a line feed alone."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        with reading(file), path.open("rb") as stream:
            yield from _decoded_stream(stream, decoder, file=file, encoding=encoding, size=size)
    except (LookupError, UnicodeEncodeError):
        raise DataFileError(
            f"{file}: cannot be read with encoding = {encoding!r}, which [data] of protocol.toml "
            "declares; write utf-8, latin-1 or cp1252"
        ) from None


def _decoded_stream(
    stream: BufferedReader,
    decoder: codecs.IncrementalDecoder,
    *,
    file: str,
    encoding: str,
    size: int,
) -> Iterator[tuple[bytes, int]]:
    read, line, held = 0, 1, ""
    while content := stream.read(size):
        if not read:
            refuse_other_encodings(content, file=file, encoding=encoding)
        try:
            text = held + decoder.decode(content)
        except UnicodeDecodeError as error:
            raise DataFileError(
                f"{file}, line {line} or later: a byte near byte {read + error.start + 1} is not "
                f"{encoding}; save the file as CSV UTF-8, or declare its encoding in [data] of "
                "protocol.toml"
            ) from None
        if not read:
            text = text.removeprefix("\ufeff")
        read += len(content)
        held = "\r" if text.endswith("\r") else ""  # it may be half of a line end of Windows
        text = text[: len(text) - len(held)].replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in text:
            raise DataFileError(
                f"{file}, line {line + text.count(chr(10), 0, text.index(chr(0)))}: holds a NUL "
                "character, so it is no text file, or a damaged one; export it again as CSV"
            )
        line += text.count("\n")
        yield text.encode(), read
    try:
        last = held.replace("\r", "\n") + decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise DataFileError(
            f"{file}: ends in the middle of a character; it is damaged or not {encoding}"
        ) from None
    yield last.encode(), read
