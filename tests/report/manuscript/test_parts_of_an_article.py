"""The parts of an article, each made of what is said by hand."""

import pytest

from tests.report.author_words import in_paragraphs
from trialkit.protocol.authorship import Affiliation, Author, Authorship, Contribution
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Figure, Section
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.tables import ColumnHead, Table
from trialkit.report.content.text import (
    Bullets,
    CrossReference,
    Definition,
    Definitions,
    Gap,
    GapKind,
    Paragraph,
    PrintedNumber,
    ToWrite,
    WebAddress,
)
from trialkit.report.manuscript.abstract import article_abstract, box_to_fill
from trialkit.report.manuscript.article_forms import ARTICLE_FORMS, INTRODUCTION, JAMA, LANCET
from trialkit.report.manuscript.displays import parted
from trialkit.report.manuscript.gaps import with_gaps_to_write
from trialkit.report.manuscript.title_page import Extent, title_page
from trialkit.report.manuscript.wide_tables import with_wide_tables_last
from trialkit.report.manuscript.word_counts import words_in
from trialkit.report.words.en.abstract_terms import AbstractTerm

STYLES = list(ReportStyle)
EXTENT = Extent(abstract_words=250, text_words=2310, tables=3, figures=2)


def table(anchor: str, *, columns: int = 1) -> Table:
    heads = tuple(ColumnHead(text=f"A head of column {number}") for number in range(columns))
    return Table(anchor=anchor, caption=f"Table of {anchor}", stub="Row", heads=heads, groups=())


def figure(name: str) -> Figure:
    return Figure(
        anchor=name,
        name=name,
        drawing=FigureDrawing(lambda: "<svg/>"),
        title=f"Figure of {name}",
        description="",
        caption="",
    )


def gap(reason: GapKind, *, wanting: str = "") -> Gap:
    return Gap(
        item="8", reason=reason, title="Title", text="the text", remedy="Do.", wanting=wanting
    )


def shown(block: Gap) -> object:
    (found,) = with_gaps_to_write(Section(anchor="s", title="S", blocks=(block,))).blocks
    assert isinstance(found, Paragraph)
    return found.runs[0]


@pytest.mark.parametrize("style", STYLES)
def test_every_style_places_every_term_of_the_abstract_once(style: ReportStyle) -> None:
    form = ARTICLE_FORMS[style]
    placed = [term for head in form.abstract for term in head.of]
    assert sorted(placed) == sorted(AbstractTerm)
    assert sum(head.concludes for head in form.abstract) == 1


@pytest.mark.parametrize("style", STYLES)
def test_no_section_of_the_report_has_two_places(style: ReportStyle) -> None:
    placed = [*INTRODUCTION, *(each for head in ARTICLE_FORMS[style].heads for each in head.of)]
    assert len(placed) == len(set(placed))


def told(*blocks: AuthorText | Gap) -> Section:
    entries = (
        Definition(term=AbstractTerm.OBJECTIVE, runs=("Whether it helps",)),
        Definition(term=AbstractTerm.DESIGN, runs=("A trial.",)),
        Definition(term=AbstractTerm.SETTING, runs=("Two clinics",)),
    )
    return Section(
        anchor="abstract", title="Abstract", blocks=(Definitions(entries=entries), *blocks)
    )


def entries(section: Section) -> dict[str, tuple[object, ...]]:
    (block,) = section.blocks
    assert isinstance(block, Definitions)
    return {each.term: each.runs for each in block.entries}


def test_terms_under_one_head_follow_each_other_as_sentences() -> None:
    found = entries(article_abstract(told(), LANCET))
    assert "".join(map(str, found["Methods"])) == "A trial. Two clinics."
    assert found["Background"][0] == ToWrite(
        text="[The context of the trial, in a sentence or two.]"
    )
    assert found["Background"][1:] == (" ", "Whether it helps.")


def test_conclusions_are_the_authors_and_keep_their_claim() -> None:
    claim = Claim(item="1b", part="conclusions", source=ClaimSource.AUTHOR)
    words = AuthorText(item="1b", blocks=in_paragraphs(("It helps.", "A little.")), claims=(claim,))
    section = article_abstract(told(words), JAMA)
    assert entries(section)["Conclusions and Relevance"] == ("It helps.", " ", "A little.")
    assert section.blocks[0].claims == (claim,)


def test_conclusions_that_are_wanting_are_asked_for() -> None:
    missing = Gap(
        item="1b", reason=GapKind.STATEMENT, title="Required", text="Still.", remedy="Write."
    )
    (run,) = entries(article_abstract(told(missing), LANCET))["Interpretation"]
    assert isinstance(run, ToWrite)
    assert run.advice == "Required. Still. Write."


def test_a_box_is_all_to_be_written() -> None:
    assert JAMA.box is not None
    found = entries(box_to_fill(JAMA.box))
    assert list(found) == ["Question", "Findings", "Meaning"]
    assert all(isinstance(runs[0], ToWrite) for runs in found.values())


