"""A row for each analysis: what it uses, what it supposes, which variance; alike ones once."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.tables.suppositions import SUPPOSED_OF_ALL, suppositions_table
from trialkit.report.words.language.account import Account


def with_analyses(protocol: Protocol, *analyses: Analysis) -> Account:
    return Account(protocol=replace(protocol, plan=replace(protocol.plan, analyses=analyses)))


def test_an_analysis_says_what_it_uses_and_supposes_under_its_outcome() -> None:
    protocol = made_up_protocol(visits=3)
    first = protocol.plan.analyses[0]
    other = replace(first, id="mmrm", role=AnalysisRole.SENSITIVITY, specification=Mmrm())
    table = suppositions_table(with_analyses(protocol, first, other))
    assert table is not None
    (group,) = table.groups
    assert group.head == protocol.outcome(first.outcomes[0]).label
    own, second = group.rows
    assert own.head.endswith("(primary)")
    assert [each.text for each in second.cells] == [
        "Uses every value observed after baseline",
        "Values may be missing at random given those observed",
        "Of the values that are used; none is imputed",
    ]
    assert second.head == "Mixed model for repeated measures, change (sensitivity)"
    assert table.notes == (SUPPOSED_OF_ALL,)
    assert not table.shown_as_data


def test_analyses_that_are_alike_in_all_that_is_said_have_one_row() -> None:
    protocol = made_up_protocol(visits=3)
    first = protocol.plan.analyses[0]
    table = suppositions_table(with_analyses(protocol, first, replace(first, id="again")))
    assert table is not None
    assert len(table.rows) == 1
    apart = replace(first, id="again", time_point="V1")
    table = suppositions_table(with_analyses(protocol, first, apart))
    assert table is not None
    assert len(table.groups) == 2
    assert " at week 4" in table.groups[1].head


def test_a_plan_without_analyses_has_no_table() -> None:
    assert suppositions_table(with_analyses(made_up_protocol())) is None
