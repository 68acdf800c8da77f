"""The shells are the tables of the report: made without data, and alike to those that data give."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import EXAMPLE, THREE_ARMS, few_at_once
from tests.line import Line, line_of
from tests.report.factory import made_up_protocol
from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.errors import ProtocolError
from trialkit.outputs.asked_of_forms import WRITTEN, asked_of
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Paragraph
from trialkit.report.numbers.numbers import DASH
from trialkit.report.plan.shells.planned_results import EVERY_EVENT
from trialkit.report.plan.shells.shells import shell_blocks
from trialkit.report.tables.baseline import baseline_table
from trialkit.report.tables.harms import harms_table
from trialkit.report.tables.outcomes import outcomes_table
from trialkit.report.tables.proportions import proportions_table
from trialkit.report.words.en.terms import LACKING
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex

NOT_ESTIMABLE = LACKING[Status.NOT_ESTIMABLE]
OF_DATA = re.compile(r"\(n\W=\W[0-9x]+\)")
DIGITS = re.compile(r"[0-9x]+(?:[.,][0-9x]+)?")
OF_OTHERS = re.compile(r"; n\W=\Wx$")
SIGNS = re.compile("[<>\N{MINUS SIGN}]")
STANDING = {EVERY_EVENT, WRITTEN}
"""Rows that stand for those of which nobody knows before there are data."""
TRIALS = ("example", "three_arms", *KINDS)


@cache
def line_named(name: str) -> Line | None:
    """A trial that has been run; None of one whose protocol is refused."""
    if name == "example":
        return line_of(EXAMPLE)
    if name == "three_arms":
        return line_of(THREE_ARMS)
    with TemporaryDirectory() as folder:
        try:
            return line_of(write_trial(Path(folder) / "trial", KINDS[name]))
        except ProtocolError:
            return None


def shells_of(line: Line) -> dict[str, Table]:
    blocks = shell_blocks(line.protocol, asked_of(line.schemas, line.protocol))
    return {block.anchor: block for block in blocks if isinstance(block, Table)}


def look(text: str) -> str:
    """A printed number without its digits, and without what only some numbers have."""
    return OF_OTHERS.sub("", SIGNS.sub("", DIGITS.sub("x", text)))


def heads(table: Table) -> list[str]:
    return [OF_DATA.sub("(n)", head.text) for head in (*table.spanning, *table.heads)]


def rows(table: Table) -> list[tuple[str, str]]:
    return [(group.head, row.head) for group in table.groups for row in group.rows]


def cells(table: Table) -> list[list[str]]:
    return [[look(cell.text) for cell in row.cells] for row in table.rows]


def assert_alike(shell: Table, table: Table) -> None:
    """Every cell has its shape; where nobody has a value, the table says so instead."""
    for planned, printed in zip(cells(shell), cells(table), strict=True):
        for one, other in zip(planned, printed, strict=True):
            assert one == other or DASH in other or NOT_ESTIMABLE in other or other == "x/x", (
                planned,
                printed,
            )


def in_order(few: list[tuple[str, str]], many: list[tuple[str, str]]) -> bool:
    left: Iterator[tuple[str, str]] = iter(many)
    return all(each in left for each in few)


@pytest.mark.parametrize("name", few_at_once(TRIALS, 1))
def test_a_shell_has_the_heads_rows_and_shapes_of_the_table_that_the_data_give(name: str) -> None:
    line = line_named(name)
    if line is None:
        return
    shells, index = shells_of(line), ResultIndex(line.results)
    for made in (outcomes_table, proportions_table):
        table = made(line.protocol, index)
        if table is None:
            continue
        shell = shells.pop(f"shell-{table.anchor.removeprefix('table-')}")
        assert heads(shell) == heads(table)
        assert rows(shell) == rows(table)
        assert_alike(shell, table)
    for made, anchor in ((baseline_table, "shell-baseline"), (harms_table, "shell-harms")):
        table = made(line.protocol, index)
        if table is None:
            continue
        shell = shells.pop(anchor)
        assert heads(shell) == heads(table)
        asked = [each for each in rows(shell) if each[1] not in STANDING]
        assert in_order(asked, rows(table))


def test_no_digit_of_a_number_is_left_and_nothing_leads_to_a_result() -> None:
    line = line_named("three_arms")
    assert line is not None
    for table in shells_of(line).values():
        printed = [cell for row in table.rows for cell in row.cells]
        assert not any(cell.results or cell.dataset for cell in printed)
        assert not any(re.search("[0-9]", cell.text) for cell in printed)
        assert table.claims == ()
        assert table.caption.startswith("Shell. ")


def test_without_forms_there_are_the_tables_of_the_plan_alone() -> None:
    lead, *blocks = shell_blocks(made_up_protocol(arms=3), None)
    assert isinstance(lead, Paragraph)
    assert "The forms are still to be written" in str(lead.runs[0])
    assert [block.anchor for block in blocks] == ["shell-outcomes", "shell-proportions"]


def test_the_flow_has_the_reasons_of_the_forms_and_a_place_for_each_number() -> None:
    line = line_named("example")
    assert line is not None
    blocks = shell_blocks(line.protocol, asked_of(line.schemas, line.protocol))
    (figure,) = [block for block in blocks if isinstance(block, Figure)]
    assert "Declined to take part (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}xx)" in figure.svg
    assert not re.search(r"n\W=\W[0-9]", figure.svg)
    assert "Could not be reached" in figure.description


def test_limits_held_against_a_margin_are_called_by_their_own_level() -> None:
    line = line_named("non-inferiority")
    assert line is not None
    wide = with_alpha(line.protocol, 0.05)
    tables = {block.anchor: block for block in shell_blocks(wide, None) if isinstance(block, Table)}
    words = " ".join(cell.text for row in tables["shell-outcomes"].rows for cell in row.cells)
    assert "xx.x (xx.x to xx.x) [90% CI]" in words


def with_alpha(protocol: Protocol, alpha: float) -> Protocol:
    analyses = tuple(
        replace(each, specification=replace(each.specification, alpha=alpha))  # type: ignore[call-arg]
        if each.specification.margin_question is not None
        else each
        for each in protocol.plan.analyses
    )
    return replace(protocol, plan=replace(protocol.plan, analyses=analyses))
