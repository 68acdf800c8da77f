"""A Word file that an author lends is opened without its text, or refused by its name."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from tests.report.contents import content
from trialkit.errors import ReportError
from trialkit.report.writers import word_file
from trialkit.report.writers.word_file import opened_document, packed


def test_of_an_authors_document_the_last_section_is_left(tmp_path: Path) -> None:
    mine = docx.Document()
    mine.add_paragraph("My old text")
    mine.add_table(1, 1)
    mine.save(str(tmp_path / "mine.docx"))
    body = opened_document(tmp_path / "mine.docx").element.body
    assert [each.tag.rpartition("}")[2] for each in body] == ["sectPr"]


@pytest.mark.parametrize("name", ["missing.docx", "broken.docx"])
def test_a_reference_that_is_no_word_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(ReportError, match=re.escape(name)):
        opened_document(tmp_path / name)


def test_a_reference_that_is_damaged_within_or_unpacks_to_too_much_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.docx"
    docx.Document().save(str(path))
    with ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    monkeypatch.setattr(word_file, "LARGEST_CONTENT", sum(map(len, parts.values())) - 1)
    with pytest.raises(ReportError, match=r"mine\.docx: .* unpacks to .* parts of . MB"):
        opened_document(path)
    monkeypatch.undo()
    for harm in (b"<w:body", b"<w:strange>"):  # no XML any more; a document without a body
        with ZipFile(path, "w") as archive:
            for name, part in parts.items():
                end = b"</w:strange>" if harm.endswith(b">") else b"</w:body>"
                harmed = part.replace(b"<w:body>", harm).replace(b"</w:body>", end)
                archive.writestr(name, harmed)
        with pytest.raises(ReportError, match=r"mine\.docx: the reference document cannot be"):
            opened_document(path)


def test_a_file_is_packed_with_every_part_that_the_library_saves() -> None:
    document = docx.Document()
    document.add_paragraph("Words")
    saved = BytesIO()
    document.save(saved)
    with ZipFile(saved) as theirs, ZipFile(BytesIO(packed(document, content()))) as ours:
        assert ours.namelist() == theirs.namelist()
        assert [ours.read(each) for each in ours.namelist()] == [
            theirs.read(each) for each in theirs.namelist()
        ]
        assert {each.date_time[:3] for each in ours.infolist()} == {(2025, 3, 31)}
