"""A tipping point is told with its grid, its arm, which sign is worse, and when it tips."""

from dataclasses import replace

from tests.report.words.specifications import PROTOCOL, told
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.report.words.en.methods.tipping_point import WORDS

MINUS = "\N{MINUS SIGN}"
OWN = TippingPoint(arm="A1", deltas=DeltaGrid(first=-5, last=10, step=2.5))


def described(specification: TippingPoint, **changes: object) -> str:
    telling = told()
    outcomes = tuple(replace(each, **changes) for each in telling.outcomes)
    return WORDS.describe(specification, replace(telling, outcomes=outcomes))


def test_what_is_added_where_and_which_sign_is_worse_is_told() -> None:
    text = described(OWN)
    assert (
        "to each value of Arm 1 that is imputed after such an event, a delta is added: "
        f"{MINUS}5 to 10 in steps of 2.5; positive deltas are worse values"
    ) in text
    assert "negative deltas are worse values" in described(OWN, direction=Direction.HIGHER)
    both = replace(OWN, other_deltas=DeltaGrid(first=0, last=4, step=2))
    assert "and 0 to 4 in steps of 2 in the arm that it is compared with" in described(both)


def test_when_it_tips_is_told_and_an_important_difference_where_one_is_stated() -> None:
    assert described(OWN).endswith("for each delta, and with which one p is 0.05")
    text = described(OWN, important_difference=8.0)
    assert text.endswith("with which one p is 0.05, and the estimate is the important difference")


def test_it_is_named_by_what_is_supposed_and_how_many_deltas_there_are() -> None:
    assert WORDS.names == {Method.TIPPING_POINT: "tipping point analysis"}
    assert WORDS.short_name(OWN) == (
        "tipping point analysis, missing at random with delta: seven deltas"
    )
    assert WORDS.row(OWN, PROTOCOL).endswith("with delta: seven deltas in Arm 1")
    both = replace(OWN, other_deltas=DeltaGrid(first=0, last=4, step=2))
    assert WORDS.row(both, PROTOCOL).endswith("in Arm 1, and others in the arm it is compared with")
    assert "; then those of Arm 1 are by" in WORDS.supposed(both, PROTOCOL)
    assert WORDS.supposed(both, PROTOCOL).endswith("compared with by 0 to 4 in steps of 2")
    jumping = replace(OWN, strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    assert "jump to reference with delta" in WORDS.short_name(jumping)


def test_what_it_supposes_ends_with_what_is_added() -> None:
    said = WORDS.supposed(OWN, PROTOCOL)
    assert said.endswith(f"; then those of Arm 1 are by {MINUS}5 to 10 in steps of 2.5 larger")
    assert WORDS.imputes(OWN)
    unknown = replace(OWN, arm="ZZ")
    assert "those of ZZ are by" in WORDS.supposed(unknown, PROTOCOL)
