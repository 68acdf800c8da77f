import pytest

from trialkit.errors import ReportError
from trialkit.limits import DEEPEST_AUTHOR_LIST, WIDEST_AUTHOR_TABLE
from trialkit.report.content.author_text import (
    AuthorList,
    AuthorTable,
    ColumnSide,
    plain_paragraphs,
)
from trialkit.report.content.marks import MarkedText, Position
from trialkit.report.content.text import Paragraph, Run, WebAddress
from trialkit.report.marks.reading import TextPlace, read_blocks, read_runs

HERE = TextPlace(file="statements/6.md", first_line=5)


def runs(text: str) -> tuple[Run, ...]:
    (block,) = read_blocks(text, HERE)
    assert isinstance(block, Paragraph)
    return block.runs


def italic(text: str) -> MarkedText:
    return MarkedText(text=text, italic=True)


def test_marks_become_runs_of_their_own() -> None:
    strong = MarkedText(text="b ", bold=True)
    both = MarkedText(text="c", bold=True, italic=True)
    assert runs("x *a* **b _c_** y") == ("x ", italic("a"), " ", strong, both, " y")
    assert runs("H~2~O, 10^6^/l") == (
        "H",
        MarkedText(text="2", position=Position.LOWERED),
        "O, 10",
        MarkedText(text="6", position=Position.RAISED),
        "/l",
    )


@pytest.mark.parametrize(
    "words",
    [
        "from ~5 to ~7 points",
        "2 * 3 * 4",
        "the item pain_total_6",
        "x^2",
        "~~struck~~ out",
        "<b>raw</b> &amp; &#65;",
        "`code`",
        "[a][b] and [c]",
        "[x](javascript:alert(1))",
        "[x](file:///etc/passwd) [y](//host) [z](data:text/html,x)",
        "{{ 7 * 7 }} {% raw %} #eval(1) \\par",
        "[q](ftp://example.org/x)",
        "# no head > no quotation",
        "[ref]: javascript:x",
        "a | b",
    ],
)
def test_what_is_no_mark_is_printed_as_it_stands(words: str) -> None:
    assert runs(words) == (words,)


def test_what_markdown_has_beside_is_not_read() -> None:
    text = "# head\n> quotation\n---\n```\ncode\n```\n    indented\n<div>"
    assert runs(text) == ("# head > quotation --- ``` code ``` indented <div>",)


def test_a_sign_behind_a_backslash_is_a_sign() -> None:
    assert runs(r"\*a\* \~b\~ \[c\] \_d\_ ^a\^b^") == (
        "*a* ~b~ [c] _d_ ",
        MarkedText(text="a^b", position=Position.RAISED),
    )


def test_links_lead_to_the_web_to_a_doi_or_to_mail() -> None:
    assert runs("[a *b*](https://example.org/x_y_z) [c](mailto:d@example.org) [e](doi:10.1/f)") == (
        WebAddress(url="https://example.org/x_y_z", words="a b"),
        " ",
        WebAddress(url="mailto:d@example.org", words="c"),
        " ",
        WebAddress(url="https://doi.org/10.1/f", words="e"),
    )


def test_an_address_in_a_sentence_ends_before_the_sentence_does() -> None:
    assert runs("(see https://example.org/a_(b), doi:10.1136/bmj.1.)") == (
        "(see ",
        WebAddress(url="https://example.org/a_(b)"),
        ", ",
        WebAddress(url="https://doi.org/10.1136/bmj.1", words="doi:10.1136/bmj.1"),
        ".)",
    )


def test_a_picture_is_a_link_at_most() -> None:
    assert runs("![p](https://example.org/p.png)") == (
        "!",
        WebAddress(url="https://example.org/p.png", words="p"),
    )


def test_lists_stand_in_each_other_and_count_from_their_own_number() -> None:
    (block,) = read_blocks("3. one\n\n   more\n4. two\n   - *in*\n   - it\n", HERE)
    inner = AuthorList(items=((Paragraph(runs=(italic("in"),)),), (Paragraph(runs=("it",)),)))
    assert block == AuthorList(
        first=3,
        items=(
            (Paragraph(runs=("one",)), Paragraph(runs=("more",))),
            (Paragraph(runs=("two",)), inner),
        ),
    )
    assert plain_paragraphs((block,)) == ("one", "more", "two", "in", "it")


