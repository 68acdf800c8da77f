"""The whole content: traceable, labelled, numbered, and sound for many kinds of trial."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.line import Line
from tests.protocol.locks.recorded import NOBODY, history
from tests.report.factory import (
    FINDINGS,
    MANIFEST,
    NO_FINDINGS,
    composed,
    content_of,
    made_up_line,
    made_up_protocol,
    page_in_words,
    page_of,
    said,
    with_event,
)
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.plan import Plan
from trialkit.report.content.content import DRAFT_MARK, Content
from trialkit.report.content.tables import Cell
from trialkit.report.content.text import (
    Bullets,
    CrossReference,
    Definitions,
    Paragraph,
    PrintedNumber,
    Run,
)

HOSTILE = '<script>alert(1)</script> & "{{ 7 * 7 }}" \u05e9\u05dc\u05d5\u05dd 疼痛 $x^2$ \\ %s {0}'


def cells_of(content: Content) -> Iterator[Cell]:
    for table in content.tables:
        for row in table.rows:
            yield from row.cells


def runs_of(content: Content) -> Iterator[Run]:
    for block in content.all_blocks():
        match block:
            case Paragraph(runs=runs):
                yield from runs
            case Bullets(items=items):
                yield from (run for item in items for run in item)
            case Definitions(entries=entries):
                yield from (run for entry in entries for run in entry.runs)
            case _:
                pass


@pytest.mark.parametrize("name", ["example", "three_arms"])
def test_every_printed_number_of_the_results_names_its_rows(
    name: str, request: pytest.FixtureRequest
) -> None:
    line: Line = request.getfixturevalue(name)
    content = content_of(line)
    known = {row.result_id for row in line.results.rows}
    stated = [each for cell in cells_of(content) for each in cell.results]
    said = [
        each for run in runs_of(content) if isinstance(run, PrintedNumber) for each in run.results
    ]
    assert stated
    assert said
    assert set(stated) | set(said) <= known


@pytest.mark.parametrize("name", ["example", "three_arms"])
def test_a_cell_with_a_number_says_where_it_comes_from(
    name: str, request: pytest.FixtureRequest
) -> None:
    content = content_of(request.getfixturevalue(name))
    for table in content.tables:
        for row in table.rows:
            for cell in row.cells:
                bare = not cell.words and any(letter.isdigit() for letter in cell.text)
                assert not bare or cell.results or cell.dataset, (table.anchor, row.head, cell)


def test_every_reference_is_filled_in(three_arms: Line) -> None:
    content = content_of(three_arms)
    labels = {block.anchor: block.label for block in (*content.tables, *content.figures)}
    pointers = [run for run in runs_of(content) if isinstance(run, CrossReference)]
    assert pointers
    assert all(run.label == labels[run.anchor] for run in pointers)


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("arms", "visits"),
    [
        pytest.param(arms, visits, marks=() if (arms, visits) in {(2, 6), (6, 2)} else SLOW)
        for arms in (2, 3, 4, 6)
        for visits in (2, 3, 6)
    ],
)
def test_trials_of_many_shapes_become_a_page(arms: int, visits: int) -> None:
    line = made_up_line(arms=arms, visits=visits)
    page = page_of(content_of(line, findings=NO_FINDINGS))
    assert all(arm.label in page for arm in line.protocol.arms)
    assert "synthetic" not in page.replace("_synthetic", "").split("</style>")[1].lower()


def test_a_synthetic_trial_is_labelled_everywhere(example: Line) -> None:
    content = content_of(example)
    label = example.protocol.trial.synthetic
    page = page_of(content)
    assert content.synthetic == label
    assert all(label in figure.svg for figure in content.figures)
    captions = page.count(f'<span class="synthetic-label">{label}</span>')
    labelled = sum(table.shown_as_data for table in content.tables) + len(content.figures)
    assert captions == labelled
    assert page.index(label) < page.index("<h1")


def test_nothing_unwanted_is_printed_as_zero_with_what_it_is_compatible_with() -> None:
    content = content_of(made_up_line())
    table = next(table for table in content.tables if table.anchor == "table-harms")
    assert table.rows[0].cells[0].text == "0 (0%)"
    assert "36.9% in Arm 0" in " ".join(table.notes)


def test_an_event_is_counted_in_the_arm_that_was_received() -> None:
    line = made_up_line()
    datasets = with_event(line.datasets, term="Sore leg")
    results = carry_out(line.protocol, datasets)
    content = content_of(line, results=results)
    table = next(table for table in content.tables if table.anchor == "table-harms")
    row = next(row for row in table.rows if row.head == "Sore leg")
    assert [cell.text for cell in row.cells[:4]] == ["0 (0%)", "0", "1 (13%)", "1"]


def test_hostile_words_stay_words() -> None:
    one = made_up_protocol()
    arms = tuple(replace(arm, label=f"{arm.label} {HOSTILE}") for arm in one.arms)
    outcomes = tuple(replace(each, label=f"{each.label} {HOSTILE}") for each in one.outcomes)
    trial = replace(one.trial, title=HOSTILE, synthetic=HOSTILE, setting=HOSTILE)
    line = made_up_line(protocol=replace(one, arms=arms, outcomes=outcomes, trial=trial))
    datasets = with_event(line.datasets, term=HOSTILE * 2)
    results = carry_out(line.protocol, datasets)
    page = page_of(content_of(line, results=results))
    assert "<script" not in page
    assert "{{ 7 * 7 }}" in page
    assert "疼痛" in page


def test_without_a_secondary_family_there_is_no_adjusted_p(example: Line) -> None:
    one = example.protocol
    primary = tuple(each for each in one.plan.analyses if each.id == "primary")
    bare = Plan(alpha=0.05, confidence_level=0.95, families=(), analyses=primary)
    protocol = replace(one, plan=bare)
    content = content_of(
        example,
        protocol=protocol,
        results=carry_out(protocol, example.datasets),
        history=history(protocol, (protocol, NOBODY)),
    )
    table = next(table for table in content.tables if table.anchor == "table-outcomes")
    assert [head.text for head in table.heads][-1] == "p"
    assert content.checklist.row("28").status.is_reported


def test_without_a_session_log_attendance_is_a_gap() -> None:
    line = made_up_line()
    nobody = line.datasets.attendance.iloc[:0]
    datasets = replace(line.datasets, attendance=nobody)
    content = content_of(line, results=carry_out(line.protocol, datasets))
    assert content.checklist.row("24a").status.value == "missing"


def test_hard_findings_are_said_at_the_top(example: Line) -> None:
    hard = FINDINGS.assign(severity="hard")
    content = content_of(example, findings=hard, hard_findings_allowed=True)
    assert content.warnings
    assert "three hard findings" in content.warnings[0]
    assert "they were allowed" in content.warnings[0]
    assert content_of(example).warnings == ()


def test_a_primary_outcome_that_is_still_to_come_is_said_at_the_top(example: Line) -> None:
    primary = example.protocol.primary
    rows = tuple(
        replace(row, stat=3.0)
        if (row.analysis_id, row.outcome, row.visit)
        == ("missing", primary.code, primary.time_point)
        and row.stat_name == "n_not_due"
        else row
        for row in example.results.rows
    )
    (said,) = content_of(example, results=replace(example.results, rows=rows)).warnings
    assert said == (
        f"{primary.label} at After 6 weeks, the primary outcome, is still to come for 6 of 32 "
        "participants at the data cut: what stands here of it is interim, and not the trial's final "
        "result."
    )


def test_a_trial_that_is_not_registered_says_so() -> None:
    line = made_up_line(protocol=replace(made_up_protocol(), registration=None))
    content = content_of(line)
    assert content.checklist.row("2").status.value == "missing"
    assert "Registered as" not in page_in_words(content)


def test_an_address_that_is_no_address_is_no_link() -> None:
    one = made_up_protocol()
    assert one.registration is not None
    registration = replace(one.registration, url="javascript:alert(1)")
    page = page_in_words(content_of(made_up_line(protocol=replace(one, registration=registration))))
    assert 'href="javascript' not in page
    assert "(javascript:alert(1))" in page


def test_no_data_cut_is_a_dash(example: Line) -> None:
    content = content_of(example, manifest=replace(MANIFEST, data_cut=None))
    assert "Data cut —" in content.identity


def test_composing_changes_no_input(example: Line) -> None:
    before = example.datasets.measurements.copy(), example.datasets.subjects.copy()
    composed(example)
    assert example.datasets.measurements.equals(before[0])
    assert example.datasets.subjects.equals(before[1])


def test_a_draft_says_so_on_the_page_and_a_final_report_does_not(example: Line) -> None:
    draft = content_of(example, draft=True)
    assert draft.mark == DRAFT_MARK
    page = page_of(draft)
    assert page.count(DRAFT_MARK) == 2
    assert "position: fixed" in page
    assert DRAFT_MARK not in page_of(content_of(example))


def test_a_checklist_row_names_what_its_words_were_made_from(example: Line) -> None:
    checklist = content_of(example, statements=(said("6", "Why."),)).checklist
    assert checklist.row("6").evidence == ("statements/6.md",)
    assert checklist.row("9").evidence == ("protocol.toml",)
    assert any(text.startswith("results.csv (") for text in checklist.row("26").evidence)
    assert any(text.startswith("results.csv (") for text in checklist.row("21b").evidence)
