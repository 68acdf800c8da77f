"""The XML of a document is walked by names, in reading order, changes accepted."""

from xml.etree.ElementTree import fromstring

from tests.steps.returned.word_parts import W, words
from trialkit.report.writers.word_walking import attribute, child, steps, tag, text_of, value


def test_elements_begin_and_end_in_order_and_what_is_no_text_is_passed_over() -> None:
    made = fromstring(
        f"<w:p {W}><w:pPr><w:jc/></w:pPr><w:ins>{words('a')}</w:ins><w:del>{words('b')}</w:del></w:p>"
    )
    assert [(begins, tag(each)) for begins, each in steps(made)] == [
        (True, "p"), (True, "ins"), (True, "r"), (True, "t"),
        (False, "t"), (False, "r"), (False, "ins"), (False, "p"),
    ]  # fmt: skip
    assert text_of(made) == "a"


def test_names_are_compared_without_their_namespace() -> None:
    made = fromstring(f'<w:p {W}><w:pPr><w:pStyle w:val="S"/></w:pPr><w:pPr/></w:p>')
    assert tag(made) == "p"
    assert value(made, "pPr", "pStyle") == "S"
    assert value(made, "pPr", "jc") == ""
    assert child(made, "pPr", "pStyle") is not None
    assert child(made, "rPr", "b") is None
    assert attribute(made, "val") == ""
