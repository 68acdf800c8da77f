"""In each row of a table stands the p value that belongs to its interval."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, statistics
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.plan import Family
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.tables.headlines import Headline
from trialkit.report.tables.p_values import Compared, adjustment_notes, comparisons, p_columns
from trialkit.results.effect import EXACT, ONE_SIDED, POINTWISE, Interval, IntervalKind
from trialkit.results.lookup import Statistics
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TUKEY = Interval(IntervalKind.TUKEY, 3)
PLACE = {"outcome": "pain", "visit": "V1", "method": "ancova"}


def compared(
    limits: Interval | None,
    raw: float | None = None,
    adjusted: float | None = None,
    *,
    asks: Interval = POINTWISE,
) -> Compared:
    bounds = {Stat.CONF_LOW: 1.0, Stat.CONF_HIGH: 2.0} if limits else {}
    numbers = {Stat.P_VALUE: raw, Stat.P_ADJUSTED: adjusted}
    test: dict[Stat, float | None] = {k: p for k, p in numbers.items() if p is not None}
    return Compared(
        effect=statistics(dict(bounds), interval_kind=limits),
        test=statistics(test, interval_kind=asks),
    )


def printed(*rows: Compared) -> tuple[list[str], list[list[str]]]:
    columns = p_columns(rows)
    cells = [[cell.text for cell in columns.cells(row, alpha=0.05)] for row in rows]
    assert {len(row) for row in cells} <= {columns.width}
    return [head.text for head in columns.heads], cells


def test_a_raw_p_never_stands_beside_a_simultaneous_interval() -> None:
    """A Tukey interval stood beside a raw 0.024, and the adjusted 0.155 nowhere."""
    assert printed(compared(TUKEY, 0.024, 0.155)) == (["Adjusted p"], [["0.155"]])
    assert printed(compared(TUKEY, 0.024, 0.155), compared(POINTWISE, 0.02)) == (
        ["p", "Adjusted p"],
        [["\N{EM DASH}", "0.155"], ["0.020", "\N{EM DASH}"]],
    )


@pytest.mark.parametrize("limits", [POINTWISE, EXACT, None])
def test_a_raw_p_stands_beside_an_interval_of_its_comparison_alone(limits: Interval | None) -> None:
    assert printed(compared(limits, 0.024)) == (["p"], [["0.024"]])
    assert printed(compared(limits, 0.024, 0.048)) == (["p", "Adjusted p"], [["0.024", "0.048"]])


def test_a_one_sided_p_is_called_so_in_the_head_or_in_its_cell() -> None:
    one = compared(ONE_SIDED, 0.02, asks=ONE_SIDED)
    assert printed(one) == (["One-sided p"], [["0.020"]])
    assert printed(one, compared(POINTWISE, 0.3)) == (["p"], [["0.020 [one-sided]"], ["0.300"]])


def test_what_is_not_tested_has_dashes_under_one_head() -> None:
    columns = p_columns([compared(POINTWISE)])
    assert [head.text for head in columns.heads] == ["p"]
    assert [cell.text for cell in columns.dashes] == ["\N{EM DASH}"]
    assert [cell.text for cell in columns.empty] == [""]


def headline(protocol: Protocol, *rows: Result) -> Headline:
    return Headline(
        analysis=protocol.plan.analyses[0],
        outcome=protocol.outcomes[0],
        protocol=protocol,
        index=index_of(*rows),
    )


def planned(adjustment: ContrastAdjustment, family: Adjustment | None = None) -> Protocol:
    trial = made_up_protocol(arms=3)
    first = replace(trial.plan.analyses[0], specification=Ancova(adjustment=adjustment))
    families: tuple[Family, ...] = ()
    if family is not None:
        families = (Family(code="f", label="All outcomes", adjustment=family),)
        first = replace(first, family="f")
    return replace(trial, plan=replace(trial.plan, analyses=(first,), families=families))


def rows(kind: Interval | None) -> list[Result]:
    found: list[Result] = []
    for arm in ("A1", "A2"):
        own: Statistics = statistics(
            {Stat.CONF_LOW: 1.0, Stat.P_VALUE: 0.02, Stat.P_ADJUSTED: 0.04},
            interval_kind=kind,
            term=f"{arm} - A0",
            **PLACE,
        )
        found += own.values()
    return found


@pytest.mark.parametrize(
    ("adjustment", "said"),
    [
        (ContrastAdjustment.DUNNETT, "Adjusted p of Pain: after Dunnett, as the intervals."),
        (ContrastAdjustment.HOLM, "Adjusted p of Pain: after Holm, which gives no intervals;"),
    ],
)
def test_what_adjusts_is_named_and_how_the_intervals_go_with_it(
    adjustment: ContrastAdjustment, said: str
) -> None:
    (note,) = adjustment_notes([headline(planned(adjustment), *rows(TUKEY))])
    assert note.startswith(said)


def test_a_table_with_a_family_and_plain_intervals_says_that_these_are_not_adjusted() -> None:
    protocol = planned(ContrastAdjustment.NONE, Adjustment.HOLM)
    (note,) = adjustment_notes([headline(protocol, *rows(POINTWISE))])
    assert note == "Adjusted p: Holm's method, all outcomes. Intervals are not adjusted."
    assert list(adjustment_notes([])) == []


def test_the_comparisons_of_a_headline_are_those_with_the_reference() -> None:
    protocol = planned(ContrastAdjustment.NONE)
    found = comparisons(headline(protocol, *rows(POINTWISE)))
    assert [each.test[Stat.P_VALUE].term for each in found] == ["A1 - A0", "A2 - A0"]
