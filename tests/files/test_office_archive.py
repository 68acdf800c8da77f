"""The parts of a workbook are opened as a parcel from a stranger: sizes first, no document type."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from trialkit.errors import DataFileError
from trialkit.files import office_archive
from trialkit.files.office_archive import Archive

PARTS = {"xl/a.xml": "<r><c>1</c><c>2</c></r>", "/xl/b.xml": "<r/>"}


def packed(folder: Path, parts: dict[str, str | bytes]) -> Path:
    path = folder / "x.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def opened(path: Path) -> Archive:
    return Archive(path, file="sent.xlsx")


def refused(path: Path) -> str:
    with pytest.raises(DataFileError) as error:
        opened(path)
    return str(error.value)


def test_elements_come_when_they_are_complete_and_names_without_their_slash(tmp_path: Path) -> None:
    archive = opened(packed(tmp_path, PARTS))
    assert [(each.tag, each.text) for each in archive.elements("xl/a.xml")] == [
        ("c", "1"),
        ("c", "2"),
        ("r", None),
    ]
    assert [each.tag for each in archive.elements("xl/b.xml")] == ["r"]
    assert ("xl/b.xml" in archive, "/xl/b.xml" in archive, "xl/c.xml" in archive) == (
        True,
        False,
        False,
    )


def test_a_part_that_is_not_there_or_no_xml_is_named(tmp_path: Path) -> None:
    archive = opened(packed(tmp_path, {"a.xml": "<r><c></r>", "b.xml": "", "n" * 99: "<r>"}))
    for name, what in (
        ("c.xml", "it is not there"),
        ("a.xml", "mismatched tag: line 1, column 8"),
        ("b.xml", "no element found: line 1, column 0"),
    ):
        with pytest.raises(DataFileError) as error:
            list(archive.elements(name))
        assert str(error.value) == (
            f"sent.xlsx: its part {name} cannot be read ({what}); open the workbook in a "
            "spreadsheet and save it again"
        )
    with pytest.raises(DataFileError, match=f"its part {'n' * 80} cannot be read"):
        list(archive.elements("n" * 99))
    assert "(" + "w" * 120 + ")" in str(archive.damaged("a", "w" * 200))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaa">]><r>&a;</r>',
        '<?xml version="1.0"?>\n<!-- first -->\n<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>',
        "<!DOCTYPE r [ broken",
    ],
)
def test_a_part_that_declares_a_document_type_is_not_read(text: str, tmp_path: Path) -> None:
    archive = opened(packed(tmp_path, {"a.xml": text}))
    with pytest.raises(DataFileError) as error:
        list(archive.elements("a.xml"))
    assert str(error.value) == (
        "sent.xlsx: its part a.xml declares a document type, which no office program writes and "
        "which can be an attack; the file was not read"
    )


def test_what_stands_within_a_cell_declares_nothing(tmp_path: Path) -> None:
    archive = opened(packed(tmp_path, {"a.xml": "<r>&lt;!DOCTYPE r&gt;</r>"}))
    assert [each.text for each in archive.elements("a.xml")] == ["<!DOCTYPE r>"]


def test_sizes_are_looked_at_before_anything_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path, {"a.xml": "<r>" + "x" * 993 + "</r>", "b.xml": "<r/>"})
    # 1000 and 4 bytes in two parts
    monkeypatch.setattr(office_archive, "LARGEST_CONTENT", 1004)
    monkeypatch.setattr(office_archive, "MOST_PARTS", 2)
    monkeypatch.setattr(office_archive, "LARGEST_WORKBOOK", path.stat().st_size)
    assert "b.xml" in opened(path)
    monkeypatch.setattr(office_archive, "LARGEST_CONTENT", 1003)
    assert "sent.xlsx: unpacks to 2 parts of 0 MB together; 2 parts and" in refused(path)
    monkeypatch.setattr(office_archive, "LARGEST_CONTENT", 1004)
    monkeypatch.setattr(office_archive, "MOST_PARTS", 1)
    assert "unpacks to 2 parts" in refused(path)
    monkeypatch.setattr(office_archive, "MOST_PARTS", 2)
    monkeypatch.setattr(office_archive, "LARGEST_WORKBOOK", path.stat().st_size - 1)
    assert refused(path).startswith(f"{path}: has 0 MB; files of up to 0 MB are read.")


def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert refused(path) == f"{path}: does not exist; name an .xlsx workbook"
    assert refused(tmp_path) == f"{tmp_path}: is not a file; name an .xlsx workbook"
    path.write_bytes(b"PK no more")
    assert refused(path) == (
        "sent.xlsx: is no .xlsx workbook, or a damaged one; open it in a spreadsheet and save it "
        "as .xlsx"
    )
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more")
    assert refused(path) == (
        "sent.xlsx: is an encrypted workbook, or one of the old .xls kind; save it as .xlsx "
        "without a password"
    )


def test_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a.xml": "<r/>"})
    content = bytearray(path.read_bytes())
    # the flags of the part, eight bytes into its entry of the central directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    assert refused(path) == "sent.xlsx: is encrypted; save it without a password"


def test_a_part_whose_bytes_were_changed_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.xml", "<r>one</r>")
    path.write_bytes(path.read_bytes().replace(b"<r>one</r>", b"<r>two</r>"))
    with pytest.raises(DataFileError, match=r"its part a.xml cannot be read \(Bad CRC-32"):
        list(opened(path).elements("a.xml"))


def test_a_part_that_is_read_twice_counts_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = opened(packed(tmp_path, {"a.xml": "<r>" + "x" * 93 + "</r>"}))
    monkeypatch.setattr(office_archive, "LARGEST_CONTENT", 299)
    assert [len(list(archive.elements("a.xml"))) for _ in range(2)] == [1, 1]
    with pytest.raises(DataFileError, match="has parts that make 0 MB together, more than is"):
        list(archive.elements("a.xml"))


def test_elements_of_all_parts_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = opened(packed(tmp_path, {"a.xml": "<r><e/><e/></r>", "b.xml": "<r><e/><e/></r>"}))
    monkeypatch.setattr(office_archive, "MOST_ELEMENTS", 5)
    assert len(list(archive.elements("a.xml"))) == 3
    with pytest.raises(DataFileError, match=r"sent.xlsx: holds more than 5 XML elements"):
        list(archive.elements("b.xml"))


@pytest.mark.parametrize(
    "sheet",
    [
        "<s><r>" + "<c/>" * 40_000 + "</r></s>",
        "<s>" + "<d>" * 40_000 + "</d>" * 40_000 + "</s>",
        "<s>" + "<d><r/>" * 40_000 + "</d>" * 40_000 + "</s>",
    ],
    ids=["wide", "deep", "deep with rows between"],
)
def test_what_would_have_to_be_held_at_once_is_bounded(
    sheet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_archive, "MOST_TOGETHER", 39_000)
    archive = opened(
        packed(tmp_path, {"a.xml": sheet, "b.xml": "<s>" + "<r><c/></r>" * 40_000 + "</s>"})
    )
    with pytest.raises(DataFileError, match="a row, or a part without rows, of more than 39,000"):
        list(archive.elements("a.xml", let_go="r"))
    assert len(list(archive.elements("b.xml", let_go="r"))) == 80_001
    with pytest.raises(DataFileError, match="more than 39,000"):
        list(archive.elements("b.xml"))


def test_the_bytes_that_are_held_at_once_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_archive, "LARGEST_TOGETHER", 100_000)
    names = " ".join(f'a{number}=""' for number in range(20_000))
    archive = opened(packed(tmp_path, {"a.xml": f"<s><r {names}/></s>"}))
    with pytest.raises(DataFileError, match=r"or 0 MB \(a.xml\)"):
        list(archive.elements("a.xml", let_go="r"))


def test_what_is_let_go_is_empty_afterwards(tmp_path: Path) -> None:
    archive = opened(packed(tmp_path, {"a.xml": "<s><r><c>1</c></r><r><c>2</c></r></s>"}))
    texts = [
        [cell.text for cell in element]
        for element in archive.elements("a.xml", let_go="r")
        if element.tag == "r"
    ]
    assert texts == [["1"], ["2"]]
    whole = list(archive.elements("a.xml", let_go="r"))[-1]
    assert [(each.tag, len(each)) for each in whole] == [("r", 0), ("r", 0)]
