from trialkit.report.citing.form import BMJ_FORM, ICMJE, JAMA_FORM, LANCET_FORM, ReferenceForm
from trialkit.report.citing.numbering import Numbering
from trialkit.report.content.marks import Citation, CitationMark, CitedWork
from trialkit.report.content.references import CitedReference, References


def counting(form: ReferenceForm) -> Numbering:
    return Numbering(form=form, describe=lambda key: (f"{key}.",))


def cited(text: str) -> Citation:
    """Each letter is a work; what stands in parentheses behind it is the place in it."""
    works = []
    for piece in text.split():
        key, _, locator = piece.rstrip(")").partition("(")
        works.append(CitedWork(key=key, locator=locator.replace("_", " ")))
    return Citation(works=tuple(works))


def printed(form: ReferenceForm, *citations: str) -> list[str]:
    numbering = counting(form)
    return [numbering.numbered(cited(each)).text for each in citations]


def test_works_are_numbered_as_they_are_cited_first() -> None:
    assert printed(ICMJE, "c", "a", "c b", "a c") == ["(1)", "(2)", "(1,3)", "(1,2)"]
    numbering = counting(ICMJE)
    numbering.numbered(cited("c a"))
    assert numbering.references == References(
        entries=(
            CitedReference(key="c", anchor="reference-1", runs=("c.",)),
            CitedReference(key="a", anchor="reference-2", runs=("a.",)),
        )
    )


def test_three_that_follow_each_other_are_a_range() -> None:
    for form, dash in ((ICMJE, "–"), (LANCET_FORM, "–"), (JAMA_FORM, "-"), (BMJ_FORM, "-")):
        first, second = printed(form, "a b c d e f", "f a b c e")
        assert first.strip("()") == f"1{dash}6"
        assert second.strip("()") == f"1{dash}3,5,6"


def test_a_work_cited_twice_at_once_is_one() -> None:
    assert printed(ICMJE, "a a b a") == ["(1,2)"]


def test_a_place_in_a_work_stands_behind_its_number() -> None:
    assert printed(ICMJE, "a b(p._3) c") == ["(1; 2, p. 3; 3)"]
    assert printed(JAMA_FORM, "a b(p3) c") == ["1,2(p3),3"]


def test_every_number_leads_to_its_reference() -> None:
    numbering = counting(JAMA_FORM)
    made = numbering.numbered(cited("a b c"))
    assert made.raised
    assert made.marks == (
        CitationMark(text="1", anchor="reference-1"),
        CitationMark(text="-"),
        CitationMark(text="3", anchor="reference-3"),
    )
    assert not counting(ICMJE).numbered(cited("a")).raised


def test_in_a_cell_the_numbers_stand_in_brackets() -> None:
    for form in (ICMJE, JAMA_FORM):
        numbering = counting(form)
        assert numbering.in_a_cell(cited("b a")) == "[1,2]"
        assert numbering.references.in_cells
