"""R30: odds that are not proportional, and levels at which nobody is."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.line import line_of
from tests.report.factory import content_of
from tests.report.kinds_of_trial import KINDS, Tables, write_trial
from trialkit.report.content.finding import LintSeverity
from trialkit.report.lint.level_rules import levels_and_their_model
from trialkit.report.lint.linting import RULES


def to_the_ends(tables: Tables) -> None:
    """Training moves most to the ends and nobody up, and nobody is worse."""
    trained = {row["subject_id"] for row in tables["randomisation"] if row["arm"] == "TRAIN"}
    for number, row in enumerate(tables["perceived_effect"]):
        if row["effect"] == "W":
            row["effect"] = "U"
        if row["subject_id"] in trained:
            row["effect"] = ("MW", "MI", "MW", "MI", "U", "MW", "MI", "I")[number // 2 % 8]
        elif row["effect"] == "MI" and number // 2 % 5:
            row["effect"] = "U"


@pytest.mark.parametrize("kind", ["as it comes", "to the ends"])
def test_a_failed_test_and_an_empty_level_are_noted(kind: str, tmp_path: Path) -> None:
    own = replace(KINDS["ordinal primary"], primary='method = "proportional_odds"')
    if kind == "to the ends":
        own = replace(own, change=to_the_ends)
    content = content_of(line_of(write_trial(tmp_path / "trial", own)))
    found = [each for each in content.lint if each.rule == "R30"]
    assert {each.severity for each in found} <= {LintSeverity.NOTE}
    said = [each.found for each in found]
    if kind == "as it comes":
        assert said == []
        return
    assert len(said) == 2
    assert said[0].startswith(
        "In primary, the odds ratio of arm for Global perceived effect differs from cut to cut"
    )
    assert said[1] == "Nobody in any arm is at the level ‘Worse’ of Global perceived effect."


def test_the_rule_stands_in_the_list() -> None:
    (own,) = (rule for rule in RULES if rule.look is levels_and_their_model)
    assert own.id == "R30"
