import pytest

from trialkit.report.citing.bibtex import read_bibtex
from trialkit.report.citing.bibtex_works import doi_of, iso_date, names_of, work_of
from trialkit.report.citing.work import NO_DATE, PersonName, Work, WorkDate, WorkKind


def work(text: str) -> Work:
    entries = {each.key: each for each in read_bibtex(text, "references.bib")}
    return work_of(next(iter(entries.values())), entries)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hopewell, Sally", [PersonName(family="Hopewell", given="Sally")]),
        ("Sally Hopewell", [PersonName(family="Hopewell", given="Sally")]),
        ("Jan van der Berg", [PersonName(family="van der Berg", given="Jan")]),
        ("van der Berg, Jan", [PersonName(family="van der Berg", given="Jan")]),
        ("Gilstrap, 3rd, L. C.", [PersonName(family="Gilstrap", given="L. C.", suffix="3rd")]),
        ("{World Health Organization}", [PersonName(family="World Health Organization", is_group=True)]),
        ("{Barnes and Noble}", [PersonName(family="Barnes and Noble", is_group=True)]),
        ("{de} Vet, H and {R Core Team}", [PersonName(family="de Vet", given="H"), PersonName(family="R Core Team", is_group=True)]),
        ("Plato", [PersonName(family="Plato")]),
        ("Rose ME", [PersonName(family="Rose", given="ME")]),
        ("van der Berg JWA and Von Korff M", [PersonName(family="van der Berg", given="JWA"), PersonName(family="Von Korff", given="M")]),
        ("Gilstrap LC 3rd", [PersonName(family="Gilstrap", given="LC", suffix="3rd")]),
        ("Hr{\\'o}bjartsson A", [PersonName(family="Hróbjartsson", given="A")]),
        ("M. E. Rose", [PersonName(family="Rose", given="M. E.")]),
        ("ME Rose", [PersonName(family="Rose", given="ME")]),
        ("Anna B C", [PersonName(family="C", given="Anna B")]),
        ("John {IBM}", [PersonName(family="IBM", given="John")]),
        ("Rose MELI", [PersonName(family="MELI", given="Rose")]),
        ("", []),
    ],
)  # fmt: skip
def test_names_are_those_of_people_or_groups(text: str, names: list[PersonName]) -> None:
    assert names_of(text) == (tuple(names), False)


def test_others_are_no_person() -> None:
    assert names_of("Hopewell, S and others") == ((PersonName(family="Hopewell", given="S"),), True)
    assert work("@article{a, title={T}, author={Lee, A and others}}").has_more_authors


def test_an_article_of_bibtex() -> None:
    text = r"""@article{a, title={A {B} title}, author={M{\"u}ller, J.}, journal={Trials}, year=2020,
      month={March}, volume=1, number={2}, pages={3--4}, doi={https://doi.org/10.1/x_y}, note={no}}"""
    assert work(text) == Work(
        key="a",
        kind=WorkKind.ARTICLE,
        title="A B title",
        authors=(PersonName(family="Müller", given="J."),),
        container="Trials",
        date=WorkDate(year=2020, month=3),
        volume="1",
        issue="2",
        pages="3–4",
        doi="10.1/x_y",
    )


def test_an_article_of_biblatex() -> None:
    text = """@article{a, title={T}, subtitle={S}, journaltitle={Trials}, shortjournal={Tr},
      date={2020-05-06/2020-07}, eid={e12}, issue=3}"""
    found = work(text)
    assert (found.title, found.container, found.container_short) == ("T: S", "Trials", "Tr")
    assert (found.date, found.pages, found.issue) == (
        WorkDate(year=2020, month=5, day=6),
        "e12",
        "3",
    )


def test_a_site_and_a_report() -> None:
    site = work(r"@online{a, title={T}, url={https://a.b/c\_d?e=\%20}, urldate={2024-02-03}}")
    assert (site.kind, site.url) == (WorkKind.OTHER, "https://a.b/c_d?e=%20")
    assert site.accessed == WorkDate(year=2024, month=2, day=3)
    assert work(r"@misc{a, title={T}, howpublished={\url{https://a.b}}}").url == "https://a.b"
    assert work("@misc{a, title={T}, url={javascript:alert(1)}}").url == ""
    report = work("@techreport{a, title={T}, institution={WHO}, number=12}")
    assert (report.kind, report.publisher, report.number) == (WorkKind.REPORT, "WHO", "12")


def test_a_chapter_inherits_what_it_refers_to() -> None:
    text = """@incollection{a, title={T}, crossref={b}, pages={1--2}}
      @book{b, title={Whole}, publisher={P}, editor={Lee, A}, crossref={a}}"""
    found = work(text)
    assert (found.title, found.container, found.publisher) == ("T", "Whole", "P")
    assert found.editors == (PersonName(family="Lee", given="A"),)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025", WorkDate(year=2025)),
        ("2025-04-14", WorkDate(year=2025, month=4, day=14)),
        ("2025-13-01", WorkDate(year=2025)),
        ("soon", NO_DATE),
        ("", NO_DATE),
    ],
)
def test_dates(text: str, date: WorkDate) -> None:
    assert iso_date(text) == date


def test_a_year_in_words_stays() -> None:
    assert work("@misc{a, title={T}, year={in press}}").date == WorkDate(words="in press")
    assert work("@misc{a, title={T}, year=2020, month=99}").date == WorkDate(year=2020)


@pytest.mark.parametrize(
    "text", ["10.1/x", "doi: 10.1/x", "http://dx.doi.org/10.1/x", "DOI:10.1/x"]
)
def test_a_doi_is_known_however_it_is_written(text: str) -> None:
    assert doi_of(text) == "10.1/x"
    assert doi_of("11.1/x") == ""
