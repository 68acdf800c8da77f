"""All that SPIRIT asks for and a plan does not say has a box at its place, and stands in the list."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.report.factory import made_up_protocol, said
from tests.report.plan.test_document import plan_of
from tests.report.plan.whole import write_whole_trial
from trialkit.outputs.plan_files import write_plan
from trialkit.report.content.content import Content
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Gap
from trialkit.report.numbers.numbers import day
from trialkit.report.plan.gaps import open_items_words, open_rows
from trialkit.report.plan.statements import spirit_2025


def boxes(content: Content) -> dict[str, Gap]:
    return {block.item: block for block in content.all_blocks() if isinstance(block, Gap)}


def listed(content: Content) -> list[str]:
    section = next(each for each in content.sections if each.anchor == "open-items")
    table = next(block for block in section.blocks if isinstance(block, Table))
    return [row.head for row in table.rows]


def test_every_open_row_has_a_box_in_its_section_and_a_line_in_the_list() -> None:
    content = plan_of(made_up_protocol())
    wanting = [row.number for row in open_rows(content.checklist)]
    assert wanting
    assert list(boxes(content)) == listed(content) == wanting
    for top in content.sections:
        for section in top.all_sections():
            for block in section.blocks:
                assert not isinstance(block, Gap) or block.item in section.items


def test_a_box_says_what_is_open_and_how_it_is_filled() -> None:
    box = boxes(plan_of(made_up_protocol()))["3b"]
    assert box.title == "Still open \N{EN DASH} SPIRIT 3b, Sponsor"
    assert box.text.endswith("Still to be said: name, contact.")
    assert box.remedy == (
        "Fill in [sponsor] name and contact, or write statements/spirit-3b.md. There, each part may "
        "have a head of its own: ## name, ## contact."
    )


def test_a_plan_that_says_all_has_no_box_and_no_list() -> None:
    words = tuple(
        replace(said(each.number, "Words."), checklist="spirit")
        for each in spirit_2025().requirements
    )
    content = plan_of(made_up_protocol(), *words)
    assert boxes(content) == {}
    assert content.warnings == open_items_words(content.checklist) == ()
    assert "open-items" not in [each.anchor for each in content.sections]


def test_a_folder_that_says_all_has_no_box_either(tmp_path: Path) -> None:
    content, _ = write_plan(write_whole_trial(tmp_path / "trial"), formats=())
    assert boxes(content) == {}
    assert content.identity[0] == "Acronym: NEWC"
    assert content.identity[2] == f"Protocol version 1.1 of {day(date(2025, 2, 1))}"
    assert content.checklist.row("2").note == ""


def test_a_row_of_which_a_part_is_said_asks_for_the_rest_alone() -> None:
    statement = replace(said("3d", "A committee of three."), checklist="spirit")
    content = plan_of(made_up_protocol(), statement)
    assert "3d" not in boxes(content)
    assert "Still to be said: role of the sponsor." in boxes(content)["3c"].text
