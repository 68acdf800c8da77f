"""A missing code of every trial gives its spelling up where an answer has it."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.data_format import (
    DEFAULT_MISSING_CODES,
    DataFormat,
    MissingCode,
    another_spelling,
)


def codes(data: DataFormat) -> dict[str, str]:
    return {each.code: each.label for each in data.all_missing_codes}


def test_a_code_that_stands_instead_of_another_frees_its_spelling() -> None:
    own = MissingCode(code="NODO", label="not done", instead_of="ND")
    data = DataFormat(missing_codes=(own,))
    assert "ND" not in codes(data)
    assert codes(data)["NODO"] == "not done"
    assert len(codes(data)) == len(DEFAULT_MISSING_CODES)
    assert (data.spelled("ND"), data.spelled("UNK")) == ("NODO", "UNK")


def test_freed_codes_keep_their_reason_and_what_is_not_applicable() -> None:
    own = MissingCode(code="SC", label="site closed")
    data = DataFormat(missing_codes=(own,)).freed({"NA", "SC", "nothing"})
    assert data.missing_codes == (
        MissingCode(code="MISS_SC", label="site closed"),
        MissingCode(code="MISS_NA", label="not applicable", not_applicable=True, instead_of="NA"),
    )
    assert not {"NA", "SC"} & codes(data).keys()
    assert DataFormat().freed(()) == DataFormat()


def test_a_code_that_was_respelled_can_be_respelled_again() -> None:
    once = DataFormat().freed({"ND"})
    again = once.freed({"MISS_ND"})
    assert again.spelled("ND") == "MISS_MISS_ND"
    assert again.missing_codes[0].instead_of == "ND"


def test_a_proposal_is_free_whatever_its_case() -> None:
    assert another_spelling("ND", ("ND", "miss_nd")) == "MISS_MISS_ND"


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ((("X", "PAIN"),), "a code that every trial has"),
        ((("X", "ND"), ("Z", "ND")), "beside another code in its place"),
        ((("X", "ND"), ("ND", "")), "beside another code in its place"),
    ],
)
def test_only_the_place_of_a_code_of_every_trial_can_be_taken_and_once(
    entries: tuple[tuple[str, str], ...], said: str
) -> None:
    own = tuple(MissingCode(code=code, label=code, instead_of=place) for code, place in entries)
    with pytest.raises(ProtocolError, match=said):
        DataFormat(missing_codes=own)
