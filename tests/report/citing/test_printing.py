import pytest

from tests.report.citing.published import BIB, MADE, QUOTED
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.citing.bibtex import read_bibtex
from trialkit.report.citing.bibtex_works import work_of
from trialkit.report.citing.form import FORMS, ICMJE, JAMA_FORM, LANCET_FORM
from trialkit.report.citing.printing import reference_runs
from trialkit.report.citing.work import PersonName, Work, WorkDate, WorkKind
from trialkit.report.content.marks import MarkedText, Position
from trialkit.report.content.text import WebAddress, words_of

ENTRIES = {entry.key: entry for entry in read_bibtex(BIB, "references.bib")}


@pytest.mark.parametrize(
    ("source", "style", "key", "printed"),
    QUOTED,
    ids=[f"{style}-{key}" for _, style, key, _ in QUOTED],
)
def test_references_are_those_that_sources_show(
    source: str, style: ReportStyle, key: str, printed: str
) -> None:
    said = words_of(reference_runs(work_of(ENTRIES[key], ENTRIES), FORMS[style]))
    assert said == printed, f"{source} prints it otherwise"


@pytest.mark.parametrize(
    ("style", "key", "printed"), MADE, ids=[f"{style}-{key}" for style, key, _ in MADE]
)
def test_references_keep_the_rules_of_a_style(style: ReportStyle, key: str, printed: str) -> None:
    assert words_of(reference_runs(work_of(ENTRIES[key], ENTRIES), FORMS[style])) == printed


@pytest.mark.parametrize(
    ("style", "printed"),
    [
        (ReportStyle.PLAIN, "T. Lancet. 2020 Jan 24. doi: 10.1/x."),
        (ReportStyle.JAMA, "T. Lancet. Published online January 24, 2020. doi:10.1/x"),
        (ReportStyle.NEJM, "T. Lancet 2020. https://doi.org/10.1/x."),
        (ReportStyle.LANCET, "T. Lancet 2020; published online Jan 24. https://doi.org/10.1/x."),
        (ReportStyle.BMJ, "T. Lancet 2020. doi:10.1/x"),
    ],
)
def test_an_article_without_volume_or_pages_is_dated(style: ReportStyle, printed: str) -> None:
    date = WorkDate(year=2020, month=1, day=24)
    work = Work(
        key="a", kind=WorkKind.ARTICLE, title="T", container="Lancet", date=date, doi="10.1/x"
    )
    said = reference_runs(work, FORMS[style])
    assert words_of(said) == printed


def test_dates_of_sites_are_those_of_the_style() -> None:
    work = Work(
        key="a",
        kind=WorkKind.OTHER,
        title="T",
        container="Site",
        date=WorkDate(year=2020, month=1, day=24),
        url="https://a.b",
        accessed=WorkDate(year=2021, month=9, day=5),
    )
    jama, lancet = (words_of(reference_runs(work, form)) for form in (JAMA_FORM, LANCET_FORM))
    assert jama == "T. Site. January 24, 2020. Accessed September 5, 2021. https://a.b"
    assert lancet == "T. Site, 2020. https://a.b (accessed Sept 5, 2021)."


def test_every_style_has_a_form_and_prints_every_work() -> None:
    assert FORMS.keys() == set(ReportStyle)
    for form in FORMS.values():
        for entry in ENTRIES.values():
            words = words_of(reference_runs(work_of(entry, ENTRIES), form))
            assert ".." not in words
            assert "  " not in words
            assert words[-1] in ".)" or entry.fields.get("doi") or entry.fields.get("url")


def test_the_lancet_sets_volumes_bold_and_journals_italic() -> None:
    runs = reference_runs(work_of(ENTRIES["schulz"], {}), LANCET_FORM)
    assert MarkedText(text="Lancet", italic=True) in runs
    assert MarkedText(text="359", bold=True) in runs


def test_marks_of_a_title_stay_and_what_is_no_mark_is_words() -> None:
    work = Work(
        key="a",
        kind=WorkKind.BOOK,
        title="<i>E. coli</i> and CO<sub>2</sub> <script>x</script>",
        date=WorkDate(year=2020),
    )
    assert reference_runs(work, ICMJE) == (
        MarkedText(text="E. coli", italic=True),
        " and CO",
        MarkedText(text="2", position=Position.LOWERED),
        " <script>x</script>. 2020.",
    )
    turned = reference_runs(work, FORMS[ReportStyle.JAMA])
    assert turned[:2] == (MarkedText(text="E. coli"), MarkedText(text=" and CO", italic=True))


def test_a_doi_leads_to_its_address_whatever_is_in_it() -> None:
    work = Work(
        key="a", kind=WorkKind.ARTICLE, title="T", container="J", doi="10.1002/(SICI)<1::A>3.0;2-#"
    )
    (address,) = [run for run in reference_runs(work, ICMJE) if isinstance(run, WebAddress)]
    assert address.url == "https://doi.org/10.1002/(SICI)%3C1::A%3E3.0;2-%23"
    assert address.text == "doi: 10.1002/(SICI)<1::A>3.0;2-#"
    assert address.is_followed


def test_what_is_not_known_leaves_no_hole() -> None:
    for kind in WorkKind:
        for form in FORMS.values():
            assert words_of(reference_runs(Work(key="a", kind=kind, title="T"), form)) == "T."


def test_a_date_in_words_is_printed() -> None:
    work = Work(
        key="a",
        kind=WorkKind.ARTICLE,
        title="T",
        container="Trials",
        authors=(PersonName(family="Lee", given="Ann"),),
        date=WorkDate(words="in press"),
    )
    assert words_of(reference_runs(work, ICMJE)) == "Lee A. T. Trials. in press."
