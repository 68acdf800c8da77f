"""A difference on the screen: counts by form, what would not stay first, names masked."""

from dataclasses import replace

from tests.evidence.world import cell, row
from trialkit.cli.screen import Screen
from trialkit.cli.store_cells import SHOWN, show_cells
from trialkit.evidence.log.events import entries


def shown(capsys, said, schemas, **how):
    show_cells(entries(said), schemas, Screen(), **how)
    return capsys.readouterr().out.splitlines()


def form_of(schemas):
    form = next(each for each in schemas.forms if "visit" in each.key)
    return form, form.items[0].id


def test_changes_come_before_what_is_new(example, capsys):
    form, item = form_of(example.schemas)
    said = [
        row("P2", form=form.id),
        cell("P2", item, "", "31", form=form.id),
        cell("P1", item, "57", "75", form=form.id),
    ]
    counts, what = shown(capsys, said, example.schemas)[1], shown(capsys, said, example.schemas)[3:]
    assert counts == f"{form.id}  1  1  1  0  0"
    assert what == [
        f"changed  {form.id}.{item}  P1 week_0  57  75",
        f"filled  {form.id}.{item}  P2 week_0  -  31",
    ]


def test_twenty_are_shown_unless_all_are_asked_for(example, capsys):
    form, item = form_of(example.schemas)
    said = [cell(f"P{number}", item, "", "31", form=form.id) for number in range(SHOWN + 2)]
    assert shown(capsys, said, example.schemas)[-1] == "... and 2 more cells; --all shows them."
    assert len(shown(capsys, said, example.schemas, everything=True)) == 3 + SHOWN + 2


def test_answers_that_name_a_person_are_masked(example, capsys):
    form, item = form_of(example.schemas)
    named = replace(form, items=(replace(form.items[0], identifier=True), *form.items[1:]))
    schemas = replace(example.schemas, forms=(named,))
    lines = shown(capsys, [cell("P1", item, "Smith", "Jones", form=form.id)], schemas)
    assert not any("Smith" in line or "Jones" in line for line in lines)
    assert any("(not shown, " in line for line in lines)


def test_nothing_is_said_of_nothing(example, capsys):
    assert shown(capsys, [], example.schemas) == []
