"""A statement's Markdown falls into pieces that are its text again."""

from pathlib import Path

import pytest

from trialkit.report.content.text import Paragraph
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import AuthorStatement, read_statements
from trialkit.steps.returned.pieces import Head, source_pieces


def statement(folder: Path, text: str, item: str = "20b") -> AuthorStatement:
    (folder / "statements").mkdir(exist_ok=True)
    (folder / "statements" / f"{item}.md").write_text(text, encoding="utf-8")
    (found,) = read_statements(folder / "statements", consort_2025())
    return found


@pytest.mark.parametrize(
    "text",
    [
        "One.\n\nTwo,\nstill two.\n\n\n- a\n- b\n",
        "Before.\n\n## How\nCapsules.\n\nMore.\n\n##  similarity ##\n\n| A |\n|---|\n| 1 |\n\n",
        "## how\n- a\n\n  more\n## similarity\nAlike.",
        "  Indented.\n",
    ],
)
def test_texts_and_what_stands_between_them_are_the_source(text: str, tmp_path: Path) -> None:
    pieces = source_pieces(statement(tmp_path, text))
    together = "".join(each.text + each.apart for each in pieces)
    assert together == text


def test_a_piece_says_its_block_or_is_a_head(tmp_path: Path) -> None:
    pieces = source_pieces(statement(tmp_path, "Before.\n\n## How\nOpaque,\nalike.\n"))
    assert [each.text for each in pieces] == ["Before.", "## How", "Opaque,\nalike."]
    assert [each.says for each in pieces] == [
        (Paragraph(runs=("Before.",)),), Head(part="how"), (Paragraph(runs=("Opaque, alike.",)),),
    ]  # fmt: skip


def test_of_an_item_without_parts_nothing_is_a_head(tmp_path: Path) -> None:
    pieces = source_pieces(statement(tmp_path, "# one\n\n## how\n", item="6"))
    assert not [each for each in pieces if isinstance(each.says, Head)]
