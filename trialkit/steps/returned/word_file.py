"""A Word file as its XML: the text, what it links to, and what programs put beside it.

Sizes, document types and encryption are looked after by :mod:`trialkit.files.office_archive`; what
the file links to is never opened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from trialkit.files.office_archive import WORD, Archive
from trialkit.report.writers.word_walking import attribute, tag, value
from trialkit.steps.returned.numbering import ListDefinitions, read_numbering

_DOCUMENT = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
NO_LISTS = read_numbering(None)
_MOST_CUSTOM = 100
"""Parts that other programs put beside the text, of which so many are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFile:
    """What is read of a Word file."""

    file: str
    body: Element
    notes: tuple[Element, ...] = ()
    """The roots of footnotes and endnotes."""
    links: Mapping[str, str] = field(default_factory=dict)
    """What the body links to, by the identifier of the relation."""
    style_names: Mapping[str, str] = field(default_factory=dict)
    """The name of each style by its identifier, in small letters."""
    numbering: ListDefinitions = NO_LISTS
    custom: tuple[Element, ...] = ()
    """The roots of what programs put beside the text."""
    comments: int = 0


def read_word(path: Path) -> WordFile:
    """A Word file, its XML read and nothing in it followed.

    Raises :class:`DataFileError` for what is no Word file, is too large or declares a document type.
    """
    return word_in(Archive(path, file=path.name, kind=WORD))


def word_in(archive: Archive) -> WordFile:
    """The Word file that an archive is; raises as :func:`read_word` does."""
    if _DOCUMENT not in archive:
        raise archive.damaged(_DOCUMENT, "it is not there")
    rels = _root(archive, "word/_rels/document.xml.rels")
    styles = _root(archive, "word/styles.xml")
    comments = _root(archive, "word/comments.xml")
    body = _root(archive, _DOCUMENT)
    if body is None or tag(body) != "document":
        raise archive.damaged(_DOCUMENT, "it is no document of a word processor")
    return WordFile(
        file=archive.file,
        body=body,
        notes=tuple(root for name in _NOTES if (root := _root(archive, name)) is not None),
        links={}
        if rels is None
        else {attribute(each, "Id"): attribute(each, "Target") for each in rels},
        style_names={} if styles is None else dict(_style_names(styles)),
        numbering=read_numbering(_root(archive, "word/numbering.xml")),
        custom=tuple(_custom(archive)),
        comments=0 if comments is None else sum(tag(each) == "comment" for each in comments),
    )


def _root(archive: Archive, name: str) -> Element | None:
    """The outermost element of a part; None where there is no such part."""
    if name not in archive:
        return None
    last = None
    for last in archive.elements(name):  # noqa: B007 - the outermost one ends last
        pass
    return last


def _style_names(styles: Element) -> Iterator[tuple[str, str]]:
    for each in styles:
        if tag(each) == "style":
            yield attribute(each, "styleId"), value(each, "name").lower()


def _custom(archive: Archive) -> Iterator[Element]:
    names = [name for name in archive.names if name.startswith("customXml/")]
    for name in names[:_MOST_CUSTOM]:
        if name.endswith(".xml"):
            root = _root(archive, name)
            if root is not None:
                yield root
