"""What participants were like before: each arm described, and no p value anywhere."""

from dataclasses import replace

from trialkit.protocol.trial.people import Characteristic
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import count_percent, mean_sd_words
from trialkit.report.tables.cells import (
    EMPTY,
    arm_head,
    contrast_term,
    count_cell,
    mean_cell,
    median_cell,
    number_cell,
)
from trialkit.report.tables.row_looks import RowLook, row_look
from trialkit.results.lookup import ResultIndex, Shelf, ids, value
from trialkit.results.vocabulary import Stat

STANDARDISED = (
    "Standardised difference: of the means, experimental minus reference arm, in the mean of both "
    "arms' standard deviations; of categories, the Mahalanobis distance of the proportions, without "
    "a sign."
)


def baseline_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """The baseline table; None when the results describe no characteristic."""
    groups = [_group(each, protocol, index) for each in protocol.characteristics]
    found = tuple(group for group in groups if group is not None)
    if not found:
        return None
    left_out = [
        each.label or each.item
        for each, group in zip(protocol.characteristics, groups, strict=True)
        if group is None
    ]
    return Table(
        anchor="table-baseline",
        caption="Baseline characteristics of the randomised participants, by allocated arm",
        stub="Characteristic",
        heads=(
            *(arm_head(arm, _size(protocol, index, arm.code)) for arm in protocol.arms),
            *_difference_heads(protocol),
        ),
        groups=found,
        notes=(
            (
                f"Numbers are {mean_sd_words(small=True)} and median (lower to upper quartile), or participants (% of "
                "those with a value)."
            ),
            "Differences between arms are not tested: after randomisation they are due to chance.",
            *((STANDARDISED,) if protocol.report.standardised_differences else ()),
        ),
        claims=(
            Claim(
                item="25",
                part="baseline table",
                source=ClaimSource.DATA,
                lacks=f"without {', '.join(left_out)}" if left_out else "",
            ),
        ),
    )


def _difference_heads(protocol: Protocol) -> tuple[ColumnHead, ...]:
    if not protocol.report.standardised_differences:
        return ()
    several = len(protocol.experimental) > 1
    return tuple(
        ColumnHead(text=f"Standardised difference{f', {arm.label}' if several else ''}")
        for arm in protocol.experimental
    )


def _size(protocol: Protocol, index: ResultIndex, arm: str) -> float | None:
    """How many participants of an arm are described, those without a value included."""
    name = _name(protocol.characteristics[0])
    found = index.find(Shelf.BASELINE, outcome=name, arm=arm)
    n, missing = value(found, Stat.N), value(found, Stat.N_MISSING)
    return None if n is None else n + (missing or 0)


def _name(characteristic: Characteristic) -> str:
    return f"{characteristic.form}.{characteristic.item}"


def _group(
    characteristic: Characteristic, protocol: Protocol, index: ResultIndex
) -> RowGroup | None:
    name = _name(characteristic)
    look = row_look(
        protocol,
        RowTable.BASELINE,
        name,
        label=characteristic.label or characteristic.item,
        digits=characteristic.digits,
    )
    described = [each for each in index.addresses(Shelf.BASELINE, outcome=name) if each.arm]
    if not described:
        return None
    terms = tuple(dict.fromkeys(address.term for address in described))
    if terms == ("",):
        rows = _number_rows(name, look, protocol, index)
    else:
        rows = tuple(_category_row(name, term, protocol, index) for term in terms)
    rows += _missing_row(name, terms[0], protocol, index)
    if protocol.report.standardised_differences:
        rows = _with_differences(name, rows, protocol, index)
    return RowGroup(head=look.label, note=look.footnote, rows=rows)


def _with_differences(
    name: str, rows: tuple[Row, ...], protocol: Protocol, index: ResultIndex
) -> tuple[Row, ...]:
    """The first row of a characteristic has its standardised differences, the others have none."""
    found = [
        index.find(Shelf.BASELINE, outcome=name, term=contrast_term(arm, protocol), arm="")
        for arm in protocol.experimental
    ]
    first = tuple(number_cell(each, Stat.STANDARDISED_DIFFERENCE, digits=2) for each in found)
    blank = (EMPTY,) * len(found)
    return tuple(
        replace(row, cells=(*row.cells, *(first if row is rows[0] else blank))) for row in rows
    )


def _number_rows(
    name: str, look: RowLook, protocol: Protocol, index: ResultIndex
) -> tuple[Row, ...]:
    found = [index.find(Shelf.BASELINE, outcome=name, arm=arm.code) for arm in protocol.arms]
    return (
        Row(
            head=mean_sd_words(),
            cells=tuple(mean_cell(each, digits=look.digits) for each in found),
            indented=True,
        ),
        Row(
            head="Median (quartiles)",
            cells=tuple(median_cell(each, digits=look.digits) for each in found),
            indented=True,
        ),
    )


def _category_row(name: str, term: str, protocol: Protocol, index: ResultIndex) -> Row:
    cells = []
    for arm in protocol.arms:
        found = index.find(Shelf.BASELINE, outcome=name, term=term, arm=arm.code)
        text = count_percent(value(found, Stat.EVENTS), value(found, Stat.N))
        cells.append(Cell(text=text, results=ids(found, Stat.EVENTS, Stat.N, Stat.PERCENT)))
    return Row(head=term, cells=tuple(cells), indented=True)


def _missing_row(name: str, term: str, protocol: Protocol, index: ResultIndex) -> tuple[Row, ...]:
    """How many have no value, when anybody has none."""
    found = [
        index.find(Shelf.BASELINE, outcome=name, term=term, arm=arm.code) for arm in protocol.arms
    ]
    if not any(value(each, Stat.N_MISSING) for each in found):
        return ()
    cells = tuple(count_cell(each, Stat.N_MISSING) for each in found)
    return (Row(head="Missing", cells=cells, indented=True),)
