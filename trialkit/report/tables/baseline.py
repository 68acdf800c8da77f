"""What participants were like before: each arm described, and no p value anywhere."""

from dataclasses import replace

from trialkit.protocol.tables.meaning import meaning
from trialkit.protocol.trial.people import Characteristic
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import count, count_percent, mean_sd_words
from trialkit.report.tables.cells import (
    EMPTY,
    arm_head,
    contrast_term,
    mean_cell,
    median_cell,
    number_cell,
    printed_cell,
    unsaid,
)
from trialkit.report.tables.row_looks import RowLook, row_look
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.report.words.en.unsaid import unsaid_of
from trialkit.results.lookup import IN_LEVEL, NOTHING, ResultIndex, Shelf, value
from trialkit.results.notes import SEVERAL_APPLY
from trialkit.results.vocabulary import Stat

STANDARDISED = (
    "Standardised difference: of the means, experimental minus reference arm, in the mean of both "
    "arms' standard deviations; of categories, the Mahalanobis distance of the proportions, without "
    "a sign."
)

NOT_TESTED = "Differences between arms are not tested: after randomisation they are due to chance."
OF_EACH = "Of answers of which several may apply, each has a standardised difference of its own."
SEVERAL = "Several choices may apply to a participant: percentages can add to more than 100%."
_WITHOUT = {
    Stat.N_MISSING: "Missing",
    Stat.N_NOT_ASKED: "Not asked",
    Stat.N_NOT_APPLICABLE: "Not applicable",
}
"""Those without a value, each in a row of its own where there are any."""


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
    without = f"without {', '.join(left_out)}" if left_out else ""
    unnamed = unsaid_of({each.name: (each.title,) for each in protocol.characteristics})
    return Table(
        anchor="table-baseline",
        caption="Baseline characteristics of the randomised participants"
        + unless_pooled(protocol, ", by allocated arm"),
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
            *(() if protocol.is_pooled else (NOT_TESTED,)),
            *(_of_differences(found) if _has_differences(protocol) else ()),
        ),
        claims=(
            Claim(
                item="25",
                part="baseline table",
                source=ClaimSource.DATA,
                lacks="; ".join(filter(None, (without, unnamed))),
            ),
        ),
    )


def _has_differences(protocol: Protocol) -> bool:
    return protocol.report.standardised_differences and bool(protocol.experimental)


def _of_differences(groups: tuple[RowGroup, ...]) -> tuple[str, ...]:
    several = any(SEVERAL in group.note for group in groups)
    return (STANDARDISED, OF_EACH) if several else (STANDARDISED,)


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
    n = value(found, Stat.N)
    return None if n is None else n + sum(value(found, stat) or 0 for stat in _WITHOUT)


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
    by_numbers = Stat.EVENTS not in index.at(described[0])
    if by_numbers:
        rows = _number_rows(name, look, protocol, index)
    else:
        rows = tuple(_category_row(name, term, protocol, index) for term in terms if term)
    rows = (*rows, *_rows_without(name, terms, protocol, index))
    if protocol.report.standardised_differences:
        rows = _with_differences(name, rows, protocol, index)
    several = any(row.note == SEVERAL_APPLY for row in index.at(described[0]).values())
    if several:
        rows = tuple(_without_note(row) for row in rows)
    notes = (look.footnote, SEVERAL if several else "")
    return RowGroup(head=look.label, note=" ".join(filter(None, notes)), rows=rows)


def _without_note(row: Row) -> Row:
    """The row without the footnote that the head of its characteristic has for all its numbers."""
    return replace(row, cells=tuple(unsaid(cell, SEVERAL) for cell in row.cells))


def _with_differences(
    name: str, rows: tuple[Row, ...], protocol: Protocol, index: ResultIndex
) -> tuple[Row, ...]:
    """The first row of a characteristic has its standardised differences, of several choices each."""
    terms = [contrast_term(arm, protocol) for arm in protocol.experimental]
    return tuple(
        replace(
            row,
            cells=(
                *row.cells,
                *(_difference(name, term, row, index, first=row is rows[0]) for term in terms),
            ),
        )
        for row in rows
    )


def _difference(name: str, term: str, row: Row, index: ResultIndex, *, first: bool) -> Cell:
    own = index.find(Shelf.BASELINE, outcome=name, term=f"{term}{IN_LEVEL}{row.head}", arm="")
    of_all = index.find(Shelf.BASELINE, outcome=name, term=term, arm="") if first else NOTHING
    found = own or of_all
    return number_cell(found, Stat.STANDARDISED_DIFFERENCE, digits=2) if found else EMPTY


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
        events, n = value(found, Stat.EVENTS), value(found, Stat.N)
        text = count_percent(events, n) if n else f"{count(events)} of {count(n)} (no value)"
        cells.append(printed_cell(text, found, Stat.EVENTS, Stat.N, Stat.PERCENT))
    return Row(head=term, cells=tuple(cells), indented=True)


def _rows_without(
    name: str, terms: tuple[str, ...], protocol: Protocol, index: ResultIndex
) -> tuple[Row, ...]:
    """How many have no value and why, when there is anybody; a category may be called the same."""
    found = [
        index.find(Shelf.BASELINE, outcome=name, term=terms[0], arm=arm.code)
        for arm in protocol.arms
    ]
    categories = {meaning(term) for term in terms}
    return tuple(
        Row(
            head=f"{words} (no answer)" if meaning(words) in categories else words,
            cells=tuple(printed_cell(count(value(each, stat) or 0), each, stat) for each in found),
            indented=True,
        )
        for stat, words in _WITHOUT.items()
        if any(value(each, stat) for each in found)
    )
