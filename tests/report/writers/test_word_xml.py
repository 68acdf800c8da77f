"""The elements of a Word document are what WordprocessingML asks for, in the order that it minds."""

import sys
import unicodedata

import pytest
from docx.oxml.ns import qn

from trialkit.report.writers.word_xml import (
    Element,
    Markup,
    bookmark_name,
    bookmarked,
    bookmarked_within,
    content_control,
    element,
    emboldened,
    field,
    page_numbers,
    paragraph,
    reads_right_to_left,
    runs_right_to_left,
    text_of_markup,
    text_run,
    tree,
    trees,
    valued,
    written,
)

HEBREW = "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}"


def shape(made: Markup) -> str:
    """An element in short: its name, its attributes in brackets, its text, what is in it."""
    return _shape(tree(made))


def _shape(made: Element) -> str:

    def name(tag: str) -> str:
        return tag.rpartition("}")[2]

    attributes = ",".join(f"{name(key)}={value}" for key, value in made.attrib.items())
    text = f"'{made.text}'" if made.text and not len(made) else ""
    children = " ".join(_shape(child) for child in made)
    return (
        name(made.tag)
        + (f"[{attributes}]" if attributes else "")
        + text
        + (f"({children})" if children else "")
    )


def test_an_element_has_its_namespace_its_attributes_and_its_children_in_order() -> None:
    made = element(
        "w:p", element("w:b"), element("w:i"),
        attributes={"w:val": 5, "plain": "a\x00b", "xml:space": "preserve"},
    )  # fmt: skip
    whole = tree(made)
    assert whole.tag == qn("w:p")
    assert dict(whole.attrib) == {
        qn("w:val"): "5", "plain": "a\N{REPLACEMENT CHARACTER}b", qn("xml:space"): "preserve",
    }  # fmt: skip
    assert [child.tag for child in whole] == [qn("w:b"), qn("w:i")]
    assert shape(valued("w:sz", 18)) == "sz[val=18]"


@pytest.mark.parametrize(
    ("options", "properties"),
    [
        ({}, ""),
        ({"bold": True}, "rPr(b) "),
        ({"italic": True}, "rPr(i) "),
        ({"raised": True}, "rPr(vertAlign[val=superscript]) "),
        ({"style": "S"}, "rPr(rStyle[val=S]) "),
        ({"size": 8.5}, "rPr(sz[val=17] szCs[val=17]) "),
        ({"size": 8, "raised": True}, "rPr(sz[val=16] szCs[val=16] vertAlign[val=superscript]) "),
        ({"highlight": "yellow"}, "rPr(highlight[val=yellow]) "),
        (
            {"style": "S", "bold": True, "italic": True, "raised": True},
            "rPr(rStyle[val=S] b i vertAlign[val=superscript]) ",
        ),
    ],
)
def test_a_run_has_the_properties_that_are_asked_for(
    options: dict[str, object], properties: str
) -> None:
    made = text_run("One", **options)  # type: ignore[arg-type]
    assert shape(made) == f"r({properties}t[space=preserve]'One')"


def test_line_ends_are_breaks_tabs_are_tabs_and_what_xml_forbids_is_replaced() -> None:
    made = text_run("a\r\nb\rc\n\td\x01")
    words = "t[space=preserve]"
    assert shape(made) == (
        f"r({words}'a' br {words}'b' br {words}'c' br tab {words}'d\N{REPLACEMENT CHARACTER}')"
    )
    assert shape(text_run("")) == "r"


def test_a_run_of_a_script_from_the_right_says_so() -> None:
    assert shape(text_run(HEBREW)) == f"r(rPr(rtl) t[space=preserve]'{HEBREW}')"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        (HEBREW, True),
        ("\N{ARABIC LETTER BEH}", True),
        (f"12 ({HEBREW})", True),
        (f"a {HEBREW}", False),
        (f"{HEBREW} a", True),
        ("12.5", False),
        ("", False),
    ],
)
def test_the_first_letter_with_a_direction_decides(text: str, is_so: bool) -> None:
    assert runs_right_to_left(text) is is_so


def test_a_field_has_its_instruction_and_the_result_that_it_has_now() -> None:
    made = field("SEQ Table", "3", bold=True)
    assert [shape(each) for each in made] == [
        "r(fldChar[fldCharType=begin])",
        "r(instrText[space=preserve]' SEQ Table ')",
        "r(fldChar[fldCharType=separate])",
        "r(rPr(b) t[space=preserve]'3')",
        "r(fldChar[fldCharType=end])",
    ]


@pytest.mark.parametrize(
    ("options", "properties"),
    [
        ({}, ""),
        ({"keep_with_next": True}, " keepNext"),
        ({"alignment": "right"}, " jc[val=right]"),
        ({"indent": 200}, " ind[left=200]"),
        ({"right_to_left": True}, " bidi"),
        (
            {"keep_with_next": True, "alignment": "center", "indent": 7, "right_to_left": True},
            " keepNext bidi ind[left=7] jc[val=center]",
        ),
    ],
)
def test_a_paragraph_has_its_properties_before_its_runs(
    options: dict[str, object], properties: str
) -> None:
    made = paragraph(text_run("a"), text_run("b"), style="Body", **options)  # type: ignore[arg-type]
    runs = "r(t[space=preserve]'a') r(t[space=preserve]'b')"
    assert shape(made) == f"p(pPr(pStyle[val=Body]{properties}) {runs})"


