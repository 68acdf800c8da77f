"""The plan comes from the protocol alone, answers SPIRIT by what it prints, and tells no block size."""

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from tests.report.factory import MANIFEST, made_up_protocol, said
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.design.sample_size.checking import size_check
from trialkit.errors import ReportError
from trialkit.newtrial.writing import write_new_trial
from trialkit.outputs.plan_files import write_plan
from trialkit.protocol.trial.conduct import SampleSize
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.content import Content
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import AuthorStatement, read_statements
from trialkit.report.plan.document import PlanInputs, compose_plan
from trialkit.report.plan.schedule import ScheduledForm
from trialkit.report.plan.statements import spirit_2025
from trialkit.report.writers.markdown import render_markdown

FORMS = (
    ScheduledForm(label="Assessment", visits=("V0", "V1")),
    ScheduledForm(label="Adverse events", visits=()),
)


def plan_of(protocol: Protocol, *statements: AuthorStatement) -> Content:
    return compose_plan(
        PlanInputs(
            protocol=protocol,
            statements=statements,
            forms=FORMS,
            manifest=MANIFEST,
            size=size_check(protocol),
        )
    )


def status(content: Content, number: str) -> RowStatus:
    return content.checklist.row(number).status


def test_spirit_has_its_53_rows_and_borrows_from_parts_that_exist() -> None:
    guideline = spirit_2025()
    assert len(guideline.requirements) == len(set(guideline.numbers)) == 53
    core = {each.number: each.parts for each in consort_2025().requirements}
    for item, part in guideline.borrowed():
        assert part in core[item]
    for each in guideline.requirements:
        assert set(each.core) | set(each.author) <= set(each.parts)


def test_what_the_protocol_says_is_reported_and_the_rest_is_missing() -> None:
    content = plan_of(made_up_protocol())
    for number in (
        "1a",
        "4",
        "7a",
        "10",
        "12",
        "14a",
        "16",
        "17",
        "21b",
        "24a",
        "27a",
        "27b",
    ):
        assert status(content, number).is_reported, number
    for number in ("3a", "8", "9a", "20", "32a", "33"):
        assert status(content, number) is RowStatus.MISSING, number
    assert status(content, "2") is RowStatus.MISSING
    assert status(content, "18") is RowStatus.PARTIAL
    assert "for how many weeks is not said for Arm 0" in content.checklist.row("18").note
    dated = made_up_protocol()
    for changes in (
        {"version": "1.2, 3 March 2025"},
        {"version": "1.2", "version_date": date(2025, 3, 3)},
    ):
        versioned = replace(dated, documents=replace(dated.documents, **changes))  # type: ignore[arg-type]
        assert status(plan_of(versioned), "2").is_reported
    undated = replace(dated, documents=replace(dated.documents, version="1.2"))
    assert status(plan_of(undated), "2") is RowStatus.PARTIAL


def test_a_filled_field_that_says_nothing_answers_nothing() -> None:
    protocol = made_up_protocol()
    silent = replace(protocol, harms=replace(protocol.harms, definition="Not reported anywhere"))
    assert status(plan_of(silent), "17") is RowStatus.PARTIAL


def test_statements_answer_what_only_a_protocol_says() -> None:
    recruitment = replace(said("20", "Six clinics take part."), checklist="spirit")
    content = plan_of(made_up_protocol(), said("6", "Why."), recruitment)
    assert status(content, "20").is_reported
    assert status(content, "9a").is_reported
    assert content.checklist.row("20").evidence == ("statements/20.md",)


def test_no_block_size_is_printed() -> None:
    protocol = made_up_protocol()
    odd = replace(protocol, randomisation=replace(protocol.randomisation, block_sizes=(482, 964)))
    words = render_markdown(plan_of(odd))
    assert "482" not in words
    assert "964" not in words
    assert "permuted blocks" in words


def test_words_that_name_a_block_size_stop_the_plan() -> None:
    protocol = made_up_protocol()
    leaky = replace(
        protocol, randomisation=replace(protocol.randomisation, sequence="In blocks of 4")
    )
    with pytest.raises(ReportError, match=r"\[randomisation\] sequence"):
        plan_of(leaky)
    with pytest.raises(ReportError, match="block size of 4"):
        plan_of(protocol, said("6", "We used a block size of 4."))


def test_the_plan_speaks_of_what_will_be() -> None:
    words = render_markdown(plan_of(made_up_protocol(arms=3)))
    assert "will be adjusted together" in words
    assert "No value will be imputed" in words
    assert "30 participants will be randomised" in words
    assert "were adjusted" not in words
    assert "No interim analysis and no rule for stopping is planned" in words
    assert "not data" not in words


def test_a_size_that_does_not_follow_is_only_partly_said() -> None:
    protocol = replace(made_up_protocol(), sample_size=SampleSize(planned=30))
    assert status(plan_of(protocol), "19") is RowStatus.PARTIAL


