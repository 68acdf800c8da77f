"""Counts of participants: who is analysed, what is missing, what was attended, what else was taken."""

import pandas as pd

from trialkit.analysis.vocabulary import Stat
from trialkit.datasets.model import Datasets, Population
from trialkit.protocol.model import Arm, Outcome, Protocol
from trialkit.report.content import Cell, Claim, ColumnHead, Row, RowGroup, Source, Table
from trialkit.report.lookup import ResultIndex, Shelf, ids, value
from trialkit.report.numbers import count, count_percent, fraction_percent, number
from trialkit.report.tables.cells import arm_head, count_cell, mean_cell, median_cell

OF_PRESCRIBED = "percent of prescribed"


def populations_table(protocol: Protocol, datasets: Datasets) -> Table:
    """Each population: how many of each arm are in it, and why others are not."""
    groups = []
    for population in datasets.populations:
        rows = [
            Row(
                head="In the population",
                indented=True,
                cells=tuple(
                    Cell(text=count(population.count(arm.code)), dataset="populations")
                    for arm in protocol.arms
                ),
            )
        ]
        rows.extend(_exclusion_rows(population, protocol))
        head = f"{population.label} \N{EN DASH} {population.definition}"
        groups.append(RowGroup(head=head, rows=tuple(rows)))
    return Table(
        anchor="table-populations",
        caption="Analysis populations, and randomised participants who are not in them",
        stub="Population and reason",
        heads=tuple(arm_head(arm, None) for arm in protocol.arms),
        groups=tuple(groups),
        notes=("Participants left out are counted in the arm they were allocated to.",),
        supplementary=True,
        claims=(Claim(item="21b", part="populations", source=Source.DATA),),
    )


def _exclusion_rows(population: Population, protocol: Protocol) -> list[Row]:
    excluded = population.excluded
    if excluded.empty:
        cells = tuple(Cell(text="0", dataset="populations") for _ in protocol.arms)
        return [Row(head="Not in it", cells=cells, indented=True)]
    rows = []
    for reason in dict.fromkeys(excluded["reason"].astype("str")):
        of_reason = excluded[excluded["reason"].astype("str") == reason]
        cells = tuple(
            Cell(text=count(int((of_reason["arm"] == arm.code).sum())), dataset="populations")
            for arm in protocol.arms
        )
        rows.append(Row(head=f"Not in it: {reason}", cells=cells, indented=True))
    return rows


def missing_table(protocol: Protocol, datasets: Datasets) -> Table:
    """Missing values by outcome, visit and arm, of all that were planned, with reasons."""
    measured = datasets.measurements
    groups = []
    for visit in protocol.visits:
        at_visit = measured[measured["visit"] == visit.code]
        rows = tuple(
            _missing_row(at_visit[at_visit["outcome"] == outcome.code], outcome, protocol)
            for outcome in protocol.outcomes
            if (at_visit["outcome"] == outcome.code).any()
        )
        if rows:
            groups.append(RowGroup(head=visit.label, rows=rows))
    return Table(
        anchor="table-missing",
        caption="Missing values by visit, outcome and arm, of all randomised participants",
        stub="Visit and outcome",
        heads=(
            *(arm_head(arm, None) for arm in protocol.arms),
            ColumnHead(text="Reasons", words=True),
        ),
        groups=tuple(groups),
        notes=("Missing of planned values, n/N (%), by allocated arm.",),
        supplementary=True,
        claims=(Claim(item="21c", part="amount", source=Source.DATA),),
    )


def _missing_row(planned: pd.DataFrame, outcome: Outcome, protocol: Protocol) -> Row:
    missing = planned[planned["value"].isna()]
    cells = []
    for arm in protocol.arms:
        text = fraction_percent(
            int((missing["arm"] == arm.code).sum()), int((planned["arm"] == arm.code).sum())
        )
        cells.append(Cell(text=text, dataset="measurements"))
    return Row(
        head=outcome.label,
        indented=True,
        cells=(*cells, Cell(text=_reasons(missing, protocol), dataset="measurements", words=True)),
    )


def _reasons(missing: pd.DataFrame, protocol: Protocol) -> str:
    """Each arm's reasons with their counts."""
    parts = []
    for arm in protocol.arms:
        own = missing.loc[missing["arm"] == arm.code, "missing_reason"].astype("str")
        counted = own.value_counts(sort=False)
        if len(counted):
            words = ", ".join(f"{reason} {count(int(n))}" for reason, n in counted.items())
            parts.append(f"{arm.label}: {words}")
    return "; ".join(parts) or "none missing"


