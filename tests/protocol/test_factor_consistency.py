"""Factors, arms and analyses of a factorial trial that contradict each other."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.test_loading import MINIMAL
from trialkit.errors import ProtocolError, TrialStep
from trialkit.protocol.factor_consistency import complain_of_factors
from trialkit.protocol.loading import load_protocol, read_protocol
from trialkit.protocol.tables.definitions import Complaints

Raw = dict[str, Any]


def levels(*named: str) -> list[Raw]:
    return [{"code": each, "label": each.capitalize()} for each in named]


RAW: Raw = {
    "factors": [
        {"code": "training", "label": "Training", "levels": levels("no", "yes")},
        {"code": "advice", "label": "Advice", "levels": levels("none", "leaflet", "talk")},
    ],
    "arms": [
        {"code": f"A{place}", "levels": {"training": one, "advice": other}}
        for place, (one, other) in enumerate(
            (one, other) for one in ("no", "yes") for other in ("none", "leaflet", "talk")
        )
    ],
    "analyses": [],
}
RAW["arms"][0]["reference"] = True


def found(change: Callable[[Raw], object]) -> list[tuple[str, str, str]]:
    raw = copy.deepcopy(RAW)
    change(raw)
    complaints = Complaints("protocol.toml")
    complain_of_factors(raw, complaints)
    assert all(each.step is TrialStep.ANALYSE for each in complaints.all())
    return [(each.table, each.key, each.found) for each in complaints.all()]


def test_a_whole_table_is_complained_of_by_nobody() -> None:
    assert found(lambda raw: None) == []


def set_level(place: int, **named: object) -> Callable[[Raw], object]:
    return lambda raw: raw["arms"][place]["levels"].update(named)


def drop(raw: Raw) -> None:
    """An arm is left out; which no plan of factorial analyses may do."""
    raw["arms"].pop()


WRONG: dict[str, tuple[Callable[[Raw], object], list[tuple[str, str, str]]]] = {
    "one factor": (lambda raw: raw["factors"].pop(), [("factors", "", "1 of them")]),
    "five factors": (
        lambda raw: raw["factors"].extend(
            {"code": f"f{n}", "label": f"F{n}", "levels": levels("a", "b")} for n in range(3)
        ),
        [("factors", "", "5 of them")],
    ),
    "a level that there is not": (
        set_level(1, training="maybe"), [("arms 'A1'", "levels.training", "'maybe'")]
    ),
    "a list of levels": (
        set_level(1, training=["yes", "no"]), [("arms 'A1'", "levels.training", "['yes', 'no']")]
    ),
    "no level of a factor": (
        lambda raw: raw["arms"][2]["levels"].pop("advice"),
        [("arms 'A2'", "levels.advice", "nothing")],
    ),
    "no levels at all": (
        lambda raw: raw["arms"][2].pop("levels"),
        [("arms 'A2'", "levels.training", "nothing"), ("arms 'A2'", "levels.advice", "nothing")],
    ),
    "a factor that there is not": (set_level(0, diet="yes"), [("arms 'A0'", "levels", "'diet'")]),
    "a cell twice": (
        set_level(1, advice="talk"),
        [("arms", "levels", "training = 'no', advice = 'talk' of 'A1', 'A2'")],
    ),
    "another reference arm": (
        lambda raw: (raw["arms"][0].pop("reference"), raw["arms"][4].update(reference=True)),
        [("arms 'A4'", "reference", "the reference arm at training = 'yes', advice = 'leaflet'")],
    ),
    "levels without factors": (
        lambda raw: raw.update(factors=[], arms=raw["arms"][:1]),
        [("arms 'A0'", "levels", "{'training': 'no', 'advice': 'none'}")],
    ),
    "levels of one label": (
        lambda raw: raw["factors"][0]["levels"][1].update(label="no"),
        [("factors 'training'", "levels", "'No' and 'no' of no and yes")],
    ),
    "an empty factor": (
        lambda raw: raw["factors"][0].update(levels=[]),
        [(f"arms 'A{n}'", "levels.training", "'no'" if n < 3 else "'yes'") for n in range(6)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(WRONG))
def test_a_contradiction_is_one_complaint_with_its_place(name: str) -> None:
    change, expected = WRONG[name]
    stated = found(change)
    if name == "levels of one label":
        assert [each[:2] for each in stated] == [each[:2] for each in expected]
    else:
        assert stated == expected


def test_a_part_of_the_table_is_a_trial_without_factorial_analyses() -> None:
    assert found(drop) == []


MAIN = 'method = "mixed_anova"'
FACTORS = """
[[factors]]
code = "training"
label = "Training"
levels = [{ code = "no", label = "No training" }, { code = "yes", label = "Training at home" }]

[[factors]]
code = "advice"
label = "Advice"
levels = [{ code = "no", label = "No advice" }, { code = "yes", label = "Advice by telephone" }]
"""
ARMS = "".join(
    f'\n[[arms]]\ncode = "{code}"\nlabel = "{label}"\nlevels = {{ training = "{one}", advice = "{other}" }}\n'
    for code, label, one, other in (
        ("T", "Training", "yes", "no"),
        ("TA", "Training and advice", "yes", "yes"),
    )
)


def factorial_protocol() -> str:
    """The smallest protocol as a 2 × 2 trial."""
    text = MINIMAL.replace(
        "reference = true\n", 'reference = true\nlevels = { training = "no", advice = "no" }\n', 1
    )
    text = text.replace(
        'label = "Experimental"\n',
        'label = "Experimental"\nlevels = { training = "no", advice = "yes" }\n',
    )
    return text.replace("block_sizes = [2, 4]", "block_sizes = [4, 8]") + ARMS + FACTORS


def test_a_factorial_protocol_is_read_with_the_level_of_each_arm(tmp_path: Path) -> None:
    (tmp_path / "protocol.toml").write_text(factorial_protocol(), "utf-8")
    protocol = load_protocol(tmp_path)
    assert [each.code for each in protocol.factors] == ["training", "advice"]
    labels = {arm.code: [level.label for level in protocol.cell(arm)] for arm in protocol.arms}
    assert labels == {
        "CG": ["No training", "No advice"],
        "EG": ["No training", "Advice by telephone"],
        "T": ["Training at home", "No advice"],
        "TA": ["Training at home", "Advice by telephone"],
    }


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('{ code = "yes", label = "Training at home" }', "", "two levels or more"),
        ('code = "yes", label = "Training at home"', 'code = "no", label = "Other"', "one code"),
        ('label = "Training at home"', 'label = " "', "never blank"),
        ('levels = [{ code = "no", label = "No training" }', 'levels = ["no"', "expected a table"),
        ('training = "yes", advice = "yes"', 'training = ["yes", "no"], advice = "yes"', "one of"),
        ('code = "training"', 'code = "1 2"', "a letter, then letters"),
    ],
)
def test_what_no_factor_can_be_is_refused_in_words(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    text = factorial_protocol()
    assert right in text
    (tmp_path / "protocol.toml").write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(ProtocolError, match=said):
        load_protocol(tmp_path)


def test_wrong_factors_do_not_stop_who_checks_data(tmp_path: Path) -> None:
    text = factorial_protocol().replace('training = "yes", advice = "yes"', 'training = "yes"')
    (tmp_path / "protocol.toml").write_text(text, "utf-8")
    assert read_protocol(tmp_path).up_to(TrialStep.VALIDATE).factors
