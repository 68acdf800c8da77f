"""``protocol.toml`` becomes a Protocol, or every complaint about it at once."""

from pathlib import Path

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison

MINIMAL = (Path(__file__).parent / "minimal.toml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> object:
    (tmp_path / "protocol.toml").write_text(text, encoding="utf-8")
    return load_protocol(tmp_path)


def complaints(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ProtocolError) as caught:
        load(tmp_path, text)
    return [str(each) for each in caught.value.complaints]


def test_the_minimal_protocol_is_read(tmp_path: Path) -> None:
    (tmp_path / "protocol.toml").write_text(MINIMAL, encoding="utf-8")
    protocol = load_protocol(tmp_path)
    assert protocol.reference.code == "CG"
    assert protocol.arm_codes == ("CG", "EG")
    assert protocol.visit_codes == ("BL", "W6")
    assert protocol.baseline.code == "BL"
    assert protocol.primary.code == "pain"
    assert protocol.plan.alpha == 0.05
    first, second = protocol.plan.analyses
    assert first.role is AnalysisRole.PRIMARY
    assert first.specification == MixedAnova()
    assert isinstance(second.specification, ProportionComparison)
    assert len(protocol.source_sha256) == 64


def test_the_reference_arm_comes_first_wherever_it_is_written(tmp_path: Path) -> None:
    swapped = MINIMAL.replace('"CG"', '"??"').replace('"EG"', '"CG"').replace('"??"', '"EG"')
    (tmp_path / "protocol.toml").write_text(swapped, encoding="utf-8")
    assert load_protocol(tmp_path).arm_codes == ("EG", "CG")


def test_a_method_brings_its_own_keys(tmp_path: Path) -> None:
    text = MINIMAL.replace(
        'method = "mixed_anova"', 'method = "ancova"\ncovariates = ["baseline", "demographics.age"]'
    )
    (tmp_path / "protocol.toml").write_text(text, encoding="utf-8")
    specification = load_protocol(tmp_path).plan.analyses[0].specification
    assert specification == Ancova(covariates=("baseline", "demographics.age"))


WRONG = [
    ("[trial]", "[trail]\n[trial]", "did you mean 'trial'?"),
    ('framework = "superiority"', 'framework = "superior"', "did you mean 'superiority'?"),
    ("reference = true", "reference = false", "0 arms with reference = true"),
    ("baseline = true", "baseline = false", "0 visits with baseline = true"),
    ("target_day = 42", "target_day = 0", "days that rise from visit to visit"),
    ('role = "primary"\nform', 'role = "secondary"\nform', "no primary outcome"),
    ('time_point = "W6"\nmetric = "change', 'time_point = "W7"\nmetric = "change', "'W7'"),
    (
        'time_point = "W6"\nmetric = "change',
        'time_point = "BL"\nmetric = "change',
        "baseline visit",
    ),
    ('outcomes = ["better"]', 'outcomes = ["beter"]', "did you mean 'better'?"),
    ('outcomes = ["better"]', "outcomes = []", "an empty list"),
    ('outcomes = ["better"]', 'outcomes = ["pain"]', "for the continuous outcome 'pain'"),
    ('id = "second"', 'id = "main"', "'main' 2 times"),
    ('id = "second"', 'id = "harms"', "a name not reserved"),
    ('id = "second"', 'id = "a/b"', "a letter, then letters"),
    ('family = "secondary"', 'family = "second"', "one of the families: secondary"),
    ('estimand = "E1"\nmethod = "m', 'estimand = ""\nmethod = "m', "one of the estimands: E1"),
    ('method = "mixed_anova"', 'method = "mixed_annova"', "did you mean 'mixed_anova'?"),
    ('method = "mixed_anova"', 'method = "mixed_anova"\nsum_of_squares = 1', "must be 2 or 3"),
    ('method = "mixed_anova"', 'method = "mixed_anova"\ncovariates = []', "an unknown key"),
    (
        'method = "mixed_anova"',
        'method = "ancova"\nsum_of_squares = 3',
        "[analyses 'main'] sum_of_squares: found an unknown key; expected one of method, covariates",
    ),
    (
        'method = "mixed_anova"',
        'method = "ancova"\ncovariates = ["demographics.aeg"]',
        "did you mean 'demographics.age'?",
    ),
    ('role = "primary"\noutcomes', 'role = "sensitivity"\noutcomes', "0 primary analyses"),
    ('role = "secondary"\noutcomes', 'role = "post hoc"\noutcomes', "why it was done post hoc"),
    ("block_sizes = [2, 4]", "block_sizes = [2, 3]", "a multiple of 2"),
    ("end = 2025-06-30", "end = 2024-06-30", "a date from 2025-01-01 onwards"),
    ('adjustment = "holm"', 'adjustment = "holmes"', "did you mean 'holm'?"),
    ('adjustment = "holm"', 'adjustment = "holm"\nafter = "first"', "a family further up"),
    ("late = 7", "late = -7", "two day counts of 0 or more"),
    ('assessors = "yes"', "assessors = true", "found True; expected one of yes, no"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG, ids=[each[2] for each in WRONG])
def test_one_contradiction_gives_one_complaint(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    assert right in MINIMAL
    found = complaints(tmp_path, MINIMAL.replace(right, wrong, 1))
    assert len(found) == 1, found
    assert said in found[0]
    assert found[0].startswith("protocol.toml: [")


def test_five_errors_come_back_together(tmp_path: Path) -> None:
    text = MINIMAL
    for number in (1, 4, 8, 16, 23):
        text = text.replace(WRONG[number][0], WRONG[number][1], 1)
    assert len(complaints(tmp_path, text)) == 5


def test_an_empty_protocol_says_what_it_needs(tmp_path: Path) -> None:
    found = "\n".join(complaints(tmp_path, ""))
    for table in ("trial", "arms", "visits", "outcomes", "populations", "randomisation"):
        assert f"[{table}]" in found


def test_a_folder_that_is_no_trial_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="trialkit new DIR"):
        load_protocol(tmp_path)
    with pytest.raises(ProtocolError, match="is not a folder"):
        load_protocol(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["arms = 3", "plan = 3", "analyses = 'x'", "trial = []"])
def test_a_table_of_another_kind_is_complained_of_and_nothing_breaks(
    tmp_path: Path, text: str
) -> None:
    assert complaints(tmp_path, text)
