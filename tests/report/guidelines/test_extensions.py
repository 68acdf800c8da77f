"""The other checklists: chosen by the design, answered by what is printed, and never ticked by a field."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import few_at_once
from tests.line import Line, line_of
from tests.protocol.trial.test_factors import TWO
from tests.report.factory import content_of, made_up_line, made_up_protocol, page_in_words, said
from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.interventions import ExerciseProgramme
from trialkit.protocol.trial.kinds import InterventionKind, Reporter
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Framework, NotReported
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.content import Content
from trialkit.report.guidelines.checklist import Guideline, checklists_frame, consort_2025
from trialkit.report.guidelines.extensions import all_extensions, chosen_extensions, unsupported
from trialkit.report.guidelines.statements import AuthorStatement, read_statements


def status(content: Content, code: str, number: str) -> RowStatus:
    return next(each for each in content.extensions if each.code == code).row(number).status


def training(**changes: object) -> Protocol:
    """The experimental arm of a made-up trial exercises."""
    protocol = made_up_protocol()
    arms = tuple(
        replace(
            arm,
            intervention=replace(
                arm.intervention,
                kind=InterventionKind.NO_INTERVENTION
                if arm.reference
                else InterventionKind.EXERCISE,
                **({} if arm.reference else changes),
            ),
        )
        for arm in protocol.arms
        if arm.intervention is not None
    )
    return replace(protocol, arms=arms)


def own(statement: AuthorStatement, code: str) -> AuthorStatement:
    return replace(statement, checklist=code, file=f"statements/{code}-{statement.item}.md")


def content(protocol: Protocol, *statements: AuthorStatement) -> Content:
    return content_of(made_up_line(protocol=protocol), statements=statements)


@pytest.mark.parametrize("guideline", all_extensions(), ids=lambda each: each.code)
def test_every_row_borrows_from_a_part_that_exists_and_is_printed_at_an_item(
    guideline: Guideline,
) -> None:
    core = {each.number: each.parts for each in consort_2025().requirements}
    assert len(set(guideline.numbers)) == len(guideline.numbers)
    for each in guideline.requirements:
        assert each.at in core
        assert set(each.core) | set(each.author) <= set(each.parts)
        assert "/" not in each.number
    for item, part in guideline.borrowed():
        assert part in core[item], item


def test_the_sizes_are_those_of_the_guidelines() -> None:
    sizes = {each.code: len(each.requirements) for each in all_extensions()}
    assert sizes == {
        "abstracts": 17, "harms": 8, "tidier": 12, "cert": 19, "npt": 8, "pro": 5, "margins": 7,
        "multiarm": 5, "factorial": 3, "cluster": 15,
    }  # fmt: skip


def test_the_design_chooses() -> None:
    plain = made_up_protocol()
    assert [each.code for each in chosen_extensions(plain)] == ["abstracts", "harms", "tidier"]
    assert [each.code for each in chosen_extensions(training())][3:] == ["cert", "npt"]
    pain, better = plain.outcomes
    reported = replace(plain, outcomes=(replace(pain, reported_by=Reporter.PARTICIPANT), better))
    assert "pro" in {each.code for each in chosen_extensions(reported)}
    trial = replace(plain.trial, framework=Framework.NON_INFERIORITY)
    assert "margins" in {each.code for each in chosen_extensions(replace(plain, trial=trial))}
    several = chosen_extensions(made_up_protocol(arms=3))
    assert [each.code for each in several] == ["abstracts", "harms", "tidier", "multiarm"]


def test_a_factorial_trial_is_no_trial_of_several_arms() -> None:
    protocol = replace(made_up_protocol(arms=4), factors=TWO)
    assert [each.code for each in chosen_extensions(protocol)][3:] == ["factorial"]
    assert [each[:22] for each in unsupported(protocol)][1:] == ["CONSORT factorial 2023"]


CLASSES = Clusters(label="class", plural="classes", randomised=True)


def test_clusters_that_were_randomised_have_their_checklist_and_others_have_not() -> None:
    protocol = replace(made_up_protocol(), clusters=CLASSES)
    assert [each.code for each in chosen_extensions(protocol)][3:] == ["cluster"]
    assert [each[:20] for each in unsupported(protocol)][1:] == ["CONSORT cluster 2012"]
    one_by_one = replace(protocol, clusters=replace(CLASSES, randomised=False))
    assert "cluster" not in {each.code for each in chosen_extensions(one_by_one)}


def test_the_rows_of_clusters_are_judged_by_what_the_report_shows(tmp_path: Path) -> None:
    line = line_of(write_trial(tmp_path / "trial", KINDS["events in classes"]))
    made = content_of(line)
    # the plan compares pain by a t test of participants, whose arms were not allocated one by one
    assert status(made, "cluster", "12a") is RowStatus.PARTIAL
    assert status(made, "cluster", "13a") is RowStatus.PARTIAL
    assert status(made, "cluster", "3a") is RowStatus.PARTIAL
    for number in ("1a", "2a", "7a", "10c"):
        assert status(made, "cluster", number) is RowStatus.MISSING
    protocol = line.protocol
    first, _, *others = protocol.plan.analyses
    plan = replace(protocol.plan, analyses=(first, *others))
    title = replace(protocol.trial, title="A cluster randomised trial of classes")
    told = content_of(
        replace(line, protocol=replace(protocol, plan=plan, trial=title)),
        statements=(own(said("13a", "All classes began."), "cluster"),),
    )
    assert status(told, "cluster", "1a").is_reported
    assert status(told, "cluster", "12a").is_reported
    assert status(told, "cluster", "13a").is_reported


def test_what_applies_and_is_not_there_is_said() -> None:
    (harms,) = unsupported(made_up_protocol())
    assert harms == "CONSORT Harms 2022: its rows after the participant flow"
    _, several = unsupported(made_up_protocol(arms=3))
    assert several.startswith("CONSORT multi-arm 2019: its ten items")
    page = page_in_words(content(made_up_protocol(arms=3)))
    assert "are not yet supported" in page
    assert "CONSORT multi-arm 2019" in page


def test_a_row_is_reported_when_the_words_are_printed_and_not_when_they_say_nothing() -> None:
    assert status(content(training()), "cert", "1") is RowStatus.MISSING
    told = content(training(exercise=ExerciseProgramme(equipment="A mat and a TOGU disc")))
    assert status(told, "cert", "1").is_reported
    assert "A mat and a TOGU disc" in page_in_words(told)
    silent = training(exercise=ExerciseProgramme(equipment="Not reported in the sources"))
    assert status(content(silent), "cert", "1") is RowStatus.MISSING


@pytest.mark.slow
def test_tidier_asks_of_every_arm_that_gets_something() -> None:
    protocol = made_up_protocol()
    one = tuple(
        replace(arm, intervention=replace(arm.intervention, rationale="Because"))
        if not arm.reference and arm.intervention
        else arm
        for arm in protocol.arms
    )
    assert status(content(replace(protocol, arms=one)), "tidier", "2") is RowStatus.PARTIAL
    assert status(content(training(rationale="Because")), "tidier", "2").is_reported


def test_a_statement_is_printed_beside_its_item_and_answers_its_row() -> None:
    words = own(said("5b", "By a manual."), "npt")
    made = content(training(), words)
    assert status(made, "npt", "5b").is_reported
    section = next(
        inner for top in made.sections for inner in top.sections if inner.anchor == "interventions"
    )
    assert any(getattr(block, "file", "") == "statements/npt-5b.md" for block in section.blocks)
    row = next(each for each in made.extensions if each.code == "npt").row("5b")
    assert row.evidence == ("statements/npt-5b.md",)


@pytest.mark.slow
def test_a_statement_on_another_checklist_answers_nothing_of_consort() -> None:
    made = content(training(), own(said("5a", "Parts."), "npt"), own(said("13", "Sets."), "cert"))
    plain = content(training())
    assert [row.status for row in made.checklist.rows] == [
        row.status for row in plain.checklist.rows
    ]


@pytest.mark.slow
def test_what_does_not_apply_says_why() -> None:
    words = own(said("3a", not_applicable="There was one provider"), "npt")
    made = content(training(), words)
    row = next(each for each in made.extensions if each.code == "npt").row("3a")
    assert (row.status, row.note) == (RowStatus.NOT_APPLICABLE, "There was one provider")


@pytest.mark.slow
def test_what_the_sources_leave_open_is_open_to_a_borrower_too() -> None:
    protocol = training()
    assert status(content(protocol), "npt", "4a").is_reported
    silent = replace(protocol, not_reported=(NotReported(item="12b", note="Nobody says."),))
    assert status(content(silent), "npt", "4a") is RowStatus.PARTIAL


def test_the_abstract_answers_by_what_it_prints(example: Line) -> None:
    made = content_of(example)
    for number in ("title", "numbers-randomised", "numbers-analysed", "results", "harms"):
        assert status(made, "abstracts", number).is_reported
    assert status(made, "abstracts", "authors") is RowStatus.MISSING
    assert status(made, "pro", "P1b").is_reported
    protocol = made_up_protocol()
    silent = content(
        replace(protocol, registration=None, funding=replace(protocol.funding, source=""))
    )
    for number in ("registration", "funding"):
        assert status(silent, "abstracts", number) is RowStatus.MISSING


@pytest.mark.slow
def test_a_trial_with_a_margin_names_its_question_in_the_title() -> None:
    protocol = made_up_protocol()
    trial = replace(protocol.trial, framework=Framework.NON_INFERIORITY)
    assert status(content(replace(protocol, trial=trial)), "margins", "1a") is RowStatus.MISSING
    named = replace(trial, title="A non-inferiority randomised trial")
    assert status(content(replace(protocol, trial=named)), "margins", "1a").is_reported


def test_the_file_and_the_page_show_every_checklist(example: Line) -> None:
    made = content_of(example)
    frame = checklists_frame(made.checklists)
    assert frame["checklist"].nunique() == 7
    assert len(frame) == 42 + 17 + 8 + 12 + 19 + 8 + 5
    page = page_in_words(made)
    for each in made.extensions:
        assert f'id="{each.anchor}"' in page
        for row in each.rows:
            assert f'id="{each.anchor_of(row.number)}"' in page
            assert all(f'id="{place.anchor}"' in page for place in row.places)


def test_the_files_of_statements_are_told_apart(tmp_path: Path) -> None:
    for name in ("npt-5b.md", "abstracts-numbers-analysed.md", "pro-P20-21.md", "6.md"):
        (tmp_path / name).write_text("Words.", encoding="utf-8")
    found = read_statements(tmp_path, consort_2025(), all_extensions())
    assert [(each.checklist, each.item) for each in found] == [
        ("consort", "6"),
        ("abstracts", "numbers-analysed"),
        ("npt", "5b"),
        ("pro", "P20-21"),
    ]


def test_whatever_the_author_may_write_is_printed_and_answers_its_row() -> None:
    protocol = training()
    pain, better = protocol.outcomes
    full = replace(
        protocol,
        trial=replace(
            protocol.trial, framework=Framework.EQUIVALENCE, title="A randomised equivalence trial"
        ),
        outcomes=(replace(pain, reported_by=Reporter.PARTICIPANT), better),
    )
    words = tuple(
        own(said(row.number, f"Words on {row.topic}."), guideline.code)
        for guideline in all_extensions()
        for row in guideline.requirements
        if row.author
    )
    made = content(full, *words)
    assert len(made.extensions) == 7
    for checklist in made.extensions:
        for row in checklist.rows:
            assert row.status.is_reported, (checklist.code, row.number, row.note)


def test_an_open_row_says_which_file_answers_it() -> None:
    row = next(each for each in content(training()).extensions if each.code == "npt").row("5b")
    assert row.note == "Still to be said: standardisation. Write statements/npt-5b.md."


def test_harms_are_answered_in_abstract_objectives_methods_and_flow() -> None:
    made = content(made_up_protocol())
    assert status(made, "harms", "13a").is_reported
    assert status(made, "harms", "12a").is_reported
    assert status(made, "harms", "6c") is RowStatus.MISSING
    told = own(said("6c", "Asked openly at each visit; all are told."), "harms")
    assert status(content(made_up_protocol(), told), "harms", "6c").is_reported


@pytest.mark.parametrize(
    ("title", "there"),
    few_at_once([
        ("A three-arm randomised trial", True), ("A randomised trial of 4 groups", True),
        ("A randomised multi-arm trial", True), ("A 4-arm randomised trial", True),
        ("A randomised trial with five parallel groups", True), ("A randomised trial of a farm", False),
    ], 3),
)  # fmt: skip
def test_a_title_says_that_there_are_several_arms(title: str, there: bool) -> None:
    protocol = made_up_protocol(arms=3)
    protocol = replace(protocol, trial=replace(protocol.trial, title=title))
    assert status(content(protocol), "multiarm", "title").is_reported is there


def test_of_several_arms_comparisons_and_adjustment_are_told_and_the_reasons_asked_for() -> None:
    made = content(made_up_protocol(arms=3))
    assert status(made, "multiarm", "comparisons").is_reported
    assert status(made, "multiarm", "multiplicity") is RowStatus.PARTIAL
    reasons = own(said("multiplicity", "They share a question."), "multiarm")
    assert status(
        content(made_up_protocol(arms=3), reasons), "multiarm", "multiplicity"
    ).is_reported
