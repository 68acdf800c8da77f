import os
from pathlib import Path

import pytest

from tests.report.factory import content_of, made_up_line, page_in_words
from trialkit.errors import DataFileError, ReportError
from trialkit.report.guidelines import statements
from trialkit.report.guidelines.checklist import consort_2025, read_guideline
from trialkit.report.guidelines.statements import read_statements

GUIDELINE = consort_2025()


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name.removeprefix('s')}.md").write_text(text, encoding="utf-8")
    return folder


def test_paragraphs_are_separated_by_blank_lines(tmp_path: Path) -> None:
    write(tmp_path, s6="First line\nof one paragraph.\r\n \r\nSecond.\n\n\n", s5b="\ufeffNone.")
    first, second = read_statements(tmp_path, GUIDELINE)
    assert (first.item, first.paragraphs) == ("5b", ("None.",))
    assert second.paragraphs == ("First line of one paragraph.", "Second.")
    assert second.file == "statements/6.md"


def test_no_folder_and_empty_files_are_no_statements(tmp_path: Path) -> None:
    assert read_statements(tmp_path / "none", GUIDELINE) == ()
    write(tmp_path, s6="  \n\n ")
    assert read_statements(tmp_path, GUIDELINE) == ()


def test_a_readme_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("How to write statements")
    (tmp_path / ".DS_Store").write_bytes(b"\xff")
    assert read_statements(tmp_path, GUIDELINE) == ()


@pytest.mark.parametrize(
    ("name", "hint"), [("5B.md", "'5b'"), ("31.md", "1a to 30"), ("6.txt", "6"), ("x.md", "6.md")]
)
def test_a_file_that_names_no_item_is_an_error(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / name).write_text("Words")
    with pytest.raises(ReportError, match="names no item") as error:
        read_statements(tmp_path, GUIDELINE)
    assert name in str(error.value)
    assert hint in str(error.value)


def test_latin_1_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "6.md").write_bytes("Rücken".encode("latin-1"))
    with pytest.raises(ReportError, match="save the file as UTF-8"):
        read_statements(tmp_path, GUIDELINE)


@pytest.mark.parametrize("text", ["Not applicable: one site.", "not applicable – one\nsite."])
def test_not_applicable_needs_a_reason_and_an_item_that_allows_it(
    tmp_path: Path, text: str
) -> None:
    write(tmp_path, s12b=text)
    (statement,) = read_statements(tmp_path, GUIDELINE)
    assert statement.not_applicable == "one site."


def test_patient_involvement_always_applies(tmp_path: Path) -> None:
    write(tmp_path, s8="Not applicable: small trial.")
    with pytest.raises(ReportError, match=r"only 10, 12b, 16b, 20b, 23b may be"):
        read_statements(tmp_path, GUIDELINE)


def test_not_applicable_without_a_reason_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, s10="Not applicable.")
    with pytest.raises(ReportError, match="without a reason"):
        read_statements(tmp_path, GUIDELINE)


def test_heads_tell_the_parts_of_an_item_apart(tmp_path: Path) -> None:
    text = "All in all.\n\n##Bias\nNobody was\nblinded.\n\nNobody.\n### IMPRECISION ##\n"
    write(tmp_path, s30=text)
    (statement,) = read_statements(tmp_path, GUIDELINE)
    assert statement.paragraphs == (
        "All in all.", "Bias. Nobody was blinded.", "Nobody.", "Imprecision.",
    )  # fmt: skip
    assert [(each.part, each.paragraphs) for each in statement.parts] == [
        ("bias", ("Nobody was blinded.", "Nobody.")), ("imprecision", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("## biass\nx", r"30\.md: the head 'biass' names no part.*did you mean 'bias'"),
        ("##biass\nx", r"the head 'biass' names no part.*did you mean 'bias'"),
        ("## Bias\nx\n# bias\ny", r"30\.md: the head 'bias' is there twice"),
    ],
)
def test_a_head_that_is_no_part_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, s30=text)
    with pytest.raises(ReportError, match=message):
        read_statements(tmp_path, GUIDELINE)


@pytest.mark.parametrize(
    "text",
    [
        "Not applicable: nobody was blinded.\n\n## how\nBy a box.",
        "## how\nBy a box.\n\n## similarity\nNot applicable: they differ.",
    ],
)
def test_what_does_not_apply_is_a_whole_item(tmp_path: Path, text: str) -> None:
    write(tmp_path, s20b=text)
    with pytest.raises(ReportError, match=r"20b\.md: 'not applicable' answers a whole item"):
        read_statements(tmp_path, GUIDELINE)


def test_a_sign_that_begins_no_part_is_text(tmp_path: Path) -> None:
    write(tmp_path, s30="#1 of its kind.\n#sham\n\n#bias\nNone.\n" + "# a " * 1)
    with pytest.raises(ReportError, match="the head 'a' names no part"):
        read_statements(tmp_path, GUIDELINE)
    write(tmp_path, s30="#1 of its kind.\n#sham\n\n#bias\nNone.")
    (statement,) = read_statements(tmp_path, GUIDELINE)
    assert statement.paragraphs == ("#1 of its kind. #sham", "Bias. None.")


def test_where_one_thing_is_asked_a_head_is_printed_as_it_stands(tmp_path: Path) -> None:
    write(tmp_path, s6="# Pain\nIt hurts.")
    (statement,) = read_statements(tmp_path, GUIDELINE)
    assert (statement.paragraphs, statement.parts) == (("# Pain It hurts.",), ())


def test_nothing_in_a_statement_is_interpreted_but_its_marks(tmp_path: Path) -> None:
    text = '<script>alert(1)</script> {{ 7 * 7 }} **bold** [x](javascript:alert) <img src="x.png">'
    write(tmp_path, s6=text)
    page = page_in_words(
        content_of(made_up_line(), statements=read_statements(tmp_path, GUIDELINE))
    )
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }} <strong>bold</strong> [x](javascript:alert)" in page


def test_a_pipe_is_not_waited_for_and_a_book_is_no_statement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "6.md")
    with pytest.raises(DataFileError, match=r"statements/6\.md: cannot be read: it is a pipe"):
        read_statements(tmp_path, GUIDELINE)
    (tmp_path / "6.md").unlink()
    write(tmp_path, s6="12345")
    monkeypatch.setattr(statements, "LARGEST_STATEMENT", 4)
    with pytest.raises(DataFileError, match="it has 5 bytes, of which 4 are read"):
        read_statements(tmp_path, GUIDELINE)


def test_a_head_is_found_however_its_letters_are_written(tmp_path: Path) -> None:
    spirit = read_guideline("spirit_2025")
    for head in ("WHO data set", "who data set"):
        (tmp_path / "spirit-1b.md").write_text(f"## {head}\nWords.", encoding="utf-8")
        (found,) = read_statements(tmp_path, consort_2025(), (spirit,))
        assert [each.part for each in found.parts] == ["WHO data set"]
