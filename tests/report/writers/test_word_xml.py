"""The elements of a Word document are what WordprocessingML asks for, in the order that it minds."""

import pytest
from docx.oxml.ns import qn

from trialkit.report.writers.word_xml import (
    Element,
    bookmark_name,
    bookmarked,
    element,
    field,
    paragraph,
    runs_right_to_left,
    text_run,
    valued,
)

HEBREW = "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}"


def shape(made: Element) -> str:
    """An element in short: its name, its attributes in brackets, its text, what is in it."""

    def name(tag: str) -> str:
        return tag.rpartition("}")[2]

    attributes = ",".join(f"{name(key)}={value}" for key, value in made.attrib.items())
    text = f"'{made.text}'" if made.text and not len(made) else ""
    children = " ".join(shape(child) for child in made)
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
    assert made.tag == qn("w:p")
    assert dict(made.attrib) == {
        qn("w:val"): "5", "plain": "a\N{REPLACEMENT CHARACTER}b", qn("xml:space"): "preserve",
    }  # fmt: skip
    assert [child.tag for child in made] == [qn("w:b"), qn("w:i")]
    assert shape(valued("w:sz", 18)) == "sz[val=18]"


@pytest.mark.parametrize(
    ("options", "properties"),
    [
        ({}, ""),
        ({"bold": True}, "rPr(b) "),
        ({"italic": True}, "rPr(i) "),
        ({"raised": True}, "rPr(vertAlign[val=superscript]) "),
        ({"style": "S"}, "rPr(rStyle[val=S]) "),
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
