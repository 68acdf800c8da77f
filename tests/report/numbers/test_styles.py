"""Each journal's way with numbers, at the edges of p and of intervals; rounding is decimal."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.errors import ReportError
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.numbers import numbers as n
from trialkit.report.numbers.styles import (
    BMJ,
    JAMA,
    LANCET,
    NEJM,
    PLAIN,
    STYLES,
    Style,
    printed_in,
    style_in_use,
)

each_style = pytest.mark.parametrize("style", STYLES.values(), ids=lambda style: style.name.value)
EDGES = (0.0, 0.00004, 0.00099, 0.001, 0.0095, 0.0499, 0.05, 0.0501, 0.9, 0.9996, 1.0, None)
PRINTED = {
    PLAIN: "<0.001 <0.001 <0.001 0.001 0.010 0.0499 0.050 0.050 0.900 >0.999 1.000 —",
    JAMA: "<.001 <.001 <.001 .001 .010 .0499 .05 .05 .90 >.99 >.99 —",
    NEJM: "<0.001 <0.001 <0.001 0.001 0.010 0.0499 0.05 0.05 0.90 >0.99 >0.99 —",
    LANCET: "<0·0001 <0·0001 0·00099 0·0010 0·0095 0·0499 0·050 0·050 0·90 >0·99 1·0 —",
    BMJ: "<0.001 <0.001 <0.001 0.001 0.010 0.0499 0.05 0.05 0.90 >0.99 1.00 —",
}


@each_style
def test_p_values_at_their_edges(style: Style) -> None:
    with printed_in(style):
        printed = [n.p_value(p) for p in EDGES]
        assert n.p_value(float("nan")) == n.DASH
    assert printed == PRINTED[style].split()


@pytest.mark.parametrize(
    ("style", "printed"),
    [
        (PLAIN, "p\u00a0=\u00a00.015"),
        (JAMA, "P\u00a0=\u00a0.02"),
        (NEJM, "P=0.02"),
        (LANCET, "p=0·015"),
        (BMJ, "P=0.02"),
    ],
)
def test_p_values_in_sentences(style: Style, printed: str) -> None:
    with printed_in(style):
        assert n.p_equals(0.015) == printed
        assert n.p_equals(1e-9)[1:].strip("\u00a0").startswith("<")


@pytest.mark.parametrize(
    ("style", "positive", "negative", "infinite"),
    [
        (PLAIN, "1.2 (0.3 to 2.1)", "−1.2 (−2.1 to −0.3)", "1.2 (0.3 to ∞)"),
        (JAMA, "1.2 (0.3 to 2.1)", "−1.2 (−2.1 to −0.3)", "1.2 (0.3 to ∞)"),
        (NEJM, "1.2 (0.3 to 2.1)", "−1.2 (−2.1 to −0.3)", "1.2 (0.3 to ∞)"),
        (LANCET, "1·2 (0·3–2·1)", "−1·2 (−2·1 to −0·3)", "1·2 (0·3 to ∞)"),
        (BMJ, "1.2 (0.3 to 2.1)", "−1.2 (−2.1 to −0.3)", "1.2 (0.3 to ∞)"),
    ],
)
def test_intervals_never_join_a_minus_by_a_dash(
    style: Style, positive: str, negative: str, infinite: str
) -> None:
    with printed_in(style):
        assert n.with_interval(1.2, 0.3, 2.1, digits=1) == positive
        assert n.with_interval(-1.2, -2.1, -0.3, digits=1) == negative
        assert n.with_interval(1.2, 0.3, float("inf"), digits=1) == infinite
        assert n.with_interval(None, None, None, digits=1) == n.DASH
        assert n.DASH in n.with_interval(1.2, None, 2.1, digits=1)


@pytest.mark.parametrize(
    ("style", "lead", "mean", "quartiles", "share", "count"),
    [
        (PLAIN, "95% CI ", "12.3 (4.5)", "12.0 (9.5 to 14.0)", "3 (23%)", "12\u202f345"),
        (JAMA, "95% CI, ", "12.3 (4.5)", "12.0 (9.5–14.0)", "3 (23)", "12\u202f345"),
        (NEJM, "95% CI, ", "12.3±4.5", "12.0 (9.5–14.0)", "3 (23%)", "12,345"),
        (LANCET, "95% CI ", "12·3 (4·5)", "12·0 (9·5–14·0)", "3 (23%)", "12\u202f345"),
        (
            BMJ,
            "95% confidence interval ",
            "12.3 (4.5)",
            "12.0 (9.5 to 14.0)",
            "3 (23%)",
            "12\u202f345",
        ),
    ],
)
def test_everything_else_that_journals_differ_in(  # noqa: PLR0917 - a column of the table each
    style: Style, lead: str, mean: str, quartiles: str, share: str, count: str
) -> None:
    with printed_in(style):
        assert n.confidence_lead(0.95) == lead
        assert n.mean_sd(12.34, 4.45, digits=1) == mean
        assert n.median_quartiles(12, 9.5, 14, digits=1) == quartiles
        assert n.count_percent(3, 13) == share
        assert n.fraction_percent(3, 13, in_sentence=True).endswith("%)")
        assert n.count(12_345) == count
        assert ("±" in n.mean_sd_words()) == ("±" in mean)


def test_the_lancets_point_stands_in_every_number_and_in_no_text() -> None:
    with printed_in(LANCET):
        assert n.number(-1.25, digits=1) == "−1·3"
        assert n.confidence(0.975) == "97·5%"
        assert n.plain(2.50) == "2·5"
        assert n.degrees_of_freedom(23.46) == "23·5"
        assert n.percent_of(1, 300) == "0·3%"
        assert n.percent_of(1, 10_000) == "<0·1%"
        assert n.positive(1e-9, digits=2) == "<0·01"


def test_marks_of_notes_follow_the_journal_and_never_run_out() -> None:
    assert JAMA.marks(3) == ("a", "b", "c")
    assert LANCET.marks(8) == ("*", "†", "‡", "§", "¶", "‖", "**", "††")
    assert len(set(PLAIN.marks(100))) == 100


def test_every_style_of_the_protocol_is_there_and_ends_with_its_block() -> None:
    assert set(STYLES) == set(ReportStyle)
    for style in STYLES.values():
        with pytest.raises(ReportError), printed_in(style):
            n.p_value(2 if style_in_use() is style else 0)
        assert style_in_use() is PLAIN


@each_style
@given(st.floats(min_value=0, max_value=1))
@settings(max_examples=examples(60))
def test_no_p_value_reads_as_zero_or_crosses_alpha(style: Style, p: float) -> None:
    with printed_in(style):
        printed = n.p_value(p)
    value = Decimal(printed.lstrip("<>").replace(style.decimal_point, "."))
    assert 0 < value <= 1
    exact = Decimal(repr(p))
    match printed[0]:
        case "<":
            assert exact < value
        case ">":
            assert exact > value
        case _:
            digits = -int(value.as_tuple().exponent)
            step = Decimal(1).scaleb(-digits)
            assert value == exact.quantize(step, rounding=ROUND_HALF_UP)
            assert (value < Decimal("0.05")) == (exact < Decimal("0.05"))


@each_style
@given(
    st.floats(min_value=-1e9, max_value=1e9, allow_nan=False),
    st.integers(min_value=0, max_value=6),
)
@settings(max_examples=examples(60))
def test_rounding_agrees_with_decimal_arithmetic(style: Style, value: float, digits: int) -> None:
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    with printed_in(style):
        printed = n.number(value, digits=digits)
    assert "-" not in printed
    assert Decimal(printed.replace(n.MINUS, "-").replace(style.decimal_point, ".")) == exact
