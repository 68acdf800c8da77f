"""The effects that the factors of a trial have, each under one name."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.trial.factors import (
    FactorLevel,
    TrialFactor,
    cells,
    factorial_contrasts,
    level_term,
)


def factor(code: str, *levels: str) -> TrialFactor:
    return TrialFactor(
        code=code,
        label=code.capitalize(),
        levels=tuple(FactorLevel(code=each, label=f"{code} {each}") for each in levels),
    )


TWO = (factor("ex", "no", "yes"), factor("diet", "no", "yes"))
THREE = (*TWO, factor("dose", "none", "low", "high"))


def test_a_table_of_two_by_two_has_nine_effects_by_their_names() -> None:
    assert [each.term for each in factorial_contrasts(TWO)] == [
        "ex: yes - no",
        "diet: yes - no",
        "ex: yes - no averaged",
        "diet: yes - no averaged",
        "ex: yes - no where diet = no",
        "ex: yes - no where diet = yes",
        "diet: yes - no where ex = no",
        "diet: yes - no where ex = yes",
        "ex x diet: (yes - no) x (yes - no)",
    ]


def test_three_factors_have_interactions_of_two_and_of_all() -> None:
    terms = [each.term for each in factorial_contrasts(THREE)]
    assert len(set(terms)) == len(terms) == 4 + 4 + (6 + 6 + 2 * 4) + (1 + 2 + 2 + 2)
    assert "dose: high - none where ex = yes, diet = no" in terms
    assert terms[-1] == "ex x diet x dose: (yes - no) x (yes - no) x (high - none)"
    margins = [e for e in factorial_contrasts(THREE) if e.effect is FactorialEffect.MARGIN]
    assert [each.term for each in margins] == [
        "ex: yes - no", "diet: yes - no", "dose: low - none", "dose: high - none",
    ]  # fmt: skip


def test_cells_are_all_combinations_the_reference_first() -> None:
    found = [tuple(level.code for level in cell) for cell in cells(TWO)]
    assert found == [("no", "no"), ("no", "yes"), ("yes", "no"), ("yes", "yes")]
    assert len(cells(THREE)) == 12
    assert level_term(TWO[0], TWO[0].others[0]) == "ex = yes"
    assert TWO[0].reference.code == "no"
    assert THREE[2].level("low").label == "dose low"


def test_a_factor_of_one_level_or_of_two_alike_is_none() -> None:
    with pytest.raises(ProtocolError, match="two levels or more"):
        factor("ex", "no")
    with pytest.raises(ProtocolError, match="one code"):
        factor("ex", "no", "no")