def test_a_table_has_as_many_cells_in_each_row_as_heads() -> None:
    text = "| a | *b* | c |\n|---|--:|:-:|\n| 1 | \\| | H~2~O |\n| 2 |\n"
    (block,) = read_blocks(text, HERE)
    assert block == AuthorTable(
        heads=(("a",), (italic("b"),), ("c",)),
        sides=(ColumnSide.LEFT, ColumnSide.RIGHT, ColumnSide.CENTRE),
        rows=(
            (("1",), ("|",), ("H", MarkedText(text="2", position=Position.LOWERED), "O")),
            (("2",), (), ()),
        ),
    )
    assert plain_paragraphs((block,)) == ("a; b; c", "1; |; H2O", "2")


def test_a_text_of_one_paragraph_has_no_lists() -> None:
    assert read_runs("- *a*\n- b", HERE) == ("- ", italic("a"), " - b")
    assert read_runs("", HERE) == ()


def test_lists_beyond_the_limit_are_refused_with_their_line() -> None:
    deepest = "".join(f"{'  ' * depth}- x\n" for depth in range(DEEPEST_AUTHOR_LIST))
    assert len(read_blocks(deepest, HERE)) == 1
    with pytest.raises(ReportError, match=r"statements/6\.md, line 11: lists stand 7 deep"):
        read_blocks(f"{deepest}{'  ' * DEEPEST_AUTHOR_LIST}- x", HERE)


def test_tables_beyond_the_limit_are_refused_with_their_line() -> None:
    columns = WIDEST_AUTHOR_TABLE + 1
    with pytest.raises(ReportError, match=r"statements/6\.md, line 7: the table has 21 columns"):
        read_blocks(f"Words.\n\n{'|a' * columns}|\n{'|-' * columns}|\n", HERE)


def test_a_cell_that_has_no_head_is_refused_with_its_line() -> None:
    table = "Words.\n\n| a | b |\n|---|---|\n| 1 | x\\|y |\n"
    assert len(read_blocks(f"{table}| 1 | 2 | |\n", HERE)) == 2
    said = r"statements/6\.md, line 10: the row has 3 cells, and the head of its table 2"
    for row in ("| 1 | 2 | 3 |", "1 | 2 | 3"):
        with pytest.raises(ReportError, match=said):
            read_blocks(f"{table}{row}\n", HERE)
        with pytest.raises(ReportError, match="the row has 3 cells"):
            read_blocks(f"- item\r\n\r\n  | a | b |\r\n  |---|---|\r\n  {row}\r\n", HERE)


@pytest.mark.parametrize(
    "link",
    [
        '[ok](https://example.org/a?b=1&c="x"><script>)',
        "[m](mailto:a@b.org?subject=x&body=<b>)",
        "[c](HTTPS://example.org)",
        "[x](mailto:nobody)",
    ],
)
def test_a_link_that_nobody_may_follow_keeps_its_address(link: str) -> None:
    told = [each.text if isinstance(each, WebAddress) else each for each in runs(link)]
    assert "".join(map(str, told)) == link


@pytest.mark.parametrize(
    "text",
    [
        "*" * 5000,
        "*_" * 2500,
        "[" * 2500 + "]" * 2500,
        "[a](" * 1200,
        "~a" * 2500,
        "\\" * 5000,
        "https://a.b/" + ")" * 5000,
        "|a|\n|-|\n" * 600,
        "- a\n" * 1200,
    ],
    ids=lambda text: text[:8],
)
def test_many_signs_are_read_to_their_end(text: str) -> None:
    assert read_blocks(text, HERE)


@pytest.mark.parametrize("text", ["- " * 1000, "1. - " * 500], ids=["bullets", "both"])
def test_a_thousand_lists_in_each_other_are_refused(text: str) -> None:
    with pytest.raises(ReportError, match="at most 6 are printed"):
        read_blocks(text, HERE)
