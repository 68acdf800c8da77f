"""What is told of the conduct of a trial, before it and after: the same, in the right tense."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from trialkit.protocol.trial.conduct import Blinded, Blinding, RandomisationType
from trialkit.report.content.content import Block
from trialkit.report.content.text import Gap, Paragraph
from trialkit.report.sections.conduct import blinding, interim, randomisation, sample_size
from trialkit.report.words.language.tense import Tense
from trialkit.results.size_check import UNCHECKED, SizeCheck

PLANNED, DONE = Tense.PLANNED, Tense.DONE


def words(block: Block | None) -> str:
    assert isinstance(block, Paragraph)
    return "".join(run for run in block.runs if isinstance(run, str))


def lacks(block: Block | None) -> set[str]:
    assert block is not None
    return {claim.lacks for claim in block.claims}


def blinded(flag: Blinded, *, assessors: Blinded) -> Blinding:
    return Blinding(participants=flag, providers=flag, assessors=assessors, analysts=flag)


def test_block_sizes_are_told_when_all_are_randomised_and_never_before() -> None:
    protocol = made_up_protocol()
    (after,) = randomisation(protocol, DONE)["17b"]
    assert words(after) == "Randomisation was in permuted blocks with blocks of 2 or 4."
    (before,) = randomisation(protocol, PLANNED)["17b"]
    assert words(before).startswith("Randomisation is in permuted blocks. The length of the blocks")
    without = replace(protocol, randomisation=replace(protocol.randomisation, block_sizes=()))
    assert lacks(randomisation(without, DONE)["17b"][0]) == {"block sizes not stated"}
    assert lacks(randomisation(without, PLANNED)["17b"][0]) == {""}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (RandomisationType.MINIMISATION, "by minimisation on site and sex."),
        (RandomisationType.STRATIFIED_BLOCKS, "with blocks of 2 or 4 stratified by site and sex."),
    ],
)
def test_factors_are_told_or_said_to_be_open(kind: RandomisationType, told: str) -> None:
    protocol = made_up_protocol()
    own = replace(protocol.randomisation, type=kind)
    with_factors = replace(protocol, randomisation=replace(own, strata=("site", "sex")))
    assert words(randomisation(with_factors, DONE)["17b"][0]).endswith(told)
    for tense in Tense:
        (block,) = randomisation(replace(protocol, randomisation=own), tense)["17b"]
        assert lacks(block) == {"factors not stated"}


def test_an_open_role_is_still_to_be_decided_or_was_not_reported() -> None:
    protocol = replace(
        made_up_protocol(), blinding=blinded(Blinded.NO, assessors=Blinded.NOT_REPORTED)
    )
    (before,), (after,) = (blinding(protocol, tense)["20a"] for tense in (PLANNED, DONE))
    assert words(before).endswith("Not decided: outcome assessors.")
    assert words(after).endswith("Not reported whether blinded: outcome assessors.")
    assert lacks(before) == {"not decided for outcome assessors"}
    assert lacks(after) == {"not reported for outcome assessors"}


def test_nobody_blinded_leaves_nothing_to_say_of_how() -> None:
    protocol = replace(made_up_protocol(), blinding=blinded(Blinded.NO, assessors=Blinded.NO))
    for tense, text in ((PLANNED, "Nobody is blinded."), (DONE, "Nobody was blinded.")):
        (gap,) = blinding(protocol, tense)["20b"]
        assert isinstance(gap, Gap)
        assert gap.text == text


def test_a_number_will_be_randomised_and_was_planned() -> None:
    protocol = made_up_protocol()
    before, after = (sample_size(protocol, tense, UNCHECKED) for tense in (PLANNED, DONE))
    assert words(before[0]) == "30 participants will be randomised."
    assert words(after[0]) == "It was planned to randomise 30 participants."
    assert before[1:] == after[1:]
    assert before[2] is None


def test_a_number_that_its_assumptions_do_not_give_is_told_and_lacking() -> None:
    check = SizeCheck(recomputed="40 are needed.", mismatch="30 are planned")
    *_, block = sample_size(made_up_protocol(), DONE, check)
    assert words(block) == (
        "Recomputed from its assumptions: 40 are needed. Mismatch: 30 are planned."
    )
    assert lacks(block) == {"30 are planned"}


def test_looks_at_the_data_have_a_tense() -> None:
    protocol = made_up_protocol()
    assert words(interim(protocol, PLANNED)).endswith("is planned.")
    assert words(interim(protocol, DONE)).endswith("was planned.")
