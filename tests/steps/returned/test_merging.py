"""What was not edited stays as its author wrote it, to the line end."""

from collections.abc import Sequence

from trialkit.report.content.author_text import AuthorBlock, AuthorList
from trialkit.report.content.marks import MarkedText
from trialkit.report.content.text import Paragraph, Run
from trialkit.steps.returned.merging import Said, merged, with_heads
from trialkit.steps.returned.pieces import Head, SourcePiece


def text(*runs: Run) -> Paragraph:
    return Paragraph(runs=runs)


def piece(source: str, *says: AuthorBlock, apart: str = "\n\n") -> SourcePiece:
    return SourcePiece(text=source, says=says, apart=apart)


HEAD = SourcePiece(text="##  How", says=Head(part="how"), apart="\n")
PIECES = (
    piece("One,\nwrapped.", text("One, wrapped."), apart="\n\n\n"), HEAD,
    piece("Two", text("Two")), piece("*Three*", text(MarkedText(text="Three", italic=True)), apart="\n"),
)  # fmt: skip
SAID: tuple[Said, ...] = (
    text("One, wrapped."), Head(part="how"), text("Two"), text(MarkedText(text="Three", italic=True)),
)  # fmt: skip


def made(said: Sequence[Said]) -> str:
    return merged(PIECES, said).text


def test_what_says_the_same_is_the_source_again() -> None:
    assert made(SAID) == "One,\nwrapped.\n\n\n##  How\nTwo\n\n*Three*\n"


def test_one_block_that_differs_is_written_and_its_neighbours_stay() -> None:
    assert (
        made((*SAID[:2], text("2 new"), SAID[3]))
        == "One,\nwrapped.\n\n\n##  How\n2 new\n\n*Three*\n"
    )
    assert made((text("New"), *SAID)) == "New\n\nOne,\nwrapped.\n\n\n##  How\nTwo\n\n*Three*\n"
    assert made(SAID[1:]) == "##  How\nTwo\n\n*Three*\n"
    assert made((SAID[0], SAID[3])) == "One,\nwrapped.\n\n*Three*\n"
    assert made((*SAID, Head(part="similarity"), text("x"))).endswith(
        "*Three*\n\n## similarity\n\nx\n"
    )


def test_lists_that_follow_each_other_stay_two() -> None:
    one, two = AuthorList(items=((text("a"),),)), AuthorList(items=((text("b"),),))
    assert merged((), (one, two)).text == "- a\n\n* b\n"


def test_what_no_markdown_says_is_named() -> None:
    odd = text(MarkedText(text="a:", italic=True), "b and more")
    found = merged((), (odd, text("x")))
    assert (found.text, found.plainer, found.unwritable) == (
        "a:b and more\n\nx\n",
        ("a:b and more",),
        (),
    )


def test_heads_that_are_run_in_are_told_apart_again() -> None:
    blocks = (
        text("Before."), text("How. Opaque ", MarkedText(text="capsules", italic=True)),
        text("Similarity."), AuthorList(items=((text("a"),),)), text("How. Once more"),
    )  # fmt: skip
    assert with_heads(blocks, ["how", "similarity"]) == (
        text("Before."), Head(part="how"), text("Opaque ", MarkedText(text="capsules", italic=True)),
        Head(part="similarity"), blocks[3], text("How. Once more"),
    )  # fmt: skip
    bold = text(MarkedText(text="How.", bold=True), " Opaque")
    assert with_heads((bold,), ["how"]) == (Head(part="how"), text("Opaque"))
    assert with_heads((text("Howling. x"),), ["how"]) == (text("Howling. x"),)
