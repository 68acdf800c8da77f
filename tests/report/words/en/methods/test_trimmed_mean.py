"""Trimmed means are told with who ranks worst, which share is trimmed, and among what p is found."""

import pytest

from tests.report.words.specifications import noted, told
from trialkit.protocol.methods.comparisons import MissingRank
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.report.words.en.methods.trimmed_mean import WORDS
from trialkit.results.vocabulary import Stat


def test_the_default_is_told() -> None:
    own = TrimmedMean()
    assert WORDS.describe(own, told()) == (
        "difference of trimmed means of the change from baseline (week 8): whoever had an event of the "
        "composite strategy or has no value ranks below every value, and the same worst share of each arm "
        "is trimmed (the largest share of an arm that ranks worst, found anew in each allocation of the "
        "test); the effect is the difference between arms in the mean of those left; p is that of a "
        "permutation test among the allocations that the randomisation allowed (9999 replicates, seed 1), "
        "and the limits are those of its inversion, which takes the effect on the values to be the same "
        "for everybody"
    )
    assert WORDS.effect(own) == (
        "difference of trimmed means (who ranks worst trimmed from both arms)"
    )
    assert WORDS.short_name(own) == "trimmed means, change"
    assert WORDS.missing(own) == "ranks participants without a value below all others"
    assert not WORDS.missing(TrimmedMean(missing=MissingRank.LEFT_OUT))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (TrimmedMean(trim=0.25), "share of each arm is trimmed (25%);"),
        (TrimmedMean(missing=MissingRank.LEFT_OUT), "composite strategy ranks below every value"),
        (TrimmedMean(response=Response.FINAL), "of the final value (week 8)"),
        (TrimmedMean(restricted=False), "whatever restricted the randomisation (9999 replicates"),
        (TrimmedMean(replicates=999, seed=4), "(999 replicates, seed 4)"),
    ],
)
def test_every_option_is_told(own: TrimmedMean, said: str) -> None:
    assert said in WORDS.describe(own, told())


def test_where_all_allocations_were_counted_none_is_said_to_be_drawn() -> None:
    note = "3 of 70 all allocations as extreme, unrestricted; the worst 25 % of each arm trimmed"
    text = WORDS.describe(TrimmedMean(), noted(Method.TRIMMED_MEAN, Stat.P_VALUE, note))
    assert "among all the allocations that the randomisation allowed (70), " in text
