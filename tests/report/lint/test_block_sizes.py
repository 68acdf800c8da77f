"""However a block size is worded it is found, and blocks of something else are left alone."""

import pytest

from trialkit.protocol.trial.conduct import Randomisation, RandomisationType
from trialkit.report.lint.block_sizes import told_size

STATED = Randomisation(type=RandomisationType.PERMUTED_BLOCKS, block_sizes=(4, 6))
UNSTATED = Randomisation(type=RandomisationType.PERMUTED_BLOCKS)
SIMPLE = Randomisation(type=RandomisationType.SIMPLE)


@pytest.mark.parametrize("randomisation", [STATED, UNSTATED])
@pytest.mark.parametrize(
    "words",
    [
        "Block length: 4 and 6.", "random blocks (4, 6)", "Permuted blocks, sized 4-8",
        "4-participant blocks", "blocksize 4", "block size varied between 4 and 6",
        "blocks with 4 places each", "blocked in sets of four", "four participants to a block",
        "Every fourth participant closes a block", "The block contains two A and two B",
        "permuted quartets", "Bl\N{LATIN SMALL LETTER O WITH DIAERESIS}cke zu vier",
        "Block size: 4", "block sizes: 4, 6", "block size (4)",
        "variable block sizes (2, 4, 6)", "blocks of three", "bloques de cuatro", "block4",
        "Blocks vary. Their size is 4 or 6.", "with 4, 6 or 8 per block", "ten in each block",
        "2\N{EN DASH}4 in a block", "Blocks, i.e. 4 or 6", "permuted sets of 4",
    ],
)  # fmt: skip
def test_a_size_in_a_text_on_randomisation_is_found(
    words: str, randomisation: Randomisation
) -> None:
    assert told_size(words, randomisation, of_randomisation=True)


@pytest.mark.parametrize(
    "words",
    [
        "The length of the blocks is kept from those who enrol", "blocks of random size",
        "Permuted blocks, stratified by site, 1:1, made with R 4.3.1 on 2025-03-02",
        "Allocated to two arms in permuted blocks at three sites", "blocks of three clinics",
        "Blocks by an independent third party", "in blocks of random length, 2:1", "4 roadblocks",
        "permuted within the blocks, 10 000 permutations, two-sided", "a block", "",
        "In permuted blocks. All 4 assessors are blinded.",
    ],
)  # fmt: skip
def test_a_text_on_randomisation_without_a_size_passes(words: str) -> None:
    assert told_size(words, STATED, of_randomisation=True) == ""


@pytest.mark.parametrize("words", ["Age (block size 4)", "in blocks of 4", "Six make a block"])
def test_elsewhere_a_size_of_the_trial_is_found(words: str) -> None:
    assert told_size(words, STATED)
    assert told_size(words, UNSTATED)


@pytest.mark.parametrize(
    "words",
    ["a block of physiotherapy sessions", "a block of 6 weekly sessions", "beta-blocker 4 mg",
     "one block of 8 exercises", "A block of 10", "Nerve block. 4 hours later"],
)  # fmt: skip
def test_blocks_of_something_else_are_left_alone(words: str) -> None:
    assert told_size(words, STATED) == ""


def test_where_nothing_is_allocated_in_blocks_a_block_is_one_of_something_else() -> None:
    assert told_size("a block of 4", SIMPLE) == ""
    assert told_size("a block of 4", UNSTATED) == "a block of 4"


def test_the_sentence_that_tells_is_quoted() -> None:
    text = "Drawn by R. Permuted blocks of 4 were used. Nobody knew."
    assert told_size(text, STATED) == "Permuted blocks of 4 were used."
