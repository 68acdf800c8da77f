"""What is told of the conduct of a trial, before it and after: the same, in the right tense."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.means import TwoSampleT
from trialkit.protocol.trial.conduct import (
    Access,
    Blinded,
    Blinding,
    Interim,
    RandomisationType,
    SampleSize,
)
from trialkit.report.content.content import Block
from trialkit.report.content.text import Gap, Paragraph
from trialkit.report.sections.conduct import (
    blinded_roles,
    blinding,
    interim,
    randomisation,
    sample_size,
)
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
        gap, _ = blinding(protocol, tense)["20b"]
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
        "Recomputed from its assumptions: 40 are needed. The calculation allows for no losses. "
        "Mismatch: 30 are planned."
    )
    lacking = {claim.part: claim.lacks for claim in block.claims}
    assert lacking["how it was determined"] == "30 are planned"
    assert lacking["assumed effect"] == ""


def test_looks_at_the_data_have_a_tense() -> None:
    protocol = made_up_protocol()
    assert words(interim(protocol, PLANNED)).endswith("is planned.")
    assert words(interim(protocol, DONE)).endswith("was planned.")


@pytest.mark.parametrize(
    ("kind", "words_of_it"),
    [
        (RandomisationType.SIMPLE, "simple, without restriction"),
        (RandomisationType.MINIMISATION, "by minimisation"),
        (RandomisationType.BIASED_COIN, "by a biased coin"),
        (RandomisationType.URN, "by an urn"),
        (RandomisationType.BIG_STICK, "by the big stick design"),
    ],
)
def test_each_type_of_randomisation_has_its_words_and_no_blocks(
    kind: RandomisationType, words_of_it: str
) -> None:
    protocol = made_up_protocol()
    own = replace(protocol, randomisation=replace(protocol.randomisation, type=kind))
    assert words(randomisation(own, PLANNED)["17b"][0]) == f"Randomisation is {words_of_it}."
    assert words(randomisation(own, DONE)["17b"][0]) == f"Randomisation was {words_of_it}."
    strata = replace(own, randomisation=replace(own.randomisation, strata=("sex",)))
    joined = "on sex" if kind is RandomisationType.MINIMISATION else "stratified by sex"
    assert words(randomisation(strata, PLANNED)["17b"][0]).endswith(f"{words_of_it}, {joined}.")
    assert lacks(randomisation(strata, DONE)["17b"][0]) == {""}
    unknown = replace(own.randomisation, type=RandomisationType.NOT_REPORTED)
    assert randomisation(replace(own, randomisation=unknown), DONE)["17b"] == (None,)


def test_sequence_concealment_and_implementation_stand_under_their_items() -> None:
    told = randomisation(made_up_protocol(), DONE)
    assert list(told) == ["17a", "17b", "18", "19"]
    assert [words(block) for item in ("17a", "18", "19") for block in told[item]] == [
        "Generated by: A statistician of another unit.",
        "Sequence: By a statistician with a computer.",
        "Concealment: Central, by telephone.",
        "Steps: The list stayed at the centre.",
        (
            "Those who enrolled participants had no access to the sequence. Those who assigned "
            "participants had access to the sequence."
        ),
        "Implementation: Those who enrolled had no access to the list.",
    ]


def test_a_free_text_does_not_say_whose_access_it_tells() -> None:
    protocol = made_up_protocol()
    own, closed = protocol.randomisation, Access.NOT_REPORTED
    own = replace(own, enrolling_access=closed, assigning_access=closed)
    (block,) = randomisation(replace(protocol, randomisation=own), DONE)["19"]
    assert [claim.part for claim in block.claims] == ["those who enrolled", "those who assigned"]
    assert all("is not stated" in claim.lacks for claim in block.claims)
    one = replace(own, assigning_access=Access.NO)
    first, _ = randomisation(replace(protocol, randomisation=one), PLANNED)["19"]
    assert words(first) == "Those who assign participants have no access to the sequence."
    assert {claim.part: bool(claim.lacks) for claim in first.claims} == {
        "those who enrolled": True, "those who assigned": False,
    }  # fmt: skip
    silent = replace(own, implementation="TBD")
    (printed,) = randomisation(replace(protocol, randomisation=silent), DONE)["19"]
    assert printed.claims == ()
    nothing = replace(own, implementation="")
    assert randomisation(replace(protocol, randomisation=nothing), DONE)["19"] == (None,)


def test_every_assumption_of_a_calculation_is_a_part_of_its_own() -> None:
    """Words on why it was so many answer none of them."""
    *_, reason, none = sample_size(made_up_protocol(), DONE, UNCHECKED)
    assert none is None
    assert {claim.part for claim in reason.claims} == {"how it was determined"}
    *_, computed = sample_size(made_up_protocol(), DONE, SizeCheck(recomputed="64 are needed."))
    assert {claim.part for claim in computed.claims} == {
        "how it was determined", "assumed effect", "assumed spread or rates", "level and power",
    }  # fmt: skip
    assert words(computed).endswith("The calculation allows for no losses.")
    lost = SizeCheck(recomputed="64 are needed.", counts_losses=True)
    *_, computed = sample_size(made_up_protocol(), DONE, lost)
    assert words(computed).endswith("64 are needed.")
    assert "allowance for losses" in {claim.part for claim in computed.claims}
    size = made_up_protocol().sample_size
    assert size is not None
    some = replace(made_up_protocol(), sample_size=SampleSize(
        planned=72, method=SampleSizeMethod.TWO_SAMPLE_T, power=0.8, dropout=0.1,
        specification=TwoSampleT(difference=15, sd=21),
    ))  # fmt: skip
    *_, allowed = sample_size(some, DONE, SizeCheck(recomputed="72 are needed."))
    assert "allowance for losses" in {claim.part for claim in allowed.claims}
    assert words(allowed).endswith("72 are needed.")


def test_a_planned_look_is_told_with_its_rule_or_that_there_is_none_stated() -> None:
    protocol = made_up_protocol()
    ruled = replace(protocol, interim=Interim(planned=True, rule="Stop at 0.001"))
    assert words(interim(ruled, DONE)) == "Interim analyses were planned. Stop at 0.001."
    assert words(interim(ruled, PLANNED)) == "Interim analyses are planned. Stop at 0.001."
    assert lacks(interim(ruled, DONE)) == {""}
    bare = replace(protocol, interim=Interim(planned=True))
    assert words(interim(bare, DONE)) == "Interim analyses were planned."
    assert lacks(interim(bare, DONE)) == {"the rule is not stated"}
    assert interim(replace(protocol, interim=None), DONE) is None


def test_each_role_stands_among_the_blinded_or_the_others() -> None:
    mixed = Blinding(
        participants=Blinded.YES, providers=Blinded.NO, assessors=Blinded.NOT_REPORTED,
        analysts=Blinded.YES, how="By a box", similarity="None is like it",
    )  # fmt: skip
    protocol = replace(made_up_protocol(), blinding=mixed)
    assert blinded_roles(protocol) == {
        Blinded.YES: ["participants", "analysts"],
        Blinded.NO: ["providers"],
        Blinded.NOT_REPORTED: ["outcome assessors"],
    }
    told = blinding(protocol, DONE)
    assert words(told["20a"][0]) == (
        "Blinded to the allocation: participants and analysts. Not blinded: providers. Not "
        "reported whether blinded: outcome assessors."
    )
    assert [words(block) for block in told["20b"]] == [
        "How: By a box.",
        "Similarity: None is like it.",
    ]
    nobody_knows = blinded(Blinded.NOT_REPORTED, assessors=Blinded.NOT_REPORTED)
    open_ = blinding(replace(protocol, blinding=nobody_knows), DONE)
    assert (open_["20a"], open_["20b"]) == ((None,), (None, None))


def test_a_trial_without_a_size_tells_none_and_a_mismatch_may_stand_alone() -> None:
    protocol = made_up_protocol()
    assert sample_size(replace(protocol, sample_size=None), DONE, UNCHECKED) == ()
    _, reason, only = sample_size(protocol, DONE, SizeCheck(mismatch="it cannot be computed"))
    assert words(reason) == "What the clinics could see in a year."
    assert words(only) == "Mismatch: it cannot be computed."
