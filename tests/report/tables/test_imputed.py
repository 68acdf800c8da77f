"""The table of imputed values prints the counts of the results, by analysis, visit and arm."""

from dataclasses import replace

import numpy as np

from tests.report.factory import made_up_datasets, made_up_line, made_up_protocol
from tests.report.sections.test_missing_values import with_sensitivity
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.report.tables.imputed import NO_DATA, imputed_table
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat

JUMP = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)


def test_a_row_has_the_counts_of_a_visit_and_by_what_they_were_imputed() -> None:
    protocol = with_sensitivity(made_up_protocol(visits=3), JUMP)
    datasets = made_up_datasets(protocol)
    rows = datasets.measurements.copy()
    who = sorted(rows["subject_id"].astype(str).unique())
    gone = rows["subject_id"].isin([who[0], who[-1]]) & (rows["visit"] == "V2")
    gap = (rows["subject_id"] == who[1]) & (rows["visit"] == "V1")
    rows.loc[gone | gap, ["value", "change"]] = np.nan
    rows.loc[gone | gap, "missing_reason"] = "lost"
    results = carry_out(protocol, replace(datasets, measurements=rows))
    table = imputed_table(protocol, ResultIndex(results))
    assert table is not None
    (group,) = table.groups
    assert group.head == "Pain: multiple imputation, jump to reference (sensitivity)"
    assert [[row.head, *(cell.text for cell in row.cells)] for row in group.rows] == [
        ["Week 4", "1", "0", "Missing at random"],
        ["Week 8", "1", "1", "Jump to reference"],
    ]
    stated = {row.result_id: row for row in results.rows}
    for row in group.rows:
        for cell in row.cells[:-1]:
            (name,) = cell.results
            assert stated[name].stat_name is Stat.N_IMPUTED
            assert str(stated[name].stat) == cell.text
    assert table.notes == (NO_DATA,)


def test_what_is_still_to_come_is_told_apart_and_not_imputed_at_the_time_point() -> None:
    """At a data cut whose time point is to come is not analysed; later visits are no lost ones."""
    protocol = with_sensitivity(made_up_protocol(visits=3), MultipleImputation())
    first = protocol.plan.analyses[-1]
    early = replace(first, time_point="V1")
    plan = replace(protocol.plan, analyses=(*protocol.plan.analyses[:-1], early))
    datasets = made_up_datasets(protocol)
    rows = datasets.measurements.copy()
    who = sorted(rows["subject_id"].astype(str).unique())
    waited = rows["subject_id"].isin(who[:2]) & (rows["visit"] == "V2")
    coming = (rows["subject_id"] == who[-1]) & rows["visit"].isin(["V1", "V2"])
    gone = (rows["subject_id"] == who[2]) & (rows["visit"] == "V2")
    rows.loc[waited | coming | gone, ["value", "change"]] = np.nan
    rows.loc[gone, "missing_reason"] = "lost"
    rows.loc[waited | coming, "missing_reason"] = NOT_YET_DUE
    results = carry_out(replace(protocol, plan=plan), replace(datasets, measurements=rows))
    table = imputed_table(replace(protocol, plan=plan), ResultIndex(results))
    assert table is not None
    (group,) = table.groups
    assert [[row.head, *(cell.text for cell in row.cells)] for row in group.rows] == [
        ["Week 8", "3", "0", "Missing at random, not yet due: 2"]
    ]
    left = [
        each.stat
        for each in results.rows
        if each.analysis_id == early.id and each.stat_name is Stat.N_EXCLUDED and each.stat
    ]
    assert left == [1]


def test_there_is_no_table_where_nothing_is_imputed() -> None:
    line = made_up_line(visits=3)
    assert imputed_table(line.protocol, ResultIndex(line.results)) is None
