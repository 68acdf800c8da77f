"""An answer that is spelled as a missing code stays an answer, and is decided by a person."""

from trialkit.imports.taking_in.taken_codes import Spelled, decision, in_protocol, taken_codes
from trialkit.protocol.trial.data_format import DataFormat, MissingCode


def test_answers_are_listed_once_by_the_code_that_they_have() -> None:
    dakota = Spelled(code="ND", what="'North Dakota' of state")
    other = Spelled(code="ND", what="'No drug' of drug")
    found = taken_codes([dakota, Spelled(code="CA", what="x"), other, dakota], DataFormat())
    (only,) = found
    assert only.code == MissingCode(code="ND", label="not done")
    assert only.proposed == MissingCode(code="MISS_ND", label="not done", instead_of="ND")
    assert only.answers == ("'North Dakota' of state", "'No drug' of drug")


def test_without_a_clash_there_is_nothing_to_decide() -> None:
    assert taken_codes([Spelled(code="nd", what="x")], DataFormat()) == ()
    assert taken_codes([], DataFormat()) == ()


def test_a_code_of_the_trials_own_is_respelled_without_a_place() -> None:
    data = DataFormat(missing_codes=(MissingCode(code="SC", label="site closed"),))
    (only,) = taken_codes([Spelled(code="SC", what="'School' of where")], data)
    assert in_protocol(only.proposed) == '{ code = "MISS_SC", label = "site closed" }'


def test_the_decision_shows_both_ways_out() -> None:
    what = [Spelled(code="NA", what=f"'Region {n}' of area{n}") for n in range(7)]
    said = decision(taken_codes(what, DataFormat()), missing="--missing")
    assert "'Region 4' of area4 and 2 more; and 'not applicable', a missing value" in said
    assert (
        '{ code = "MISS_NA", label = "not applicable", not_applicable = true, instead_of = "NA" },'
        in said
    )
    assert "--missing=NA=NA" in said
    assert "--missing" not in decision(taken_codes(what, DataFormat()))
