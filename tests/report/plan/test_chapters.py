"""The chapters of a plan hold each row of SPIRIT once, and claim no more than a plan can."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.plan.test_document import FORMS, plan_of
from trialkit.protocol.trial.conduct import Blinded
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.text import Definitions, Paragraph
from trialkit.report.plan.chapters import (
    administration,
    analysis,
    assignment,
    data,
    ethical,
    introduction,
    monitoring,
    open_science,
    participants,
)
from trialkit.report.plan.statements import spirit_2025
from trialkit.results.size_check import UNCHECKED, SizeCheck


def test_each_row_of_spirit_belongs_to_one_section() -> None:
    protocol = made_up_protocol()
    chapters = (
        administration(protocol, sha256="a" * 64),
        open_science(protocol),
        introduction(protocol),
        participants(protocol, FORMS, UNCHECKED),
        assignment(protocol),
        data(FORMS),
        analysis(protocol),
        monitoring(protocol),
        ethical(protocol),
    )
    items = [item for top in chapters for each in top.all_sections() for item in each.items]
    assert sorted(items) == sorted(spirit_2025().numbers)


def test_checks_are_claimed_only_where_there_are_forms() -> None:
    assert not list(data(()).all_blocks())
    collected = next(data(FORMS).all_blocks())
    assert isinstance(collected, Paragraph)
    assert str(collected.runs[0]).startswith(
        "Data are collected on two forms: Assessment and Adverse events."
    )
    (claim,) = [claim for block in data(FORMS).all_blocks() for claim in block.claims]
    assert (claim.item, claim.part) == ("26", "checks")


def test_additional_analyses_of_a_plan_need_no_record_of_when_they_were_planned() -> None:
    section = next(
        each for each in analysis(made_up_protocol()).sections if each.anchor == "additional"
    )
    assert [claim.lacks for block in section.blocks for claim in block.claims] == [""]


def test_no_interim_analysis_means_that_nobody_sees_any() -> None:
    parts = [
        claim.part
        for block in monitoring(made_up_protocol()).all_blocks()
        for claim in block.claims
    ]
    assert "who sees the results and decides" in parts


def test_each_assumption_of_the_sample_size_is_told_with_where_the_method_comes_from() -> None:
    check = SizeCheck(assumptions=(("difference", "15"), ("sd", "21")), reference="Cohen J. 1988.")
    chapter = participants(made_up_protocol(), FORMS, check)
    (told,) = [
        block
        for block in chapter.all_blocks()
        if isinstance(block, Definitions) and block.lead == "What the calculation assumes"
    ]
    assert [(each.term, *each.runs) for each in told.entries] == [
        ("Difference", "15"), ("SD", "21"), ("Reference", "Cohen J. 1988."),
    ]  # fmt: skip


def test_where_nobody_is_blinded_there_is_nothing_to_reveal() -> None:
    made = made_up_protocol()
    nobody = replace(made, blinding=replace(made.blinding, assessors=Blinded.NO))
    assert plan_of(made).checklist.row("24c").status is RowStatus.MISSING
    assert plan_of(nobody).checklist.row("24c").status is RowStatus.NOT_APPLICABLE
    open_ = replace(made, blinding=replace(made.blinding, assessors=Blinded.NOT_REPORTED))
    assert plan_of(open_).checklist.row("24c").status is RowStatus.MISSING
