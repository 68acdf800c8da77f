from dataclasses import replace

from tests.report.author_words import in_paragraphs
from trialkit.protocol.trial.registered import NotReported
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.claims import ClaimSource
from trialkit.report.content.text import Gap, GapKind
from trialkit.report.guidelines.answers import Answers, listed, not_applicable, said, says
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import AuthorStatement, StatedPart

GUIDELINE = consort_2025()
WORDS = AuthorStatement(
    item="18", blocks=in_paragraphs(("Sealed envelopes.",)), file="statements/18.md"
)


def answers(*statements: AuthorStatement, not_reported: tuple[NotReported, ...] = ()) -> Answers:
    return Answers(guideline=GUIDELINE, statements=statements, not_reported=not_reported)


def test_an_item_that_nobody_answers_leaves_a_gap_that_says_how_to_fill_it() -> None:
    (gap,) = answers().to("18")
    assert isinstance(gap, Gap)
    assert gap.title == "Author statement required – CONSORT 18"
    assert "statements/18.md" in gap.remedy
    assert "[randomisation] concealment" in gap.remedy
    assert gap.anchor == "item-18"


def test_a_statement_answers_what_is_the_authors() -> None:
    (block,) = answers(WORDS).to("18")
    assert isinstance(block, AuthorText)
    assert [claim.part for claim in block.claims] == ["mechanism", "steps until assignment"]
    assert {claim.source for claim in block.claims} == {ClaimSource.AUTHOR}
    assert all(claim.among_others for claim in block.claims)


def test_under_heads_each_part_has_its_own_words() -> None:
    """A part whose words are a placeholder is still to be said, and the gap asks for it alone."""
    told = (
        StatedPart(part="mechanism", blocks=in_paragraphs(("Sealed envelopes.",))),
        StatedPart(part="steps until assignment", blocks=in_paragraphs(("TBD",))),
    )
    words = ("Mechanism. Sealed envelopes.", "Steps until assignment. TBD")
    block, gap = answers(replace(WORDS, blocks=in_paragraphs(words), parts=told)).to("18")
    assert isinstance(block, AuthorText)
    assert [(claim.part, claim.among_others) for claim in block.claims] == [("mechanism", False)]
    assert block.paragraphs == words
    assert isinstance(gap, Gap)
    assert gap.text.startswith("Still to be said: steps until assignment.")
    assert gap.remedy.endswith("write statements/18.md, with the head ## steps until assignment.")


def test_a_gap_names_the_heads_that_are_wanting() -> None:
    (gap,) = answers().to("30")
    assert isinstance(gap, Gap)
    assert gap.remedy == (
        "Write statements/30.md, with a head for each part: ## bias, ## imprecision, "
        "## generalisability, ## multiplicity."
    )


def test_a_statement_does_not_tick_what_only_data_can_answer() -> None:
    words = AuthorStatement(
        item="26", blocks=in_paragraphs(("It worked.",)), file="statements/26.md"
    )
    statement, gap = answers(words).to("26")
    assert statement.claims == ()
    assert isinstance(gap, Gap)
    assert gap.reason is GapKind.DATA


def test_a_full_answer_leaves_no_gap() -> None:
    block = says("6", "background", "Pain is common.", source=ClaimSource.PROTOCOL)
    (only,) = answers().to("6", block)
    assert only.anchor == "item-6"


def test_half_an_answer_names_the_other_half() -> None:
    _, gap = answers().to("7", says("7", "benefits", "Less pain.", source=ClaimSource.PROTOCOL))
    assert isinstance(gap, Gap)
    assert gap.text.startswith("Still to be said: harms.")


def test_parts_answered_elsewhere_are_no_gap_here() -> None:
    assert answers().to("14", elsewhere=("every outcome",)) == ()


def test_what_the_sources_leave_open_is_said_once() -> None:
    note = NotReported(item="18", note="Not in the sources.")
    (gap,) = answers(not_reported=(note,)).to("18")
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.text) == (GapKind.NOT_REPORTED, "Not in the sources.")


def test_not_applicable_stands_alone() -> None:
    reason = not_applicable(GUIDELINE, "20b", "Nobody was blinded.")
    assert answers().to("20b", reason)[0].kind == "gap"
    assert len(answers().to("20b", reason)) == 1


def test_texts_of_the_protocol_claim_only_what_they_say() -> None:
    assert said("18", "mechanism", "  ") is None
    block = said("18", "mechanism", "Not reported in the sources", head="Concealment")
    assert block is not None
    assert block.claims == ()
    assert block.runs == ("Concealment: Not reported in the sources.",)
    assert listed("12a", "inclusion criteria", (), head="Inclusion") is None
