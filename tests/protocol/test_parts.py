"""Which step a protocol is whole for, and that each command's step asks for its own parts alone."""

import tomllib
from pathlib import Path

import pytest

from trialkit.errors import ProtocolError, TrialStep
from trialkit.protocol.loading import load_protocol, read_protocol
from trialkit.protocol.parts import PARTS, complain_of_what_is_lacking, first_use, part, table_of
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.trial.conduct import Blinded, RandomisationType

MINIMAL = (Path(__file__).parent / "minimal.toml").read_text(encoding="utf-8")
YOUNG = """
[trial]
id = "YOUNG"

[[visits]]
code = "BL"
label = "Baseline"
"""


def written(folder: Path, text: str) -> Path:
    (folder / "protocol.toml").write_text(text, encoding="utf-8")
    return folder


def lacking(text: str) -> dict[TrialStep, set[tuple[str, str]]]:
    complaints = Complaints("protocol.toml", first_use)
    complain_of_what_is_lacking(tomllib.loads(text), complaints)
    found = complaints.all()
    return {
        step: {(each.table, each.key) for each in found if each.step is step}
        for step in dict.fromkeys(each.step for each in found)
    }


def test_a_whole_protocol_lacks_nothing() -> None:
    assert lacking(MINIMAL) == {}


def test_each_step_lacks_its_own_parts_and_keys() -> None:
    assert lacking(YOUNG) == {
        TrialStep.RANDOMISE: {("arms", ""), ("randomisation", ""), ("blinding", "")},
        TrialStep.ANALYSE: {
            ("visits 'BL'", "target_day"), ("visits 'BL'", "window"), ("outcomes", ""),
            ("populations", ""), ("estimands", ""), ("analyses", ""),
        },
        TrialStep.REPORT: {("trial", "title"), ("trial", "short_title"), ("trial", "framework")},
    }  # fmt: skip


def test_nothing_at_all_lacks_the_trial_itself() -> None:
    assert lacking("")[TrialStep.VALIDATE] == {("trial", "")}


def test_a_misspelt_key_is_not_lacking_too() -> None:
    text = MINIMAL.replace("target_day = 42", "tagret_day = 42")
    assert lacking(text) == {}


def test_data_can_be_checked_by_a_young_protocol_and_what_is_absent_is_absent(
    tmp_path: Path,
) -> None:
    protocol = load_protocol(written(tmp_path, YOUNG), step=TrialStep.VALIDATE)
    assert (protocol.trial.name, protocol.visit_codes) == ("YOUNG", ("BL",))
    assert not protocol.visits[0].is_planned
    with pytest.raises(LookupError, match="BL has no target day"):
        _ = protocol.visits[0].opens
    with pytest.raises(LookupError, match="YOUNG states no framework"):
        _ = protocol.trial.aim
    assert protocol.arms == protocol.outcomes == protocol.populations == ()
    assert protocol.plan.analyses == ()
    assert protocol.randomisation.type is RandomisationType.NOT_REPORTED
    assert protocol.blinding.participants is Blinded.NOT_REPORTED


@pytest.mark.parametrize(
    ("right", "wrong", "stops"),
    [
        ("target_day = 42", "target_day = 0", TrialStep.VALIDATE),
        ("late = 7", "late = -7", TrialStep.VALIDATE),
        ('code = "EG"', "code = 5", TrialStep.VALIDATE),
        ('type = "permuted blocks"', 'type = "blocks"', TrialStep.RANDOMISE),
        ('assessors = "yes"', "assessors = true", TrialStep.RANDOMISE),
        ("reference = true", "reference = false", TrialStep.ANALYSE),
        ("baseline = true", "baseline = false", TrialStep.ANALYSE),
        ('outcomes = ["better"]', 'outcomes = ["beter"]', TrialStep.ANALYSE),
        ('framework = "superiority"', "", TrialStep.REPORT),
        ("[blinding]", '[[not_reported]]\nitem = "7"\n[blinding]', TrialStep.REPORT),
        ("[trial]", "[trail]\n[trial]", TrialStep.VALIDATE),
    ],
)
def test_what_is_wrong_stops_the_first_step_that_uses_it_and_all_after_it(
    tmp_path: Path, right: str, wrong: str, stops: TrialStep
) -> None:
    assert right in MINIMAL
    folder = written(tmp_path, MINIMAL.replace(right, wrong, 1))
    for step in TrialStep:
        if step.covers(stops):
            with pytest.raises(ProtocolError) as refused:
                load_protocol(folder, step=step)
            assert {each.step for each in refused.value.complaints} == {stops}
        else:
            assert load_protocol(folder, step=step).trial.id == "MIN"


def test_a_command_may_use_parts_of_later_steps(tmp_path: Path) -> None:
    text = MINIMAL.replace("reference = true", "reference = false")
    read = read_protocol(written(tmp_path, text))
    assert read.up_to(TrialStep.RANDOMISE).arms
    with pytest.raises(ProtocolError, match="0 arms with reference = true"):
        read.up_to(TrialStep.VALIDATE, and_of=("arms", "sample_size"))


def test_the_place_of_a_complaint_names_its_part() -> None:
    assert [table_of(each) for each in ("visits 'W6'", "report.rows", "arms")] == [
        "visits",
        "report",
        "arms",
    ]
    assert part("visits number 2") is part("visits")
    assert part("no such table") is None
    assert first_use("no such table") is TrialStep.VALIDATE


def test_an_example_of_each_part_that_is_needed_makes_it_whole() -> None:
    """What plan check proposes is TOML, of the part that it is proposed for, and lacks no key."""
    for each in PARTS:
        if each.needed_from is None:
            continue
        assert set(tomllib.loads(each.example)) == {each.table}
        keys = {key for found in lacking(each.example).values() for _, key in found}
        assert keys == {""}, each.table
