import pytest
from markdown_it import MarkdownIt

from tests.report.author_words import in_paragraphs
from tests.report.hostile import HOSTILE, author_blocks
from trialkit.report.content.author_text import AuthorBlock, AuthorList
from trialkit.report.content.marks import Citation, CitationMark, CitedWork, MarkedText, Position
from trialkit.report.content.text import Run, WebAddress
from trialkit.report.marks.reading import TextPlace, read_blocks
from trialkit.report.writers import markdown_words
from trialkit.report.writers.markdown_words import in_line

TAGS = {f"<{slash}{tag}>" for slash in ("", "/") for tag in ("strong", "em", "sup", "sub", "span")}


def written(blocks: tuple[AuthorBlock, ...]) -> str:
    return "\n\n".join(markdown_words.author_blocks(blocks))


@pytest.mark.parametrize(
    ("run", "shown"),
    [
        (MarkedText(text="a ", bold=True, italic=True), "<strong><em>a </em></strong>"),
        (MarkedText(text="*", position=Position.LOWERED), "<sub>\\*</sub>"),
        (WebAddress(url="https://a.b/c"), "<https://a.b/c>"),
        (WebAddress(url="https://a.b/(c)\\", words="w]"), "[w\\]](https://a.b/%28c%29%5C)"),
        (WebAddress(url="javascript:x", words="w"), "w"),
        (
            Citation(
                works=(CitedWork(key="a"),),
                marks=(CitationMark(text="1", anchor="reference-1"), CitationMark(text=", p. 2")),
                raised=True,
            ),
            "<sup>[1](#reference-1), p. 2</sup>",
        ),
    ],
)
def test_runs_are_written_with_tags(run: Run, shown: str) -> None:
    assert in_line((run,)) == shown


def test_what_would_begin_a_list_is_escaped_where_it_begins_the_line_alone() -> None:
    bold = MarkedText(text="15:", bold=True)
    assert in_line(("2020; ", bold, " 7116.")) == "2020; <strong>15:</strong> 7116."
    assert in_line(("", "1. x")) == "1\\. x"
    assert in_line((" ", "- x")) == " \\- x"


def test_a_list_in_a_list_stands_below_the_words_of_its_item() -> None:
    inner = AuthorList(items=(in_paragraphs(("x",)), in_paragraphs(("y",))))
    block = AuthorList(items=((*in_paragraphs(("a", "b")), inner), in_paragraphs(("c",))), first=9)
    assert written((block,)) == "9. a\n\n   b\n\n   - x\n   - y\n10. c"


def test_what_is_written_reads_the_same_again() -> None:
    text = "A | b\n\n- one\n\n  two\n  - three\n- four\n\n| a | b |\n|:--|--:|\n| 1 | \\| |"
    here = TextPlace(file="statements/6.md")
    blocks = read_blocks(text, here)
    assert read_blocks(written(blocks), here) == blocks


def test_no_hostile_word_becomes_markup_in_a_reader_of_markdown() -> None:
    """A reader with everything switched on finds our tags, our links, and nothing else."""
    tokens = MarkdownIt("commonmark").enable("table").parse(written(author_blocks(HOSTILE)))
    inline = [child for token in tokens for child in token.children or []]
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {
        *("paragraph", "inline", "bullet_list", "ordered_list", "list_item"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert {each.content for each in inline if each.type == "html_inline"} <= TAGS
    assert not [each for each in inline if each.type in {"image", "code_inline", "strong_open"}]
    links = {str(each.attrs["href"]) for each in inline if each.type == "link_open"}
    assert links == {"https://example.org/%28a%29?b=%5Cc", "#reference-1"}


@pytest.mark.parametrize(
    "text", ["![img](https://evil.example/x.png)", "Look![here](https://evil.example/x.png)"]
)
def test_a_link_behind_an_exclamation_mark_is_no_picture(text: str) -> None:
    (block,) = read_blocks(text, TextPlace(file="statements/6.md"))
    (written,) = markdown_words.author_blocks([block])
    (inline,) = [each for each in MarkdownIt().parse(written) if each.type == "inline"]
    kinds = [each.type for each in inline.children or []]
    assert "image" not in kinds
    assert "link_open" in kinds


def test_a_citation_behind_an_exclamation_mark_is_no_picture() -> None:
    cited = Citation(
        works=(CitedWork(key="a"),), marks=(CitationMark(text="[1]", anchor="a"),), raised=False
    )
    assert in_line(["Really!", cited]).startswith("Really\\!")
