import pytest

from trialkit.report.content.marks import CitedWork
from trialkit.report.marks.citing import CitingPlace, citations_in, cited_works


@pytest.mark.parametrize(
    ("written", "works"),
    [
        ("[@a]", [("a", "")]),
        ("[@Lee-2020:b_c.d/e+f]", [("Lee-2020:b_c.d/e+f", "")]),
        ("[@a; @b, p. 3;\n @c,  pp. 4-5, and 7]", [("a", ""), ("b", "p. 3"), ("c", "pp. 4-5, and 7")]),
        ("[@7]", [("7", "")]),
        ("[@Müller20]", [("Müller20", "")]),
        ("[@]", []),
        ("[@ a]", []),
        ("[@a b]", []),
        ("[@a;]", []),
        ("[@a; b]", []),
        ("[@a,]", []),
        ("[@a.]", []),
    ],
)  # fmt: skip
def test_works_and_places_in_them(written: str, works: list[tuple[str, str]]) -> None:
    assert cited_works(written) == tuple(CitedWork(key=key, locator=at) for key, at in works)


def test_citations_of_a_text_have_their_lines() -> None:
    text = "a [@b]\n\n\\[@c] \\\\[@d] me@x.org [x] [@@]\n[@e\n]"
    assert list(citations_in(text)) == [
        CitingPlace(text="[@b]", works=(CitedWork(key="b"),), line=1),
        CitingPlace(text="[@d]", works=(CitedWork(key="d"),), line=3),
        CitingPlace(text="[@@]", works=(), line=3),
        CitingPlace(text="[@e\n]", works=(CitedWork(key="e"),), line=4),
    ]


def test_many_signs_are_looked_through() -> None:
    assert list(citations_in("[@" * 20_000)) == []
    assert len(list(citations_in("\\" * 20_001 + "[@a]" * 5_000))) == 4_999