def adherence_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Sessions attended of those prescribed; None when no arm has a session log."""
    arms = tuple(
        arm
        for arm in protocol.arms
        if Stat.ATTENDED in index.find(Shelf.ADHERENCE, term="", arm=arm.code)
    )
    if not arms:
        return None
    totals = [index.find(Shelf.ADHERENCE, term="", arm=arm.code) for arm in arms]
    shares = [index.find(Shelf.ADHERENCE, term=OF_PRESCRIBED, arm=arm.code) for arm in arms]
    attended = tuple(
        Cell(
            text=fraction_percent(value(each, Stat.ATTENDED), value(each, Stat.PRESCRIBED)),
            results=ids(each, Stat.ATTENDED, Stat.PRESCRIBED, Stat.PERCENT),
        )
        for each in totals
    )
    minutes = [index.find(Shelf.ADHERENCE, term="minutes", arm=arm.code) for arm in arms]
    rows = [
        Row(head="Participants", cells=tuple(count_cell(each) for each in totals)),
        Row(
            head="Sessions planned", cells=tuple(count_cell(each, Stat.PLANNED) for each in totals)
        ),
        Row(head="Sessions attended of those prescribed, n/N (%)", cells=attended),
        Row(
            head="Attendance of a participant, % of prescribed, mean (SD)",
            cells=tuple(mean_cell(each, digits=1) for each in shares),
        ),
        Row(
            head="Attendance of a participant, median (quartiles)",
            cells=tuple(median_cell(each, digits=1) for each in shares),
        ),
        Row(
            head="Attendance of a participant, lowest to highest",
            cells=tuple(
                Cell(
                    text=f"{number(value(each, Stat.MIN), digits=1)} to "
                    f"{number(value(each, Stat.MAX), digits=1)}",
                    results=ids(each, Stat.MIN, Stat.MAX),
                )
                for each in shares
            ),
        ),
    ]
    if any(Stat.MEAN in each for each in minutes):
        cells = tuple(mean_cell(each, digits=0) for each in minutes)
        rows.append(Row(head="Minutes of a participant in all, mean (SD)", cells=cells))
    return Table(
        anchor="table-adherence",
        caption="Adherence to the sessions",
        stub="",
        heads=tuple(arm_head(arm, None) for arm in arms),
        groups=(RowGroup(head="", rows=tuple(rows)),),
        notes=("Prescribed: sessions planned up to withdrawal from the study.",),
        claims=(Claim(item="24a", part="attendance", source=Source.DATA),),
    )


def concomitant_table(protocol: Protocol, datasets: Datasets) -> Table | None:
    """Participants with each other care; None when nobody was recorded with any."""
    taken = datasets.concomitant
    if taken.empty:
        return None
    sizes = {arm.code: _allocated(arm, datasets) for arm in protocol.arms}
    terms = sorted(taken["term"].dropna().astype("str").unique())
    rows = [_care_row("Any other care", taken, protocol, sizes)]
    rows.extend(
        _care_row(term, taken[taken["term"].astype("str") == term], protocol, sizes, indented=True)
        for term in terms
    )
    return Table(
        anchor="table-concomitant",
        caption="Concomitant care during the trial, participants by allocated arm",
        stub="Care",
        heads=tuple(arm_head(arm, sizes[arm.code]) for arm in protocol.arms),
        groups=(RowGroup(head="", rows=tuple(rows)),),
        notes=("Participants, n (%); one participant may have had several.",),
        claims=(Claim(item="24b", part="concomitant care", source=Source.DATA),),
    )


def _allocated(arm: Arm, datasets: Datasets) -> int:
    return next(each.allocated for each in datasets.disposition.arms if each.arm == arm.code)


def _care_row(
    head: str,
    taken: pd.DataFrame,
    protocol: Protocol,
    sizes: dict[str, int],
    *,
    indented: bool = False,
) -> Row:
    cells = []
    for arm in protocol.arms:
        people = int(taken.loc[taken["arm"] == arm.code, "subject_id"].nunique())
        text = count_percent(people, sizes[arm.code])
        cells.append(Cell(text=text, dataset="concomitant"))
    return Row(head=head, cells=tuple(cells), indented=indented)
