"""Every kind of outcome has a card, and the cards do not contradict themselves."""

import pytest

from trialkit.protocol.methods.outcome_kinds import KINDS, OutcomeKind, Values
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.effect import Scale


def test_every_type_has_its_card() -> None:
    assert list(KINDS) == list(OutcomeType)
    assert all(kind.type is name for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_what_is_counted_has_no_change(kind: OutcomeKind) -> None:
    assert kind.is_proportion is (kind.values is Values.YES_NO)
    assert kind.has_change is kind.is_mean
    assert kind.counts_events is (kind.scale is Scale.RATE_RATIO)
    assert kind.counts_events is (kind.is_rate or (kind.is_of_time and not kind.happens_once))
    assert kind.is_of_time is (kind.values is Values.DATE)