def test_a_bookmark_stands_around_what_it_marks_under_one_number() -> None:
    made = bookmarked("table-1", 7, text_run("x"), text_run("y"))
    assert [shape(each) for each in made] == [
        "bookmarkStart[id=7,name=a_table_1]",
        "r(t[space=preserve]'x')",
        "r(t[space=preserve]'y')",
        "bookmarkEnd[id=7]",
    ]


def test_the_name_of_a_bookmark_is_one_that_word_allows() -> None:
    assert bookmark_name("figure-flow.2 b_c") == "a_figure_flow_2_b_c"
    assert bookmark_name("\N{LATIN SMALL LETTER E WITH ACUTE}9") == "a__9"
    assert bookmark_name("x" * 38) == "a_" + "x" * 38
    one, other = bookmark_name("x" * 50), bookmark_name("x" * 49 + "y")
    assert len(one) == len(other) == 40
    assert one.startswith("a_" + "x" * 25)
    assert one != other, "Word would drop the second of two equal names"


HOSTILE = "</w:t><w:p/>&amp; & < > \" ' ]]> <!-- \N{EURO SIGN} \x00 \ud800"
"""A text that would be XML if it were not escaped."""
KEPT = HOSTILE.replace("\x00", "\N{REPLACEMENT CHARACTER}").replace(
    "\ud800", "\N{REPLACEMENT CHARACTER}"
)


def test_no_text_and_no_attribute_becomes_xml() -> None:
    run = tree(text_run(HOSTILE))
    assert [(each.tag, each.text) for each in run] == [(qn("w:t"), KEPT)]
    made = tree(element("w:p", attributes={"w:val": f"{HOSTILE}\t\n\r"}))
    assert (dict(made.attrib), len(made)) == ({qn("w:val"): f"{KEPT}\t\n\r"}, 0)
    code, control = field(HOSTILE, "")[1], content_control(tag=HOSTILE, title=HOSTILE, number=1)
    assert tree(code)[0].text == f" {KEPT} "
    assert [each.get(qn("w:val")) for each in tree(control)[0]] == [KEPT, KEPT, "1"]


def test_blanks_stay_as_they_are() -> None:
    assert [each.text for each in tree(text_run("  a  b  "))] == ["  a  b  "]
    assert [each.text for each in tree(text_run(" "))] == [" "]


def test_what_the_library_made_is_written_and_read_as_it_was() -> None:
    made = paragraph(text_run(f" {HOSTILE}\t"), style="Body")
    assert shape(written(tree(made))) == shape(made)
    first, second = trees([made, valued("w:sz", 1)])
    assert (first.tag, second.tag) == (qn("w:p"), qn("w:sz"))


def test_the_text_of_what_is_written_is_the_text_again() -> None:
    for text in (HOSTILE, "&lt;", "&amp;lt;", "a < b > c & d"):
        words = text_run(text).partition('"preserve">')[2].partition("</w:t>")[0]
        assert text_of_markup(words) == text_run_text(text)


def text_run_text(text: str) -> str:
    return "".join(each.text for each in tree(text_run(text)))


def test_every_letter_from_the_right_is_looked_for() -> None:
    """Those of no block that is asked for would be taken for letters from the left."""
    letters = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.bidirectional(chr(code)) in {"R", "AL"}
    ]
    assert len(letters) > 2000
    assert all(map(runs_right_to_left, letters))


def test_the_direction_of_runs_is_that_of_their_words_alone() -> None:
    assert reads_right_to_left(text_run("1 & "), text_run(HEBREW))
    assert not reads_right_to_left(text_run("&"), text_run("a"), text_run(HEBREW))
    assert not reads_right_to_left(valued("w:alias", HEBREW), text_run("12"))


def test_runs_are_made_bold_after_their_style_and_once() -> None:
    runs = content_control(
        text_run("a"), text_run("b", style="S", italic=True), text_run("c", bold=True),
        tag="t", title="t", number=1,
    )  # fmt: skip
    words = "t[space=preserve]"
    assert shape(emboldened(runs)).partition("sdtContent")[2] == (
        f"(r(rPr(b) {words}'a') r(rPr(rStyle[val=S] b i) {words}'b') r(rPr(b) {words}'c')))"
    )


def test_a_bookmark_stands_in_a_paragraph_and_around_what_is_none() -> None:
    made = paragraph(text_run("<w:p></w:pPr>"), style="Body")
    assert shape(bookmarked_within("x", 1, made)) == (
        "p(pPr(pStyle[val=Body]) bookmarkStart[id=1,name=a_x] "
        "r(t[space=preserve]'<w:p></w:pPr>') bookmarkEnd[id=1])"
    )
    around = trees([bookmarked_within("x", 1, element("w:tbl", made))])
    assert [_shape(each).partition("(")[0] for each in around] == [
        "bookmarkStart[id=1,name=a_x]", "tbl", "bookmarkEnd[id=1]",
    ]  # fmt: skip


def test_numbers_of_pages_have_the_size_of_their_cell() -> None:
    sizes = "rPr(sz[val=16] szCs[val=16]) "
    assert [shape(each) for each in page_numbers(["a"], size=8)] == [
        f"r({sizes}fldChar[fldCharType=begin,dirty=true])",
        f"r({sizes}instrText[space=preserve]' PAGEREF a_a \\h ')",
        f"r({sizes}fldChar[fldCharType=separate])",
        f"r({sizes}t[space=preserve]'\N{HORIZONTAL ELLIPSIS}')",
        f"r({sizes}fldChar[fldCharType=end])",
    ]