@pytest.mark.slow
def test_it_needs_no_data_and_gives_the_same_bytes(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    write_new_trial(trial)
    shutil.rmtree(trial / "data")
    _, written = write_plan(trial)
    first = {path.name: path.read_bytes() for path in written}
    _, again = write_plan(trial, out=tmp_path / "other")
    assert set(first) == {
        "plan.html", "plan.docx", "plan.md", "schedule.svg", "flow-shell.svg",
    }  # fmt: skip
    linked = set(re.findall(rb"\]\((figures/[^)]+)\)", first["plan.md"]))
    assert linked == {b"figures/schedule.svg", b"figures/flow-shell.svg"}
    assert all((trial / "plan" / name.decode()).is_file() for name in linked)
    assert first == {path.name: path.read_bytes() for path in again}
    document = Document(str(trial / "plan" / "plan.docx"))
    assert any("Statistical analysis plan" in each.text for each in document.paragraphs)
    assert b"popovertarget" not in first["plan.html"]


def test_the_command_marks_a_draft_and_refuses_the_inputs_of_the_trial(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    write_new_trial(trial)
    assert main(["protocol", str(trial), "--formats", "html", "--draft"]) == 0
    assert "Draft. Not for publication." in (trial / "plan" / "plan.html").read_text("utf-8")
    assert main(["protocol", str(trial), "--out", str(trial / "data")]) == 2


def test_a_statement_on_another_checklist_has_its_code_before_the_item(tmp_path: Path) -> None:
    (tmp_path / "spirit-20.md").write_text("Six clinics.", encoding="utf-8")
    (tmp_path / "6.md").write_text("Why.", encoding="utf-8")
    found = read_statements(tmp_path, consort_2025(), (spirit_2025(),))
    assert [(each.checklist, each.item) for each in found] == [("consort", "6"), ("spirit", "20")]
    (tmp_path / "spirit-99.md").write_text("?", encoding="utf-8")
    with pytest.raises(ReportError, match="SPIRIT 2025 has no item '99'"):
        read_statements(tmp_path, consort_2025(), (spirit_2025(),))


def test_whatever_the_author_may_write_is_printed_and_answers_its_row() -> None:
    guideline = spirit_2025()
    words = tuple(
        replace(said(each.number, f"Words on {each.topic}."), checklist="spirit")
        for each in guideline.requirements
    )
    content = plan_of(made_up_protocol(), *words)
    assert sum(row.status.is_reported for row in content.checklist.rows) == 53
    assert {
        item for top in content.sections for each in top.sections for item in each.items
    } == set(guideline.numbers)
    core = tuple(said(each.number, "Words.") for each in consort_2025().requirements if each.author)
    printed = plan_of(made_up_protocol(), *core)
    files = [getattr(block, "file", "") for block in printed.all_blocks()]
    assert files.count("statements/5a.md") == 1
    assert {"statements/6.md", "statements/12a.md", "statements/16b.md"} <= set(files)


def test_nothing_of_the_data_is_read_nor_of_the_allocation(
    tmp_path: Path,
) -> None:
    """The same document with data, without any, and with data that cannot be read."""
    trial = tmp_path / "trial"
    write_new_trial(trial)
    with_data = {path.name: path.read_bytes() for path in write_plan(trial)[1]}
    for path in (trial / "data").iterdir():
        path.write_bytes(b"\xff\x00 no table")
    spoilt = {path.name: path.read_bytes() for path in write_plan(trial)[1]}
    shutil.rmtree(trial / "data")
    without = {path.name: path.read_bytes() for path in write_plan(trial)[1]}
    assert with_data == spoilt == without


def test_a_trial_without_forms_has_a_plan_that_says_so(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    write_new_trial(trial)
    shutil.rmtree(trial / "forms")
    content, _ = write_plan(trial, formats=(ReportFormat.MARKDOWN,))
    words = render_markdown(content)
    assert "The forms are still to be written; flow, baseline and harms follow from them." in words
    assert "flow-shell" not in [each.name for each in content.figures]
    assert "shell-outcomes" in [each.anchor for each in content.tables]


@pytest.mark.slow
def test_a_drawing_that_the_plan_has_no_more_goes_and_other_files_stay(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    write_new_trial(trial)
    figures = trial / "plan" / "figures"
    write_plan(trial)
    for name in ("schedule-2.svg", "mine.svg"):
        (figures / name).write_text("earlier", encoding="utf-8")
    shutil.rmtree(trial / "forms")
    write_plan(trial)
    assert {path.name for path in figures.iterdir()} == {"schedule.svg", "mine.svg"}


def test_an_unknown_work_stops_the_plan_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = tmp_path / "trial"
    write_new_trial(trial)
    (trial / "statements").mkdir(exist_ok=True)
    (trial / "statements" / "6.md").write_text("Nobody knows.\n\nSee [@nobody2020].\n", "utf-8")
    assert main(["protocol", str(trial)]) == ExitCode.CANNOT
    said = " ".join(capsys.readouterr().err.split())
    assert "statements/6.md line 3: found [@nobody2020]" in said
    assert not (trial / "plan").exists()
