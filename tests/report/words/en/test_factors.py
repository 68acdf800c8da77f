"""Effects of factors in words."""

from tests.protocol.trial.test_factors import THREE, TWO
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.trial.factors import cells, factorial_contrasts
from trialkit.report.words.en.factors import (
    cell_words,
    compared_levels,
    effect_of_factor,
    level_words,
    where_in_the_table,
)


def test_every_effect_says_whose_it_is_and_where_it_stands() -> None:
    said = [
        f"{effect_of_factor(each)}; {where_in_the_table(each)}" for each in factorial_contrasts(TWO)
    ]
    assert said == [
        "Ex: ex yes vs ex no; at the margin",
        "Diet: diet yes vs diet no; at the margin",
        "Ex: ex yes vs ex no; averaged over the combinations",
        "Diet: diet yes vs diet no; averaged over the combinations",
        "Ex: ex yes vs ex no; where Diet: diet no",
        "Ex: ex yes vs ex no; where Diet: diet yes",
        "Diet: diet yes vs diet no; where Ex: ex no",
        "Diet: diet yes vs diet no; where Ex: ex yes",
        "Interaction of Ex and Diet; ",
    ]


def test_an_interaction_of_several_levels_says_which() -> None:
    said = [
        effect_of_factor(each)
        for each in factorial_contrasts(THREE)
        if each.effect is FactorialEffect.INTERACTION
    ]
    assert said[1] == "Interaction of Ex and Dose: ex yes vs ex no by dose low vs dose none"
    assert len(set(said)) == len(said) == 7


def test_levels_and_combinations_go_by_their_labels() -> None:
    assert level_words(TWO[0], TWO[0].others[0]) == "Ex: ex yes"
    assert compared_levels(THREE[2], THREE[2].others[1]) == "dose high vs dose none"
    assert cell_words(cells(TWO)[2]) == "ex yes, diet no"