def test_each_kind_of_gap_has_its_own_words() -> None:
    assert shown(gap(GapKind.STATEMENT, wanting="Topic. Still to be said: it.")) == ToWrite(
        text="[Topic. Still to be said: it.]", advice="Title. the text Do."
    )
    assert shown(gap(GapKind.NOT_REPORTED)) == ToWrite(text="the text.", advice="Title.")
    assert shown(gap(GapKind.NOT_APPLICABLE)) == "The text."


def test_figures_that_lead_the_tables_stay() -> None:
    blocks = (figure("course"), table("table-outcomes"), figure("forest"))
    found = parted(Section(anchor="outcome-results", title="Outcomes", blocks=blocks))
    assert [each.anchor for each in found.moved] == ["forest"]
    assert all(each.supplementary for each in found.moved)
    last = found.section.blocks[-1]
    assert isinstance(last, Paragraph)
    assert last.runs == (
        "The supplement has more: ", "", CrossReference(anchor="forest"), " (figure of forest)", ".",
    )  # fmt: skip


def test_sections_without_room_give_all_their_tables_away() -> None:
    blocks = (Paragraph(runs=("Words",)), table("table-adherence"), figure("waterfall"))
    found = parted(Section(anchor="delivery", title="Delivery", blocks=blocks))
    assert [each.anchor for each in found.moved] == ["table-adherence", "waterfall"]
    assert found.section.blocks[0] == blocks[0]
    assert len(found.section.blocks) == 2


def test_a_wide_table_leaves_a_sentence_behind() -> None:
    wide, narrow = table("wide", columns=30), table("narrow")
    inner = Section(anchor="i", title="I", blocks=(wide, narrow))
    first, last = with_wide_tables_last(
        (Section(anchor="s", title="S", sections=(inner,)), Section(anchor="t", title="T"))
    )
    said, stays = first.sections[0].blocks
    assert stays is narrow
    assert last.blocks == (wide,)
    assert isinstance(said, Paragraph)
    assert said.runs[0] == CrossReference(anchor="wide")


def test_wide_tables_stand_behind_the_last_section_of_all() -> None:
    inner = Section(anchor="i", title="I", blocks=(table("wide", columns=30),))
    (only,) = with_wide_tables_last((Section(anchor="s", title="S", sections=(inner,)),))
    assert [block.kind for block in only.sections[0].blocks] == ["paragraph", "table"]
    narrow = (Section(anchor="s", title="S", blocks=(table("narrow"),)),)
    assert with_wide_tables_last(narrow) is narrow


def test_only_running_text_is_counted() -> None:
    runs = (
        "Of ",
        PrintedNumber(text="34", results=()),
        " people ",
        ToWrite(text="[not these words]"),
    )
    blocks = (
        Paragraph(runs=runs),  # three
        Bullets(items=(("two words",),), lead="Not the lead"),
        Definitions(entries=(Definition(term="Not this", runs=("one", WebAddress(url="s"))),)),
        AuthorText(item="6", blocks=in_paragraphs(("Four words of mine.", "Two more."))),
        gap(GapKind.STATEMENT),
        table("table-baseline"),
    )
    assert words_in(blocks) == 3 + 2 + 1 + 6


def authorship() -> Authorship:
    ann = Author(
        name="Ann Example",
        degrees="MD",
        affiliations=("b", "a"),
        orcid="0000-0002-1825-0097",
        email="ann@example.org",
        corresponding=True,
        contributions=(Contribution.ORIGINAL_DRAFT, Contribution.SOFTWARE),
    )
    bo = Author(
        name="Bo <b>Sample</b>", affiliations=("a",), contributions=(Contribution.SOFTWARE,)
    )
    places = (Affiliation(id="a", name="Unit A"), Affiliation(id="b", name="Unit B"))
    return Authorship(authors=(ann, bo), affiliations=places, sha256="0")


def test_the_title_page_names_everybody() -> None:
    found = entries(title_page(authorship(), EXTENT))
    assert {term: "".join(map(str, runs)) for term, runs in found.items() if term != "Word counts"} == {
        "Authors": "Ann Example, MD (1, 2); Bo <b>Sample</b> (2)",
        "Affiliations": "1 Unit B; 2 Unit A",
        "Corresponding author": "Ann Example, ann@example.org",
        "ORCID iDs": "Ann Example 0000-0002-1825-0097",
        "Contributions": "Software: Ann Example, Bo <b>Sample</b>. "
        "Writing \N{EN DASH} original draft: Ann Example.",
    }  # fmt: skip
    assert str(found["Word counts"][0]).startswith(
        "Abstract 250, main text 2,310; tables 3, figures 2."
    )


def test_a_title_page_of_nobody_asks_for_everybody() -> None:
    found = entries(title_page(None, EXTENT))
    asked = {term for term, runs in found.items() if isinstance(runs[0], ToWrite)}
    assert asked == {
        "Authors", "Affiliations", "Corresponding author", "ORCID iDs", "Contributions",
    }  # fmt: skip
