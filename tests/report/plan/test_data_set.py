"""The registration data set says what the protocol says, and names what it does not."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.plan.test_front import ADA
from trialkit.protocol.trial.responsible import Sponsor
from trialkit.report.numbers.numbers import day
from trialkit.report.plan.data_set import data_set, data_set_table


def test_every_item_that_spirit_names_is_there_with_what_is_known() -> None:
    made = made_up_protocol()
    full = replace(made, sponsor=Sponsor(name="Town clinic", contact="1 Road"), contributors=(ADA,))
    told = {item.name: item.text for item in data_set(full)}
    assert len(told) == 17
    assert told["Primary registry and trial identifying number"] == "REG REG123"
    assert told["Primary sponsor"] == "Town clinic"
    assert told["Contact for scientific queries"] == "Ada Bee, Town clinic"
    assert told["Interventions"] == "Arm 0: Care 0; Arm 1: Care 1"
    assert told["Key inclusion and exclusion criteria"] == "Inclusion: Adults. Exclusion: Surgery."
    assert made.trial.start is not None
    assert (
        told["Date of first enrolment (planned)"] == f"{day(made.trial.start)} (start of the trial)"
    )
    assert told["Primary outcomes"] == "Pain, change from baseline, week 4"
    assert told["Key secondary outcomes"] == "Much better, final value, week 4"
    assert told["Countries of recruitment"] == ""


def test_what_is_not_stated_is_said_in_its_row_and_leaves_the_item_open() -> None:
    table = data_set_table(made_up_protocol())
    silent = [row.head for row in table.rows if row.cells[0].text == "not stated"]
    assert silent == [
        "Primary sponsor", "Contact for public queries", "Contact for scientific queries",
        "Countries of recruitment", "Health condition or problem studied",
    ]  # fmt: skip
    (claim,) = table.claims
    assert claim.lacks.startswith("not stated: primary sponsor, contact for public queries")


def test_a_placeholder_is_not_printed_as_an_answer() -> None:
    tbd = replace(made_up_protocol(), sponsor=Sponsor(name="TBD", contact="to be confirmed"))
    told = {item.name: item.text for item in data_set(tbd)}
    assert told["Primary sponsor"] == told["Contact for public queries"] == ""
