"""A Word file is read as it stands when tracked changes are accepted, and nothing in it is followed."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.steps.returned.word_parts import W, word_file, words
from trialkit.errors import DataFileError
from trialkit.report.writers.word_walking import text_of
from trialkit.steps.returned.word_file import read_word


def test_inserted_text_is_there_and_deleted_text_is_not(tmp_path: Path) -> None:
    body = (
        f"<w:p>{words('A ')}<w:ins>{words('new')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        f"<w:moveFrom>{words('gone')}</w:moveFrom><w:moveTo>{words(' here')}</w:moveTo></w:p>"
    )
    assert text_of(read_word(word_file(tmp_path / "a.docx", body)).body) == "A new here"


def test_fields_give_their_result_and_signs_are_what_they_stand_for(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
        f"{words('Table')}<w:r><w:noBreakHyphen/><w:tab/><w:t>1</w:t><w:br/></w:r>"
        f"<w:sdt><w:sdtPr><w:alias w:val='no text'/></w:sdtPr><w:sdtContent>{words('2')}</w:sdtContent></w:sdt></w:p>"
    )
    assert text_of(read_word(word_file(tmp_path / "a.docx", body)).body) == "Table\u2011\t1\n2"


def test_links_styles_notes_comments_and_what_programs_put_beside_are_read(tmp_path: Path) -> None:
    path = word_file(
        tmp_path / "a.docx",
        "<w:p/>",
        word__styles=f'<w:styles {W}><w:style w:styleId="berschrift1"><w:name w:val="Heading 1"/></w:style></w:styles>',
        word__comments=f"<w:comments {W}><w:comment/><w:comment/></w:comments>",
        word__footnotes=f"<w:footnotes {W}><w:footnote><w:p>{words('Note')}</w:p></w:footnote></w:footnotes>",
        customXml__item1='<mine xmlns="urn:x"/>',
    )
    with ZipFile(path, "a") as archive:
        archive.writestr(
            "word/_rels/document.xml.rels",
            '<R><Relationship Id="rId1" Target="https://example.org/a"/></R>',
        )
    word = read_word(path)
    assert word.links == {"rId1": "https://example.org/a"}
    assert word.style_names == {"berschrift1": "heading 1"}
    assert [text_of(each) for each in word.notes] == ["Note"]
    assert word.comments == 2
    assert [each.tag for each in word.custom] == ["{urn:x}mine"]
    assert word.file == "a.docx"


def test_without_the_other_parts_there_is_the_text_alone(tmp_path: Path) -> None:
    word = read_word(word_file(tmp_path / "a.docx", f"<w:p>{words('x')}</w:p>"))
    assert (dict(word.links), dict(word.style_names), word.notes, word.custom, word.comments) == (
        {}, {}, (), (), 0,
    )  # fmt: skip


def test_elements_deep_in_each_other_are_read(tmp_path: Path) -> None:
    deep = 20_000
    body = f"{'<w:ins>' * deep}{words('x')}{'</w:ins>' * deep}"
    assert text_of(read_word(word_file(tmp_path / "a.docx", body)).body) == "x"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no", r"mine\.docx: is no Word file \(\.docx\), or a damaged one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"mine\.docx: is encrypted, or .* old \.doc kind"),
        (b"", r"mine\.docx: is empty"),
    ],
)
def test_what_is_no_word_file_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.docx"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=said):
        read_word(path)


def test_a_document_type_a_missing_text_and_another_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.docx"
    for content, said in (
        (
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
            "declares a document type",
        ),
        ("<other/>", "no document of a word processor"),
        (None, "it is not there"),
    ):
        with ZipFile(path, "w") as archive:
            if content is not None:
                archive.writestr("word/document.xml", content)
        with pytest.raises(DataFileError, match=said):
            read_word(path)
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(DataFileError, match=r"is an OpenDocument text \(\.odt\)"):
        read_word(path)
