"""Every specification has one card, and what has no kernel says so."""

import pytest

from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.methods import card_of, every_card
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS


def test_every_specification_has_one_card() -> None:
    carded = [card.specification for card in every_card()]
    assert set(SPECIFICATIONS.values()) == set(carded)
    assert len(carded) == len(set(carded))


def test_the_card_of_an_analysis_is_that_of_its_class() -> None:
    assert card_of(MixedAnova()).specification is MixedAnova


@pytest.mark.parametrize("card", every_card(), ids=lambda card: card.specification.__name__)
def test_a_kernel_knows_methods_of_its_own_class_alone(card: MethodCard[Specification]) -> None:
    for method in card.kernel.methods if card.kernel else ():
        assert SPECIFICATIONS[method] is card.specification
